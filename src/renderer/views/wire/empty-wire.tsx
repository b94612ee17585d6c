// Before the first run: one large button and one drop target.

import { FileDown, Play } from 'lucide-react';
import { formatBytes } from '../../scene/units.ts';
import { runInput } from '../../store/actions.ts';
import { useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';

export function EmptyWire() {
  const input = useRun((state) => state.input);
  return (
    <div className="empty">
      <div className="drop-target">
        <FileDown size={40} aria-hidden strokeWidth={1.5} className="dim" />
        <strong>Drop in-proj.txt anywhere</strong>
        <p className="dim">
          A real server and a real client start on this computer. The client sends the file line by line,
          <br />
          the server sends each line back reversed, and every step is recorded for you to watch.
        </p>
        <Button
          icon={Play}
          look="primary"
          size="large"
          disabled={input === undefined}
          onClick={() => void runInput()}
        >
          {input?.sample === false ? `Run ${input.name}` : 'Run the sample'}
        </Button>
        <p className="dim">
          {input === undefined
            ? ' '
            : `${input.sample ? 'built-in sample' : input.name}, ${formatBytes(input.bytes)}`}
        </p>
      </div>
    </div>
  );
}

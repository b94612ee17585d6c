// Before an experiment's first run: what it will do, one large button, and for a file one drop target.

import { FileDown, Play } from 'lucide-react';
import { experimentOf } from '../../scene/experiments.ts';
import { formatBytes } from '../../scene/units.ts';
import { runChosen } from '../../store/actions.ts';
import { useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';

export function EmptyWire() {
  const chosen = useRun((state) => state.chosen);
  const { plan } = experimentOf(chosen);
  const running = useRun((state) => state.phase === 'running');
  const input = useRun((state) => state.input);
  const isFile = chosen === 'file';
  return (
    <div className="empty">
      <div className={isFile ? 'drop-target' : 'plan'}>
        {isFile ? (
          <>
            <FileDown size={40} aria-hidden strokeWidth={1.5} className="dim" />
            <strong>Drop in-proj.txt anywhere</strong>
          </>
        ) : null}
        <p className="dim">{plan}</p>
        <Button
          icon={Play}
          look="primary"
          size="large"
          disabled={input === undefined || running}
          onClick={() => void runChosen()}
        >
          {!isFile ? 'Run' : input?.sample === false ? `Run ${input.name}` : 'Run the sample'}
        </Button>
        {isFile && input !== undefined ? (
          <p className="dim">{`${input.sample ? 'built-in sample' : input.name}, ${formatBytes(input.bytes)}`}</p>
        ) : null}
      </div>
    </div>
  );
}

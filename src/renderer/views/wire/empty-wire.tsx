// Before an experiment's first run: what it will do, one large button, and for a file one drop target.

import { FileDown, Play } from 'lucide-react';
import { printable } from '../../../shared/trace/transcript.ts';
import { planOf, readsFile } from '../../../shared/experiments/definitions.ts';
import { formatBytes } from '../../../shared/format.ts';
import { runChosen } from '../../store/actions.ts';
import { useTakenBy, useTransform } from '../../store/choices.ts';
import { useRun } from '../../store/run.ts';
import { PortsPlot } from '../../experiments/ports/ports-plot.tsx';
import { Button } from '../../ui/button.tsx';

export function EmptyWire() {
  const chosen = useRun((state) => state.chosen);
  const plan = planOf(chosen, { transform: useTransform(), takenBy: useTakenBy() });
  const running = useRun((state) => state.phase === 'running');
  const input = useRun((state) => state.input);
  const remembers = useRun((state) => state.chosen === 'ports' && state.portHistory.length > 0);
  const isFile = chosen === 'file';
  return (
    <div className={remembers ? 'empty with-plot' : 'empty'}>
      {remembers ? <PortsPlot /> : null}
      <div className={isFile ? 'drop-target' : 'plan'}>
        {isFile ? (
          <>
            <FileDown size={40} aria-hidden strokeWidth={1.5} className="dim" />
            <strong>{`Drop ${input?.sample === true ? printable(input.name) : 'a text file'} anywhere`}</strong>
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
          {!readsFile(chosen)
            ? 'Run'
            : input?.sample === false
              ? `Run ${printable(input.name)}`
              : 'Run the sample'}
        </Button>
        {isFile && input !== undefined ? (
          <p className="dim">{`${input.sample ? 'built-in sample' : printable(input.name)}, ${formatBytes(input.bytes)}`}</p>
        ) : null}
      </div>
    </div>
  );
}

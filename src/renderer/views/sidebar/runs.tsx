// The runs since the start of the app: one click shows one again, from its trace.

import type { ListedRun } from '../../../shared/ipc.ts';
import { formatCount, formatCountOf, formatExactMoment, formatTimeOfDay } from '../../../shared/format.ts';
import { runName } from '../../scene/run-name.ts';
import { showAgain } from '../../store/actions.ts';
import { useRun } from '../../store/run.ts';
import './runs.css';

export function Runs() {
  const runs = useRun((state) => state.runs);
  const shown = useRun((state) => state.info?.run);
  const isRunning = useRun((state) => state.phase === 'running');
  if (runs.length === 0) return null;
  return (
    <section aria-labelledby="runs">
      <h2 id="runs">Runs</h2>
      <ol className="runs">
        {[...runs].reverse().map((run) => (
          <Run key={run.info.run} run={run} isShown={run.info.run === shown} disabled={isRunning} />
        ))}
      </ol>
    </section>
  );
}

interface RunProps {
  readonly run: ListedRun;
  readonly isShown: boolean;
  readonly disabled: boolean;
}

function Run({ run, isShown, disabled }: RunProps) {
  const { info, startedAt } = run;
  return (
    <li>
      <button
        type="button"
        className="run"
        aria-current={isShown ? 'true' : undefined}
        disabled={disabled && !isShown}
        title={`${runName(info)}, recorded ${formatExactMoment(startedAt)}`}
        onClick={() => {
          if (!isShown) void showAgain(info.run);
        }}
      >
        <bdi className="name">{runName(info)}</bdi>
        <span className="run-details">
          <span className="mono">{formatTimeOfDay(startedAt)}</span>
          <span className={hasFailed(run) ? 'failed' : undefined}>{outcomeOf(run)}</span>
        </span>
      </button>
    </li>
  );
}

function hasFailed({ outcome, isUnderWay }: ListedRun): boolean {
  return !isUnderWay && outcome !== 'completed';
}

/** "7 lines", "cancelled, 3 of 7 lines". */
function outcomeOf({ outcome, isUnderWay, linesSent, linesReceived }: ListedRun): string {
  if (isUnderWay) return 'under way';
  const lines =
    linesSent === linesReceived
      ? formatCountOf(linesSent, 'line')
      : `${formatCount(linesReceived)} of ${formatCountOf(linesSent, 'line')}`;
  const words = [
    ...(outcome === 'completed' ? [] : [outcome ?? 'cut off']),
    ...(linesSent === 0 ? [] : [lines]),
  ];
  return words.length === 0 ? 'completed' : words.join(', ');
}

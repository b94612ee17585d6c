// The runs since the start of the app: one click shows one again, from its trace.

import { Columns2 } from 'lucide-react';
import type { ListedRun } from '../../../shared/ipc.ts';
import { formatCount, formatCountOf, formatExactMoment, formatTimeOfDay } from '../../../shared/format.ts';
import { runName } from '../../scene/run-name.ts';
import { showAgain } from '../../store/actions.ts';
import { compareWithFile, compareWithRun, useComparison } from '../../store/comparison.ts';
import { hasShownRun, useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import './runs.css';

export function Runs() {
  const runs = useRun((state) => state.runs);
  const shown = useRun((state) => state.info?.run);
  const isRunning = useRun((state) => state.phase === 'running');
  const canCompare = useRun((state) => hasShownRun(state) && state.phase === 'settled');
  const beside = useComparison((state) => state.beside?.info.run);
  if (runs.length === 0) return null;
  return (
    <section aria-labelledby="runs">
      <h2 id="runs">Runs</h2>
      <ol className="runs">
        {[...runs].reverse().map((run) => (
          <Run
            key={run.info.run}
            run={run}
            isShown={run.info.run === shown}
            isBeside={run.info.run === beside}
            disabled={isRunning}
            canCompare={canCompare}
          />
        ))}
      </ol>
      <Button icon={Columns2} look="plain" disabled={!canCompare} onClick={() => void compareWithFile()}>
        Compare with a file …
      </Button>
    </section>
  );
}

interface RunProps {
  readonly run: ListedRun;
  readonly isShown: boolean;
  /** It stands beside the shown one. */
  readonly isBeside: boolean;
  readonly disabled: boolean;
  readonly canCompare: boolean;
}

function Run({ run, isShown, isBeside, disabled, canCompare }: RunProps) {
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
      {isShown || !canCompare ? null : (
        <Button
          icon={Columns2}
          look="plain"
          iconOnly
          title="Compare the shown run with this one"
          aria-pressed={isBeside}
          onClick={() => void compareWithRun(info.run)}
        >
          {`Compare with ${runName(info)}, ${formatTimeOfDay(startedAt)}`}
        </Button>
      )}
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

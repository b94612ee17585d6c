// The numbers of the whole run: how long its lines took, the slowest of them, and how many came back when.

import { formatCount, formatCountOf, formatDuration } from '../../../shared/format.ts';
import type { LineTime, RunNumbers } from '../../../shared/numbers/run-numbers.ts';
import { useRunNumbers } from '../../store/numbers.ts';
import { scrubTo } from '../../store/player.ts';
import { PaceFigure } from './pace-figure.tsx';
import { RoundTripFigure } from './round-trip-figure.tsx';
import './numbers.css';

const SLOWEST = 10;

export function Numbers() {
  const numbers = useRunNumbers('slowest', SLOWEST);
  if (numbers === undefined) return null;
  if (numbers.lines === 0) {
    return (
      <p className="lines-empty">
        {numbers.done
          ? 'No line has come back: the numbers come with the first one.'
          : 'The lines of the run are being counted.'}
      </p>
    );
  }
  return (
    <div className="numbers" role="group" aria-label="Numbers, scrollable" tabIndex={0}>
      <RoundTripFigure numbers={numbers} />
      <PaceFigure pace={numbers.pace} />
      <Slowest listed={numbers.listed} />
      <Progress numbers={numbers} />
    </div>
  );
}

/** The slowest lines: choosing one goes to its reply. */
function Slowest({ listed }: { readonly listed: readonly LineTime[] }) {
  return (
    <section className="slowest" aria-labelledby="slowest-heading">
      <h3 id="slowest-heading">{listed.length === 1 ? 'The only line' : 'The slowest lines'}</h3>
      <ol>
        {listed.map(({ line, us, receivedSeq }) => (
          <li key={receivedSeq}>
            <button
              type="button"
              title="Go to its reply"
              onClick={(event) => {
                if (event.detail > 0) event.currentTarget.blur();
                void scrubTo(receivedSeq);
              }}
            >
              <span>line {formatCount(line)}</span>
              <span className="mono">{formatDuration(us)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** How much of the run is in the numbers, where that is not all of it. */
function Progress({ numbers: { done, counted, facts, unreadable } }: { readonly numbers: RunNumbers }) {
  const words = !done
    ? `${Math.floor((100 * counted) / Math.max(1, facts))} % of the run is counted so far`
    : unreadable > 0
      ? `${formatCountOf(unreadable, 'fact')} of a damaged part of the run are missing`
      : undefined;
  return words === undefined ? null : <p className="numbers-progress">{words}</p>;
}

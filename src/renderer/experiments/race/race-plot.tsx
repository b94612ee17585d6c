// The race on top of the wire: one mark a round, how often each outcome came, and which side stays in TIME_WAIT. The
// counts grow as the cursor passes the facts; choosing a mark moves the cursor to its round.

import { useRef } from 'react';
import { markGrid } from './mark-grid.ts';
import type { Outcome, Tally } from '../../scene/round-outcomes.ts';
import { OUTCOMES, tallyAt } from '../../scene/round-outcomes.ts';
import { formatCount } from '../../../shared/format.ts';
import { useOutcomes, useRound, useRoundsAsked } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { scrubTo } from '../../store/player.ts';
import { useElementSize } from '../../ui/use-element-size.ts';
import { OUTCOME_WORDS, OutcomeSign } from './outcome-shape.tsx';
import { PLOT_KEYS, plotKeys } from '../../ui/arrow-keys.ts';
import { RaceMark } from './race-mark.tsx';
import '../rounds.css';

/** Two rows of marks with their letters, or more without: the ladder below needs room too. */
const MAX_MARKS_PX = 72;

export function RacePlot() {
  const outcomes = useOutcomes();
  const asked = useRoundsAsked();
  const shownRound = useRound()?.round;
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  const grid = markGrid(asked, width, MAX_MARKS_PX);
  const height = Math.min(grid.rows * grid.cellHeight, MAX_MARKS_PX);
  // A file can have more rounds than there is room for.
  const drawn = Math.min(asked, grid.columns * Math.ceil(MAX_MARKS_PX / grid.cellHeight));
  const tally = tallyAt(outcomes, seq);
  const current = outcomes.findIndex((entry) => entry.round === shownRound);
  const begun = (outcomes[current]?.firstSeq ?? Infinity) <= seq;
  return (
    <div className="race-plot">
      <div className="bars">
        {OUTCOMES.filter((outcome) => outcome !== 'other' || tally.other > 0).map((outcome) => (
          <Bar key={outcome} outcome={outcome} tally={tally} />
        ))}
      </div>
      <div
        ref={box}
        className="marks"
        role="listbox"
        aria-label="Rounds"
        aria-orientation="horizontal"
        aria-activedescendant={begun ? `round-mark-${shownRound ?? 0}` : undefined}
        tabIndex={0}
        data-own-keys={PLOT_KEYS}
        onKeyDown={plotKeys(outcomes.length, begun ? current : -1, (index) => {
          const entry = outcomes[index];
          if (entry !== undefined) void scrubTo(entry.lastSeq);
        })}
      >
        <svg width={width} height={height} role="presentation">
          {Array.from({ length: drawn }, (_, index) => (
            <RaceMark
              key={index}
              index={index}
              grid={grid}
              entry={outcomes[index]}
              cursor={Math.min(seq, outcomes[index]?.lastSeq ?? 0)}
              chosen={begun && index === current}
            />
          ))}
        </svg>
      </div>
      <TimeWaitLegend tally={tally} round={begun ? (shownRound ?? 0) : 0} asked={asked} />
    </div>
  );
}

function Bar({ outcome, tally }: { readonly outcome: Outcome; readonly tally: Tally }) {
  const count = tally[outcome];
  const part = tally.all === 0 ? 0 : count / tally.all;
  return (
    <div className={`bar ${outcome}`} role="group" aria-label={OUTCOME_WORDS[outcome]}>
      <span className="bar-words">
        <OutcomeSign outcome={outcome} />
        <b>{formatCount(count)}</b> {OUTCOME_WORDS[outcome]}
        <span className="bar-percent">{tally.all === 0 ? '' : `${Math.round(part * 100)} %`}</span>
      </span>
      <svg className="bar-track" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden>
        <rect className="bar-part" width={part * 100} height={1} />
      </svg>
    </div>
  );
}

function TimeWaitLegend({
  tally,
  round,
  asked,
}: {
  readonly tally: Tally;
  readonly round: number;
  readonly asked: number;
}) {
  const { server, client, none } = tally.timeWait;
  return (
    <div className="time-wait-legend">
      <span>
        In TIME_WAIT afterwards: <b className="server mono">S</b> server {formatCount(server)},{' '}
        <b className="client mono">C</b> client {formatCount(client)}, <b className="mono">?</b> nobody seen{' '}
        {formatCount(none)}
      </span>
      <span className="round-now">
        {round === 0
          ? `${formatCount(asked)} rounds`
          : `round ${formatCount(round)} of ${formatCount(asked)}`}
      </span>
    </div>
  );
}

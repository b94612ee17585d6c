// All rounds as a table, in step with the cursor: what the plots show, in words and numbers. Virtualised, as the lines
// table is.

import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import type { RoundOutcome } from '../../scene/round-outcomes.ts';
import { knownAt } from '../../scene/round-outcomes.ts';
import { formatCount, formatDuration } from '../../../shared/format.ts';
import { useOutcomes, useRound, useShownPhase } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useDimmedStretch } from '../../store/find.ts';
import { scrubTo } from '../../store/player.ts';
import { useRun } from '../../store/run.ts';
import { useTextOf } from '../../store/selection.ts';
import { OUTCOME_WORDS, OutcomeSign } from '../../experiments/race/outcome-shape.tsx';
import { ROW_KEYS, rowKeys } from '../../ui/arrow-keys.ts';
import { ParitySign } from '../../experiments/ports/port-marks.tsx';
import '../../experiments/rounds.css';

const ROW_PX = 30;

const TIME_WAIT_WORDS = { server: 'server’s side', client: 'client’s side', none: 'not seen' } as const;

export function RoundsTable() {
  const outcomes = useOutcomes();
  const phase = useShownPhase();
  // A run of ports does not examine TIME_WAIT.
  const withTimeWait = useRun((state) => state.chosen === 'race');
  const shownRound = useRound()?.round;
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const table = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const current = outcomes.findIndex((entry) => entry.round === shownRound);
  // Before the first round its row is marked as the next one: the arrow keys begin with it.
  const begun = (outcomes[current]?.firstSeq ?? Infinity) <= seq;
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler is not used; rows are few and cheap
  const virtual = useVirtualizer({
    count: outcomes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });

  useEffect(() => {
    if (current >= 0) virtual.scrollToIndex(current, { align: 'auto' });
  }, [current, virtual]);

  useTextOf(table, () => outcomes.map(textOfRound).join('\n'));
  if (outcomes.length === 0) {
    return (
      <p className="lines-empty">
        {phase === 'empty'
          ? 'Each round appears here: how it came out, the client’s port, who stays in TIME_WAIT, and how long it took.'
          : 'No round has begun.'}
      </p>
    );
  }
  return (
    <div
      className={withTimeWait ? 'lines-table rounds-table mono' : 'lines-table rounds-table of-ports mono'}
      ref={table}
      role="table"
      aria-label="Rounds"
      aria-rowcount={outcomes.length + 1}
    >
      <div role="rowgroup">
        <div className="lines-row head" role="row" aria-rowindex={1}>
          <span role="columnheader">#</span>
          <span role="columnheader">outcome</span>
          <span role="columnheader">client port</span>
          <span role="columnheader">even or odd</span>
          {withTimeWait ? <span role="columnheader">in TIME_WAIT</span> : null}
          <span role="columnheader">took</span>
        </div>
      </div>
      <div
        className="lines-scroll"
        ref={scroller}
        role="rowgroup"
        tabIndex={0}
        aria-label="Rounds, scrollable: the arrow keys go from round to round"
        data-own-keys={ROW_KEYS}
        onKeyDown={rowKeys(outcomes.length, begun ? current : -1, (index) => {
          const entry = outcomes[index];
          if (entry !== undefined) void scrubTo(entry.lastSeq);
        })}
      >
        <div className="lines-sizer" role="presentation" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const entry = outcomes[item.index];
            return entry === undefined ? null : (
              <RoundRow
                key={item.index}
                entry={entry}
                cursor={Math.min(seq, entry.lastSeq)}
                now={item.index === current}
                withTimeWait={withTimeWait}
                top={item.start}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** A round as it came out, tabs between its cells; the time without a unit, in microseconds. */
function textOfRound({ round, outcome, clientPort, timeWait, durationUs }: RoundOutcome): string {
  const known = knownAt(outcome, Infinity);
  const took = knownAt(durationUs, Infinity);
  return [
    round,
    known === undefined ? '' : OUTCOME_WORDS[known],
    knownAt(clientPort, Infinity) ?? '',
    knownAt(timeWait, Infinity) ?? '',
    took === undefined ? '' : Math.round(took),
  ].join('\t');
}

interface RoundRowProps {
  readonly entry: RoundOutcome;
  /** The cursor, at most where the round ends. */
  readonly cursor: number;
  readonly now: boolean;
  readonly withTimeWait: boolean;
  readonly top: number;
}

const RoundRow = memo(function RoundRow({ entry, cursor, now, withTimeWait, top }: RoundRowProps) {
  const dimmed = useDimmedStretch(entry.firstSeq, entry.lastSeq);
  const outcome = knownAt(entry.outcome, cursor);
  const port = knownAt(entry.clientPort, cursor);
  const timeWait = knownAt(entry.timeWait, cursor);
  const took = knownAt(entry.durationUs, cursor);
  return (
    <div
      role="row"
      aria-rowindex={entry.round + 1}
      aria-current={now ? 'step' : undefined}
      className={`lines-row data${now ? ' now' : ''}${dimmed ? ' dimmed' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => void scrubTo(entry.lastSeq)}
    >
      <span role="cell" className="number">
        {formatCount(entry.round)}
      </span>
      <span role="cell" className="sans">
        {outcome === undefined ? (
          <span className="pending">{entry.firstSeq <= cursor ? 'under way' : 'not yet'}</span>
        ) : (
          <>
            <OutcomeSign outcome={outcome} />
            {OUTCOME_WORDS[outcome]}
          </>
        )}
      </span>
      <span role="cell" className="client">
        {port ?? ''}
      </span>
      <span role="cell" className="sans">
        {port === undefined ? null : (
          <>
            <ParitySign even={port % 2 === 0} />
            {port % 2 === 0 ? 'even' : 'odd'}
          </>
        )}
      </span>
      {withTimeWait ? (
        <span role="cell" className={`sans ${timeWait ?? ''}`}>
          {timeWait === undefined ? '' : TIME_WAIT_WORDS[timeWait]}
        </span>
      ) : null}
      <span role="cell">{took === undefined ? '' : formatDuration(took)}</span>
    </div>
  );
});

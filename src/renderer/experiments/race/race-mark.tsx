// One round's mark: its outcome's sign, and below it the side that stays in TIME_WAIT.

import { memo } from 'react';
import type { MarkGrid } from './mark-grid.ts';
import { markPlace } from './mark-grid.ts';
import type { RoundOutcome } from '../../scene/round-outcomes.ts';
import { knownAt } from '../../scene/round-outcomes.ts';
import { formatCount } from '../../../shared/format.ts';
import { useDimmedStretch } from '../../store/find.ts';
import { scrubTo } from '../../store/player.ts';
import { OUTCOME_WORDS, OutcomeShape } from './outcome-shape.tsx';

const LETTERS = { server: 'S', client: 'C', none: '?' } as const;

interface RaceMarkProps {
  readonly index: number;
  readonly grid: MarkGrid;
  /** Undefined for a round that was not run, or not yet. */
  readonly entry: RoundOutcome | undefined;
  /** The cursor, at most where the round ends: a mark changes only while the cursor is in its round. */
  readonly cursor: number;
  readonly chosen: boolean;
}

export const RaceMark = memo(function RaceMark({ index, grid, entry, cursor, chosen }: RaceMarkProps) {
  const { x, y } = markPlace(grid, index);
  const outcome = knownAt(entry?.outcome, cursor);
  const timeWait = knownAt(entry?.timeWait, cursor);
  const dimmed = useDimmedStretch(entry?.firstSeq ?? 1, entry?.lastSeq ?? 0);
  const size = Math.min(grid.cellWidth, 20) * 0.6;
  const top = y - Math.min(grid.cellWidth, 20) / 2;
  return (
    <g
      id={`round-mark-${index + 1}`}
      className={`round-mark${chosen ? ' chosen' : ''}${dimmed ? ' dimmed' : ''}`}
      role="option"
      aria-selected={chosen}
      aria-disabled={entry === undefined}
      aria-label={nameOf(index + 1, entry, cursor)}
      onClick={() => {
        if (entry !== undefined) void scrubTo(entry.lastSeq);
      }}
    >
      <title>{nameOf(index + 1, entry, cursor)}</title>
      <rect
        className="mark-cell"
        x={x - grid.cellWidth / 2 + 0.75}
        y={top + 0.75}
        width={grid.cellWidth - 1.5}
        height={grid.cellHeight - 1.5}
        rx={3}
      />
      <g transform={`translate(${x} ${y})`}>
        {outcome === undefined ? (
          <circle className="not-yet" r={Math.min(2, size / 4)} />
        ) : (
          <OutcomeShape outcome={outcome} size={size} />
        )}
        {timeWait === undefined || !grid.hasLetters ? null : (
          <text className={`mark-letter ${timeWait}`} y={Math.min(grid.cellWidth, 20) / 2 + 10.5}>
            {LETTERS[timeWait]}
          </text>
        )}
      </g>
    </g>
  );
});

/** "round 12: connected from port 41794; the server’s end stays in TIME_WAIT" */
function nameOf(round: number, entry: RoundOutcome | undefined, cursor: number): string {
  const outcome = knownAt(entry?.outcome, cursor);
  const port = knownAt(entry?.clientPort, cursor);
  const timeWait = knownAt(entry?.timeWait, cursor);
  const name = `round ${formatCount(round)}`;
  if (outcome === undefined) return `${name}: not yet`;
  const from = port === undefined ? '' : ` from port ${port}`;
  const after =
    timeWait === undefined
      ? ''
      : timeWait === 'none'
        ? '; nobody was seen in TIME_WAIT'
        : `; the ${timeWait}’s end stays in TIME_WAIT`;
  return `${name}: ${OUTCOME_WORDS[outcome]}${from}${after}`;
}

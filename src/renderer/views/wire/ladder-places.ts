// Where the view of the ladder stands, and which words have room in it. Pure.

import type { FailedFact } from '../../scene/failure-words.ts';
import type { Ladder, Row } from '../../scene/ladder.ts';
import { withRoom } from '../../scene/vertical.ts';
import type { Places } from './places.ts';

/** Where on the screen the cursor stands, as a part of the view's height: most of the view is what has happened. */
const CURSOR_AT = 0.68;

/** Room kept below the cursor: for a line that is being reversed there, or for the time alone. */
const ROOM_BELOW_PX = 120;
const MIN_ROOM_BELOW_PX = 32;

/** The words of two rows are so far apart. */
const LABEL_PX = 15;

/** Where the cursor stands in a view of this height, where nothing else decides it. */
export function cursorPlace({ stages }: Ladder, height: number): number {
  const roomBelow = stages.length > 0 ? ROOM_BELOW_PX : MIN_ROOM_BELOW_PX;
  return Math.max(height * 0.3, Math.min(height * CURSOR_AT, height - roomBelow));
}

/** The rows whose words are drawn: those that are needed, and others as far as they do not cover each other. */
export function rowsWithRoom(
  rows: readonly Row[],
  nowSeq: number | undefined,
  selected: number | undefined,
): ReadonlySet<Row> {
  const isNeeded = ({ seq, tone }: Row): boolean => seq === nowSeq || seq === selected || tone === 'error';
  const sides = (['client', 'server'] as const).map((side) =>
    withRoom(
      rows.filter((row) => row.side === side),
      ({ y }) => y,
      LABEL_PX,
      isNeeded,
    ),
  );
  return new Set(sides.flatMap((side) => [...side]));
}

/** The top of the view: with what went wrong in sight, as far as the cursor is as well. */
export function topOf(
  { facts, failures, height: ladderPx }: Ladder,
  current: FailedFact | undefined,
  cursorY: number,
  cursorAt: number,
  height: number,
): number {
  // Nothing comes below the run's end: no room is kept for it.
  const lastTop = facts.at(-1)?.kind === 'run-ended' ? Math.max(0, ladderPx - height) : Infinity;
  const top = Math.min(Math.max(0, cursorY - cursorAt), lastTop);
  const failure = failures.find(({ seq }) => seq === current?.seq);
  if (failure === undefined) return top;
  const cardTop = failure.y - failure.cardPx - MIN_ROOM_BELOW_PX;
  return Math.max(0, Math.min(top, Math.max(cardTop, cursorY - height + MIN_ROOM_BELOW_PX)));
}

/** Where a row's label stands: outside the lifelines, or left of the server's where the arrows of its fact are right of it. */
export function labelPlace(
  { side, otherClient }: Row,
  { client, server, others }: Places,
  width: number,
): { readonly labelAt: 'left' | 'right'; readonly room: number } {
  if (side === 'client') return { labelAt: 'left', room: client };
  if (otherClient !== undefined) return { labelAt: 'left', room: server - client };
  return { labelAt: 'right', room: (others[0]?.x ?? width) - server };
}

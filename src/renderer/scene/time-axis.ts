// The axis of the time bar: where on it which fact is. It goes by the number of facts, as the cursor does, over the whole
// run or over a stretch of it that was chosen.

/** From which place of the cursor to which. */
export interface Axis {
  readonly from: number;
  readonly to: number;
}

/** A stretch is not smaller: its facts could no longer be told from the axis' ends. */
export const MIN_STRETCH = 10;

/** Of a run without a fact there is an axis, too. */
export function wholeAxis(last: number): Axis {
  return { from: 0, to: Math.max(1, last) };
}

/** Where a place of the cursor is on the axis: 0 at its beginning and 1 at its end, also beyond these. */
export function partOf({ from, to }: Axis, cursor: number): number {
  return (cursor - from) / (to - from);
}

/** The place of the cursor at a part of the axis. */
export function cursorAt({ from, to }: Axis, part: number): number {
  return from + part * (to - from);
}

/** The stretch between two places of the cursor, whichever is the first, inside of the run. */
export function stretchBetween(one: number, other: number, last: number): Axis {
  const from = Math.floor(Math.min(one, other));
  const to = Math.ceil(Math.max(one, other));
  const more = Math.max(0, MIN_STRETCH - (to - from));
  return movedInside({ from: from - Math.floor(more / 2), to: to + Math.ceil(more / 2) }, last);
}

/** The axis `factor` times as long with the cursor at the same part of it; the whole run where that is not longer. */
export function zoomed(axis: Axis, cursor: number, factor: number, last: number): Axis | undefined {
  const part = Math.max(0, Math.min(1, partOf(axis, cursor)));
  const length = Math.max(MIN_STRETCH, Math.round((axis.to - axis.from) * factor));
  if (length >= last) return undefined;
  const from = Math.round(cursor - part * length);
  return movedInside({ from, to: from + length }, last);
}

/** The axis, moved where it must be for the cursor to be on it: with some of what is in front of it. */
export function following(axis: Axis, cursor: number, last: number): Axis {
  if (cursor >= axis.from && cursor <= axis.to) return axis;
  const length = axis.to - axis.from;
  const from = Math.round(cursor - (cursor > axis.to ? 0.1 : 0.9) * length);
  return movedInside({ from, to: from + length }, last);
}

function movedInside({ from, to }: Axis, last: number): Axis {
  const begin = Math.max(0, Math.min(from, last - (to - from)));
  return { from: begin, to: Math.max(begin + 1, Math.min(last, begin + (to - from))) };
}

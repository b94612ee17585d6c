// The part of a ladder that is in view at the cursor. Found without looking at every mark: this runs for each frame.

import type { Arrow, Failure, Gap, Ladder, Row, Stage } from './ladder.ts';

export interface LadderPart {
  readonly rows: readonly Row[];
  readonly arrows: readonly Arrow[];
  readonly stages: readonly Stage[];
  readonly failures: readonly Failure[];
  readonly gaps: readonly Gap[];
}

/** Marks reach so far beyond their own place. */
const MARGIN_PX = 60;

/** What has happened at `cursor` and is between the heights `top` and `bottom`. */
export function partOf(ladder: Ladder, cursor: number, top: number, bottom: number): LadderPart {
  const from = top - MARGIN_PX;
  const to = bottom + MARGIN_PX;
  return {
    rows: between(ladder.rows, ({ y }) => y, from, to).filter(({ seq }) => seq <= cursor),
    arrows: arrowsBetween(ladder, cursor, from, to),
    stages: between(
      ladder.stages,
      (stage) => stage.bottom,
      from,
      Infinity,
      (stage) => stage.top < to,
    ).filter(({ startsAt }) => startsAt < cursor),
    // A failure's card stands above its place.
    failures: between(
      ladder.failures,
      ({ y }) => y,
      from,
      Infinity,
      ({ y, cardPx }) => y - cardPx < to,
    ).filter(({ seq }) => seq <= cursor),
    gaps: between(
      ladder.gaps,
      (gap) => gap.bottom,
      top,
      Infinity,
      (gap) => gap.top < bottom,
    ).filter(({ fromSeq }) => fromSeq <= cursor),
  };
}

/** The marks whose height is above `from` and below `to`; they are in the order of their heights. */
function between<Mark>(
  marks: readonly Mark[],
  heightOf: (mark: Mark) => number,
  from: number,
  to: number,
  goesOn: (mark: Mark) => boolean = (mark) => heightOf(mark) < to,
): readonly Mark[] {
  const found: Mark[] = [];
  for (let index = firstWhere(marks, (mark) => heightOf(mark) > from); index < marks.length; index += 1) {
    const mark = marks[index];
    if (mark === undefined || !goesOn(mark)) break;
    found.push(mark);
  }
  return found;
}

/** Index of the first entry for which `isIt` is true, where all behind it are as well. */
function firstWhere<Entry>(entries: readonly Entry[], isIt: (entry: Entry) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && isIt(entry)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Arrows are in the order in which they leave, and arrive in any order. */
function arrowsBetween(
  { arrows, arrowReach }: Ladder,
  cursor: number,
  from: number,
  to: number,
): readonly Arrow[] {
  const found: Arrow[] = [];
  const end = firstWhere(arrows, ({ leavesAt, y1 }) => leavesAt >= cursor || y1 >= to);
  // Before an index, no arrow reaches further down than `arrowReach` there.
  for (let index = end - 1; index >= 0 && (arrowReach[index] ?? 0) > from; index -= 1) {
    const arrow = arrows[index];
    if (arrow !== undefined && arrow.y2 > from) found.push(arrow);
  }
  return found.reverse();
}

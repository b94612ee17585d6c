// How the ladder's heights are drawn: closer together or wider apart, by the order of the facts or by their times. The
// same marks at other heights. Pure.

import type { TraceEvent } from '../../shared/trace/fact.ts';
import { reachOf, type Ladder } from './ladder.ts';

/** `order`: each fact has its row. `time`: heights are to scale, and long stretches are folded. */
export type VerticalAxis = 'order' | 'time';

/** A stretch of time that is drawn shorter than to scale. */
export interface Fold {
  readonly top: number;
  readonly bottom: number;
  readonly us: number;
  /** The fact at its end. */
  readonly seq: number;
}

export interface DrawnLadder extends Ladder {
  /** None where the axis is the order. */
  readonly folds: readonly Fold[];
  /** Of a height to scale; undefined where the axis is the order. */
  readonly pxPerUs?: number;
}

/** The ladder begins here, whatever the zoom. */
const TOP_PX = 30;
/** Room below the last fact, where the buttons of the scale stand. */
const BELOW_PX = 48;
/** So far apart are two facts between which a typical time passes. */
const TYPICAL_PX = 36;
/** A stretch of more than so many typical times is folded to this height, whatever the zoom: it is the same ones then. */
const MAX_TYPICAL = 8;
const FOLDED_PX = 72;

/** The ladder with its heights multiplied by `zoom`, or to the scale of time and multiplied. */
export function drawLadder(ladder: Ladder, axis: VerticalAxis, zoom: number): DrawnLadder {
  if (axis === 'order') {
    return { ...withHeights(ladder, zoomed(ladder.ys, zoom)), folds: [] };
  }
  const { ys, folds, pxPerUs } = byTime(ladder, zoom);
  return { ...withHeights(ladder, ys), folds, pxPerUs };
}

function zoomed(ys: readonly number[], zoom: number): readonly number[] {
  return ys.map((y) => TOP_PX + (y - TOP_PX) * zoom);
}

function byTime(
  { facts, ys }: Ladder,
  zoom: number,
): { readonly ys: readonly number[]; readonly folds: readonly Fold[]; readonly pxPerUs: number } {
  const typical = typicalUs(facts, ys);
  const pxPerUs = (TYPICAL_PX / typical) * zoom;
  const foldedPx = FOLDED_PX * Math.min(1, zoom);
  const folds: Fold[] = [];
  const drawn: number[] = [];
  let y = TOP_PX;
  for (const [index, event] of facts.entries()) {
    const before = facts[index - 1];
    const us = before === undefined ? 0 : Math.max(0, event.atUs - before.atUs);
    // What has no row has no place in time either: the run's own facts, before anything has begun.
    const hasRow = (ys[index] ?? 0) > (ys[index - 1] ?? 0);
    const px = hasRow ? us * pxPerUs : 0;
    if (hasRow && us > MAX_TYPICAL * typical) {
      folds.push({ top: y, bottom: y + foldedPx, us, seq: event.seq });
      y += foldedPx;
    } else {
      y += px;
    }
    drawn.push(y);
  }
  return { ys: drawn, folds, pxPerUs };
}

/** The time that three quarters of the steps between two facts with rows take at most, in microseconds. */
function typicalUs(facts: readonly TraceEvent[], ys: readonly number[]): number {
  const steps: number[] = [];
  for (let index = 1; index < facts.length; index += 1) {
    const us = (facts[index]?.atUs ?? 0) - (facts[index - 1]?.atUs ?? 0);
    if (us > 0 && (ys[index] ?? 0) > (ys[index - 1] ?? 0)) steps.push(us);
  }
  steps.sort((a, b) => a - b);
  return Math.max(0.1, steps[Math.floor(steps.length * 0.75)] ?? 1);
}

/** The ladder with each fact at another height, and everything else where it was between the facts. */
function withHeights(ladder: Ladder, ys: readonly number[]): Ladder {
  const at = heightsBetween(ladder.ys, ys);
  const arrows = ladder.arrows.map((arrow) => ({ ...arrow, y1: at(arrow.y1), y2: at(arrow.y2) }));
  return {
    ...ladder,
    ys,
    rows: ladder.rows.map((row) => ({ ...row, y: at(row.y) })),
    arrows,
    arrowReach: reachOf(arrows),
    stages: ladder.stages.map((stage) => ({ ...stage, top: at(stage.top), bottom: at(stage.bottom) })),
    failures: ladder.failures.map((failure) => ({ ...failure, y: at(failure.y) })),
    gaps: ladder.gaps.map((gap) => ({ ...gap, top: at(gap.top), bottom: at(gap.bottom) })),
    height: (ys.at(-1) ?? TOP_PX) + BELOW_PX,
  };
}

/** Maps a height: what is between two facts stays between them, in proportion. */
function heightsBetween(from: readonly number[], to: readonly number[]): (y: number) => number {
  return (y) => {
    let low = 0;
    let high = from.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((from[middle] ?? Infinity) <= y) low = middle + 1;
      else high = middle;
    }
    // `low` is the first fact below it.
    const fromBefore = low === 0 ? TOP_PX : (from[low - 1] ?? TOP_PX);
    const toBefore = low === 0 ? TOP_PX : (to[low - 1] ?? TOP_PX);
    const fromNext = from[low];
    const toNext = to[low];
    if (fromNext === undefined || toNext === undefined) return toBefore + (y - fromBefore);
    if (fromNext === fromBefore) return toBefore;
    return toBefore + ((toNext - toBefore) * (y - fromBefore)) / (fromNext - fromBefore);
  };
}

/** The zoom at which the whole ladder fits into a view of this height; 1 where it does so anyway. */
export function fittingZoom(ladder: Ladder, axis: VerticalAxis, viewPx: number): number {
  const whole = drawLadder(ladder, axis, 1).height - TOP_PX - BELOW_PX;
  const room = viewPx - TOP_PX - BELOW_PX;
  if (whole <= 0 || room <= 0) return 1;
  return Math.min(1, room / whole);
}

/** A length of time to draw beside the ladder as its scale, in microseconds: 1, 2 or 5 times a power of ten. */
export function scaleBarUs(pxPerUs: number, minPx = 48): number {
  const leastUs = minPx / pxPerUs;
  const power = 10 ** Math.floor(Math.log10(leastUs));
  return [1, 2, 5, 10].map((times) => times * power).find((us) => us >= leastUs) ?? 10 * power;
}

/** Of marks in the order of their heights, those whose words have room: `apart` pixels from the ones before. */
export function withRoom<Mark>(
  marks: readonly Mark[],
  yOf: (mark: Mark) => number,
  apart: number,
  isNeeded: (mark: Mark) => boolean = () => false,
): ReadonlySet<Mark> {
  const kept = new Set<Mark>();
  const needed = marks.filter(isNeeded).map(yOf);
  let last = -Infinity;
  for (const mark of marks) {
    const y = yOf(mark);
    const isFree = y - last >= apart && !needed.some((other) => Math.abs(other - y) < apart);
    if (!isNeeded(mark) && !isFree) continue;
    kept.add(mark);
    last = y;
  }
  return kept;
}

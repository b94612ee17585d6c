// What the plots of a run's numbers show, as parts of their width and height from 0 to 1: round trips as bars over a time
// axis, and lines per second over the run.

import { formatCount, formatDuration } from '../../shared/format.ts';
import { upperUsOf, type Buckets } from '../../shared/numbers/log-histogram.ts';
import type { RunNumbers } from '../../shared/numbers/run-numbers.ts';

/** A tick of an axis. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Round trips from `fromUs` to `toUs`. */
export interface Bar {
  readonly left: number;
  readonly right: number;
  /** Of the highest bar. */
  readonly height: number;
  readonly lines: number;
  readonly fromUs: number;
  readonly toUs: number;
}

/** Times on an axis: by their logarithm where the longest is many times the shortest, else by themselves. */
export interface TimeScale {
  readonly fromUs: number;
  readonly toUs: number;
  readonly isLog: boolean;
}

/** Times that differ by more than this factor need a logarithmic axis: the short ones would all be one bar. */
const LOG_FROM_FACTOR = 6;

const BARS = 48;

/** The place of a time on the axis, from 0 to 1. */
export function placeOfTime(us: number, { fromUs, toUs, isLog }: TimeScale): number {
  const place = isLog ? Math.log(us / fromUs) / Math.log(toUs / fromUs) : (us - fromUs) / (toUs - fromUs);
  return Math.min(1, Math.max(0, place));
}

/** The time at a place of the axis. */
function timeAtPlace(place: number, { fromUs, toUs, isLog }: TimeScale): number {
  return isLog ? fromUs * (toUs / fromUs) ** place : fromUs + place * (toUs - fromUs);
}

/** The axis for these round trips; undefined where there are none. */
export function scaleOf({ first, counts }: Buckets): TimeScale | undefined {
  if (counts.length === 0) return undefined;
  // The bounds of the outermost buckets, and some more where all are in a few of them.
  const middle = first + (counts.length - 1) / 2;
  const half = Math.max(counts.length / 2, 3);
  const fromUs = upperUsOf(middle - half);
  const toUs = upperUsOf(middle + half);
  return { fromUs, toUs, isLog: toUs / fromUs > LOG_FROM_FACTOR };
}

/** The round trips as bars of equal width on the axis, without empty ones. */
export function barsOf({ first, counts }: Buckets, scale: TimeScale): readonly Bar[] {
  // A bar is no narrower than a bucket: bars of none would stand between bars of two.
  const widest = Math.max(
    placeOfTime(upperUsOf(first + counts.length - 1), scale) -
      placeOfTime(upperUsOf(first + counts.length - 2), scale),
    1 / BARS,
  );
  const number = Math.max(1, Math.floor(1 / widest));
  const lines = new Array<number>(number).fill(0);
  for (const [at, count] of counts.entries()) {
    const middleUs = Math.sqrt(upperUsOf(first + at - 1) * upperUsOf(first + at));
    const bar = Math.min(number - 1, Math.floor(placeOfTime(middleUs, scale) * number));
    lines[bar] = (lines[bar] ?? 0) + count;
  }
  const highest = Math.max(1, ...lines);
  return lines.flatMap((count, bar): Bar[] => {
    if (count === 0) return [];
    const [left, right] = [bar / number, (bar + 1) / number];
    const [fromUs, toUs] = [timeAtPlace(left, scale), timeAtPlace(right, scale)];
    return [{ left, right, height: count / highest, lines: count, fromUs, toUs }];
  });
}

/** Round times on the axis, at most `most` of them. */
export function ticksOf(scale: TimeScale, most: number): readonly Tick[] {
  const times = scale.isLog ? logTimes(scale, most) : evenTimes(scale.fromUs, scale.toUs, most);
  return times.map((us) => ({ at: placeOfTime(us, scale), label: formatDuration(us) }));
}

function logTimes({ fromUs, toUs }: TimeScale, most: number): readonly number[] {
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    const times: number[] = [];
    for (let power = Math.floor(Math.log10(fromUs)); 10 ** power <= toUs; power += 1) {
      for (const step of steps) times.push(step * 10 ** power);
    }
    const inside = times.filter((us) => us >= fromUs && us <= toUs);
    if (inside.length <= most) return inside;
  }
  const decades = Math.ceil(Math.log10(toUs / fromUs) / most);
  const first = Math.ceil(Math.log10(fromUs));
  return Array.from({ length: most }, (_, index) => 10 ** (first + index * decades)).filter(
    (us) => us <= toUs,
  );
}

/** Multiples of 1, 2 or 5 times a power of ten: at most one more than `most`, which are `most` stretches. */
function evenTimes(from: number, to: number, most: number): readonly number[] {
  const rough = (to - from) / (most + 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  for (const times of [1, 2, 5, 10, 20]) {
    const step = times * power;
    const first = Math.ceil(from / step);
    const number = Math.floor(to / step) - first + 1;
    if (number <= most + 1) return Array.from({ length: number }, (_, index) => (first + index) * step);
  }
  return [];
}

/** Lines per second over the time of a run. */
export interface PacePlot {
  /** The upper edge of each column, from the left, as a part of the height. */
  readonly columns: readonly { readonly left: number; readonly right: number; readonly height: number }[];
  /** Lines per second at the plot's upper edge. */
  readonly topPerSecond: number;
  readonly mostPerSecond: number;
  readonly meanPerSecond: number;
}

/** Columns of a run with many lines; of one with few, a column would have one line or none. */
const MAX_COLUMNS = 120;
const MIN_COLUMNS = 8;
const LINES_A_COLUMN = 4;

/** The plot of a run of `runUs` microseconds; undefined where nothing came back. */
export function pacePlot({ stretchUs, lines }: RunNumbers['pace'], runUs: number): PacePlot | undefined {
  const total = lines.reduce((sum, count) => sum + count, 0);
  if (total === 0 || runUs <= 0) return undefined;
  const number = Math.min(MAX_COLUMNS, Math.max(MIN_COLUMNS, Math.floor(total / LINES_A_COLUMN)));
  const together = Math.max(1, Math.ceil(lines.length / number));
  const columns: { left: number; right: number; perSecond: number }[] = [];
  for (let at = 0; at < lines.length; at += together) {
    const from = at * stretchUs;
    // The last one ends with the run: over its whole length the pace would seem to fall.
    const end = Math.max(Math.min((at + together) * stretchUs, runUs), from + 0.1);
    const count = lines.slice(at, at + together).reduce((sum, some) => sum + some, 0);
    const perSecond = (1_000_000 * count) / (end - from);
    columns.push({ left: Math.min(1, from / runUs), right: Math.min(1, end / runUs), perSecond });
  }
  // A short rest of a stretch says little of the pace.
  const last = columns.at(-1);
  const before = columns.at(-2);
  if (
    last !== undefined &&
    before !== undefined &&
    last.right - last.left < (before.right - before.left) / 2
  ) {
    columns.splice(-2, 2, { ...before, right: last.right });
  }
  const mostPerSecond = Math.max(...columns.map(({ perSecond }) => perSecond));
  const topPerSecond = roundedUp(mostPerSecond);
  return {
    columns: columns.map(({ left, right, perSecond }) => ({ left, right, height: perSecond / topPerSecond })),
    topPerSecond,
    mostPerSecond,
    meanPerSecond: (1_000_000 * total) / runUs,
  };
}

/** The next greater of 1, 2, 2.5 or 5 times a power of ten. */
function roundedUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((times) => times * power >= value) ?? 10) * power;
}

/** Round times of the run, at most `most` of them. */
export function runTicks(runUs: number, most: number): readonly Tick[] {
  if (runUs <= 0) return [];
  return evenTimes(0, runUs, most).map((us) => ({
    at: us / runUs,
    label: us === 0 ? '0' : formatDuration(us),
  }));
}

/** Of fewer lines, 95 % are all of them or all but one. */
const LINES_FOR_P95 = 20;

/** A time that the plot of round trips names. */
export interface NamedTime {
  readonly name: string;
  readonly us: number;
}

/** The times that are named: the median, and what 95 % were faster than or, of few lines, the slowest. */
export function namedTimes({ lines, medianUs, p95Us, slowestUs }: RunNumbers): readonly NamedTime[] {
  if (medianUs === undefined || p95Us === undefined || slowestUs === undefined) return [];
  return [
    { name: 'median', us: medianUs },
    lines < LINES_FOR_P95 ? { name: 'slowest', us: slowestUs } : { name: '95 % were faster than', us: p95Us },
  ];
}

/** The round trips in a sentence, for whom the plot is not drawn. */
export function roundTripsSentence(numbers: RunNumbers): string {
  const { lines, slowestUs } = numbers;
  if (slowestUs === undefined) return 'No line has come back.';
  const times = namedTimes(numbers).filter(({ name }) => name !== 'slowest');
  const named = times.map(({ name, us }) => `${name} ${formatDuration(us)}`).join(', ');
  const which = lines === 1 ? 'of 1 line' : `of ${formatCount(lines)} lines`;
  return `Round trips ${which}: ${named}, the slowest took ${formatDuration(slowestUs)}.`;
}

/** The pace in a sentence. */
export function paceSentence({ meanPerSecond, mostPerSecond }: PacePlot, runUs: number): string {
  return `Lines per second over the ${formatDuration(runUs)} of the run: ${formatPace(meanPerSecond)} on average, at most ${formatPace(mostPerSecond)}.`;
}

/** "1,204", and below 10 with one decimal: "2.5". */
export function formatPace(perSecond: number): string {
  return perSecond < 10 ? String(Math.round(perSecond * 10) / 10) : formatCount(Math.round(perSecond));
}

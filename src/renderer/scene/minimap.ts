// The picture of a run on the time bar: bars above the middle for the client's facts and below it for the server's. Of few
// facts each is a bar. Of many a bar is as high as facts came fast, so that a wait is a valley. Pure.

import type { RunOverview } from '../../shared/trace/overview.ts';
import { partOf, type Axis } from './time-axis.ts';

/** A stretch of the axis, in pixels. */
export interface Band {
  readonly x: number;
  readonly width: number;
}

export interface Minimap {
  /** The bars as paths of SVG, the middle at `height / 2`. */
  readonly client: string;
  readonly server: string;
  /** Where facts were counted and not recorded. */
  readonly leftOut: readonly Band[];
  /** From here on nothing was counted yet; the width where all was. */
  readonly upTo: number;
}

/** The width of a bar of several facts. */
const BAR_PX = 3;
/** Between two facts, where these are wider than a bar. */
const GAP_PX = 1;
/** A single fact is no wider. */
const MAX_FACT_PX = 4;

/** A bar of facts that came so many times more slowly than the fastest is as low as a bar gets. */
const RATE_RANGE = 1_000;
/** How high bars are at most and at least, and that of a single fact, as parts of the half of the picture. */
const HIGHEST = 0.84;
const LOWEST = 0.14;
const FACT_PART = 0.72;

/** How many buckets are wanted for that width, in steps: a window that is resized asks seldom. */
export function bucketsFor(width: number): number {
  return Math.max(50, Math.floor(width / BAR_PX / 50) * 50);
}

/** The picture of an overview on an axis of that size in pixels; at its ends bars may reach beyond it. */
export function minimapOf(overview: RunOverview, axis: Axis, width: number, height: number): Minimap {
  const { from, factsABucket, upTo } = overview;
  const x = (seq: number): number => partOf(axis, seq) * width;
  const rates = factsABucket === 1 ? undefined : ratesOf(overview);
  const leftOut: { x: number; width: number }[] = [];
  let client = '';
  let server = '';
  for (let bucket = 0; bucket < overview.client.length; bucket += 1) {
    const first = from + bucket * factsABucket;
    const last = Math.min(first + factsABucket - 1, upTo);
    if (last < first || last < axis.from || first > axis.to) continue;
    const begin = x(first - 0.5);
    const end = x(last + 0.5);
    const counted = [overview.client, overview.server, overview.neither].map((side) => side[bucket] ?? 0);
    const [ofClient = 0, ofServer = 0, ofNeither = 0] = counted;
    if (ofClient + ofServer + ofNeither < last - first + 1) addBand(leftOut, begin, end);
    const bar = barBetween(begin, end, factsABucket === 1);
    const heightOf = (facts: number, rate: number | undefined): number =>
      facts === 0 ? 0 : ((rate ?? FACT_PART) * height) / 2;
    client += barUp(bar, height / 2, -heightOf(ofClient, rates?.client[bucket]));
    server += barUp(bar, height / 2, heightOf(ofServer, rates?.server[bucket]));
  }
  return { client, server, leftOut, upTo: upTo >= axis.to ? width : x(upTo) };
}

/** For each bucket and side how high its bar is, 0 to 1: by its facts a microsecond, logarithmically. */
function ratesOf({ client, server, untilUs, fromUs }: RunOverview): Record<'client' | 'server', number[]> {
  const rates = (side: Float64Array): number[] =>
    [...side].map((facts, bucket) => {
      const began = bucket === 0 ? fromUs : (untilUs[bucket - 1] ?? 0);
      // A tenth of a microsecond is as exact as times are.
      return facts / Math.max(0.1, (untilUs[bucket] ?? 0) - began);
    });
  const both = { client: rates(client), server: rates(server) };
  const fastest = [...both.client, ...both.server].reduce((most, rate) => Math.max(most, rate), 0);
  const part = (rate: number): number =>
    Math.max(
      LOWEST,
      HIGHEST * (1 + Math.log(Math.max(rate, Number.MIN_VALUE) / fastest) / Math.log(RATE_RANGE)),
    );
  return { client: both.client.map(part), server: both.server.map(part) };
}

function barBetween(begin: number, end: number, isFact: boolean): Band {
  const width = end - begin;
  if (!isFact || width < BAR_PX) return { x: begin, width };
  const narrow = Math.min(MAX_FACT_PX, width - GAP_PX);
  return { x: (begin + end) / 2 - narrow / 2, width: narrow };
}

/** A bar from the middle, up where its height is negative. */
function barUp({ x, width }: Band, middle: number, height: number): string {
  if (height === 0) return '';
  return `M${round(x)} ${round(middle)}h${round(width)}v${round(height)}h${round(-width)}z`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function addBand(bands: { x: number; width: number }[], begin: number, end: number): void {
  const before = bands.at(-1);
  if (before !== undefined && begin - (before.x + before.width) < 1) before.width = end - before.x;
  else bands.push({ x: begin, width: Math.max(1, end - begin) });
}

/** The bucket of an overview in which a fact is counted; undefined where it is not yet, or is outside. */
export function bucketOf({ from, factsABucket, upTo, client }: RunOverview, seq: number): number | undefined {
  const bucket = Math.floor((seq - from) / factsABucket);
  return seq <= upTo && bucket >= 0 && bucket < client.length ? bucket : undefined;
}

/** About when a fact was seen, by its place in its bucket, in microseconds; undefined where that is not counted yet. */
export function timeIn(overview: RunOverview, seq: number): number | undefined {
  const bucket = bucketOf(overview, seq);
  if (bucket === undefined) return undefined;
  const { from, factsABucket, fromUs, untilUs } = overview;
  const began = bucket === 0 ? fromUs : (untilUs[bucket - 1] ?? 0);
  const part = (seq - from - bucket * factsABucket + 1) / factsABucket;
  return began + Math.min(1, part) * ((untilUs[bucket] ?? began) - began);
}

/** About which fact was the last one seen at a time; undefined where that is not counted yet, or is outside. */
export function seqAt(
  { from, factsABucket, upTo, fromUs, untilUs }: RunOverview,
  atUs: number,
): number | undefined {
  const bucket = untilUs.findIndex((us) => us >= atUs);
  if (bucket === -1 || atUs < fromUs) return undefined;
  const began = bucket === 0 ? fromUs : (untilUs[bucket - 1] ?? 0);
  const part = (atUs - began) / Math.max(Number.MIN_VALUE, (untilUs[bucket] ?? 0) - began);
  const seq = from + Math.floor((bucket + Math.min(1, part)) * factsABucket) - 1;
  return seq <= upTo ? seq : undefined;
}

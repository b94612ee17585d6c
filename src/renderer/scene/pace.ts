// How fast the picture plays: at a steady pace by fact, or at a fraction of the time that the run really took.

import type { TraceEvent } from '../../shared/trace/fact.ts';
import type { RunCounts } from '../../shared/trace/counts.ts';
import { formatCount, formatCountOf } from '../../shared/format.ts';
import type { RunOverview } from '../../shared/trace/overview.ts';
import { indexAt, stepWeight } from './ladder.ts';
import { seqAt, timeIn } from './minimap.ts';

export type Pace =
  /** A handshake and a reversal take longer than other facts, and what draws nothing takes no time. */
  | { readonly kind: 'facts'; readonly aSecond: number }
  /** Each fact takes the same time. */
  | { readonly kind: 'even'; readonly aSecond: number }
  | { readonly kind: 'time'; readonly slowedBy: number };

export interface NamedPace {
  readonly id: string;
  readonly name: string;
  readonly pace: Pace;
}

export const PACES: readonly NamedPace[] = [
  { id: 'facts-0.5', name: 'very slow: a fact in 2 s', pace: { kind: 'facts', aSecond: 0.5 } },
  { id: 'facts-1', name: 'slow: 1 fact a second', pace: { kind: 'facts', aSecond: 1 } },
  { id: 'facts-2', name: 'steady: 2 facts a second', pace: { kind: 'facts', aSecond: 2 } },
  { id: 'facts-6', name: 'brisk: 6 facts a second', pace: { kind: 'facts', aSecond: 6 } },
  { id: 'facts-30', name: 'fast: 30 facts a second', pace: { kind: 'facts', aSecond: 30 } },
  { id: 'facts-300', name: 'very fast: 300 facts a second', pace: { kind: 'facts', aSecond: 300 } },
  { id: 'time-10000', name: '1/10,000 of real speed', pace: { kind: 'time', slowedBy: 10_000 } },
  { id: 'time-1000', name: '1/1,000 of real speed', pace: { kind: 'time', slowedBy: 1_000 } },
  { id: 'time-100', name: '1/100 of real speed', pace: { kind: 'time', slowedBy: 100 } },
  { id: 'time-1', name: 'real speed', pace: { kind: 'time', slowedBy: 1 } },
];

export const STEADY = 'facts-2';

/** Its pace depends on the run. */
export const IN_A_MINUTE = 'run-60';

/** The pace of that id for a run of so many facts. */
export function paceOf(id: string, facts: number): Pace {
  if (id === IN_A_MINUTE) return { kind: 'even', aSecond: Math.max(1, facts) / 60 };
  return PACES.find((named) => named.id === id)?.pace ?? { kind: 'facts', aSecond: 2 };
}

/** What playing a run of so many facts in a minute means for a fact, and against the time that it took. */
export function minuteWords({ facts, atUs }: RunCounts): { readonly name: string; readonly title: string } {
  if (facts === 0) return { name: 'run in a minute', title: '' };
  const aSecond = facts / 60;
  const rate = aSecond >= 10 ? formatCount(Math.round(aSecond)) : String(Number(aSecond.toFixed(1)));
  const times = 60_000_000 / Math.max(1, atUs);
  const factor = (value: number): string =>
    value >= 10 ? formatCount(Math.round(value)) : String(Number(value.toFixed(1)));
  const against =
    times >= 1
      ? `${factor(times)} times slower than it was`
      : `${factor(1 / times)} times faster than it was`;
  return {
    name: `run in a minute: ${rate} facts a second`,
    title: `${formatCountOf(facts, 'fact')} in a minute: on average ${against}`,
  };
}

/**
 * Where the cursor is after `elapsedMs` more milliseconds of playing.
 *
 * Stops at the last fact at hand. `stoppedAt` is the fact after which facts are missing, when the cursor stands there:
 * the player asks for more before it goes on. `leftMs` is what is left of the time, there and at the last fact at hand.
 */
export function advance(
  facts: readonly TraceEvent[],
  cursor: number,
  elapsedMs: number,
  pace: Pace,
): { readonly cursor: number; readonly stoppedAt?: number; readonly leftMs?: number } {
  let left = elapsedMs;
  let index = indexAt(facts, cursor);
  let position = cursor;
  for (;;) {
    const here = facts[index];
    const next = facts[index + 1];
    const from = here?.seq ?? 0;
    if (next === undefined) return { cursor: Math.max(position, from), leftMs: left };
    if (next.seq > from + 1 && here !== undefined) return { cursor: from, stoppedAt: from, leftMs: left };
    const stepMs = stepMsOf(pace, here, next);
    const restMs = stepMs * (1 - (position - from) / (next.seq - from));
    if (restMs > left) return { cursor: position + (left / stepMs) * (next.seq - from) };
    left -= restMs;
    position = next.seq;
    index += 1;
  }
}

/** How long the step from a fact to the next one at hand takes. */
function stepMsOf(pace: Pace, here: TraceEvent | undefined, next: TraceEvent): number {
  switch (pace.kind) {
    case 'facts':
      return (stepWeight(next, here) * 1_000) / pace.aSecond;
    case 'even':
      return ((next.seq - (here?.seq ?? 0)) * 1_000) / pace.aSecond;
    case 'time':
      return ((next.atUs - (here?.atUs ?? 0)) * pace.slowedBy) / 1_000;
  }
}

/**
 * Where the cursor is after `elapsedMs`, without the facts on the way; undefined where that depends on each of them.
 * `overview` says about which fact was seen when.
 */
export function leapTo(
  cursor: number,
  elapsedMs: number,
  pace: Pace,
  overview: RunOverview | undefined,
): number | undefined {
  switch (pace.kind) {
    case 'facts':
      return undefined;
    case 'even':
      return cursor + (elapsedMs * pace.aSecond) / 1_000;
    case 'time': {
      const nowUs = overview === undefined ? undefined : timeIn(overview, Math.floor(cursor));
      if (overview === undefined || nowUs === undefined) return undefined;
      return seqAt(overview, nowUs + (elapsedMs * 1_000) / pace.slowedBy);
    }
  }
}

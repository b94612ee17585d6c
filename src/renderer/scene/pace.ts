// How fast the picture plays: at a steady pace by fact, or at a fraction of the time that the run really took.

import type { TraceEvent } from '../../shared/trace/fact.ts';
import { indexAt, stepWeight } from './ladder.ts';

export type Pace =
  { readonly kind: 'facts'; readonly aSecond: number } | { readonly kind: 'time'; readonly slowedBy: number };

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

/**
 * Where the cursor is after `elapsedMs` more milliseconds of playing.
 *
 * Stops at the last fact at hand. `stoppedAt` is the fact after which facts are missing, when the cursor stands there:
 * the player asks for more before it goes on. `leftMs` is then what is left of the time.
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
    if (next === undefined) return { cursor: Math.max(position, from) };
    if (next.seq > from + 1 && here !== undefined) return { cursor: from, stoppedAt: from, leftMs: left };
    const stepMs =
      pace.kind === 'facts'
        ? (stepWeight(next, here) * 1_000) / pace.aSecond
        : ((next.atUs - (here?.atUs ?? 0)) * pace.slowedBy) / 1_000;
    const restMs = stepMs * (1 - (position - from) / (next.seq - from));
    if (restMs > left) return { cursor: position + (left / stepMs) * (next.seq - from) };
    left -= restMs;
    position = next.seq;
    index += 1;
  }
}

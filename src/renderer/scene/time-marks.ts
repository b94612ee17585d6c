// What stands out on the time bar and never drops out of it: what went wrong with the run itself, other clients that came,
// and long times in which nothing was seen. Marks that would cover each other are one, which says how many it stands for.

import { connectionsOf, roleOf, type Connection } from '../../shared/trace/connection.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import type { RunOverview } from '../../shared/trace/overview.ts';
import { formatCountOf, formatDuration } from '../../shared/format.ts';
import { partOf, type Axis } from './time-axis.ts';

export interface TimeMark {
  /** The first fact that it stands for; of a wait, the fact that ended it. */
  readonly seq: number;
  /** `bad` is what went wrong with the run itself, `other` a client that comes and is not ours. */
  readonly look: 'bad' | 'other' | 'wait';
  /** How many it stands for. */
  readonly count: number;
  /** How long a wait was, the longest of several. */
  readonly waitUs?: number;
}

/** A wait that is shorter is none that a person would have noticed. */
const MIN_WAIT_US = 20_000;
/** A wait is long where it is at least this part of the time that the axis shows, and in any run where it is a second. */
const LONG_WAIT_PART = 0.02;
const LONG_WAIT_US = 1_000_000;

/**
 * The marks of facts: of a run, its landmarks are enough. A failure of another client is none: the run did not fail.
 */
export function timeMarksOf(facts: readonly TraceEvent[]): readonly TimeMark[] {
  const { ofFact } = connectionsOf(facts);
  const come = new Set<Connection>();
  return facts.flatMap((event, index): readonly TimeMark[] => {
    const connection = ofFact[index];
    const isOther = connection?.client.whose === 'other';
    if (isOther && !come.has(connection)) {
      come.add(connection);
      return [{ seq: event.seq, look: 'other', count: 1 }];
    }
    const bad = event.kind === 'failed' && !(isOther && roleOf(event.peer) === 'server');
    return bad ? [{ seq: event.seq, look: 'bad', count: 1 }] : [];
  });
}

/** The failures that an overview counted and that are not among those known by their facts, in order. */
export function marksBeyond(overview: RunOverview, known: readonly TimeMark[]): readonly TimeMark[] {
  const seqs = new Set(known.map(({ seq }) => seq));
  const found: TimeMark[] = [];
  for (const [bucket, seq] of overview.errorSeqs.entries()) {
    if (seq > 0 && !seqs.has(seq)) found.push({ seq, look: 'bad', count: overview.errors[bucket] ?? 1 });
  }
  return found;
}

/** The long waits of an overview, in order. */
export function waitsOf(overview: RunOverview): readonly TimeMark[] {
  const { waitUs, waitSeqs, untilUs, fromUs } = overview;
  const shownUs = (untilUs.at(-1) ?? 0) - fromUs;
  const least = Math.max(MIN_WAIT_US, Math.min(LONG_WAIT_US, shownUs * LONG_WAIT_PART));
  const found: TimeMark[] = [];
  for (const [bucket, us] of waitUs.entries()) {
    if (us >= least) found.push({ seq: waitSeqs[bucket] ?? 0, look: 'wait', count: 1, waitUs: us });
  }
  return found;
}

/** The marks on the axis, those of one look that are closer than the part `apart` of it as one. */
export function drawnMarksOf(marks: readonly TimeMark[], axis: Axis, apart: number): readonly TimeMark[] {
  const drawn: TimeMark[] = [];
  const lastOf = new Map<TimeMark['look'], number>();
  for (const mark of [...marks].sort((a, b) => a.seq - b.seq)) {
    if (mark.seq < axis.from || mark.seq > axis.to) continue;
    const index = lastOf.get(mark.look);
    const before = index === undefined ? undefined : drawn[index];
    if (
      index !== undefined &&
      before !== undefined &&
      partOf(axis, mark.seq) - partOf(axis, before.seq) < apart
    ) {
      drawn[index] = joined(before, mark);
    } else {
      lastOf.set(mark.look, drawn.length);
      drawn.push(mark);
    }
  }
  return drawn;
}

function joined(one: TimeMark, other: TimeMark): TimeMark {
  const count = one.count + other.count;
  if (one.waitUs === undefined || other.waitUs === undefined) return { ...one, count };
  // The place is that of the longest.
  return { ...(other.waitUs > one.waitUs ? other : one), count };
}

/** A mark in words. */
export function wordsOfMark({ look, count, waitUs }: TimeMark): string {
  switch (look) {
    case 'bad':
      return formatCountOf(count, 'error');
    case 'other':
      return count === 1 ? 'another client comes' : `${formatCountOf(count, 'other client')} come`;
    case 'wait':
      return count === 1
        ? `${formatDuration(waitUs ?? 0)} without a fact`
        : `${formatCountOf(count, 'wait')}, the longest ${formatDuration(waitUs ?? 0)}`;
  }
}

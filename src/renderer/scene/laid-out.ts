// The part of the facts at hand that is laid out at once: a ladder of a whole page takes a quarter of a frame, and a person
// sees some twenty rows of it. Pure.

import { otherSide } from '../../shared/trace/connection.ts';
import type { Side, TraceEvent } from '../../shared/trace/fact.ts';
import { indexAt } from './ladder.ts';

/** So many facts are laid out again where the cursor leaves them. */
const PART_FACTS = 1_024;
/** Facts before and after them, which are seen from their edges. */
const MORE_FACTS = 256;

export interface LaidOut {
  readonly facts: readonly TraceEvent[];
  /** The other facts that these belong to: earlier writes of what they read, later reads of what they write. In order. */
  readonly links: readonly TraceEvent[];
}

/** The number of the part in which the cursor stands; of facts that are few, the same everywhere. */
export function partAt(facts: readonly TraceEvent[], cursor: number): number {
  const first = facts[0]?.seq ?? 0;
  const last = facts.at(-1)?.seq ?? 0;
  if (facts.length <= 2 * PART_FACTS) return 0;
  return Math.floor((Math.max(first, Math.min(last, cursor)) - 1) / PART_FACTS);
}

/** The part of that number. `links` are facts that are not among `facts`, in order. */
export function laidOut(facts: readonly TraceEvent[], links: readonly TraceEvent[], part: number): LaidOut {
  if (facts.length <= 2 * PART_FACTS) return { facts, links };
  const from = Math.max(0, indexAt(facts, part * PART_FACTS) + 1 - MORE_FACTS);
  const end = indexAt(facts, (part + 1) * PART_FACTS) + 1 + MORE_FACTS;
  const here = facts.slice(from, end);
  const needed = neededBy(here);
  const first = here[0]?.seq ?? 0;
  const earlier = links.filter((event) => event.seq < first && needed(event));
  const later = links.filter((event) => event.seq > first && needed(event));
  return {
    facts: here,
    links: [...earlier, ...facts.slice(0, from).filter(needed), ...facts.slice(end).filter(needed), ...later],
  };
}

interface Range {
  from: number;
  to: number;
}

function streamOf(connection: number, writer: Side): string {
  return `${connection}-${writer}`;
}

function extend(ranges: Map<string, Range>, stream: string, from: number, to: number): void {
  const range = ranges.get(stream);
  if (range === undefined) {
    ranges.set(stream, { from, to });
  } else {
    range.from = Math.min(range.from, from);
    range.to = Math.max(range.to, to);
  }
}

function overlaps(range: Range | undefined, from: number, bytes: number): boolean {
  return range !== undefined && from < range.to && from + bytes > range.from;
}

/** Whether a fact that is not among `facts` belongs to one of them. */
function neededBy(facts: readonly TraceEvent[]): (event: TraceEvent) => boolean {
  const written = new Map<string, Range>();
  const read = new Map<string, Range>();
  for (const event of facts) {
    switch (event.kind) {
      case 'wrote':
        extend(written, streamOf(event.connection, event.side), event.offset, event.offset + event.bytes);
        break;
      case 'read':
        extend(read, readFrom(event), event.offset, event.offset + event.bytes);
        break;
      case 'line-transformed':
        // An empty line has its LF.
        extend(read, streamOf(event.connection, 'client'), event.offset, event.offset + event.bytes + 1);
        break;
      default:
        break;
    }
  }
  return (event) => {
    if (event.kind === 'wrote') {
      return overlaps(read.get(streamOf(event.connection, event.side)), event.offset, event.bytes);
    }
    return event.kind === 'read' && overlaps(written.get(readFrom(event)), event.offset, event.bytes);
  };
}

/** The stream that a read is of. */
function readFrom({ connection, side }: Extract<TraceEvent, { kind: 'read' }>): string {
  return streamOf(connection, otherSide(side));
}

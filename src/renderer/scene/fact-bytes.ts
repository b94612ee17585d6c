// The bytes that a fact is about.

import { otherSide } from '../../shared/trace/connection.ts';
import type { RecordedBytes, Side, TraceEvent } from '../../shared/trace/fact.ts';
import { indexAt } from './ladder.ts';

/**
 * The bytes of a fact, and the fact that has them: its own; for what was read or received, those that the peer wrote at
 * the same place in the stream. Undefined where it has none, or they are not in `facts`.
 */
export function bytesOf(
  event: TraceEvent,
  facts: readonly TraceEvent[],
): { readonly data: RecordedBytes; readonly seq: number } | undefined {
  if (event.kind === 'wrote') return { data: event.data, seq: event.seq };
  if (event.kind !== 'read' && event.kind !== 'line-received' && event.kind !== 'line-transformed')
    return undefined;
  if (event.kind === 'read' && event.data !== undefined) return { data: event.data, seq: event.seq };
  const writer = writerOf(event);
  for (let index = indexAt(facts, event.seq); index >= 0; index -= 1) {
    const write = facts[index];
    if (write?.kind !== 'wrote' || write.side !== writer || write.connection !== event.connection) continue;
    // A line's own offset and length are without its LF: it begins where the write began.
    if (write.offset === event.offset && (event.kind !== 'read' || write.bytes === event.bytes)) {
      return { data: write.data, seq: write.seq };
    }
    if (write.offset <= event.offset) return undefined;
  }
  return undefined;
}

/** The side that wrote the bytes that the fact is about. */
function writerOf(event: Extract<TraceEvent, { kind: 'read' | 'line-received' | 'line-transformed' }>): Side {
  if (event.kind === 'read') return otherSide(event.side);
  return event.kind === 'line-received' ? 'server' : 'client';
}

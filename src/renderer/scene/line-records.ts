// What is known of each line: where it was sent, transformed and received. The lines table reads these at the cursor.

import type { TraceEvent } from '../../shared/trace/fact.ts';
import { isAboutLines } from '../../shared/trace/fact.ts';
import { LineFollower, type LineRecord } from '../../shared/trace/line-follower.ts';
import { indexAt, isOfOtherClient, ownConnection } from './ladder.ts';

export type LineState = 'waiting' | 'going' | 'at the server' | 'transformed' | 'returning' | 'back';

/** Where the line is when the cursor stands at `cursor`. */
export function stateAt(record: LineRecord, cursor: number): LineState {
  const at = (seq: number | undefined): boolean => seq !== undefined && seq <= cursor;
  if (at(record.receivedSeq)) return 'back';
  if (at(record.repliedSeq)) return 'returning';
  if (at(record.transformedSeq)) return 'transformed';
  if (at(record.arrivedSeq)) return 'at the server';
  if (at(record.sentSeq)) return 'going';
  return 'waiting';
}

/** From the client's write to the fact that its reply was received, in microseconds. */
export function roundTripUs(record: LineRecord): number | undefined {
  return record.receivedAtUs === undefined ? undefined : record.receivedAtUs - record.sentAtUs;
}

/**
 * The line that the cursor is at: the last one sent before it, 0 where none was or where the facts that would show it
 * are not here. `linesSent` is the number of all lines: where the run is closing, the last of them.
 */
export function lineAt(facts: readonly TraceEvent[], cursor: number, linesSent: number): number {
  let index = indexAt(facts, cursor);
  const here = facts[index];
  const next = facts[index + 1];
  if (here === undefined || (here.seq < Math.floor(cursor) && next?.seq !== Math.floor(cursor) + 1)) return 0;
  const own = ownConnection(facts);
  for (let after = here.seq + 1; index >= 0; index -= 1) {
    const event = facts[index];
    if (event === undefined) return 0;
    if (event.seq < after - 1) return isAboutLines(here) ? 0 : linesSent;
    if ('line' in event && !isOfOtherClient(event, own)) return event.line;
    after = event.seq;
  }
  return 0;
}

/**
 * The records of all lines that the facts tell of, by line number; several may be on their way at once. One pass. `own` is
 * the number of our client's connection, which is found in the facts by default.
 */
export function lineRecords(
  facts: readonly TraceEvent[],
  own: number | undefined = ownConnection(facts),
): ReadonlyMap<number, LineRecord> {
  const lines = new LineFollower();
  for (const event of facts) if (!isOfOtherClient(event, own)) lines.add(event);
  return lines.records;
}

// What is known of each line: where it was sent, transformed and received. The lines table reads these at the cursor.

import type { RecordedBytes, ReversalUnit, TraceEvent } from '../../shared/trace/fact.ts';
import { isAboutLines } from '../../shared/trace/fact.ts';
import { indexAt, isOfOtherClient, ownConnection } from './ladder.ts';

export interface LineRecord {
  readonly line: number;
  readonly sent: RecordedBytes;
  readonly sentSeq: number;
  readonly sentAtUs: number;
  /** `seq` of the first read at the server that returned bytes of this line. */
  readonly arrivedSeq?: number;
  readonly transformedSeq?: number;
  readonly by?: ReversalUnit;
  readonly validUtf8: boolean;
  readonly reply?: RecordedBytes;
  readonly repliedSeq?: number;
  readonly receivedSeq?: number;
  readonly receivedAtUs?: number;
  /** Reads that returned bytes of this line: at the server, and of its reply at the client. */
  readonly readsThere: number;
  readonly readsBack: number;
}

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
 * The line that the cursor is at: the last one sent before it, 0 where none was or where the facts that would tell are
 * not here. `linesSent` is the number of all lines: where the run is closing, the last of them.
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

type Draft = { -readonly [Name in keyof LineRecord]: LineRecord[Name] };

/**
 * The records of all lines that the facts tell of, by line number. One pass: a line's facts lie together, because the
 * client waits for a reply before it sends the next line.
 */
export function lineRecords(facts: readonly TraceEvent[]): ReadonlyMap<number, LineRecord> {
  const records = new Map<number, LineRecord>();
  let open: Draft | undefined;
  let sentTo = 0;
  let repliedTo = 0;
  let sentFrom = 0;
  let repliedFrom = Infinity;
  const own = ownConnection(facts);
  for (const event of facts) {
    if (isOfOtherClient(event, own)) continue;
    switch (event.kind) {
      case 'wrote':
        if (event.side === 'client' && event.line !== undefined) {
          open = {
            line: event.line,
            sent: event.data,
            sentSeq: event.seq,
            sentAtUs: event.atUs,
            validUtf8: true,
            readsThere: 0,
            readsBack: 0,
          };
          records.set(event.line, open);
          sentFrom = event.offset;
          sentTo = event.offset + event.bytes;
          repliedFrom = Infinity;
        } else if (event.side === 'server' && open !== undefined && event.line === open.line) {
          open.reply = event.data;
          open.repliedSeq = event.seq;
          repliedFrom = event.offset;
          repliedTo = event.offset + event.bytes;
        }
        break;
      case 'read':
        if (open === undefined) break;
        if (event.side === 'server' && event.offset < sentTo && event.offset + event.bytes > sentFrom) {
          open.readsThere += 1;
          open.arrivedSeq ??= event.seq;
        } else if (
          event.side === 'client' &&
          event.offset < repliedTo &&
          event.offset + event.bytes > repliedFrom
        ) {
          open.readsBack += 1;
        }
        break;
      case 'line-transformed':
        if (event.line === open?.line) {
          open.transformedSeq = event.seq;
          open.by = event.by;
          open.validUtf8 = event.validUtf8;
        }
        break;
      case 'line-received':
        if (event.line === open?.line) {
          open.receivedSeq = event.seq;
          open.receivedAtUs = event.atUs;
        }
        break;
      default:
        break;
    }
  }
  return records;
}

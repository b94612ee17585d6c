// Running counts of a trace: what is said of facts that are counted and not drawn. The recorder keeps one, so does a
// reader that opens a trace.

import { NO_CONNECTION, ownConnectionAfter } from './connection.ts';
import type { Fact } from './fact.ts';

/** Facts and time are the whole run's; lines and bytes our own client's, none of those that other clients send. */
export interface RunCounts {
  /** Facts so far: also the `seq` of the last one. */
  readonly facts: number;
  /** Time of the last fact. */
  readonly atUs: number;
  readonly linesSent: number;
  readonly linesTransformed: number;
  readonly linesReceived: number;
  /** Bytes that the client wrote, framing included. */
  readonly bytesSent: number;
  /** Bytes that the client read. */
  readonly bytesReceived: number;
  /** Lines that were not valid UTF-8 and were transformed by byte. */
  readonly linesByByte: number;
  /** Our client's connection so far; `NO_CONNECTION` while it has none. */
  readonly connection: number;
}

export const NO_COUNTS: RunCounts = {
  facts: 0,
  atUs: 0,
  linesSent: 0,
  linesTransformed: 0,
  linesReceived: 0,
  bytesSent: 0,
  bytesReceived: 0,
  linesByByte: 0,
  connection: NO_CONNECTION,
};

/** Adds one fact to counts that the caller owns: no object is made, this runs for every fact of a run. */
export function count(
  counts: { -readonly [Name in keyof RunCounts]: RunCounts[Name] },
  fact: Fact,
  atUs: number,
): void {
  counts.facts += 1;
  counts.atUs = atUs;
  counts.connection = ownConnectionAfter(fact, counts.connection);
  switch (fact.kind) {
    case 'wrote':
      if (fact.side === 'client') {
        counts.bytesSent += fact.bytes;
        if (fact.line !== undefined) counts.linesSent = fact.line;
      }
      return;
    case 'read':
      if (fact.side === 'client') counts.bytesReceived += fact.bytes;
      return;
    case 'line-transformed':
      if (fact.connection !== counts.connection) return;
      counts.linesTransformed = fact.line;
      if (!fact.validUtf8) counts.linesByByte += 1;
      return;
    case 'line-received':
      counts.linesReceived = fact.line;
      return;
    default:
      return;
  }
}

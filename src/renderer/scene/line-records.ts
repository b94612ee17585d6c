// What is known of each line: where it was sent, transformed and received. The lines table reads these at the cursor.

import type { TraceEvent } from '../../shared/trace/fact.ts';
import { formatCount, formatCountOf } from '../../shared/format.ts';
import { isAboutLines } from '../../shared/trace/fact.ts';
import type { RunCounts } from '../../shared/trace/counts.ts';
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

/** How many lines were sent and came back up to a cursor. */
export interface LinesSoFar {
  readonly sent: number;
  readonly back: number;
}

/**
 * The lines sent and received up to the cursor; undefined where the facts that would show it are not here. `counts` are
 * those of the whole run: where the run is closing, all of them.
 */
export function linesSoFar(
  facts: readonly TraceEvent[],
  cursor: number,
  counts: Pick<RunCounts, 'facts' | 'linesSent' | 'linesReceived'>,
): LinesSoFar | undefined {
  const all = { sent: counts.linesSent, back: counts.linesReceived };
  if (cursor >= counts.facts) return all;
  let index = indexAt(facts, cursor);
  const here = facts[index];
  const next = facts[index + 1];
  // A landmark of another page is at hand, and what lies between it and the cursor is not.
  if (here === undefined) return cursor < 1 ? { sent: 0, back: 0 } : undefined;
  if (here.seq < Math.floor(cursor) && next?.seq !== Math.floor(cursor) + 1) return undefined;
  const own = ownConnection(facts);
  let sent: number | undefined;
  for (let after = here.seq + 1; index >= 0; index -= 1) {
    const event = facts[index];
    if (event === undefined) return undefined;
    if (event.seq < after - 1) return isAboutLines(here) ? undefined : all;
    after = event.seq;
    if (!('line' in event) || isOfOtherClient(event, own)) continue;
    if (event.kind === 'wrote' && event.side === 'client') sent ??= event.line;
    // The reply to a line comes after the line was sent, and nothing of it before that.
    if (event.kind === 'line-received') return { sent: sent ?? sentBefore(facts, index), back: event.line };
  }
  return { sent: sent ?? 0, back: 0 };
}

/** The last line that our client sent before the fact at `index`. */
function sentBefore(facts: readonly TraceEvent[], index: number): number {
  for (let at = index; at >= 0; at -= 1) {
    const event = facts[at];
    if (event?.kind === 'wrote' && event.side === 'client' && event.line !== undefined) return event.line;
  }
  return 0;
}

/**
 * "2 of 3 lines sent so far have come back"; at the end of the run "7 of 7 lines sent came back", with what else is to be
 * said of all of them. Where the lines at the cursor are not known, how many there are.
 */
export function linesSentence(soFar: LinesSoFar | undefined, counts: RunCounts): string {
  const { linesSent, linesReceived, linesByByte } = counts;
  if (soFar === undefined) return formatCountOf(linesSent, 'line');
  if (soFar.sent < linesSent || soFar.back < linesReceived) {
    const [sent, have] = [formatCountOf(soFar.sent, 'line'), soFar.back === 1 ? 'has' : 'have'];
    return soFar.sent === 0
      ? `none of ${formatCountOf(linesSent, 'line')} sent so far`
      : `${formatCount(soFar.back)} of ${sent} sent so far ${have} come back`;
  }
  const perSecond = Math.round((1_000_000 * linesReceived) / counts.atUs);
  return [
    `${formatCount(linesReceived)} of ${formatCountOf(linesSent, 'line')} sent came back`,
    ...(linesReceived > 100 ? [`${formatCount(perSecond)} lines/s`] : []),
    ...(linesByByte > 0 ? [`${formatCountOf(linesByByte, 'line')} not valid UTF-8`] : []),
  ].join(' · ');
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

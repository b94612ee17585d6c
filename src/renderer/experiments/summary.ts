// The sentence at the end of a run, made from the trace's own numbers.

import { holderSentence } from '../../shared/trace/port-words.ts';
import type { RunCounts } from '../../shared/trace/counts.ts';
import type { RunEnded, TraceEvent } from '../../shared/trace/fact.ts';
import type { LineRecord } from '../../shared/trace/line-follower.ts';
import { roundTripUs } from '../scene/line-records.ts';
import { otherClientsSentence } from '../scene/describe.ts';
import type { FailedFact } from '../scene/failure-words.ts';
import { failureTitle } from '../scene/failure-words.ts';
import { otherClientsIn, otherClientsSentences } from '../../shared/experiments/summary/other-clients.ts';
import { isOwnFailure, ownConnection } from '../scene/ladder.ts';
import { prologueOf, roundsOf } from '../scene/rounds.ts';
import { boundariesSentences } from './boundaries/summary.ts';
import { timeWaitSentences, waitSentences } from './in-use-summary.ts';
import { portsSummary, raceSummary } from './rounds-summary.ts';
import { byByteName, transformOf } from '../../shared/experiments/transform-words.ts';
import { formatCount, formatCountOf, formatDuration } from '../../shared/format.ts';

/** Of a run without its end: the computer was switched off, or the file was not written to its end. */
export const CUT_OFF = 'This run was cut off: it has no end, and what was recorded until then is shown.';

/** What happened, in sentences; undefined until the run has ended. `facts` are all at hand, `landmarks` those of them that are not about lines. */
export function summaryOf(
  landmarks: readonly TraceEvent[],
  counts: RunCounts,
  records: ReadonlyMap<number, LineRecord>,
  facts: readonly TraceEvent[] = landmarks,
): string | undefined {
  const ended = landmarks.findLast((event) => event.kind === 'run-ended');
  if (ended?.kind !== 'run-ended') return undefined;
  const own =
    roundsSentences(landmarks, ended, facts) ??
    timeWaitSentences(landmarks, ended) ??
    exchangeSentences(landmarks, counts, records, ended);
  return [...own, ...otherClientsSentences(otherClientsIn(landmarks)), ...leftOutSentences(landmarks)].join(
    ' ',
  );
}

/** How much of what other clients did is not in the run; nothing where all of it is. */
function leftOutSentences(landmarks: readonly TraceEvent[]): readonly string[] {
  let facts = 0;
  let bytes = 0;
  for (const event of landmarks) {
    if (event.kind !== 'other-clients-left-out') continue;
    facts += event.facts;
    bytes += event.bytes;
  }
  return facts === 0 ? [] : [otherClientsSentence({ facts, bytes })];
}

/** One exchange of one client and one server, or what prevented it. */
function exchangeSentences(
  landmarks: readonly TraceEvent[],
  counts: RunCounts,
  records: ReadonlyMap<number, LineRecord>,
  ended: RunEnded,
): readonly string[] {
  const waited = waitSentences(landmarks, ended);
  // A port that was waited for is no failure any more: what came then may be one.
  const failure = ownFailures(landmarks).find(
    ({ problem }) => waited.length === 0 || problem.code !== 'port-in-use',
  );
  const sentences: string[] = [...waited];
  const connectCalled = landmarks.find((event) => event.kind === 'connect-called');
  const connected = landmarks.find((event) => event.kind === 'connected');
  const listening = landmarks.find((event) => event.kind === 'listening');
  const expected = failure !== undefined && ended.outcome === 'completed';
  // That the run was cancelled is its last fact.
  if (failure !== undefined && ended.outcome !== 'cancelled')
    sentences.push(
      `${expected ? `As it should: ${lowerFirst(failureTitle(failure))}` : failureTitle(failure)}.`,
    );
  const examined = landmarks.find((event) => event.kind === 'port-examined');
  if (examined?.kind === 'port-examined' && waited.length === 0)
    sentences.push(holderSentence(examined.port, examined.holder));
  if (connected?.kind === 'connected' && listening?.kind === 'listening') {
    sentences.push(
      `The kernel gave the client port ${connected.local.port}; the server ${
        wasAsked(landmarks, listening.local.port) ? 'stayed at' : 'was given'
      } ${listening.local.port}.`,
    );
  }
  if (connected !== undefined && connectCalled !== undefined) {
    sentences.push(`connect() took ${formatDuration(connected.atUs - connectCalled.atUs)}.`);
  }
  if (ended.linesReceived > 0) {
    const cameBack = `${formatCountOf(ended.linesReceived, 'line')} came back in ${formatDuration((lastReplyUs(records) ?? counts.atUs) - (connected?.atUs ?? 0))}`;
    sentences.push(`${cameBack}${roundTripWords(records, ended.linesReceived)}.`);
  } else if (ended.outcome === 'completed') {
    sentences.push(...withoutLines(landmarks));
  }
  if (ended.linesByByte > 0) {
    sentences.push(
      `${formatCountOf(ended.linesByByte, 'line')} ${ended.linesByByte === 1 ? 'was' : 'were'} not valid UTF-8 and ${byByteName(transformOf(landmarks))}.`,
    );
  }
  if (ended.outcome !== 'completed' && ended.linesSent > ended.linesReceived) {
    sentences.push(`Line ${formatCount(ended.linesReceived + 1)} was sent and did not come back.`);
  }
  return sentences;
}

/** The results of a race, a run of ports, and lost boundaries; undefined for the other experiments. */
function roundsSentences(
  landmarks: readonly TraceEvent[],
  ended: RunEnded,
  facts: readonly TraceEvent[],
): readonly string[] | undefined {
  const [started] = landmarks;
  if (started?.kind !== 'run-started') return undefined;
  const { experiment } = started;
  if (experiment !== 'race' && experiment !== 'ports' && experiment !== 'boundaries') return undefined;
  const sentences =
    experiment === 'boundaries'
      ? boundariesSentences(facts)
      : (experiment === 'race' ? raceSummary : portsSummary)(landmarks, ended);
  // A refusal is what a race is about; what ended the run is the last failure of one that did not complete.
  const failure = ownFailures(landmarks).at(-1);
  if (ended.outcome !== 'failed' || failure === undefined) return sentences;
  const examined = landmarks.findLast((event) => event.kind === 'port-examined');
  return [
    `${failureTitle(failure)}.`,
    ...(examined === undefined ? [] : [holderSentence(examined.port, examined.holder)]),
    ...sentences,
  ];
}

/** What went wrong with the run itself, in order. Each round has a client of its own, and connections of its own. */
function ownFailures(landmarks: readonly TraceEvent[]): readonly FailedFact[] {
  const parts = [prologueOf(landmarks), ...roundsOf(landmarks).map(({ facts }) => facts)];
  return parts.flatMap((part) => {
    const own = ownConnection(part);
    return part.filter((event): event is FailedFact => event.kind === 'failed' && isOwnFailure(event, own));
  });
}

/** The sentence for a run without a line: the greeting, or an empty file. */
function withoutLines(landmarks: readonly TraceEvent[]): readonly string[] {
  const started = landmarks.find((event) => event.kind === 'run-started');
  if (started?.kind === 'run-started' && started.experiment === 'file') {
    return ['The file is empty: no line was sent, and the result is empty too.'];
  }
  const received = landmarks.find((event) => event.kind === 'text-received' && event.side === 'client');
  if (received?.kind !== 'text-received') return [];
  const accepted = landmarks.find(
    (event) => event.kind === 'accepted' && event.connection === received.connection,
  );
  if (accepted === undefined) return [];
  return [
    `The greeting, ${formatCountOf(received.bytes, 'byte')}, was whole at the client ${formatDuration(received.atUs - accepted.atUs)} after the server had accepted it. Both sides closed.`,
  ];
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}

/** When the last line at hand came back: what happens after that (other clients, closing) is not part of it. */
function lastReplyUs(records: ReadonlyMap<number, LineRecord>): number | undefined {
  let last: number | undefined;
  for (const { receivedAtUs } of records.values()) {
    if (receivedAtUs !== undefined) last = Math.max(last ?? 0, receivedAtUs);
  }
  return last;
}

function wasAsked(landmarks: readonly TraceEvent[], port: number): boolean {
  return landmarks.some((event) => event.kind === 'listen-called' && event.requested.port === port);
}

/** The median of the round trips. Of a long run the lines at hand are the last ones, and the words say so. */
function roundTripWords(records: ReadonlyMap<number, LineRecord>, linesReceived: number): string {
  const times: number[] = [];
  for (const record of records.values()) {
    const time = roundTripUs(record);
    if (time !== undefined) times.push(time);
  }
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1];
  if (median === undefined) return '';
  const which = times.length < linesReceived ? `of the last ${formatCount(times.length)} lines, ` : '';
  return `; ${which}the median round trip took ${formatDuration(median)}`;
}

// The sentences at the end of a run that found its port in use: what had it, how long the server waited for it. Made from
// the trace's own numbers.

import { holderSentence, otherPortSentence } from '../../shared/trace/port-words.ts';
import type { RunEnded, TraceEvent } from '../../shared/trace/fact.ts';
import { printable } from '../../shared/trace/transcript.ts';
import { formatDuration } from '../../shared/format.ts';
import { errnoWords } from '../scene/failure-words.ts';

/** How the wait for a port ended; none where the run did not wait for one. */
export function waitSentences(landmarks: readonly TraceEvent[], ended: RunEnded): readonly string[] {
  const awaited = landmarks.find((event) => event.kind === 'port-awaited');
  if (awaited === undefined) return [];
  const refused = firstRefusal(landmarks);
  const fromUs = refused?.atUs ?? awaited.atUs;
  const listening = landmarks.find((event) => event.kind === 'listening' && event.seq > awaited.seq);
  const had = `Port ${awaited.port} was free again after ${formatDuration((listening?.atUs ?? 0) - fromUs)}; the server then listened.`;
  const last = landmarks.at(-1)?.atUs ?? fromUs;
  return [
    ...(refused === undefined
      ? []
      : [`At first the port was in use: ${errnoWords(refused.problem.detail)}.`]),
    listening === undefined
      ? `The server had waited ${formatDuration(last - fromUs)} for port ${awaited.port} when the run ${ended.outcome === 'cancelled' ? 'was cancelled' : 'ended'}.`
      : had,
  ];
}

/** The run of `in-use` with what a program left behind; undefined for every other run. */
export function timeWaitSentences(
  landmarks: readonly TraceEvent[],
  ended: RunEnded,
): readonly string[] | undefined {
  const [started] = landmarks;
  if (started?.kind !== 'run-started' || started.options.takenBy !== 'time-wait') return undefined;
  const refused = firstRefusal(landmarks);
  // Without a refusal it failed in another way: the sentences are those of any run.
  if (refused === undefined) return undefined;
  const examined = landmarks.find((event) => event.kind === 'port-examined' && event.seq > refused.seq);
  const error = errnoWords(refused.problem.detail);
  const asked = started.requested.port;
  const used = landmarks.find((event) => event.kind === 'connect-called')?.remote.port ?? asked;
  return [
    ...(asked === 0 || asked === used ? [] : [otherPortSentence(asked, used)]),
    ...earlierOwnerSentences(landmarks),
    `${ended.outcome === 'failed' ? 'Our' : 'As it should, our'} server got ${error}, although it sets SO_REUSEADDR.`,
    ...(examined?.kind === 'port-examined' ? [holderSentence(examined.port, examined.holder)] : []),
    // The sentence about the first refusal is above.
    ...waitSentences(landmarks, ended).slice(-1),
  ];
}

function earlierOwnerSentences(landmarks: readonly TraceEvent[]): readonly string[] {
  const program = landmarks.find((event) => event.kind === 'program-started');
  const over = landmarks.find((event) => event.kind === 'program-ended');
  if (program === undefined) {
    const before = landmarks.find((event) => event.kind === 'port-examined');
    return before === undefined ? [] : [`Port ${before.port} was in TIME_WAIT before the run began.`];
  }
  const closedFirst = landmarks.find((event) => event.kind === 'end-received' && event.side === 'client');
  return [
    `${printable(program.program)} (process ${program.pid}) had the port without SO_REUSEADDR${closedFirst === undefined ? '' : ', closed first'}${over === undefined ? '' : ' and ended'}.`,
  ];
}

function firstRefusal(landmarks: readonly TraceEvent[]): Extract<TraceEvent, { kind: 'failed' }> | undefined {
  return landmarks.find(
    (event): event is Extract<TraceEvent, { kind: 'failed' }> =>
      event.kind === 'failed' && event.problem.code === 'port-in-use',
  );
}

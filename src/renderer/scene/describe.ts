// Words for facts: the short label beside a lifeline and the full sentence. Each says what was seen and by what witness.

import { endpointName, holderSentence } from '../../shared/trace/port-words.ts';
import { assertNever } from '../../shared/result.ts';
import { roleOf } from '../../shared/trace/connection.ts';
import { EVERY_ADDRESS, SECOND_SERVER } from '../../shared/trace/fact.ts';
import type {
  Endpoint,
  Framing,
  PortHolder,
  RunEnded,
  TraceEvent,
  Transform,
  Witness,
} from '../../shared/trace/fact.ts';
import type { Language } from '../../shared/experiments/programs/program.ts';
import { printable } from '../../shared/trace/transcript.ts';
import { failureTitle } from './failure-words.ts';
import { OPTIONS, titleOf } from '../../shared/experiments/definitions.ts';
import { didWithIt, transformName, unitName } from '../../shared/experiments/transform-words.ts';
import { formatBytes, formatCount, formatCountOf, formatDuration } from '../../shared/format.ts';

export function witnessName(witness: Witness): string {
  switch (witness) {
    case 'program':
      return 'our program: its own call or event';
    case 'kernel':
      return 'the kernel: read from the system';
    case 'wire':
      return 'the wire: a captured packet';
    default:
      return assertNever(witness);
  }
}

/** The calls and events that a language has its own words for. */
const CALLS = {
  Python: { bind: 'bind', write: 'sendall', read: 'recv', end: 'ends its side' },
  Node: { bind: 'listen', write: 'write', read: 'data', end: 'end()' },
} as const satisfies Readonly<Record<Language, object>>;

/**
 * The label beside the lifeline: the call or event in the words of the field and of the `language` of the programs that
 * are shown beside it. `transform` is what the run does with lines.
 * Ready to be shown: a trace may come from anybody, and no name in it reverses the direction of our words.
 */
export function labelOf(event: TraceEvent, transform: Transform, language: Language): string {
  return printable(labelWords(event, transform, CALLS[language]));
}

function labelWords(event: TraceEvent, transform: Transform, calls: (typeof CALLS)[Language]): string {
  switch (event.kind) {
    case 'run-started':
      return 'run started';
    case 'ephemeral-range-read':
      return 'ephemeral range';
    case 'round-started':
      return `round ${formatCount(event.round)}`;
    case 'program-started':
      return `${event.program} started`;
    case 'program-ended':
      return `${event.program} ended`;
    case 'server-created':
      return event.peer === SECOND_SERVER ? 'second socket' : 'socket created';
    case 'client-created':
      return 'socket created';
    case 'host-named':
      return 'host name';
    case 'listen-called':
      return event.peer === SECOND_SERVER
        ? `second ${calls.bind}(${event.requested.port})`
        : `${calls.bind}(${event.requested.port})`;
    case 'listening':
      return 'listening';
    case 'connect-called':
      return 'connect()';
    case 'connected':
      return 'connected';
    case 'accepted':
      return 'accepted';
    case 'wrote':
      return `${calls.write} ${formatBytes(event.bytes)}`;
    case 'read':
      return `${calls.read} ${formatBytes(event.bytes)}`;
    case 'line-transformed':
      return `${transformName(transform)}${event.validUtf8 ? '' : transform === 'reverse' ? ' bytes' : ', ASCII'}`;
    case 'text-transformed':
      return `reverse ${formatBytes(event.bytes)}`;
    case 'line-received':
      return `line ${formatCount(event.line)} is back`;
    case 'slept':
      return `slept ${formatDuration(event.ms * 1_000)}`;
    case 'text-received':
      return 'text received';
    case 'port-examined':
      return holderLabel(event.holder);
    case 'port-awaited':
      return 'waits for port';
    case 'time-wait-examined':
      return event.found === undefined ? 'no TIME_WAIT seen' : 'TIME_WAIT';
    case 'queue-examined':
      return `${formatBytes(event.bytes)} wait`;
    case 'end-called':
      return calls.end;
    case 'end-received':
      return 'end of stream';
    case 'closed':
      return event.hadError ? 'closed by an error' : 'closed';
    case 'server-closed':
      return event.peer === SECOND_SERVER ? 'second closed' : 'server closed';
    case 'failed':
      return event.problem.detail.errorCode ?? event.problem.code;
    case 'detail-left-out':
      return 'counted, not kept';
    case 'other-clients-left-out':
      return 'others left out';
    case 'run-ended':
      return event.outcome;
    default:
      return assertNever(event);
  }
}

const OUTCOMES: Readonly<Record<RunEnded['outcome'], string>> = {
  completed: 'The run is complete',
  failed: 'The run failed',
  cancelled: 'The run was cancelled',
};

function holderLabel(holder: PortHolder): string {
  switch (holder.what) {
    case 'listener':
      return `held by ${holder.program ?? 'a listener'}`;
    case 'time-wait':
      return holder.secondsLeft === undefined ? 'TIME_WAIT' : `TIME_WAIT, ${holder.secondsLeft} s`;
    case 'connection':
      return 'held by a connection';
    case 'unknown':
      return 'nobody seen on it';
    default:
      return assertNever(holder);
  }
}

const FRAMINGS: Readonly<Record<Framing, string>> = {
  'each-read': 'takes each read for a line',
  'whole-stream': 'reads to the end and takes all of it for a line',
  newlines: 'finds the newlines',
};

/** What a server treats as a line, as the end of a sentence that begins with "the server". */
function framingName(framing: Framing): string {
  return FRAMINGS[framing];
}

const FRAMING_TITLES: Readonly<Record<Framing, string>> = {
  'each-read': 'each read is a line',
  'whole-stream': 'read to the end',
  newlines: 'find the newlines',
};

/** What a server does, as its title. */
export function framingTitle(framing: Framing): string {
  return FRAMING_TITLES[framing];
}

function roundSentence({ round, framing, handOver }: Extract<TraceEvent, { kind: 'round-started' }>): string {
  if (framing === undefined) return `Round ${formatCount(round)} begins.`;
  const way =
    handOver === undefined
      ? ''
      : ` The client hands its bytes over ${OPTIONS.handOver.choices[handOver].name}.`;
  return `The server of this exchange ${framingName(framing)}.${way}`;
}

function timeWaitSentence(found: Extract<TraceEvent, { kind: 'time-wait-examined' }>['found']): string {
  if (found === undefined) return 'Neither end of the connection was seen in TIME_WAIT.';
  const { side, local, secondsLeft } = found;
  const left = secondsLeft === undefined ? '' : `, for ${Math.ceil(secondsLeft)} s more`;
  return `The ${side}’s end of the connection, ${endpointName(local)}, stays in TIME_WAIT${left}: it closed first.`;
}

/** The sentence about facts of other clients that were left out of the run; for 0 facts, that this begins. */
export function otherClientsSentence({
  facts,
  bytes,
}: {
  readonly facts: number;
  readonly bytes: number;
}): string {
  if (facts === 0) {
    return 'Other clients have had their share of the record: what they do from here on is counted and left out. Our own exchange is recorded as before.';
  }
  return `${formatCountOf(facts, 'fact')} about other clients ${facts === 1 ? 'was' : 'were'} counted and left out, with ${formatBytes(bytes)} that the server read from them.`;
}

/** What 0.0.0.0 means where a server listens. */
function everyAddress({ address }: Endpoint): string {
  return address === EVERY_ADDRESS ? ', which is every IPv4 address of this machine' : '';
}

/** A client that is not ours, by its address where that is known. */
export function otherClientName(endpoint: Endpoint | undefined): string {
  return endpoint === undefined ? 'another client' : `another client ${endpointName(endpoint)}`;
}

/**
 * The whole fact in one sentence, ready to be shown. `transform` is what the run does with lines. `otherClient` is the name
 * of the client whose connection the fact is about, where that client is not ours.
 */
export function sentenceOf(
  event: TraceEvent,
  transform: Transform = 'reverse',
  otherClient?: string,
): string {
  const sentence = printable(sentenceWords(event, transform));
  return otherClient === undefined ? sentence : `With ${otherClient}: ${sentence.replace(/^The /, 'the ')}`;
}

/** As `sentenceOf`, beside the picture, which has what went wrong with the run in a whole sentence: here is its name. */
export function sentenceBesidePicture(
  event: TraceEvent,
  transform: Transform,
  otherClient: string | undefined,
): string {
  return event.kind === 'failed' && otherClient === undefined
    ? `${failureTitle(event)}.`
    : sentenceOf(event, transform, otherClient);
}

function sentenceWords(event: TraceEvent, transform: Transform): string {
  switch (event.kind) {
    case 'run-started':
      return event.experiment === 'file'
        ? `The run of ${event.input.name} (${formatBytes(event.input.bytes)}) begins.`
        : `The experiment ${titleOf(event.experiment)} begins.`;
    case 'ephemeral-range-read':
      return `The system gives ephemeral ports from ${event.from} to ${event.to}.`;
    case 'round-started':
      return roundSentence(event);
    case 'program-started':
      return `${event.version ?? event.program} was started as process ${event.pid}: its program does not set SO_REUSEADDR.`;
    case 'program-ended':
      return `${event.program} ended${event.exitCode === undefined ? '' : ` with exit code ${event.exitCode}`}.`;
    case 'server-created':
      return event.peer === SECOND_SERVER
        ? 'A second server made its socket.'
        : 'The server made its socket.';
    case 'client-created':
      return 'The client made its socket. It has no port yet.';
    case 'host-named':
      return `The host is called ${event.hostName}${event.address === undefined ? '; the name does not resolve' : `, address ${event.address}`}.`;
    case 'listen-called':
      if (event.peer === SECOND_SERVER) {
        return `The second server asks for the same port, ${event.requested.port}.`;
      }
      return event.requested.port === 0
        ? `The server asks for any free port on ${event.requested.address}${everyAddress(event.requested)}.`
        : `The server asks for port ${event.requested.port} on ${event.requested.address}${everyAddress(event.requested)}.`;
    case 'listening':
      return `The server listens on ${endpointName(event.local)}${everyAddress(event.local)}. From now on the kernel answers a SYN for it.`;
    case 'connect-called':
      return `The client calls connect(): the kernels do the three-way handshake.`;
    case 'connected':
      return `The client is connected. The kernel picked port ${event.local.port} for it.`;
    case 'accepted':
      return `The server accepted the connection from ${endpointName(event.remote)}.`;
    case 'wrote':
      return `The ${event.side} wrote ${event.line === undefined ? '' : `line ${formatCount(event.line)}: `}${formatCountOf(event.bytes, 'byte')}.`;
    case 'read':
      return `The ${event.side} read ${formatCountOf(event.bytes, 'byte')} in one read.`;
    case 'line-transformed':
      return event.validUtf8
        ? `The server had line ${formatCount(event.line)} whole and ${didWithIt(transform, event.by)}.`
        : `Line ${formatCount(event.line)} is not valid UTF-8: the server ${didWithIt(transform, 'byte')}.`;
    case 'text-transformed':
      return `The server took ${formatCountOf(event.bytes, 'byte')} for one line and reversed them by ${unitName(event.by)}${event.validUtf8 ? '' : ', because they are not valid UTF-8'}.`;
    case 'line-received':
      return `Line ${formatCount(event.line)} is back at the client.`;
    case 'slept':
      return `The ${roleOf(event.peer) ?? event.peer} slept ${formatDuration(event.ms * 1_000)}, as time.sleep() does.`;
    case 'text-received':
      return `The ${event.side} took all ${formatCountOf(event.bytes, 'byte')} until the end of the stream for one text.`;
    case 'port-examined':
      return holderSentence(event.port, event.holder);
    case 'port-awaited':
      return `The server waits until port ${event.port} is free, and asks again then.`;
    case 'time-wait-examined':
      return timeWaitSentence(event.found);
    case 'queue-examined':
      return `${formatCountOf(event.bytes, 'byte')} wait in the kernel for the ${event.side} to read them.`;
    case 'end-called':
      return `The ${event.side} ended its side: it will write nothing more.`;
    case 'end-received':
      return `The ${event.side} saw the end of the stream: its peer will write nothing more.`;
    case 'closed':
      return `The ${event.side}'s socket is closed${event.hadError ? ' by an error' : ''}.`;
    case 'server-closed':
      return event.peer === SECOND_SERVER
        ? 'The second server closed its socket.'
        : 'The server closed the socket it listened with.';
    case 'failed':
      return event.problem.message;
    case 'detail-left-out':
      return `${event.reason} ${formatCountOf(event.facts, 'fact')} were counted and not kept.`;
    case 'other-clients-left-out':
      return otherClientsSentence(event);
    case 'run-ended':
      return event.linesSent === 0
        ? `${OUTCOMES[event.outcome]}.`
        : `${OUTCOMES[event.outcome]}: ${formatCount(event.linesReceived)} of ${formatCountOf(event.linesSent, 'line')} sent came back.`;
    default:
      return assertNever(event);
  }
}

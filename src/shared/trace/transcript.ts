// The transcript: a trace in the course's own words, fact by fact. Whatever was sent, the lines are plain text, in which
// nothing can control a terminal.

import { FRAMING_WORDS } from '../experiments/framing-words.ts';
import { OPTIONS } from '../experiments/definitions.ts';
import { NO_CONNECTION, ownConnectionAfter } from './connection.ts';
import { CLIENT, EVERY_ADDRESS, SECOND_SERVER } from './fact.ts';
import type { Fact, PeerName, RecordedBytes, RoundStarted, Side } from './fact.ts';
import { beginningOf, textOf } from './recorded-bytes.ts';
import type { ExperimentName } from '../experiments/definitions.ts';

/** What the line of one fact needs from earlier facts. */
export interface TranscriptState {
  experiment?: ExperimentName;
  /** The address of the exchange. */
  address?: string;
  /** The side that was created first. */
  first?: Side;
  connection?: number;
  sent?: RecordedBytes;
  answered?: RecordedBytes;
  /** What the client has read from another program, as printable text. */
  received?: string;
  /** The server waits for its port. */
  awaited?: true;
  /** What each side has written in this round of `boundaries`, one entry a byte: a line is a range of them. */
  streams?: Readonly<Record<Side, string[]>>;
  /** Where the server's next line can begin in the client's stream: after its last line. */
  framedTo?: number;
}

/** The most of another program's text in one line of the transcript. */
const MAX_RECEIVED_CHARACTERS = 1_000;

/** Stands where facts were counted and are not at hand. */
export const NOT_PRINTED = '… (lines that were counted are not printed here)';

/** A state for the first fact of a run. */
export function newTranscript(): TranscriptState {
  return {};
}

/**
 * The lines (without line ends) that a fact adds to the transcript, none for most. `state` is made by `newTranscript`. It
 * must be the same one for all facts of a run, and is changed.
 */
export function transcriptOf(fact: Fact, state: TranscriptState = newTranscript()): readonly string[] {
  state.connection = ownConnectionAfter(fact, state.connection ?? NO_CONNECTION);
  switch (fact.kind) {
    case 'run-started':
      state.experiment = fact.experiment;
      // The server may listen on every address; the client connects over the loopback interface.
      state.address = fact.requested.address === EVERY_ADDRESS ? '127.0.0.1' : fact.requested.address;
      return [];
    case 'program-started':
      return [`[P]: ${printable(fact.version ?? fact.program)} started (process ${fact.pid})`];
    case 'program-ended':
      return [`[P]: ${printable(fact.program)} ended${howEnded(fact.exitCode)}`];
    case 'server-created':
      return [...bothStarted('server', state), `${serverName(fact.peer)}: Server socket created`];
    case 'host-named': {
      const name = printable(fact.hostName);
      return [
        `[S]: Server host name is ${name}`,
        fact.address === undefined
          ? `[S]: ${name} does not resolve to an address; the exchange goes on${over(state)}. An entry for it in the hosts file would make it resolve.`
          : `[S]: Server IP address is ${printable(fact.address)}`,
      ];
    }
    case 'port-awaited':
      state.awaited = true;
      return [`[S]: Waiting for port ${fact.port}`];
    case 'listening':
      if (state.awaited === undefined) return [];
      delete state.awaited;
      return [`[S]: Server got port ${fact.local.port}`];
    case 'client-created':
      return [...bothStarted('client', state), '[C]: Client socket created'];
    case 'accepted':
      return [
        `[S]: Got a connection request from a client at ('${printable(fact.remote.address)}', ${fact.remote.port})`,
      ];
    case 'read':
      // What our own server sent is in its writes.
      if (fact.side === 'client' && fact.data !== undefined) addReceived(fact.data, state);
      return [];
    case 'round-started':
      return roundLines(fact, state);
    case 'wrote':
      if (state.streams !== undefined) {
        if (fact.connection === state.connection) state.streams[fact.side].push(...characters(fact.data));
        return [];
      }
      if (saysDoneEarly(state)) {
        // All clients get the same greeting, and the server's write can come before the client's 'connected'.
        if (fact.side === 'server') state.answered = fact.data;
        return [];
      }
      if (fact.line === undefined || fact.connection !== state.connection) return [];
      if (fact.side === 'client') state.sent = fact.data;
      else state.answered = fact.data;
      return [];
    case 'text-transformed':
    case 'line-transformed': {
      const { sent, streams } = state;
      if (fact.connection !== state.connection) return [];
      if (streams !== undefined) {
        // Each byte is in one line. A damaged trace can claim otherwise, and must not have all bytes printed for each fact.
        const { framedTo = 0 } = state;
        const end = fact.offset + fact.bytes;
        const line = streams.client.slice(Math.max(fact.offset, framedTo), end).join('');
        state.framedTo = Math.max(framedTo, end);
        return [`[S]: Data received from client: ${line}`];
      }
      if (sent === undefined) return [];
      delete state.sent;
      return [`[S]: Data received from client: ${printableLine(sent)}`];
    }
    case 'line-received': {
      const { answered } = state;
      if (answered === undefined) return [];
      delete state.answered;
      return [`[C]: Data received from server: ${printableLine(answered)}`];
    }
    case 'text-received': {
      if (fact.side !== 'client') return [];
      const { answered, received, streams } = state;
      // The whole stream is one text, and is printed once.
      const text =
        streams?.server.splice(0).join('') ?? (answered === undefined ? received : printableLine(answered));
      delete state.answered;
      return text === undefined ? [] : [`[C]: Data received from server: ${text}`];
    }
    case 'failed': {
      // A server that waits for its port is refused repeatedly: `port-awaited` was printed once.
      if (state.awaited === true && fact.problem.code === 'port-in-use') return [];
      const sentence = printable(fact.problem.message);
      if (fact.peer === undefined) return [sentence];
      return [`${fact.peer === CLIENT ? '[C]' : serverName(fact.peer)}: ${sentence}`];
    }
    case 'other-clients-left-out':
      return [
        fact.facts === 0
          ? '[S]: Other clients have had their share of the record: what they do from here on is counted and left out.'
          : `[S]: ${fact.facts} facts about other clients were counted and left out, with ${fact.bytes} bytes that the server read from them.`,
      ];
    case 'run-ended':
      return fact.outcome === 'completed' && !saysDoneEarly(state) ? ['Done.'] : [];
    default:
      return [];
  }
}

/** The course's first program, which its second step uses too, prints that it is done when it has started both sides. */
function saysDoneEarly({ experiment }: TranscriptState): boolean {
  return experiment === 'welcome' || experiment === 'refused';
}

function bothStarted(side: Side, state: TranscriptState): readonly string[] {
  const second = state.first !== undefined && state.first !== side;
  state.first ??= side;
  return second && saysDoneEarly(state) ? ['Done.'] : [];
}

/** Only the rounds of `boundaries` have a line: they differ from each other. */
function roundLines({ round, framing, handOver }: RoundStarted, state: TranscriptState): readonly string[] {
  if (framing === undefined || handOver === undefined) return [];
  state.streams = { client: [], server: [] };
  state.framedTo = 0;
  return [`Round ${round}: ${OPTIONS.handOver.choices[handOver].name}; ${FRAMING_WORDS[framing]}`];
}

/**
 * Bytes as printable text, one entry a byte: a character is at its first byte, an empty text at its further ones. A LF is
 * `\n`, a byte that is not UTF-8 is `\xNN`.
 */
function characters(data: RecordedBytes): readonly string[] {
  const text = textOf(data);
  if (text === undefined) {
    return Array.from(data.bytes, (byte) => (byte === 0x0a ? '\\n' : printableByte(byte)));
  }
  return Array.from(text).flatMap((character) => {
    const code = character.codePointAt(0) ?? 0;
    const furtherBytes = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x1_0000 ? 2 : 3;
    const shown = character === '\n' ? '\\n' : printable(character);
    return [shown, ...Array<string>(furtherBytes).fill('')];
  });
}

function howEnded(exitCode: number | undefined): string {
  if (exitCode === undefined) return ' by a signal';
  return exitCode === 0 ? '' : ` with exit code ${exitCode}`;
}

function over({ address }: TranscriptState): string {
  return address === undefined ? ' without it' : ` over ${printable(address)}`;
}

function addReceived(data: RecordedBytes, state: TranscriptState): void {
  const { received = '' } = state;
  if (received.length >= MAX_RECEIVED_CHARACTERS) return;
  // A character has at most four bytes.
  const all = received + printableLine(beginningOf(data, 4 * (MAX_RECEIVED_CHARACTERS + 1)));
  state.received = all.length < MAX_RECEIVED_CHARACTERS ? all : `${all.slice(0, MAX_RECEIVED_CHARACTERS)} …`;
}

/** The name of a server: the first one has the course's. */
function serverName(peer: PeerName): string {
  return peer === SECOND_SERVER ? '[S2]' : '[S]';
}

/**
 * Characters that control a terminal or the direction of the text: control characters but the tab, line and paragraph
 * separators, and the bidirectional marks.
 */
const NOT_PRINTABLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Escapes every character that is not printable: ESC as `\x1b`, U+202E as `\u202e`. */
export function printable(text: string): string {
  return text.replace(NOT_PRINTABLE, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** A line's bytes (with or without its LF) as printable text; a byte that is not UTF-8 is `\xNN`. */
export function printableLine(data: RecordedBytes): string {
  const more = data.leftOutBytes === undefined ? '' : ` … (${data.leftOutBytes} bytes more)`;
  const text = textOf(data);
  if (text !== undefined) return printable(text.endsWith('\n') ? text.slice(0, -1) : text) + more;
  const { bytes } = data;
  const end = bytes.at(-1) === 0x0a ? bytes.length - 1 : bytes.length;
  return Array.from(bytes.subarray(0, end), printableByte).join('') + more;
}

function printableByte(byte: number): string {
  return byte === 0x09 || (byte >= 0x20 && byte < 0x7f)
    ? String.fromCharCode(byte)
    : `\\x${byte.toString(16).padStart(2, '0')}`;
}

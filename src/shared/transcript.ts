// A trace in the course's own words, fact by fact. The terminal command prints it, the window's transcript shows it.
// Whatever was sent, what comes out is plain text: nothing in it can drive a terminal.

import type { ExperimentName, Fact, RecordedBytes, Side } from './trace.ts';

/** What one fact needs to know of earlier ones: what is shown, who was there, the line under way, the client's connection. */
export interface TranscriptState {
  experiment?: ExperimentName;
  /** The side that was there first. */
  first?: Side;
  connection?: number;
  sent?: RecordedBytes;
  answered?: RecordedBytes;
}

/** A state for the first fact of a run. */
export function newTranscript(): TranscriptState {
  return {};
}

/**
 * The lines (without line ends) that a fact adds to the transcript, none for most. `state` is made by `newTranscript`,
 * must be the same one for all facts of a run, and is changed.
 */
export function transcriptOf(fact: Fact, state: TranscriptState = newTranscript()): readonly string[] {
  switch (fact.kind) {
    case 'run-started':
      state.experiment = fact.experiment;
      return [];
    case 'server-created':
      return [...bothStarted('server', state), `${serverName(fact)}: Server socket created`];
    case 'host-named': {
      const name = `[S]: Server host name is ${printable(fact.hostName)}`;
      return fact.address === undefined
        ? [name]
        : [name, `[S]: Server IP address is ${printable(fact.address)}`];
    }
    case 'client-created':
      return [...bothStarted('client', state), '[C]: Client socket created'];
    case 'accepted':
      return [
        `[S]: Got a connection request from a client at ('${printable(fact.remote.address)}', ${fact.remote.port})`,
      ];
    case 'connected':
      state.connection = fact.connection;
      return [];
    case 'wrote':
      if (saysDoneEarly(state)) {
        // All clients get the same greeting, and the server's write can come before the client's 'connected'.
        if (fact.side === 'server') state.answered = fact.data;
        return [];
      }
      if (fact.line === undefined || fact.connection !== state.connection) return [];
      if (fact.side === 'client') state.sent = fact.data;
      else state.answered = fact.data;
      return [];
    case 'line-transformed': {
      const { sent } = state;
      if (sent === undefined || fact.connection !== state.connection) return [];
      delete state.sent;
      return [`[S]: Data received from client: ${printableLine(sent)}`];
    }
    case 'line-received': {
      const { answered } = state;
      if (answered === undefined) return [];
      delete state.answered;
      return [`[C]: Data received from server: ${printableLine(answered)}`];
    }
    case 'text-received':
      return fact.side === 'client' && state.answered !== undefined
        ? [`[C]: Data received from server: ${printableLine(state.answered)}`]
        : [];
    case 'failed': {
      const sentence = printable(fact.problem.message);
      if (fact.side === undefined) return [sentence];
      return [`${fact.side === 'server' ? serverName(fact) : '[C]'}: ${sentence}`];
    }
    case 'run-ended':
      return fact.outcome === 'completed' && !saysDoneEarly(state) ? ['Done.'] : [];
    default:
      return [];
  }
}

/** The course's first program, which its second step uses too, says that it is done when it has started both sides. */
function saysDoneEarly({ experiment }: TranscriptState): boolean {
  return experiment === 'welcome' || experiment === 'refused';
}

function bothStarted(side: Side, state: TranscriptState): readonly string[] {
  const second = state.first !== undefined && state.first !== side;
  state.first ??= side;
  return second && saysDoneEarly(state) ? ['Done.'] : [];
}

/** What a server is called: the first one is the course's own. */
function serverName({ server }: { readonly server?: 2 }): string {
  return server === undefined ? '[S]' : `[S${server}]`;
}

/**
 * What a terminal or a bidirectional text would act on: control characters but the tab, line and paragraph separators,
 * and the marks that turn the direction of what follows.
 */
const NOT_PRINTABLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A text with everything escaped that is no text to look at: ESC becomes `\x1b`, U+202E becomes `\u202e`. */
export function printable(text: string): string {
  return text.replace(NOT_PRINTABLE, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** A line's bytes (with or without its LF) as text to look at; bytes that are no text come as `\xNN`. */
function printableLine(data: RecordedBytes): string {
  const more = data.leftOutBytes === undefined ? '' : ` … (${data.leftOutBytes} bytes more)`;
  if ('text' in data) {
    const line = data.text.endsWith('\n') ? data.text.slice(0, -1) : data.text;
    return printable(line) + more;
  }
  const bytes = bytesOfBase64(data.base64);
  if (bytes[bytes.length - 1] === 0x0a) bytes.pop();
  const parts = bytes.map((byte) =>
    byte === 0x09 || (byte >= 0x20 && byte < 0x7f)
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`,
  );
  return parts.join('') + more;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const SIX_BITS: ReadonlyMap<string, number> = new Map(
  Array.from(ALPHABET, (character, value) => [character, value]),
);

/** Base 64 by hand: this room has neither Node's Buffer nor the browser's atob. */
function bytesOfBase64(base64: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of base64) {
    const value = SIX_BITS.get(character);
    if (value === undefined) break;
    bits = (bits << 6) | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push((bits >> held) & 0xff);
      bits &= (1 << held) - 1;
    }
  }
  return bytes;
}

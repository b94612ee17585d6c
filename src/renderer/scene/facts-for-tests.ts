// Facts of a small run, built by hand: the tables that the scene's tests start from.

import type { Fact, TraceEvent } from '../../shared/trace/fact.ts';
import { TRACE_FORMAT } from '../../shared/trace/fact.ts';
import { bytesOfText } from '../../shared/trace/recorded-bytes.ts';

const CLIENT = { address: '127.0.0.1', port: 41_794 };
const SERVER = { address: '127.0.0.1', port: 50_007 };

/** Stamps facts 10 µs apart, the first as `seq` 1. */
export function stamped(facts: readonly Fact[]): readonly TraceEvent[] {
  return facts.map((fact, index) => ({ ...fact, seq: index + 1, atUs: index * 10 }));
}

const STARTED: Fact = {
  kind: 'run-started',
  seenBy: 'program',
  format: TRACE_FORMAT,
  experiment: 'file',
  startedAt: '2026-01-01T00:00:00.000Z',
  runtime: { app: '0.1.0', node: '20.19.0', platform: 'linux', arch: 'x64' },
  requested: SERVER,
  options: { transform: 'reverse', by: 'grapheme', inFlight: 1, maxLineBytes: 1_048_576 },
  input: { name: 'in-proj.txt', bytes: 12 },
};

export const OPENING: readonly Fact[] = [
  STARTED,
  { kind: 'ephemeral-range-read', seenBy: 'kernel', from: 32_768, to: 60_999, source: '/proc' },
  { kind: 'server-created', peer: 'server', seenBy: 'program' },
  { kind: 'listen-called', peer: 'server', seenBy: 'program', requested: SERVER },
  { kind: 'listening', peer: 'server', seenBy: 'program', local: SERVER },
  { kind: 'client-created', peer: 'client', seenBy: 'program' },
  { kind: 'connect-called', peer: 'client', seenBy: 'program', remote: SERVER },
];

export const CONNECTED: readonly Fact[] = [
  { kind: 'accepted', peer: 'server', seenBy: 'program', connection: 1, local: SERVER, remote: CLIENT },
  { kind: 'connected', peer: 'client', seenBy: 'program', connection: 1, local: CLIENT, remote: SERVER },
];

/** The five facts of one line that goes and comes back in one read each. `offset` is its place in both streams. */
export function lineFacts(line: number, text: string, reversed: string, offset: number): readonly Fact[] {
  const bytes = new TextEncoder().encode(`${text}\n`).length;
  const common = { seenBy: 'program', connection: 1, offset } as const;
  return [
    { ...common, kind: 'wrote', peer: 'client', side: 'client', bytes, data: bytesOfText(`${text}\n`), line },
    { ...common, kind: 'read', peer: 'server', side: 'server', bytes },
    {
      ...common,
      kind: 'line-transformed',
      peer: 'server',
      line,
      bytes: bytes - 1,
      by: 'grapheme',
      validUtf8: true,
    },
    {
      ...common,
      kind: 'wrote',
      peer: 'server',
      side: 'server',
      bytes,
      data: bytesOfText(`${reversed}\n`),
      line,
    },
    { ...common, kind: 'read', peer: 'client', side: 'client', bytes },
    { ...common, kind: 'line-received', peer: 'client', line, bytes: bytes - 1 },
  ];
}

export const CLOSING: readonly Fact[] = [
  { kind: 'end-called', peer: 'client', seenBy: 'program', side: 'client', connection: 1 },
  { kind: 'end-received', peer: 'server', seenBy: 'program', side: 'server', connection: 1 },
  { kind: 'end-called', peer: 'server', seenBy: 'program', side: 'server', connection: 1 },
  { kind: 'end-received', peer: 'client', seenBy: 'program', side: 'client', connection: 1 },
  { kind: 'closed', peer: 'client', seenBy: 'program', side: 'client', connection: 1, hadError: false },
  { kind: 'closed', peer: 'server', seenBy: 'program', side: 'server', connection: 1, hadError: false },
  { kind: 'server-closed', peer: 'server', seenBy: 'program' },
  {
    kind: 'run-ended',
    seenBy: 'program',
    outcome: 'completed',
    linesSent: 2,
    linesReceived: 2,
    resultBytes: 12,
    linesByByte: 0,
  },
];

/** "HELLO" and "abc", there and back, closed from both ends. */
export const WHOLE_RUN = stamped([
  ...OPENING,
  ...CONNECTED,
  ...lineFacts(1, 'HELLO', 'OLLEH', 0),
  ...lineFacts(2, 'abc', 'cba', 6),
  ...CLOSING,
]);

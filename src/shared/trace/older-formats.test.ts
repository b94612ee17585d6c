// What an older SocketScope wrote opens for ever: its facts are here as the text that it wrote.

import { describe, expect, it } from 'vitest';

import { EXPERIMENT_NAMES, type ExperimentName } from '../experiments/definitions.ts';
import { createFactParser, formatFact } from './json-lines.ts';
import { upgraded } from './older-formats.ts';
import { bytesOfText } from './recorded-bytes.ts';
import type { RecordedOptions, TraceEvent } from './fact.ts';

const CLIENT = { address: '127.0.0.1', port: 41_794 };
const SERVER = { address: '127.0.0.1', port: 50_007 };
const STARTED_AT = '2026-01-31T12:00:00.000Z';
const RUNTIME = {
  ...{ app: '0.1.0', node: 'v20.20.2', platform: 'linux', arch: 'x64' },
  ...{ electron: '45.4.1', chromium: '150' },
};

/** A run of a file in format 1, line by line, with every kind of fact that there was; and each fact as it is now. */
const RUN: readonly (readonly [string, TraceEvent])[] = [
  [
    '{"seq":1,"atUs":0,"kind":"run-started","seenBy":"program","format":1,"experiment":"file","startedAt":"2026-01-31T12:00:00.000Z","runtime":{"app":"0.1.0","node":"v20.20.2","platform":"linux","arch":"x64","electron":"45.4.1","chromium":"150"},"requested":{"address":"127.0.0.1","port":50007},"by":"grapheme","transform":"swap-case","maxLineBytes":1048576,"inFlight":3,"input":{"name":"in-proj.txt","bytes":95}}',
    {
      ...{ seq: 1, atUs: 0, kind: 'run-started', seenBy: 'program', format: 2, experiment: 'file' },
      ...{ startedAt: STARTED_AT, runtime: RUNTIME, requested: SERVER },
      options: { transform: 'swap-case', by: 'grapheme', inFlight: 3, maxLineBytes: 1_048_576 },
      input: { name: 'in-proj.txt', bytes: 95 },
    },
  ],
  [
    '{"seq":2,"atUs":1.5,"kind":"ephemeral-range-read","seenBy":"kernel","from":32768,"to":60999,"source":"/proc"}',
    {
      ...{ seq: 2, atUs: 1.5, kind: 'ephemeral-range-read', seenBy: 'kernel' },
      ...{ from: 32_768, to: 60_999, source: '/proc' },
    },
  ],
  [
    '{"seq":3,"atUs":2,"kind":"server-created","seenBy":"program"}',
    { seq: 3, atUs: 2, kind: 'server-created', seenBy: 'program', peer: 'server' },
  ],
  [
    '{"seq":4,"atUs":2,"kind":"host-named","seenBy":"program","hostName":"ilab","address":"10.0.0.1"}',
    {
      ...{ seq: 4, atUs: 2, kind: 'host-named', seenBy: 'program', peer: 'server' },
      ...{ hostName: 'ilab', address: '10.0.0.1' },
    },
  ],
  [
    '{"seq":5,"atUs":2,"kind":"listen-called","seenBy":"program","requested":{"address":"127.0.0.1","port":50007}}',
    { seq: 5, atUs: 2, kind: 'listen-called', seenBy: 'program', peer: 'server', requested: SERVER },
  ],
  [
    '{"seq":6,"atUs":2,"kind":"listening","seenBy":"program","local":{"address":"127.0.0.1","port":50007}}',
    { seq: 6, atUs: 2, kind: 'listening', seenBy: 'program', peer: 'server', local: SERVER },
  ],
  [
    '{"seq":7,"atUs":2,"kind":"server-created","seenBy":"program","server":2}',
    { seq: 7, atUs: 2, kind: 'server-created', seenBy: 'program', peer: 'server-2' },
  ],
  [
    '{"seq":8,"atUs":2,"kind":"listen-called","seenBy":"program","requested":{"address":"127.0.0.1","port":50007},"server":2}',
    { seq: 8, atUs: 2, kind: 'listen-called', seenBy: 'program', peer: 'server-2', requested: SERVER },
  ],
  [
    '{"seq":9,"atUs":2,"kind":"listening","seenBy":"program","local":{"address":"127.0.0.1","port":50007},"server":2}',
    { seq: 9, atUs: 2, kind: 'listening', seenBy: 'program', peer: 'server-2', local: SERVER },
  ],
  [
    '{"seq":10,"atUs":2,"kind":"failed","seenBy":"program","side":"server","server":2,"problem":{"code":"port-in-use","message":"It is in use.","detail":{}}}',
    {
      ...{ seq: 10, atUs: 2, kind: 'failed', seenBy: 'program', peer: 'server-2' },
      problem: { code: 'port-in-use', message: 'It is in use.', detail: {} },
    },
  ],
  [
    '{"seq":11,"atUs":2,"kind":"port-examined","seenBy":"kernel","port":50007,"holder":{"what":"listener","local":{"address":"127.0.0.1","port":50007},"pid":4242,"program":"python3"},"source":"/proc/net/tcp"}',
    {
      ...{ seq: 11, atUs: 2, kind: 'port-examined', seenBy: 'kernel', peer: 'server', port: 50_007 },
      holder: { what: 'listener', local: SERVER, pid: 4_242, program: 'python3' },
      source: '/proc/net/tcp',
    },
  ],
  [
    '{"seq":12,"atUs":2,"kind":"port-awaited","seenBy":"program","port":50007}',
    { seq: 12, atUs: 2, kind: 'port-awaited', seenBy: 'program', peer: 'server', port: 50_007 },
  ],
  [
    '{"seq":13,"atUs":2,"kind":"server-closed","seenBy":"program","server":2}',
    { seq: 13, atUs: 2, kind: 'server-closed', seenBy: 'program', peer: 'server-2' },
  ],
  [
    '{"seq":14,"atUs":2,"kind":"round-started","seenBy":"program","round":12,"framing":"whole-stream","handOver":"inside-a-character"}',
    {
      ...{ seq: 14, atUs: 2, kind: 'round-started', seenBy: 'program', round: 12 },
      ...{ framing: 'whole-stream', handOver: 'inside-a-character' },
    },
  ],
  [
    '{"seq":15,"atUs":2,"kind":"program-started","seenBy":"program","program":"python3","version":"Python 3.11.2","pid":4242}',
    {
      ...{ seq: 15, atUs: 2, kind: 'program-started', seenBy: 'program', peer: 'program' },
      ...{ program: 'python3', version: 'Python 3.11.2', pid: 4_242 },
    },
  ],
  [
    '{"seq":16,"atUs":2,"kind":"program-ended","seenBy":"program","program":"python3","pid":4242,"exitCode":0}',
    {
      ...{ seq: 16, atUs: 2, kind: 'program-ended', seenBy: 'program', peer: 'program' },
      ...{ program: 'python3', pid: 4_242, exitCode: 0 },
    },
  ],
  [
    '{"seq":17,"atUs":2,"kind":"client-created","seenBy":"program"}',
    { seq: 17, atUs: 2, kind: 'client-created', seenBy: 'program', peer: 'client' },
  ],
  [
    '{"seq":18,"atUs":2,"kind":"slept","seenBy":"program","side":"client","ms":5000}',
    { seq: 18, atUs: 2, kind: 'slept', seenBy: 'program', peer: 'client', ms: 5_000 },
  ],
  [
    '{"seq":19,"atUs":2,"kind":"slept","seenBy":"program","side":"server","ms":0}',
    { seq: 19, atUs: 2, kind: 'slept', seenBy: 'program', peer: 'server', ms: 0 },
  ],
  [
    '{"seq":20,"atUs":2,"kind":"connect-called","seenBy":"program","remote":{"address":"127.0.0.1","port":50007}}',
    { seq: 20, atUs: 2, kind: 'connect-called', seenBy: 'program', peer: 'client', remote: SERVER },
  ],
  [
    '{"seq":21,"atUs":2,"kind":"accepted","seenBy":"program","connection":1,"local":{"address":"127.0.0.1","port":50007},"remote":{"address":"127.0.0.1","port":41794}}',
    {
      ...{ seq: 21, atUs: 2, kind: 'accepted', seenBy: 'program', peer: 'server', connection: 1 },
      ...{ local: SERVER, remote: CLIENT },
    },
  ],
  [
    '{"seq":22,"atUs":2,"kind":"connected","seenBy":"program","connection":1,"local":{"address":"127.0.0.1","port":41794},"remote":{"address":"127.0.0.1","port":50007}}',
    {
      ...{ seq: 22, atUs: 2, kind: 'connected', seenBy: 'program', peer: 'client', connection: 1 },
      ...{ local: CLIENT, remote: SERVER },
    },
  ],
  [
    '{"seq":23,"atUs":2,"kind":"wrote","seenBy":"program","side":"client","connection":1,"offset":7,"bytes":3,"line":1,"data":{"text":"é\\n"}}',
    {
      ...{ seq: 23, atUs: 2, kind: 'wrote', seenBy: 'program', peer: 'client', side: 'client' },
      ...{ connection: 1, offset: 7, bytes: 3, line: 1, data: bytesOfText('é\n') },
    },
  ],
  [
    '{"seq":24,"atUs":2,"kind":"read","seenBy":"program","side":"server","connection":1,"offset":7,"bytes":3,"data":{"base64":"/wr/"}}',
    {
      ...{ seq: 24, atUs: 2, kind: 'read', seenBy: 'program', peer: 'server', side: 'server' },
      ...{ connection: 1, offset: 7, bytes: 3, data: { bytes: Uint8Array.of(0xff, 0x0a, 0xff) } },
    },
  ],
  [
    '{"seq":25,"atUs":2,"kind":"line-transformed","seenBy":"program","connection":1,"line":1,"offset":7,"bytes":3,"by":"byte","validUtf8":false}',
    {
      ...{ seq: 25, atUs: 2, kind: 'line-transformed', seenBy: 'program', peer: 'server', connection: 1 },
      ...{ line: 1, offset: 7, bytes: 3, by: 'byte', validUtf8: false },
    },
  ],
  [
    '{"seq":26,"atUs":2,"kind":"text-transformed","seenBy":"program","connection":1,"offset":7,"bytes":3,"by":"codepoint","validUtf8":true}',
    {
      ...{ seq: 26, atUs: 2, kind: 'text-transformed', seenBy: 'program', peer: 'server', connection: 1 },
      ...{ offset: 7, bytes: 3, by: 'codepoint', validUtf8: true },
    },
  ],
  [
    '{"seq":27,"atUs":2,"kind":"wrote","seenBy":"program","side":"server","connection":1,"offset":0,"bytes":3,"data":{"base64":"Yf8K"}}',
    {
      ...{ seq: 27, atUs: 2, kind: 'wrote', seenBy: 'program', peer: 'server', side: 'server' },
      ...{ connection: 1, offset: 0, bytes: 3, data: { bytes: Uint8Array.of(0x61, 0xff, 0x0a) } },
    },
  ],
  [
    '{"seq":28,"atUs":2,"kind":"queue-examined","seenBy":"kernel","side":"client","connection":1,"bytes":92,"source":"/proc/net/tcp"}',
    {
      ...{ seq: 28, atUs: 2, kind: 'queue-examined', seenBy: 'kernel', peer: 'client', side: 'client' },
      ...{ connection: 1, bytes: 92, source: '/proc/net/tcp' },
    },
  ],
  [
    '{"seq":29,"atUs":2,"kind":"read","seenBy":"program","side":"client","connection":1,"offset":0,"bytes":3}',
    {
      ...{ seq: 29, atUs: 2, kind: 'read', seenBy: 'program', peer: 'client', side: 'client' },
      ...{ connection: 1, offset: 0, bytes: 3 },
    },
  ],
  [
    '{"seq":30,"atUs":2,"kind":"line-received","seenBy":"program","connection":1,"line":1,"offset":0,"bytes":2}',
    {
      ...{ seq: 30, atUs: 2, kind: 'line-received', seenBy: 'program', peer: 'client', connection: 1 },
      ...{ line: 1, offset: 0, bytes: 2 },
    },
  ],
  [
    '{"seq":31,"atUs":2,"kind":"text-received","seenBy":"program","side":"client","connection":1,"offset":0,"bytes":3}',
    {
      ...{ seq: 31, atUs: 2, kind: 'text-received', seenBy: 'program', peer: 'client', side: 'client' },
      ...{ connection: 1, offset: 0, bytes: 3 },
    },
  ],
  [
    '{"seq":32,"atUs":2,"kind":"end-called","seenBy":"program","side":"client","connection":1}',
    {
      ...{ seq: 32, atUs: 2, kind: 'end-called', seenBy: 'program', peer: 'client', side: 'client' },
      connection: 1,
    },
  ],
  [
    '{"seq":33,"atUs":2,"kind":"end-received","seenBy":"program","side":"server","connection":1}',
    {
      ...{ seq: 33, atUs: 2, kind: 'end-received', seenBy: 'program', peer: 'server', side: 'server' },
      connection: 1,
    },
  ],
  [
    '{"seq":34,"atUs":2,"kind":"failed","seenBy":"program","side":"client","connection":1,"problem":{"code":"connection-reset","message":"It broke.","detail":{"errorCode":"ECONNRESET","errno":104,"syscall":"read","address":"127.0.0.1","port":50007,"line":3}}}',
    {
      ...{ seq: 34, atUs: 2, kind: 'failed', seenBy: 'program', peer: 'client', connection: 1 },
      problem: {
        ...{ code: 'connection-reset', message: 'It broke.' },
        detail: { errorCode: 'ECONNRESET', errno: 104, syscall: 'read', ...SERVER, line: 3 },
      },
    },
  ],
  [
    '{"seq":35,"atUs":2,"kind":"failed","seenBy":"program","problem":{"code":"cancelled","message":"x","detail":{}}}',
    {
      ...{ seq: 35, atUs: 2, kind: 'failed', seenBy: 'program' },
      problem: { code: 'cancelled', message: 'x', detail: {} },
    },
  ],
  [
    '{"seq":36,"atUs":2,"kind":"closed","seenBy":"program","side":"server","connection":1,"hadError":false}',
    {
      ...{ seq: 36, atUs: 2, kind: 'closed', seenBy: 'program', peer: 'server', side: 'server' },
      ...{ connection: 1, hadError: false },
    },
  ],
  [
    '{"seq":37,"atUs":2,"kind":"time-wait-examined","seenBy":"kernel","connection":1,"found":{"side":"server","local":{"address":"127.0.0.1","port":50007},"remote":{"address":"127.0.0.1","port":41794},"secondsLeft":59.9},"source":"/proc/net/tcp"}',
    {
      ...{ seq: 37, atUs: 2, kind: 'time-wait-examined', seenBy: 'kernel', connection: 1 },
      found: { side: 'server', local: SERVER, remote: CLIENT, secondsLeft: 59.9 },
      source: '/proc/net/tcp',
    },
  ],
  [
    '{"seq":38,"atUs":2,"kind":"server-closed","seenBy":"program"}',
    { seq: 38, atUs: 2, kind: 'server-closed', seenBy: 'program', peer: 'server' },
  ],
  [
    '{"seq":43,"atUs":2,"kind":"detail-left-out","seenBy":"program","reason":"the disk","facts":4,"lines":1}',
    {
      ...{ seq: 43, atUs: 2, kind: 'detail-left-out', seenBy: 'program' },
      ...{ reason: 'the disk', facts: 4, lines: 1 },
    },
  ],
  [
    '{"seq":44,"atUs":2,"kind":"other-clients-left-out","seenBy":"program","facts":9,"bytes":1000}',
    {
      ...{ seq: 44, atUs: 2, kind: 'other-clients-left-out', seenBy: 'program', peer: 'server' },
      ...{ facts: 9, bytes: 1_000 },
    },
  ],
  [
    '{"seq":45,"atUs":2,"kind":"run-ended","seenBy":"program","outcome":"completed","linesSent":1,"linesReceived":1,"resultBytes":3,"linesByByte":1}',
    {
      ...{ seq: 45, atUs: 2, kind: 'run-ended', seenBy: 'program', outcome: 'completed' },
      ...{ linesSent: 1, linesReceived: 1, resultBytes: 3, linesByByte: 1 },
    },
  ],
];

/** The kinds of format 1. Not derived from today's: a later format may have others. */
const KINDS_OF_FORMAT_1 = [
  ...['accepted', 'client-created', 'closed', 'connect-called', 'connected', 'detail-left-out'],
  ...['end-called', 'end-received', 'ephemeral-range-read', 'failed', 'host-named', 'line-received'],
  ...['line-transformed', 'listen-called', 'listening', 'other-clients-left-out', 'port-awaited'],
  ...['port-examined', 'program-ended', 'program-started', 'queue-examined', 'read', 'round-started'],
  ...['run-ended', 'run-started', 'server-closed', 'server-created', 'slept', 'text-received'],
  ...['text-transformed', 'time-wait-examined', 'wrote'],
];

const [[FIRST] = ['']] = RUN;

/** A parser that has the first line of a trace in format 1 behind it. */
function parserOfFormat1(): ReturnType<typeof createFactParser> {
  const parser = createFactParser();
  expect(parser.parse(FIRST, 1).ok).toBe(true);
  return parser;
}

/** What is wrong with a line of a trace in format 1. */
function problemOf(line: string, parser = parserOfFormat1()): string {
  const parsed = parser.parse(line, 2);
  return parsed.ok ? 'none' : `${parsed.problem.code}: ${parsed.problem.message}`;
}

describe('a run of format 1', () => {
  it('opens, each of its facts as this format has it', () => {
    const parser = createFactParser();
    let seq = 0;
    for (const [line, event] of RUN) {
      expect(parser.parse(line, seq + 1)).toEqual({ ok: true, value: event });
      ({ seq } = event);
    }
    expect([...new Set(RUN.map(([, { kind }]) => kind))].sort()).toEqual(KINDS_OF_FORMAT_1);
  });

  it('is a run of this format once it is written again', () => {
    const parser = createFactParser();
    let seq = 0;
    for (const [, event] of RUN) {
      expect(parser.parse(formatFact(event), seq + 1)).toEqual({ ok: true, value: event });
      ({ seq } = event);
    }
  });

  it('holds no field of that format that this one does not have', () => {
    const parser = createFactParser();
    for (const [line, { seq, kind }] of RUN) {
      const parsed = parser.parse(line, kind === 'detail-left-out' ? seq - 4 : seq);
      if (!parsed.ok) throw new Error(parsed.problem.message);
      expect(parsed.value).not.toHaveProperty('server');
      if (kind === 'failed' || kind === 'slept') expect(parsed.value).not.toHaveProperty('side');
      if (kind !== 'run-started') continue;
      for (const name of ['by', 'transform', 'maxLineBytes', 'inFlight']) {
        expect(parsed.value).not.toHaveProperty(name);
      }
    }
  });

  it('does not make its facts those of a trace of this format', () => {
    const parser = createFactParser();
    expect(
      parser.parse(FIRST.replace('"format":1', '"format":2').replace('"by"', '"options":{},"by"'), 1).ok,
    ).toBe(true);
    expect(problemOf('{"seq":2,"atUs":2,"kind":"server-created","seenBy":"program"}', parser)).toBe(
      'run-damaged: it has no field peer',
    );
  });

  it('is of its own trace: the parser of another one begins with this format', () => {
    parserOfFormat1();
    const line = '{"seq":2,"atUs":2,"kind":"server-created","seenBy":"program"}';
    expect(problemOf(line, createFactParser())).toBe('run-damaged: it has no field peer');
    expect(problemOf(line)).toBe('none');
  });
});

/** The first line of a run in format 1: `others` stands among its fields. */
function startedInFormat1(experiment: string, others: object): string {
  return JSON.stringify({
    ...{ seq: 1, atUs: 0, kind: 'run-started', seenBy: 'program', format: 1, experiment },
    ...{ startedAt: STARTED_AT, runtime: RUNTIME, requested: SERVER },
    ...{ by: 'grapheme', maxLineBytes: 1_000, ...others, input: { name: 'x', bytes: 1 } },
  });
}

/** The options of a run in format 1; undefined where it is none. */
function optionsOf(experiment: string, others: object): RecordedOptions | undefined {
  const parsed = createFactParser().parse(startedInFormat1(experiment, others), 1);
  if (parsed.ok && parsed.value.kind === 'run-started') return parsed.value.options;
  return undefined;
}

describe('the options of a run of format 1', () => {
  const cases: Readonly<Record<ExperimentName, readonly (readonly [object, RecordedOptions])[]>> = {
    welcome: [[{}, {}]],
    refused: [[{}, {}]],
    'in-use': [
      [{}, { takenBy: 'listener' }],
      [{ takenBy: 'time-wait' }, { takenBy: 'time-wait' }],
    ],
    race: [
      [
        { rounds: 60, pauseMs: 0 },
        { rounds: 60, pauseMs: 0 },
      ],
    ],
    string: [
      [{}, { transform: 'reverse', by: 'grapheme' }],
      [
        { transform: 'upper-case', by: 'codepoint' },
        { transform: 'upper-case', by: 'codepoint' },
      ],
    ],
    file: [
      [{}, { transform: 'reverse', by: 'grapheme', inFlight: 1, maxLineBytes: 1_000 }],
      [
        { transform: 'swap-case', by: 'byte', inFlight: 7, maxLineBytes: 67_108_864 },
        { transform: 'swap-case', by: 'byte', inFlight: 7, maxLineBytes: 67_108_864 },
      ],
    ],
    // Its rounds can be counted: they are no option.
    boundaries: [
      [
        { rounds: 12, readWhen: 'after-each-write' },
        { readWhen: 'after-each-write', by: 'grapheme' },
      ],
    ],
    ports: [[{ rounds: 10 }, { runs: 10 }]],
  };

  it.each(EXPERIMENT_NAMES)('of %s are those of the experiment, the usual values filled in', (experiment) => {
    for (const [others, options] of cases[experiment]) {
      expect(optionsOf(experiment, others)).toStrictEqual(options);
    }
  });

  it.each<[string, object]>([
    ['file', { by: 'word' }],
    ['file', { by: null }],
    ['file', { transform: 'reversed' }],
    ['file', { transform: null }],
    ['file', { inFlight: 0 }],
    ['file', { inFlight: null }],
    ['file', { maxLineBytes: 0 }],
    ['file', { maxLineBytes: '1000' }],
    ['file', { maxLineBytes: 67_108_865 }],
    ['string', { transform: {} }],
    ['in-use', { takenBy: 'somebody' }],
    ['in-use', { takenBy: null }],
    ['race', { rounds: 1.5, pauseMs: 0 }],
    ['race', { rounds: 1, pauseMs: -1 }],
    ['boundaries', { readWhen: true }],
    ['ports', { rounds: 0 }],
    ['ports', { rounds: null }],
  ])('are wrong where one has a wrong value: %s %j', (experiment, others) => {
    expect(problemOf(startedInFormat1(experiment, others), createFactParser())).toBe(
      'run-damaged: its field options is not an object with the options of the experiment',
    );
  });

  it('are of no experiment where there is none of that name', () => {
    expect(problemOf(startedInFormat1('sprint', {}), createFactParser())).toContain(
      'run-damaged: its field experiment is not "welcome" or ',
    );
    expect(problemOf(startedInFormat1('__proto__', {}), createFactParser())).toContain(
      'its field experiment',
    );
  });

  it('are not taken from a field that only this format has', () => {
    expect(optionsOf('race', { rounds: 3, pauseMs: 0, options: { rounds: 7, runs: 7 } })).toEqual({
      rounds: 3,
      pauseMs: 0,
    });
  });
});

describe('a wrong line in a run of format 1', () => {
  it.each([
    ['"kind":"slept","seenBy":"program","ms":1', 'it has no field peer'],
    ['"kind":"slept","seenBy":"program","side":"middle","ms":1', 'its field peer is not the name of a peer'],
    [
      '"kind":"slept","seenBy":"program","side":"server-2","ms":1',
      'its field peer is not the name of a peer',
    ],
    ['"kind":"slept","seenBy":"program","side":"client","ms":-1', 'its field ms is not'],
    ['"kind":"server-created","seenBy":"program","server":3', 'its field peer is not the name of a peer'],
    ['"kind":"server-created","seenBy":"program","server":null', 'its field peer is not the name of a peer'],
    ['"kind":"server-created","seenBy":"kernel"', 'its field seenBy is not "program"'],
    ['"kind":"connected","seenBy":"program","connection":1', 'it has no field local'],
    [
      '"kind":"failed","seenBy":"program","side":"server","server":"2","problem":{"code":"cancelled","message":"","detail":{}}',
      'its field peer is not the name of a peer',
    ],
    [
      '"kind":"failed","seenBy":"program","side":7,"problem":{"code":"cancelled","message":"","detail":{}}',
      'its field peer is not the name of a peer',
    ],
    ['"kind":"end-called","seenBy":"program","side":"server-2","connection":1', 'its field peer is not'],
    ['"kind":"end-called","seenBy":"program","connection":1', 'it has no field peer'],
    ['"kind":"__proto__","seenBy":"program"', 'its kind "__proto__" is unknown'],
    ['"kind":7', 'it has no field kind'],
    ['"seenBy":"program"', 'it has no field kind'],
  ])('{…,%s}: %s', (fields, problem) => {
    expect(problemOf(`{"seq":2,"atUs":2,${fields}}`)).toContain(`run-damaged: ${problem}`);
  });

  it('is one of another number', () => {
    const line = '{"seq":3,"atUs":2,"kind":"server-created","seenBy":"program"}';
    expect(problemOf(line)).toBe('run-damaged: its seq is 3 and should be 2');
  });

  it('is not one with unknown fields: they are dropped, also those that other kinds have', () => {
    const line =
      '{"seq":2,"atUs":2,"kind":"client-created","seenBy":"program","server":3,"side":"middle","peer":"x","__proto__":{"peer":"y"}}';
    expect(parserOfFormat1().parse(line, 2)).toEqual({
      ok: true,
      value: { seq: 2, atUs: 2, kind: 'client-created', seenBy: 'program', peer: 'client' },
    });
  });
});

describe('a format', () => {
  const claiming = (format: string): string => FIRST.replace('"format":1', `"format":${format}`);

  it.each(['3', '2.5', '1e300'])('that is newer is a problem of its own: %s', (format) => {
    expect(problemOf(claiming(format), createFactParser())).toBe(
      `newer-format: it is of trace format ${Number(format)}, from a newer SocketScope; this one reads formats up to 2`,
    );
  });

  it('that is newer is found before anything else in the line', () => {
    expect(problemOf('{"kind":"run-started","format":3}', createFactParser())).toMatch(/^newer-format: /);
  });

  it.each(['0', '-1', '1.5', '-1e300', '-1e999', 'null', '"1"', '[1]', '{}'])(
    'that there never was is damage, and takes no time: %s',
    (format) => {
      const line = claiming(format).replace('"by"', '"options":{},"by"');
      const parser = createFactParser();
      expect(problemOf(line, parser)).toBe('run-damaged: its field format is not 2');
      // What follows is not taken for a trace of format 1.
      expect(problemOf('{"seq":2,"atUs":2,"kind":"server-created","seenBy":"program"}', parser)).toBe(
        'run-damaged: it has no field peer',
      );
    },
  );

  it('of today stays as it is', () => {
    const fact = { kind: 'server-created', server: 2 };
    expect(upgraded(fact, 2)).toBe(fact);
    expect(upgraded(fact, -1e300)).toBe(fact);
    expect(upgraded(fact, 1)).toEqual({ ...fact, peer: 'server-2' });
  });
});

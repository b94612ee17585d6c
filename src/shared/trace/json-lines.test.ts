import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createFactParser, formatFact, parseFactAnywhere } from './json-lines.ts';
import { bytesOfText } from './recorded-bytes.ts';
import type { Result } from '../result.ts';
import type { FactKind, PortHolder, TraceEvent } from './fact.ts';
import { EXPERIMENT_NAMES, OPTIONS, RECORDED_NAMES } from '../experiments/definitions.ts';

/** Parses a line of a trace of this format. */
const parseFact = (text: string, seq: number): Result<TraceEvent> => createFactParser().parse(text, seq);

const endpoint = { address: '127.0.0.1', port: 50_007 };
const seen = { seenBy: 'program', connection: 1 } as const;
const span = { offset: 7, bytes: 3 } as const;

/** One fact of each kind, with every field that it can have. */
const EVENTS: readonly TraceEvent[] = [
  {
    kind: 'run-started',
    seenBy: 'program',
    format: 2,
    experiment: 'file',
    startedAt: '2026-01-31T12:00:00.000Z',
    runtime: {
      app: '0.1.0',
      node: 'v20.20.2',
      platform: 'linux',
      arch: 'x64',
      electron: '45.4.1',
      chromium: '150',
    },
    requested: endpoint,
    options: {
      by: 'grapheme',
      transform: 'swap-case',
      maxLineBytes: 1_048_576,
      inFlight: 3,
      rounds: 60,
      runs: 10,
      pauseMs: 0,
      startAfterMs: -100,
      handOver: 'all-at-once',
      readWhen: 'late',
      takenBy: 'time-wait',
    },
    input: { name: 'in-proj.txt', bytes: 95 },
    seq: 1,
    atUs: 0,
  },
  {
    kind: 'ephemeral-range-read',
    seenBy: 'kernel',
    from: 32_768,
    to: 60_999,
    source: '/proc',
    seq: 2,
    atUs: 1.5,
  },
  { kind: 'server-created', peer: 'server', seenBy: 'program', seq: 3, atUs: 2 },
  {
    kind: 'host-named',
    peer: 'server',
    seenBy: 'program',
    hostName: 'ilab',
    address: '10.0.0.1',
    seq: 4,
    atUs: 2,
  },
  { kind: 'listen-called', peer: 'server', seenBy: 'program', requested: endpoint, seq: 5, atUs: 2 },
  { kind: 'listening', peer: 'server', seenBy: 'program', local: endpoint, seq: 6, atUs: 2 },
  { kind: 'client-created', peer: 'client', seenBy: 'program', seq: 7, atUs: 2 },
  { kind: 'connect-called', peer: 'client', seenBy: 'program', remote: endpoint, seq: 8, atUs: 2 },
  { kind: 'connected', peer: 'client', ...seen, local: endpoint, remote: endpoint, seq: 9, atUs: 2 },
  { kind: 'accepted', peer: 'server', ...seen, local: endpoint, remote: endpoint, seq: 10, atUs: 2 },
  {
    kind: 'wrote',
    peer: 'client',
    ...seen,
    ...span,
    side: 'client',
    data: bytesOfText('é\n'),
    line: 1,
    seq: 11,
    atUs: 2,
  },
  {
    kind: 'read',
    peer: 'server',
    ...seen,
    ...span,
    side: 'server',
    data: { bytes: Uint8Array.of(0xff, 0x0a, 0xff) },
    seq: 12,
    atUs: 2,
  },
  {
    kind: 'line-transformed',
    peer: 'server',
    ...seen,
    ...span,
    line: 1,
    by: 'byte',
    validUtf8: false,
    seq: 13,
    atUs: 2,
  },
  { kind: 'line-received', peer: 'client', ...seen, ...span, line: 1, seq: 14, atUs: 2 },
  { kind: 'end-called', peer: 'client', ...seen, side: 'client', seq: 15, atUs: 2 },
  { kind: 'end-received', peer: 'server', ...seen, side: 'server', seq: 16, atUs: 2 },
  { kind: 'closed', peer: 'server', ...seen, side: 'server', hadError: false, seq: 17, atUs: 2 },
  { kind: 'server-closed', peer: 'server', seenBy: 'program', seq: 18, atUs: 2 },
  {
    kind: 'failed',
    peer: 'client',
    ...seen,
    problem: {
      code: 'connection-reset',
      message: 'It broke.',
      detail: { errorCode: 'ECONNRESET', errno: 104, syscall: 'read', ...endpoint, line: 3 },
    },
    seq: 19,
    atUs: 2,
  },
  { kind: 'detail-left-out', seenBy: 'program', reason: 'the disk', facts: 4, lines: 1, seq: 24, atUs: 2 },
  {
    kind: 'run-ended',
    seenBy: 'program',
    outcome: 'completed',
    linesSent: 1,
    linesReceived: 1,
    resultBytes: 3,
    linesByByte: 1,
    seq: 25,
    atUs: 2,
  },
  { kind: 'text-received', peer: 'client', ...seen, ...span, side: 'client', seq: 26, atUs: 2 },
  {
    kind: 'port-examined',
    peer: 'server',
    seenBy: 'kernel',
    port: 50_007,
    holder: { what: 'listener', local: endpoint, pid: 4242, program: 'python3' },
    source: '/proc/net/tcp',
    seq: 27,
    atUs: 2,
  },
  { kind: 'slept', peer: 'client', seenBy: 'program', ms: 5_000, seq: 28, atUs: 2 },
  {
    kind: 'round-started',
    seenBy: 'program',
    round: 12,
    framing: 'whole-stream',
    handOver: 'inside-a-character',
    seq: 29,
    atUs: 2,
  },
  {
    kind: 'program-started',
    peer: 'program',
    seenBy: 'program',
    program: 'python3',
    version: 'Python 3.11.2',
    pid: 4242,
    seq: 30,
    atUs: 2,
  },
  {
    kind: 'program-ended',
    peer: 'program',
    seenBy: 'program',
    program: 'python3',
    pid: 4242,
    exitCode: 0,
    seq: 31,
    atUs: 2,
  },
  {
    kind: 'text-transformed',
    peer: 'server',
    ...seen,
    ...span,
    by: 'byte',
    validUtf8: false,
    seq: 32,
    atUs: 2,
  },
  { kind: 'port-awaited', peer: 'server', seenBy: 'program', port: 50_007, seq: 33, atUs: 2 },
  {
    kind: 'time-wait-examined',
    seenBy: 'kernel',
    connection: 1,
    found: { side: 'server', local: endpoint, remote: endpoint, secondsLeft: 59.9 },
    source: '/proc/net/tcp',
    seq: 34,
    atUs: 2,
  },
  {
    kind: 'queue-examined',
    peer: 'server',
    seenBy: 'kernel',
    side: 'server',
    connection: 1,
    bytes: 92,
    source: '/proc/net/tcp',
    seq: 35,
    atUs: 2,
  },
  {
    kind: 'other-clients-left-out',
    peer: 'server',
    seenBy: 'program',
    facts: 9,
    bytes: 1_000,
    seq: 36,
    atUs: 2,
  },
];

/** The fields of the fact in JSON. */
function fieldsOf(event: TraceEvent): readonly (readonly [string, unknown])[] {
  const json: unknown = JSON.parse(formatFact(event));
  if (typeof json !== 'object' || json === null) throw new Error('a fact is an object');
  return Object.entries(json);
}

const expectedSeq = (event: TraceEvent): number =>
  event.kind === 'detail-left-out' ? event.seq - event.facts : event.seq;

const problemOf = (text: string, seq: number): string => {
  const parsed = parseFact(text, seq);
  return parsed.ok ? 'none' : parsed.problem.message;
};

describe('a trace as text', () => {
  it.each(EVENTS.map((event) => [event.kind, event] as const))(
    'formats and parses %s without loss',
    (_kind, event) => {
      const text = formatFact(event);
      expect(text).not.toContain('\n');
      expect(text.startsWith(`{"seq":${event.seq},"atUs":${event.atUs},"kind":"${event.kind}"`)).toBe(true);
      expect(parseFact(text, expectedSeq(event))).toEqual({ ok: true, value: event });
    },
  );

  it.each(EVENTS.map((event) => [event.kind, event] as const))(
    'formats and parses %s that came late without loss',
    (_kind, event) => {
      const late: TraceEvent = { ...event, late: true };
      const text = formatFact(late);
      expect(text.startsWith(`{"seq":${event.seq},"atUs":${event.atUs},"late":true,"kind":`)).toBe(true);
      expect(parseFact(text, expectedSeq(event))).toEqual({ ok: true, value: late });
      for (const wrong of ['false', 'null', '1', '"true"', '{}']) {
        const other = text.replace('"late":true', `"late":${wrong}`);
        expect(problemOf(other, expectedSeq(event))).toBe('its field late is not true');
      }
    },
  );

  it('has bytes as text where they are valid UTF-8, a BOM included, else in base 64', () => {
    const dataOf = (bytes: readonly number[]): unknown => {
      const data = { bytes: Uint8Array.from(bytes) };
      const event: TraceEvent = {
        kind: 'read',
        peer: 'server',
        ...seen,
        ...span,
        side: 'server',
        data,
        seq: 1,
        atUs: 0,
      };
      return Object.fromEntries(fieldsOf(event)).data;
    };
    expect(dataOf([0xc3, 0xa9, 0x0a])).toEqual({ text: 'é\n' });
    expect(dataOf([0xef, 0xbb, 0xbf, 0x41])).toEqual({ text: '\ufeffA' });
    expect(dataOf([])).toEqual({ text: '' });
    expect(dataOf([0xff, 0x0a, 0xff])).toEqual({ base64: '/wr/' });
    expect(dataOf([0x41, 0xc3])).toEqual({ base64: 'QcM=' });
  });

  it('formats and parses any data and any times without loss', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }).map((text) => bytesOfText(text)),
          fc.uint8Array().map((bytes) => ({ bytes })),
        ),
        fc.nat(),
        fc.nat(),
        fc.option(fc.integer({ min: 1 }), { nil: undefined }),
        (data, seq, tenths, line) => {
          const event: TraceEvent = {
            kind: 'wrote',
            peer: 'server',
            ...seen,
            ...span,
            side: 'server',
            data,
            ...(line === undefined ? {} : { line }),
            seq: seq + 1,
            atUs: tenths / 10,
          };
          expect(parseFact(formatFact(event), seq + 1)).toEqual({ ok: true, value: event });
        },
      ),
    );
  });

  it.each(EXPERIMENT_NAMES)('formats and parses a run of %s without loss', (experiment) => {
    const [first] = EVENTS;
    if (first?.kind !== 'run-started') throw new Error('the first fact is run-started');
    const event: TraceEvent = { ...first, experiment };
    expect(parseFact(formatFact(event), 1)).toEqual({ ok: true, value: event });
    const other = formatFact(event).replace(`"experiment":"${experiment}"`, '"experiment":"sprint"');
    expect(problemOf(other, 1)).toContain('its field experiment is not "welcome" or ');
  });

  it.each(RECORDED_NAMES)('brings the option %s back, and only with a value that it can have', (name) => {
    const [first] = EVENTS;
    if (first?.kind !== 'run-started') throw new Error('the first fact is run-started');
    const { options, ...others } = first;
    const of = (given: object): string => JSON.stringify({ ...others, options: given });
    const value = Object.entries(options).find(([option]) => option === name)?.[1];
    expect(value).toBeDefined();
    expect(parseFact(of({ [name]: value }), 1)).toEqual({
      ok: true,
      value: { ...first, options: { [name]: value } },
    });
    const option = OPTIONS[name];
    const isNumber = option.kind === 'int';
    const wrong = [null, '', 'sideways', 'toString', {}, [], true, isNumber ? 0.5 : 1, isNumber ? -5_000 : 0];
    for (const put of [...wrong, ...(isNumber ? [Number.MAX_SAFE_INTEGER + 1] : [])]) {
      expect(problemOf(of({ [name]: put }), 1)).toBe(
        'its field options is not an object with the options of the experiment',
      );
    }
    // A later version may allow more; only memory must not depend on what a file claims.
    if (option.kind === 'int') {
      const more = problemOf(of({ [name]: option.max + 1 }), 1);
      expect(more).toBe(
        name === 'maxLineBytes'
          ? 'its field options is not an object with the options of the experiment'
          : 'none',
      );
    }
  });

  it('accepts a run without options, and drops those that no trace has', () => {
    const [first] = EVENTS;
    if (first?.kind !== 'run-started') throw new Error('the first fact is run-started');
    const bare: TraceEvent = { ...first, options: {} };
    expect(parseFact(formatFact(bare), 1)).toEqual({ ok: true, value: bare });
    const unknown = { port: 50_007, greeting: 'Hi', text: 7, colour: 'violet', toString: 1 };
    expect(parseFact(JSON.stringify({ ...first, options: unknown }), 1)).toEqual({ ok: true, value: bare });
  });

  it.each<TraceEvent>([
    { kind: 'server-created', peer: 'server-2', seenBy: 'program', seq: 1, atUs: 0 },
    { kind: 'listen-called', peer: 'server-2', seenBy: 'program', requested: endpoint, seq: 1, atUs: 0 },
    { kind: 'listening', peer: 'server-2', seenBy: 'program', local: endpoint, seq: 1, atUs: 0 },
    { kind: 'server-closed', peer: 'server-2', seenBy: 'program', seq: 1, atUs: 0 },
    {
      kind: 'failed',
      peer: 'server-2',
      seenBy: 'program',
      problem: { code: 'port-in-use', message: 'It is in use.', detail: {} },
      seq: 1,
      atUs: 0,
    },
  ])('brings $kind of a second server back', (event) => {
    expect(parseFact(formatFact(event), 1)).toEqual({ ok: true, value: event });
    expect(problemOf(formatFact(event).replace('"peer":"server-2"', '"peer":3'), 1)).toBe(
      'its field peer is not the name of a peer of at most 255 characters',
    );
  });

  it('accepts a sleep of a side in whole milliseconds that are not negative', () => {
    const event: TraceEvent = { kind: 'slept', peer: 'server', seenBy: 'program', ms: 0, seq: 1, atUs: 0 };
    expect(parseFact(formatFact(event), 1)).toEqual({ ok: true, value: event });
    for (const ms of ['-1', '0.5', '"1"', 'null']) {
      expect(problemOf(formatFact(event).replace('"ms":0', `"ms":${ms}`), 1)).toContain(
        'its field ms is not',
      );
    }
    expect(problemOf(formatFact(event).replace('"peer":"server",', ''), 1)).toContain('peer');
  });

  it.each<PortHolder>([
    { what: 'listener', local: endpoint },
    { what: 'time-wait', local: endpoint, remote: endpoint, secondsLeft: 59.4 },
    { what: 'time-wait', local: endpoint, remote: endpoint },
    { what: 'connection', local: endpoint, remote: endpoint, pid: 1, program: 'x' },
    { what: 'connection', local: endpoint, remote: endpoint },
    { what: 'unknown', why: 'The table is empty.' },
  ])('brings a port held by $what back, without what it does not know', (holder) => {
    const event: TraceEvent = {
      kind: 'port-examined',
      peer: 'server',
      seenBy: 'kernel',
      port: 50_007,
      holder,
      source: '/proc/net/tcp',
      seq: 1,
      atUs: 0,
    };
    const text = JSON.stringify({ ...event, holder: { ...holder, colour: 'violet' } });
    expect(parseFact(text, 1)).toEqual({ ok: true, value: event });
  });

  it.each([
    '{"what":"toString"}',
    '{"what":"listener"}',
    '{"what":"listener","local":{"address":"x","port":1},"pid":0}',
    '{"what":"time-wait","local":{"address":"x","port":1},"remote":{"address":"x","port":1},"secondsLeft":-1}',
    '{"what":"connection","local":{"address":"x","port":1}}',
    '{"what":"unknown"}',
    '[]',
  ])('takes no port held by %s', (holder) => {
    const text = `{"seq":1,"atUs":0,"kind":"port-examined","peer":"server","seenBy":"kernel","port":1,"source":"x","holder":${holder}}`;
    expect(problemOf(text, 1)).toContain('its field holder is not ');
  });

  it('leaves absent fields out', () => {
    const read: TraceEvent = {
      kind: 'read',
      peer: 'client',
      ...seen,
      ...span,
      side: 'client',
      seq: 1,
      atUs: 0,
    };
    expect(parseFact(formatFact(read), 1)).toEqual({ ok: true, value: read });
    const failure: TraceEvent = {
      kind: 'failed',
      seenBy: 'program',
      problem: { code: 'cancelled', message: 'x', detail: {} },
      seq: 1,
      atUs: 0,
    };
    expect(parseFact(formatFact(failure), 1)).toEqual({ ok: true, value: failure });
  });
});

/** The fields of a kind that need not be there. */
const MAY_MISS: Readonly<Partial<Record<FactKind, readonly string[]>>> = {
  'round-started': ['framing', 'handOver'],
  'program-started': ['version'],
  'program-ended': ['exitCode'],
  'time-wait-examined': ['found'],
  'host-named': ['address'],
  read: ['data'],
  wrote: ['line'],
  failed: ['peer', 'connection'],
};

describe('a line that is not a fact', () => {
  it.each(EVENTS.map((event) => [event.kind, event] as const))(
    'is found where a field of %s is missing or of a wrong type',
    (_kind, event) => {
      const fields = fieldsOf(event);
      for (const [name, value] of fields) {
        const others = Object.fromEntries(fields.filter(([other]) => other !== name));
        const without = problemOf(JSON.stringify(others), expectedSeq(event));
        if (MAY_MISS[event.kind]?.includes(name) !== true) expect(without).toContain(name);
        const wrong: unknown = typeof value === 'object' ? 7 : { not: 'this' };
        expect(problemOf(JSON.stringify({ ...others, [name]: wrong }), expectedSeq(event))).toContain(name);
        expect(problemOf(JSON.stringify({ ...others, [name]: null }), expectedSeq(event))).toContain(name);
      }
    },
  );

  it.each([
    ['', 'it is no JSON'],
    ['{"seq":1', 'it is no JSON'],
    ['7', 'it is no JSON object'],
    ['[]', 'it is no JSON object'],
    ['null', 'it is no JSON object'],
    ['{}', 'it has no field kind'],
    ['{"kind":"toString"}', 'its kind "toString" is unknown'],
    ['{"kind":"__proto__"}', 'its kind "__proto__" is unknown'],
    ['{"kind":"server-created","seenBy":"kernel","seq":1,"atUs":0}', 'its field seenBy is not "program"'],
    [
      '{"kind":"server-created","peer":"server","seenBy":"program","seq":1,"atUs":-1}',
      'its field atUs is not a number of microseconds from 0 up',
    ],
    [
      '{"kind":"server-created","peer":"server","seenBy":"program","seq":1.5,"atUs":0}',
      'its field seq is not a whole number from 1 up',
    ],
    [
      '{"kind":"server-created","peer":"server","seenBy":"program","seq":1,"atUs":1e999}',
      'its field atUs is not a number of microseconds from 0 up',
    ],
    [
      '{"kind":"run-started","format":3}',
      'it is of trace format 3, from a newer SocketScope; this one reads formats up to 2',
    ],
  ])('%s: %s', (text, problem) => {
    expect(problemOf(text, 1)).toBe(problem);
  });

  it('is found by its number, which must be the next one or count what was left out', () => {
    const fact = '{"seq":7,"atUs":0,"kind":"server-created","peer":"server","seenBy":"program"}';
    expect(problemOf(fact, 7)).toBe('none');
    expect(problemOf(fact, 6)).toBe('its seq is 7 and should be 6');
    const leftOut =
      '{"seq":17,"atUs":0,"kind":"detail-left-out","seenBy":"program","reason":"","facts":10,"lines":2}';
    expect(problemOf(leftOut, 7)).toBe('none');
    expect(problemOf(leftOut, 8)).toBe('its seq is 17 and should be 18');
  });

  it('does no harm whatever it is made of', () => {
    const deep = `{"seq":1,"atUs":0,"kind":"server-created","peer":"server","seenBy":"program","x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(problemOf(deep, 1)).toMatch(/^none$|^it is no JSON$/);
    const polluting =
      '{"seq":1,"atUs":0,"kind":"server-created","peer":"server","seenBy":"program","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const parsed = parseFact(polluting, 1);
    expect(parsed).toEqual({
      ok: true,
      value: { seq: 1, atUs: 0, kind: 'server-created', peer: 'server', seenBy: 'program' },
    });
    expect(parsed.ok && Object.keys(parsed.value)).toEqual(['seq', 'atUs', 'kind', 'seenBy', 'peer']);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    const inherited =
      '{"seq":1,"atUs":0,"kind":"listening","peer":"server","seenBy":"program","__proto__":{"local":{"address":"x","port":1}}}';
    expect(problemOf(inherited, 1)).toBe('it has no field local');
  });

  it('is one with a text too long for a window; what was sent may be as long as its line', () => {
    const named = (length: number): string =>
      `{"seq":1,"atUs":0,"kind":"host-named","peer":"server","seenBy":"program","hostName":"${'x'.repeat(length)}"}`;
    expect(problemOf(named(65_536), 1)).toBe('none');
    expect(problemOf(named(65_537), 1)).toBe('its field hostName is not a text of at most 65536 characters');
    const sent = `{"seq":1,"atUs":0,"kind":"wrote","peer":"client","seenBy":"program","side":"client","connection":1,"offset":0,"bytes":100000,"data":{"text":"${'x'.repeat(100_000)}"}}`;
    expect(problemOf(sent, 1)).toBe('none');
  });

  it('drops unknown fields, also nested ones', () => {
    const text =
      '{"seq":1,"atUs":0,"kind":"listening","peer":"server","seenBy":"program","new":1,"local":{"address":"x","port":1,"zone":2}}';
    expect(parseFact(text, 1)).toEqual({
      ok: true,
      value: {
        seq: 1,
        atUs: 0,
        kind: 'listening',
        peer: 'server',
        seenBy: 'program',
        local: { address: 'x', port: 1 },
      },
    });
  });
});

describe('what is parsed of an untrusted line', () => {
  /** The object and those inside of it hold no fields that `like` does not have, and each is of the type it has there. */
  function expectLike(found: object, like: object): void {
    if (like instanceof Uint8Array) {
      expect(found).toBeInstanceOf(Uint8Array);
      return;
    }
    expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
    const fields: readonly (readonly [string, unknown])[] = Object.entries(found);
    for (const [name, value] of fields) {
      const example: unknown = Object.hasOwn(like, name) ? Reflect.get(like, name) : undefined;
      expect({ [name]: typeof value }).toEqual({ [name]: typeof example });
      if (typeof value === 'object' && typeof example === 'object' && example !== null) {
        expect(value).not.toBeNull();
        if (value !== null) expectLike(value, example);
      }
    }
  }

  /** The fact of that kind with every field that it can have, its unions as the parsed one chose. */
  function exampleFor(event: TraceEvent): object {
    const example = { ...EVENTS.find(({ kind }) => kind === event.kind), late: true };
    if (event.kind === 'failed') {
      const detail = { errorCode: '', errno: 1, syscall: '', ...endpoint, path: '', line: 1, bytes: 1 };
      const problem = { code: '', message: '', detail: { ...detail, limitBytes: 1 } };
      return { ...example, problem };
    }
    if (event.kind === 'port-examined') return { ...example, holder: HOLDER_EXAMPLES[event.holder.what] };
    return example;
  }

  const HOLDER_EXAMPLES: Readonly<Record<PortHolder['what'], object>> = {
    listener: { what: '', local: endpoint, pid: 1, program: '' },
    'time-wait': { what: '', local: endpoint, remote: endpoint, secondsLeft: 1 },
    connection: { what: '', local: endpoint, remote: endpoint, pid: 1, program: '' },
    unknown: { what: '', why: '' },
  };

  const names = [
    ...new Set(EVENTS.flatMap((event) => Object.keys(event))),
    ...['text', 'base64', 'leftOutBytes', 'what', 'why', 'secondsLeft', 'pid', 'address', 'detail', 'path'],
    // Those of an older format are none of this one.
    ...['late', 'server', 'maxLineBytes', 'transform', 'rounds'],
    ...['__proto__', 'constructor', 'toString'],
  ];
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom<unknown>(...['', 'x', 'QQ==', 0, 1, 7.5, -1, null, true, [], 'listener', 'server']),
      fc.constantFrom(...EVENTS.flatMap((event) => fieldsOf(event).map(([, field]) => field))),
      fc.record(
        {
          text: fc.oneof(fc.constant('A'), tie('value')),
          base64: fc.oneof(fc.constant('QQ=='), tie('value')),
          leftOutBytes: fc.constantFrom<unknown>(1, -1, {}),
        },
        { requiredKeys: [] },
      ),
      fc.record(
        {
          ...{ what: fc.constantFrom<unknown>(...Object.keys(HOLDER_EXAMPLES)), why: tie('value') },
          ...{ local: fc.constant(endpoint), remote: fc.constant(endpoint), pid: tie('value') },
          ...{ program: tie('value'), secondsLeft: tie('value') },
        },
        { requiredKeys: ['what'] },
      ),
      fc.dictionary(fc.constantFrom(...Object.keys(OPTIONS), 'colour'), tie('value'), { maxKeys: 2 }),
      fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 4 }),
    ),
  }));

  /** A fact, and what is put into it: often into a field that can be of several shapes. */
  const severalShapes = EVENTS.filter((event) => 'data' in event || 'holder' in event || 'options' in event);
  const changed = fc.oneof(fc.constantFrom(...EVENTS), fc.constantFrom(...severalShapes)).chain((event) => {
    const name = fc.oneof(
      fc.constantFrom(...names, ...Object.keys(event)),
      fc.constantFrom('data', 'holder', 'options'),
    );
    return fc.tuple(fc.constant(event), fc.array(fc.tuple(name, value), { maxLength: 2 }));
  });

  it('has only known fields of their types, whatever else was in it', () => {
    const kept = new Set<FactKind>();
    fc.assert(
      fc.property(changed, ([event, changes]) => {
        // JSON.parse makes a field of `__proto__`, as of any other name.
        const fields = changes.map(([name, put]) => `,${JSON.stringify(name)}:${JSON.stringify(put)}`);
        const parsed = parseFactAnywhere(`${formatFact(event).slice(0, -1)}${fields.join('')}}`);
        if (!parsed.ok) return;
        kept.add(parsed.value.kind);
        expectLike(parsed.value, exampleFor(parsed.value));
        expect(parseFactAnywhere(formatFact(parsed.value))).toEqual(parsed);
      }),
      { numRuns: 3_000 },
    );
    // The property is not empty: facts of every kind were parsed in spite of the changes.
    expect([...kept].sort()).toEqual([...new Set(EVENTS.map(({ kind }) => kind))].sort());
  });

  it.each(['{"toString":""}', '{"valueOf":null,"toString":7}', '[{"toString":""}]'])(
    'refuses an option that is %s, which cannot be made a text',
    (value) => {
      const [started] = EVENTS.filter(({ kind }) => kind === 'run-started');
      if (started === undefined) throw new Error('no run-started');
      const text = `${formatFact(started).slice(0, -1)},"options":{"transform":${value},"rounds":${value}}}`;
      expect(parseFactAnywhere(text)).toMatchObject({ ok: false, problem: { code: 'run-damaged' } });
    },
  );

  it.each([
    ['{"text":[],"base64":"QQ=="}', 'A'],
    ['{"text":"A","base64":7}', 'A'],
    ['{"text":"A","base64":"Qg=="}', 'A'],
    // Only a copy in memory is cut: a file cannot say that bytes were left out.
    ['{"text":null,"base64":"QQ==","leftOutBytes":2}', 'A'],
    ['{"text":"A","leftOutBytes":-1,"base64":"Qg=="}', 'A'],
    ['{"text":"A","bytes":{"0":66}}', 'A'],
    ['{"bytes":{"0":65}}', undefined],
    ['{"bytes":[65]}', undefined],
    ['{"text":65,"base64":"Q"}', undefined],
    ['{}', undefined],
    ['"A"', undefined],
    ['null', undefined],
  ])('is of the data %s what was checked', (data, expected) => {
    const text = `{"seq":1,"atUs":0,"kind":"wrote","peer":"client","seenBy":"program","side":"client","connection":1,"offset":0,"bytes":1,"data":${data}}`;
    const parsed = parseFact(text, 1);
    const found = parsed.ok && parsed.value.kind === 'wrote' ? parsed.value.data : undefined;
    expect(found).toEqual(expected === undefined ? undefined : bytesOfText(expected));
    if (!parsed.ok)
      expect(parsed.problem.message).toBe('its field data is not an object with text or base64');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatFact, parseFact, parseFactAnywhere } from './json-lines.ts';
import type { FactKind, PortHolder, TraceEvent } from './fact.ts';
import { EXPERIMENT_NAMES } from '../experiments/definitions.ts';

const endpoint = { address: '127.0.0.1', port: 50_007 };
const seen = { seenBy: 'program', connection: 1 } as const;
const span = { offset: 7, bytes: 3 } as const;

/** One fact of each kind, with every field that it can have. */
const EVENTS: readonly TraceEvent[] = [
  {
    kind: 'run-started',
    seenBy: 'program',
    format: 1,
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
    by: 'grapheme',
    transform: 'swap-case',
    maxLineBytes: 1_048_576,
    rounds: 60,
    pauseMs: 0,
    readWhen: 'late',
    takenBy: 'time-wait',
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
  { kind: 'server-created', seenBy: 'program', seq: 3, atUs: 2 },
  { kind: 'host-named', seenBy: 'program', hostName: 'ilab', address: '10.0.0.1', seq: 4, atUs: 2 },
  { kind: 'listen-called', seenBy: 'program', requested: endpoint, seq: 5, atUs: 2 },
  { kind: 'listening', seenBy: 'program', local: endpoint, seq: 6, atUs: 2 },
  { kind: 'client-created', seenBy: 'program', seq: 7, atUs: 2 },
  { kind: 'connect-called', seenBy: 'program', remote: endpoint, seq: 8, atUs: 2 },
  { kind: 'connected', ...seen, local: endpoint, remote: endpoint, seq: 9, atUs: 2 },
  { kind: 'accepted', ...seen, local: endpoint, remote: endpoint, seq: 10, atUs: 2 },
  { kind: 'wrote', ...seen, ...span, side: 'client', data: { text: 'é\n' }, line: 1, seq: 11, atUs: 2 },
  { kind: 'read', ...seen, ...span, side: 'server', data: { base64: '/wr/' }, seq: 12, atUs: 2 },
  { kind: 'line-transformed', ...seen, ...span, line: 1, by: 'byte', validUtf8: false, seq: 13, atUs: 2 },
  { kind: 'line-received', ...seen, ...span, line: 1, seq: 14, atUs: 2 },
  { kind: 'end-called', ...seen, side: 'client', seq: 15, atUs: 2 },
  { kind: 'end-received', ...seen, side: 'server', seq: 16, atUs: 2 },
  { kind: 'closed', ...seen, side: 'server', hadError: false, seq: 17, atUs: 2 },
  { kind: 'server-closed', seenBy: 'program', seq: 18, atUs: 2 },
  {
    kind: 'failed',
    ...seen,
    side: 'client',
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
  { kind: 'text-received', ...seen, ...span, side: 'client', seq: 26, atUs: 2 },
  {
    kind: 'port-examined',
    seenBy: 'kernel',
    port: 50_007,
    holder: { what: 'listener', local: endpoint, pid: 4242, program: 'python3' },
    source: '/proc/net/tcp',
    seq: 27,
    atUs: 2,
  },
  { kind: 'slept', seenBy: 'program', side: 'client', ms: 5_000, seq: 28, atUs: 2 },
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
    seenBy: 'program',
    program: 'python3',
    version: 'Python 3.11.2',
    pid: 4242,
    seq: 30,
    atUs: 2,
  },
  { kind: 'program-ended', seenBy: 'program', program: 'python3', pid: 4242, exitCode: 0, seq: 31, atUs: 2 },
  { kind: 'text-transformed', ...seen, ...span, by: 'byte', validUtf8: false, seq: 32, atUs: 2 },
  { kind: 'port-awaited', seenBy: 'program', port: 50_007, seq: 33, atUs: 2 },
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
    seenBy: 'kernel',
    side: 'server',
    connection: 1,
    bytes: 92,
    source: '/proc/net/tcp',
    seq: 35,
    atUs: 2,
  },
  { kind: 'other-clients-left-out', seenBy: 'program', facts: 9, bytes: 1_000, seq: 36, atUs: 2 },
];

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

  it('formats and parses any data and any times without loss', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }).map((text) => ({ text })),
          fc.uint8Array().map((bytes) => ({ base64: Buffer.from(bytes).toString('base64') })),
        ),
        fc.nat(),
        fc.nat(),
        fc.option(fc.integer({ min: 1 }), { nil: undefined }),
        (data, seq, tenths, line) => {
          const event: TraceEvent = {
            kind: 'wrote',
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

  it.each<TraceEvent>([
    { kind: 'server-created', seenBy: 'program', server: 2, seq: 1, atUs: 0 },
    { kind: 'listen-called', seenBy: 'program', requested: endpoint, server: 2, seq: 1, atUs: 0 },
    { kind: 'listening', seenBy: 'program', local: endpoint, server: 2, seq: 1, atUs: 0 },
    { kind: 'server-closed', seenBy: 'program', server: 2, seq: 1, atUs: 0 },
    {
      kind: 'failed',
      seenBy: 'program',
      side: 'server',
      server: 2,
      problem: { code: 'port-in-use', message: 'It is in use.', detail: {} },
      seq: 1,
      atUs: 0,
    },
  ])('brings $kind of a second server back', (event) => {
    expect(parseFact(formatFact(event), 1)).toEqual({ ok: true, value: event });
    expect(problemOf(formatFact(event).replace('"server":2', '"server":3'), 1)).toBe(
      'its field server is not 2',
    );
  });

  it('accepts a sleep of a side in whole milliseconds that are not negative', () => {
    const event: TraceEvent = { kind: 'slept', seenBy: 'program', side: 'server', ms: 0, seq: 1, atUs: 0 };
    expect(parseFact(formatFact(event), 1)).toEqual({ ok: true, value: event });
    for (const ms of ['-1', '0.5', '"1"', 'null']) {
      expect(problemOf(formatFact(event).replace('"ms":0', `"ms":${ms}`), 1)).toContain(
        'its field ms is not',
      );
    }
    expect(problemOf(formatFact(event).replace('"side":"server",', ''), 1)).toContain('side');
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
    const text = `{"seq":1,"atUs":0,"kind":"port-examined","seenBy":"kernel","port":1,"source":"x","holder":${holder}}`;
    expect(problemOf(text, 1)).toContain('its field holder is not ');
  });

  it('leaves absent fields out', () => {
    const read: TraceEvent = { kind: 'read', ...seen, ...span, side: 'client', seq: 1, atUs: 0 };
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
  'run-started': ['transform', 'rounds', 'pauseMs', 'readWhen', 'takenBy'],
  'round-started': ['framing', 'handOver'],
  'program-started': ['version'],
  'program-ended': ['exitCode'],
  'time-wait-examined': ['found'],
  'host-named': ['address'],
  read: ['data'],
  wrote: ['line'],
  failed: ['side', 'connection'],
};

describe('a line that is not a fact', () => {
  it.each(EVENTS.map((event) => [event.kind, event] as const))(
    'is found where a field of %s is missing or of a wrong type',
    (_kind, event) => {
      for (const [name, value] of Object.entries(event)) {
        const others = Object.fromEntries(Object.entries(event).filter(([other]) => other !== name));
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
      '{"kind":"server-created","seenBy":"program","seq":1,"atUs":-1}',
      'its field atUs is not a number of microseconds from 0 up',
    ],
    [
      '{"kind":"server-created","seenBy":"program","seq":1.5,"atUs":0}',
      'its field seq is not a whole number from 1 up',
    ],
    [
      '{"kind":"server-created","seenBy":"program","seq":1,"atUs":1e999}',
      'its field atUs is not a number of microseconds from 0 up',
    ],
    [
      '{"kind":"run-started","format":2}',
      'it is of trace format 2, from a newer SocketScope; this one reads format 1',
    ],
  ])('%s: %s', (text, problem) => {
    expect(problemOf(text, 1)).toBe(problem);
  });

  it('is found by its number, which must be the next one or count what was left out', () => {
    const fact = '{"seq":7,"atUs":0,"kind":"server-created","seenBy":"program"}';
    expect(problemOf(fact, 7)).toBe('none');
    expect(problemOf(fact, 6)).toBe('its seq is 7 and should be 6');
    const leftOut =
      '{"seq":17,"atUs":0,"kind":"detail-left-out","seenBy":"program","reason":"","facts":10,"lines":2}';
    expect(problemOf(leftOut, 7)).toBe('none');
    expect(problemOf(leftOut, 8)).toBe('its seq is 17 and should be 18');
  });

  it('does no harm whatever it is made of', () => {
    const deep = `{"seq":1,"atUs":0,"kind":"server-created","seenBy":"program","x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(problemOf(deep, 1)).toMatch(/^none$|^it is no JSON$/);
    const polluting =
      '{"seq":1,"atUs":0,"kind":"server-created","seenBy":"program","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const parsed = parseFact(polluting, 1);
    expect(parsed).toEqual({
      ok: true,
      value: { seq: 1, atUs: 0, kind: 'server-created', seenBy: 'program' },
    });
    expect(parsed.ok && Object.keys(parsed.value)).toEqual(['seq', 'atUs', 'kind', 'seenBy']);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    const inherited =
      '{"seq":1,"atUs":0,"kind":"listening","seenBy":"program","__proto__":{"local":{"address":"x","port":1}}}';
    expect(problemOf(inherited, 1)).toBe('it has no field local');
  });

  it('is one with a text too long for a window; what was sent may be as long as its line', () => {
    const named = (length: number): string =>
      `{"seq":1,"atUs":0,"kind":"host-named","seenBy":"program","hostName":"${'x'.repeat(length)}"}`;
    expect(problemOf(named(65_536), 1)).toBe('none');
    expect(problemOf(named(65_537), 1)).toBe('its field hostName is not a text of at most 65536 characters');
    const sent = `{"seq":1,"atUs":0,"kind":"wrote","seenBy":"program","side":"client","connection":1,"offset":0,"bytes":100000,"data":{"text":"${'x'.repeat(100_000)}"}}`;
    expect(problemOf(sent, 1)).toBe('none');
  });

  it('drops unknown fields, also nested ones', () => {
    const text =
      '{"seq":1,"atUs":0,"kind":"listening","seenBy":"program","new":1,"local":{"address":"x","port":1,"zone":2}}';
    expect(parseFact(text, 1)).toEqual({
      ok: true,
      value: { seq: 1, atUs: 0, kind: 'listening', seenBy: 'program', local: { address: 'x', port: 1 } },
    });
  });
});

describe('what is parsed of an untrusted line', () => {
  /** The object and those inside of it hold no fields that `like` does not have, and each is of the type it has there. */
  function expectLike(found: object, like: object): void {
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
    const example = EVENTS.find(({ kind }) => kind === event.kind) ?? {};
    if ((event.kind === 'wrote' || event.kind === 'read') && event.data !== undefined) {
      const data = 'text' in event.data ? { text: '', leftOutBytes: 1 } : { base64: '', leftOutBytes: 1 };
      return { ...example, data };
    }
    if (event.kind === 'failed') {
      const detail = { errorCode: '', errno: 1, syscall: '', ...endpoint, path: '', line: 1, bytes: 1 };
      const problem = { code: '', message: '', detail: { ...detail, limitBytes: 1 } };
      return { ...example, server: 2, problem };
    }
    if (event.kind === 'port-examined') return { ...example, holder: HOLDER_EXAMPLES[event.holder.what] };
    return { ...example, ...('server' in event ? { server: 2 } : {}) };
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
    ...['__proto__', 'constructor', 'toString'],
  ];
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom<unknown>(...['', 'x', 'QQ==', 0, 1, 7.5, -1, null, true, [], 'listener', 'server']),
      fc.constantFrom(...EVENTS.flatMap((event): readonly unknown[] => Object.values(event))),
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
      fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 4 }),
    ),
  }));

  /** A fact, and what is put into it: often into a field that can be of several shapes. */
  const severalShapes = EVENTS.filter((event) => 'data' in event || 'holder' in event);
  const changed = fc.oneof(fc.constantFrom(...EVENTS), fc.constantFrom(...severalShapes)).chain((event) => {
    const name = fc.oneof(
      fc.constantFrom(...names, ...Object.keys(event)),
      fc.constantFrom('data', 'holder'),
    );
    return fc.tuple(fc.constant(event), fc.array(fc.tuple(name, value), { maxLength: 2 }));
  });

  it('has only known fields of their types, whatever else was in it', () => {
    const kept = new Set<FactKind>();
    fc.assert(
      fc.property(changed, ([event, changes]) => {
        // JSON.parse makes a field of `__proto__`, as of any other name.
        const fields = changes.map(([name, put]) => `,${JSON.stringify(name)}:${JSON.stringify(put)}`);
        const parsed = parseFactAnywhere(`${JSON.stringify(event).slice(0, -1)}${fields.join('')}}`);
        if (!parsed.ok) return;
        kept.add(parsed.value.kind);
        expectLike(parsed.value, exampleFor(parsed.value));
        expect(parseFactAnywhere(JSON.stringify(parsed.value))).toEqual(parsed);
      }),
      { numRuns: 3_000 },
    );
    // The property is not empty: facts of every kind were parsed in spite of the changes.
    expect([...kept].sort()).toEqual([...new Set(EVENTS.map(({ kind }) => kind))].sort());
  });

  it.each([
    ['{"text":[],"base64":"QQ=="}', { base64: 'QQ==' }],
    ['{"text":"A","base64":7}', { text: 'A' }],
    ['{"text":"A","base64":"QQ=="}', { text: 'A' }],
    ['{"text":null,"base64":"QQ==","leftOutBytes":2}', { base64: 'QQ==', leftOutBytes: 2 }],
    ['{"text":"A","leftOutBytes":-1,"base64":"QQ=="}', undefined],
  ])('is of the data %s what was checked', (data, expected) => {
    const text = `{"seq":1,"atUs":0,"kind":"wrote","seenBy":"program","side":"client","connection":1,"offset":0,"bytes":1,"data":${data}}`;
    const parsed = parseFact(text, 1);
    expect(parsed.ok && parsed.value.kind === 'wrote' ? parsed.value.data : undefined).toEqual(expected);
  });
});

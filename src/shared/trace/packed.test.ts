import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { runEnded, runStarted } from './facts-for-tests.ts';
import type { Fact, Stamp, TraceEvent } from './fact.ts';
import {
  atUsAt,
  bytesAt,
  connectionAt,
  factAt,
  FactEncoder,
  factsOf,
  isJsonAt,
  isLandmarkAt,
  kindAt,
  lineAt,
  offsetAt,
  peerAt,
  RECORD_BYTES,
  sideAt,
  withDataCut,
  type PackedFacts,
} from './packed.ts';

const seenBy = 'program';

/** The facts packed, and memory of their own for them. */
function packed(events: readonly TraceEvent[], maxDataBytes?: number): PackedFacts {
  const encoder = new FactEncoder();
  for (const { seq, atUs, late, ...fact } of events) encoder.append(fact, seq, atUs, late === true);
  if (maxDataBytes === undefined) return structuredClone(encoder.facts);
  const copy = new FactEncoder();
  for (let index = 0; index < encoder.count; index += 1) copy.appendCopy(encoder.facts, index, maxDataBytes);
  return structuredClone({ ...copy.facts, maxDataBytes });
}

/** The fact with its data cut; what was left out is what is missing to its `bytes`. */
function cutForWindow(event: TraceEvent, most: number): TraceEvent {
  const cut = withDataCut(event, most);
  if ((cut.kind !== 'wrote' && cut.kind !== 'read') || cut.data?.bytes.length !== most) return cut;
  const leftOutBytes = cut.bytes - most;
  return leftOutBytes === 0 ? cut : { ...cut, data: { bytes: cut.data.bytes, leftOutBytes } };
}

function unpacked(facts: PackedFacts): TraceEvent[] {
  return [...factsOf(facts)].map((fact) => {
    if (!fact.ok) throw new Error(fact.problem.message);
    return fact.value;
  });
}

const U32 = 2 ** 32 - 1;
const U48 = 2 ** 48 - 1;
const peer = fc.oneof(
  fc.constantFrom('client', 'server', 'server-2', 'program'),
  fc
    .string({ minLength: 1, maxLength: 255, unit: 'grapheme' })
    .map((name) => name.slice(0, 255).toWellFormed()),
);
const side = fc.constantFrom('client', 'server');
const connection = fc.oneof(
  fc.integer({ min: 1, max: 3 }),
  fc.constantFrom(U32, U32 + 1, Number.MAX_SAFE_INTEGER),
);
const offset = fc.oneof(
  fc.nat(),
  fc.constantFrom(0, U32, U32 + 1, U48, U48 + 1, Number.MAX_SAFE_INTEGER),
  fc.maxSafeNat(),
);
const line = fc.oneof(fc.integer({ min: 1 }), fc.constantFrom(U32, U32 + 1, Number.MAX_SAFE_INTEGER));
const span = { offset, bytes: fc.oneof(fc.nat(), fc.constantFrom(0, U32, U32 + 1)) };
const by = fc.constantFrom('grapheme', 'codepoint', 'byte');
const validUtf8 = fc.boolean();

/** Bytes as text and as no text, now and then of another length than the fact says. */
const content = fc
  .tuple(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.string({ maxLength: 20, unit: 'grapheme' }).map((text) => Uint8Array.from(Buffer.from(text))),
    ),
    fc.constantFrom(0, 0, 0, 0, 1),
  )
  .map(([bytes, more]) => ({ data: { bytes }, bytes: bytes.length + more }));

const wrote = fc
  .record({ peer, side, connection, offset, content, line: fc.option(line, { nil: undefined }) })
  .map(({ content: { data, bytes }, line: number, ...rest }): Fact => {
    const fact = { kind: 'wrote', seenBy, ...rest, bytes, data } as const;
    return number === undefined ? fact : { ...fact, line: number };
  });
const read = fc
  .record({ peer, side, connection, ...span })
  .map((rest): Fact => ({ kind: 'read', seenBy, ...rest }));
const readOthers = fc
  .record({ peer, side, connection, offset, content })
  .map(({ content: { data, bytes }, ...rest }): Fact => ({ kind: 'read', seenBy, ...rest, bytes, data }));
const lineTransformed = fc
  .record({ peer, connection, line, ...span, by, validUtf8 })
  .map((rest): Fact => ({ kind: 'line-transformed', seenBy, ...rest }));
const textTransformed = fc
  .record({ peer, connection, ...span, by, validUtf8 })
  .map((rest): Fact => ({ kind: 'text-transformed', seenBy, ...rest }));
const lineReceived = fc
  .record({ peer, connection, line, ...span })
  .map((rest): Fact => ({ kind: 'line-received', seenBy, ...rest }));
const landmark = fc.oneof(
  fc.constant<Fact>(runStarted('file')),
  fc.constant<Fact>(runEnded('completed')),
  fc.integer({ min: 1 }).map((round): Fact => ({ kind: 'round-started', seenBy, round })),
  fc
    .record({ peer, side, connection, hadError: fc.boolean() })
    .map((rest): Fact => ({ kind: 'closed', seenBy, ...rest })),
);
const fact = fc.oneof(wrote, read, readOthers, lineTransformed, textTransformed, lineReceived, landmark);
const stamp = fc
  .record({
    atUs: fc.oneof(
      fc.nat({ max: 1_000_000_000 }).map((tenths) => tenths / 10),
      fc.double({ min: 0, max: Number.MAX_SAFE_INTEGER, noNaN: true }).map((time) => time + 0),
      fc.constantFrom(0, U48 / 10, (U48 + 1) / 10, Number.MAX_SAFE_INTEGER),
    ),
    late: fc.boolean(),
  })
  .map(({ atUs, late }): Omit<Stamp, 'seq'> => (late ? { atUs, late } : { atUs }));
const events = fc
  .tuple(
    fc.oneof(
      fc.constant(1),
      fc.nat({ max: 2 ** 40 }).map((seq) => seq + 1),
    ),
    fc.array(fc.tuple(fact, stamp), { minLength: 1, maxLength: 12 }),
  )
  .map(([firstSeq, facts]): TraceEvent[] =>
    facts.map(([one, when], index) => ({ seq: firstSeq + index, ...when, ...one })),
  );

describe('packed facts', () => {
  it('are the same facts when they are read', () => {
    fc.assert(
      fc.property(events, (facts) => {
        expect(unpacked(packed(facts))).toEqual(facts);
      }),
      { numRuns: 500 },
    );
  });

  it('are the same facts in a copy for the window, their data cut to a number of bytes', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 30 }), (facts, most) => {
        expect(unpacked(packed(facts, most))).toEqual(facts.map((event) => cutForWindow(event, most)));
      }),
      { numRuns: 500 },
    );
  });

  it('say what they are without being parsed', () => {
    const [wroteLine, landed, receivedLine]: TraceEvent[] = [
      {
        kind: 'wrote',
        seenBy,
        peer: 'server',
        side: 'server',
        connection: 7,
        offset: U48,
        bytes: 3,
        data: { bytes: Uint8Array.of(1, 2, 3) },
        line: U32,
        seq: 10,
        atUs: 1_234.5,
      },
      { kind: 'round-started', seenBy, round: 2, seq: 11, atUs: 2_000 },
      {
        kind: 'line-received',
        seenBy,
        peer: 'client',
        connection: 7,
        offset: 0,
        bytes: 2,
        line: 1,
        seq: 12,
        atUs: 0,
      },
    ];
    if (wroteLine === undefined || landed === undefined || receivedLine === undefined) return;
    const facts = packed([wroteLine, landed, receivedLine]);
    expect(facts).toMatchObject({ firstSeq: 10, count: 3, peers: ['server', 'client'] });
    expect(facts.records).toHaveLength(3 * RECORD_BYTES);
    expect([0, 1, 2, 3].map((index) => kindAt(facts, index))).toEqual([
      'wrote',
      'round-started',
      'line-received',
      undefined,
    ]);
    expect([0, 1, 2, 3].map((index) => isLandmarkAt(facts, index))).toEqual([false, true, false, false]);
    expect([0, 1, 2].map((index) => isJsonAt(facts, index))).toEqual([false, true, false]);
    expect([0, 1, 2].map((index) => atUsAt(facts, index))).toEqual([1_234.5, 2_000, 0]);
    expect([offsetAt(facts, 0), bytesAt(facts, 0), connectionAt(facts, 0)]).toEqual([U48, 3, 7]);
    expect([sideAt(facts, 0), lineAt(facts, 0), lineAt(facts, 1)]).toEqual(['server', U32, undefined]);
    expect([peerAt(facts, 0), peerAt(facts, 2)]).toEqual(['server', 'client']);
  });

  it('have 65,535 peers in records, and more as JSON', () => {
    const many = Array.from({ length: 65_537 }, (_, index): TraceEvent => ({
      kind: 'read',
      seenBy,
      peer: `p${index}`,
      side: 'server',
      connection: 1,
      offset: 0,
      bytes: 1,
      seq: index + 1,
      atUs: 0,
    }));
    const facts = packed(many);
    expect([isJsonAt(facts, 65_534), isJsonAt(facts, 65_535)]).toEqual([false, true]);
    expect(unpacked(facts)).toEqual(many);
  });

  it('are packed again from the start when the encoder was emptied', () => {
    const encoder = new FactEncoder();
    const endCalled: Fact = { kind: 'end-called', seenBy, peer: 'client', side: 'client', connection: 1 };
    encoder.append(endCalled, 1, 0, false);
    encoder.clear();
    expect(encoder.count).toBe(0);
    encoder.append(endCalled, 5, 1, false);
    expect(unpacked(encoder.facts)).toEqual([{ ...endCalled, seq: 5, atUs: 1 }]);
  });
});

describe('packed facts in which anything was changed', () => {
  it('are read as facts or refused, and nothing is thrown', () => {
    const change = fc.record({ at: fc.nat(), value: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(
        events,
        fc.array(change, { minLength: 1, maxLength: 6 }),
        fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
        (facts, changes, most) => {
          const damaged = packed(facts, most);
          for (const { at, value } of changes) damaged.records[at % damaged.records.length] = value;
          for (let index = -1; index <= damaged.count; index += 1) {
            const found = factAt(damaged, index);
            if (found.ok) expect(found.value.seq).toBe(damaged.firstSeq + index);
            else expect(found.problem.code).toBe('run-damaged');
          }
          const copy = new FactEncoder();
          const maxDataBytes = Math.min(3, most ?? 3);
          for (let index = 0; index < damaged.count; index += 1) {
            copy.appendCopy(damaged, index, maxDataBytes);
            const copied = factAt({ ...copy.facts, maxDataBytes }, index);
            expect(copied.ok).toBe(factAt(damaged, index).ok);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('are refused where their tables are too short', () => {
    const facts = packed([
      {
        kind: 'wrote',
        seenBy,
        peer: 'client',
        side: 'client',
        connection: 1,
        offset: 0,
        bytes: 2,
        data: { bytes: Uint8Array.of(1, 2) },
        seq: 1,
        atUs: 0,
      },
    ]);
    expect(factAt(facts, 0).ok).toBe(true);
    const nothing = new Uint8Array(0);
    for (const part of [{ records: nothing }, { data: nothing }, { peers: [] }, { count: 0 }]) {
      expect(factAt({ ...facts, ...part }, 0)).toMatchObject({ ok: false, problem: { code: 'run-damaged' } });
    }
    expect([...factsOf({ ...facts, count: 5 })].map(({ ok }) => ok)).toEqual([true, false]);
  });
});

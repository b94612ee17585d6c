import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { isMarked, type FindAnswer } from '../../shared/find/find-answer.ts';
import { isAsLong, parseQuery, soughtBytes, toSmallAscii, type Query } from '../../shared/find/query.ts';
import { otherSide } from '../../shared/trace/connection.ts';
import type { Fact, Side, TraceEvent } from '../../shared/trace/fact.ts';
import { runEnded, runStarted } from '../../shared/trace/facts-for-tests.ts';
import { PAGE_FACTS } from '../../shared/trace/packed.ts';
import { failed, type Result } from '../../shared/result.ts';
import { allFactsOf, traceIn } from './trace-for-tests.ts';
import type { TraceReader } from './trace-reader.ts';
import { createTraceWriter } from './trace-writer.ts';

let folder = '';
let traces = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Records the facts, 10 µs apart, and calls `use` with the trace. */
async function recorded<Value>(
  facts: readonly Fact[],
  use: (trace: TraceReader) => Promise<Value>,
): Promise<Value> {
  traces += 1;
  const writer = createTraceWriter({ path: join(folder, `${traces}.socketscope`) });
  for (const [index, fact] of facts.entries()) writer.emit(fact, 1_000 + index / 100);
  await writer.end();
  try {
    return await use(writer.log);
  } finally {
    await writer.log.close();
  }
}

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

/** Searches to the end. */
async function searched(trace: TraceReader, words: string, cursor = 0): Promise<FindAnswer> {
  const pages = Array.from({ length: Math.ceil(trace.counts.facts / PAGE_FACTS) }, (_, page) => page);
  for (;;) {
    const answer = valueOf(await trace.find({ words, cursor, pages }));
    if (answer.done) return answer;
  }
}

function hitsIn({ marks }: FindAnswer): number[] {
  return marks.flatMap(({ page, bits }) =>
    Array.from({ length: PAGE_FACTS }, (_, index) => index)
      .filter((index) => isMarked(bits, index))
      .map((index) => page * PAGE_FACTS + index + 1),
  );
}

async function found(facts: readonly Fact[], words: string): Promise<number[]> {
  return await recorded(facts, async (trace) => hitsIn(await searched(trace, words)));
}

const RUN = runStarted('file');

function wrote(side: Side, offset: number, text: string, line?: number, connection = 1): Fact {
  const bytes = new Uint8Array(Buffer.from(text));
  return {
    ...{ kind: 'wrote', seenBy: 'program', peer: side, side, connection, offset },
    ...{ bytes: bytes.length, data: { bytes } },
    ...(line === undefined ? {} : { line }),
  };
}

function read(side: Side, offset: number, bytes: number, text?: string, connection = 1): Fact {
  const data = text === undefined ? {} : { data: { bytes: new Uint8Array(Buffer.from(text)) } };
  return { kind: 'read', seenBy: 'program', peer: side, side, connection, offset, bytes, ...data };
}

function received(line: number, connection = 1): Fact {
  return { kind: 'line-received', seenBy: 'program', peer: 'client', connection, line, offset: 0, bytes: 1 };
}

/** The same facts by definition: over decoded facts, every stream put together. */
function naive(facts: readonly TraceEvent[], query: Query): number[] {
  switch (query.what) {
    case 'text':
      return naiveText(facts, query);
    case 'line':
      return facts.filter((fact) => 'line' in fact && fact.line === query.line).map(({ seq }) => seq);
    case 'fact':
      return facts.filter(({ seq }) => seq === query.seq).map(({ seq }) => seq);
    case 'kind':
      return facts.filter(({ kind }) => kind === query.kind).map(({ seq }) => seq);
    case 'error':
      return facts.filter(({ kind }) => kind === 'failed').map(({ seq }) => seq);
    case 'took':
      return facts
        .filter((fact) => {
          if (fact.kind !== 'line-received') return false;
          const sent = facts.findLast(
            (other) =>
              other.kind === 'wrote' &&
              other.side === 'client' &&
              other.line === fact.line &&
              other.seq < fact.seq,
          );
          return sent !== undefined && isAsLong(fact.atUs - sent.atUs, query);
        })
        .map(({ seq }) => seq);
  }
}

function naiveText(facts: readonly TraceEvent[], query: Extract<Query, { what: 'text' }>): number[] {
  const text = soughtBytes(query);
  const streams = new Map<string, Map<number, number>>();
  const moved: {
    readonly seq: number;
    readonly stream: string;
    readonly from: number;
    readonly end: number;
  }[] = [];
  let round = 0;
  for (const fact of facts) {
    if (fact.kind === 'round-started') round += 1;
    if (fact.kind !== 'wrote' && fact.kind !== 'read') continue;
    const writer = fact.kind === 'wrote' ? fact.side : otherSide(fact.side);
    const stream = `${round} ${fact.connection} ${writer}`;
    const known = streams.get(stream) ?? new Map<number, number>();
    streams.set(stream, known);
    moved.push({ seq: fact.seq, stream, from: fact.offset, end: fact.offset + fact.bytes });
    for (const [at, byte] of [...(fact.data?.bytes ?? [])].entries()) {
      known.set(fact.offset + at, query.exactCase ? byte : toSmallAscii(byte));
    }
  }
  return moved
    .filter(({ stream, from, end }) => {
      const known = streams.get(stream);
      for (let begin = from - text.length + 1; begin < end; begin += 1) {
        if (text.every((byte, at) => known?.get(begin + at) === byte)) return true;
      }
      return false;
    })
    .map(({ seq }) => seq);
}

describe('a text', () => {
  it('is found in the write and the read that moved it', async () => {
    const facts = [RUN, wrote('client', 0, 'say hello\n', 1), read('server', 0, 10), wrote('server', 0, 'x')];
    expect(await found(facts, 'hello')).toEqual([2, 3]);
    expect(await found(facts, 'lo\n')).toEqual([2, 3]);
    expect(await found(facts, 'bye')).toEqual([]);
  });

  it('is found across two writes and two reads of the same stream, and in all of them', async () => {
    const facts = [
      ...[RUN, wrote('client', 0, 'hel'), read('server', 0, 3), wrote('server', 0, 'lo')],
      ...[wrote('client', 3, 'lo\n'), read('server', 3, 1), read('server', 4, 2)],
    ];
    expect(await found(facts, 'hello')).toEqual([2, 3, 5, 6, 7]);
    expect(await found(facts, 'hell')).toEqual([2, 3, 5, 6]);
  });

  it('is found in reads of what nobody saw written, across two of them', async () => {
    const facts = [RUN, read('client', 0, 3, 'abc'), read('client', 3, 3, 'def'), read('client', 6, 1, 'g')];
    expect(await found(facts, 'cd')).toEqual([2, 3]);
  });

  it('is not found across a gap, other connections or rounds', async () => {
    const round = (number: number): Fact => ({ kind: 'round-started', seenBy: 'program', round: number });
    expect(await found([RUN, wrote('client', 0, 'ab'), wrote('client', 3, 'cd')], 'abcd')).toEqual([]);
    expect(
      await found([RUN, wrote('client', 0, 'ab'), wrote('client', 2, 'cd', undefined, 2)], 'abcd'),
    ).toEqual([]);
    expect(
      await found([RUN, round(1), wrote('client', 0, 'ab'), round(2), wrote('client', 2, 'cd')], 'abcd'),
    ).toEqual([]);
  });

  it('is compared as UTF-8, small letters with capitals, and a capital as it is', async () => {
    const facts = [RUN, wrote('client', 0, 'Größe HELLO'), wrote('server', 0, 'hello')];
    expect(await found(facts, 'hello')).toEqual([2, 3]);
    expect(await found(facts, 'HELLO')).toEqual([2]);
    expect(await found(facts, 'größe')).toEqual([2]);
    expect(await found(facts, 'ß')).toEqual([2]);
  });

  it('is found where it lies across two chunks, and in a write of megabytes', async () => {
    const facts: Fact[] = [RUN];
    for (let offset = 0; facts.length < PAGE_FACTS; offset += 1) facts.push(wrote('client', offset, '.'));
    const offset = facts.length - 1;
    facts.splice(PAGE_FACTS - 1, 1, wrote('client', offset - 1, 'he'));
    facts.push(wrote('client', offset + 1, `llo${'.'.repeat(5_000_000)}world!`));
    expect(await found(facts, 'hello')).toEqual([PAGE_FACTS, PAGE_FACTS + 1]);
    expect(await found(facts, '.world!')).toEqual([PAGE_FACTS + 1]);
  });
});

describe('a search', () => {
  const TEXTS = ['a', 'b', 'ab', 'aab', 'ba\n', 'A', 'é'];

  /** Writes and reads as a run has them: in the order of their streams, reads behind what they read. */
  const exchanges = fc
    .array(
      fc.record({
        what: fc.constantFrom('wrote', 'wrote', 'read', 'read', 'received', 'failed', 'round'),
        side: fc.constantFrom('client' as const, 'server' as const),
        connection: fc.integer({ min: 1, max: 2 }),
        text: fc.constantFrom(...TEXTS),
        bytes: fc.integer({ min: 1, max: 4 }),
      }),
      { maxLength: 60 },
    )
    .map((steps) => {
      const facts: Fact[] = [RUN];
      const written = new Map<string, number>();
      const readUpTo = new Map<string, number>();
      let line = 0;
      let back = 0;
      let round = 0;
      for (const { what, side, connection, text, bytes } of steps) {
        if (what === 'wrote') {
          const stream = `${connection} ${side}`;
          const offset = written.get(stream) ?? 0;
          written.set(stream, offset + Buffer.byteLength(text));
          const isLine = side === 'client' && connection === 1;
          if (isLine) line += 1;
          facts.push(wrote(side, offset, text, isLine ? line : undefined, connection));
        } else if (what === 'read') {
          const stream = `${connection} ${otherSide(side)}`;
          const offset = readUpTo.get(stream) ?? 0;
          const some = Math.min(bytes, (written.get(stream) ?? 0) - offset);
          if (some <= 0) continue;
          readUpTo.set(stream, offset + some);
          facts.push(read(side, offset, some, undefined, connection));
        } else if (what === 'received') {
          if (back >= line) continue;
          back += 1;
          facts.push(received(back));
        } else if (what === 'failed') {
          const { problem } = failed('unexpected', 'no');
          facts.push({ kind: 'failed', seenBy: 'program', problem });
        } else {
          round += 1;
          back = line;
          written.clear();
          readUpTo.clear();
          facts.push({ kind: 'round-started', seenBy: 'program', round });
        }
      }
      return facts;
    });

  const queries = fc.oneof(
    fc
      .array(fc.constantFrom('a', 'b', '\n', 'A', 'é'), { minLength: 1, maxLength: 5 })
      .map((some) => `"${some.join('')}"`),
    fc.integer({ min: 1, max: 20 }).map((line) => `line ${line}`),
    fc.integer({ min: 1, max: 40 }).map((seq) => `#${seq}`),
    fc.constantFrom('wrote', 'read', 'line-received', 'failed', 'round-started', 'error', 'run-started'),
    fc
      .tuple(fc.constantFrom('>', '>=', '<', '<='), fc.integer({ max: 300, min: 0 }))
      .map(([comparison, us]) => `took ${comparison} ${us} us`),
  );

  it('finds exactly the facts that a naive search over decoded facts finds', async () => {
    await fc.assert(
      fc.asyncProperty(exchanges, queries, async (facts, words) => {
        const parsed = parseQuery(words);
        if (parsed?.ok !== true) throw new Error('not a query');
        const { query } = parsed;
        await recorded(facts, async (trace) => {
          expect(hitsIn(await searched(trace, words))).toEqual(naive(await allFactsOf(trace), query));
        });
      }),
      { numRuns: 150 },
    );
  });

  it('says where the hits are as seen from any cursor', async () => {
    await fc.assert(
      fc.asyncProperty(exchanges, fc.integer({ min: 0, max: 70 }), async (facts, cursor) => {
        await recorded(facts, async (trace) => {
          const answer = await searched(trace, 'wrote', cursor);
          const hits = hitsIn(answer);
          expect(answer).toMatchObject({
            hits: hits.length,
            upToCursor: hits.filter((seq) => seq <= cursor).length,
            isAtHit: hits.includes(cursor),
          });
          expect(answer.next).toBe(hits.find((seq) => seq > cursor));
          expect(answer.previous).toBe(hits.findLast((seq) => seq < cursor));
          expect(answer.first).toBe(hits[0]);
          expect(answer.last).toBe(hits.at(-1));
        });
      }),
      { numRuns: 30 },
    );
  });

  const MANY = PAGE_FACTS * 30;

  async function withManyLines<Value>(use: (trace: TraceReader) => Promise<Value>): Promise<Value> {
    const facts: Fact[] = [RUN];
    for (let line = 1; facts.length < MANY; line += 1) facts.push(wrote('client', 2 * line - 2, 'x\n', line));
    facts.push(runEnded('completed'));
    return await recorded(facts, use);
  }

  it('that is new cancels the one before, which answers at once', async () => {
    await withManyLines(async (trace) => {
      const old = trace.find({ words: 'x', cursor: 0, pages: [] });
      const current = searched(trace, 'line 3');
      const cancelled = valueOf(await old);
      expect(cancelled.done).toBe(false);
      expect(cancelled.searched).toBeLessThan(MANY);
      expect(hitsIn(await current)).toEqual([4]);
      // A blank one ends it.
      expect(valueOf(await trace.find({ words: ' ', cursor: 0, pages: [] }))).toMatchObject({
        hits: 0,
        done: true,
      });
    });
  });

  it('lets pages be read while it goes on', async () => {
    await withManyLines(async (trace) => {
      let isDone = false;
      const search = searched(trace, 'x').finally(() => {
        isDone = true;
      });
      const page = valueOf(await trace.page(0));
      expect(page.parts.length).toBe(1);
      expect(isDone).toBe(false);
      expect((await search).hits).toBe(MANY - 1);
    });
  });

  it('goes on behind a damaged part of the file, and says how many facts it could not read', async () => {
    const path = join(folder, 'damaged.socketscope');
    const writer = createTraceWriter({ path });
    writer.emit(RUN);
    for (let line = 1; line < 3 * PAGE_FACTS; line += 1) {
      writer.emit(wrote('client', 2 * line - 2, 'x\n', line));
    }
    await writer.log.close();
    const bytes = await readFile(path);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = 255 - (bytes[middle] ?? 0);
    await writeFile(path, bytes);
    const trace = await traceIn(path);
    const { hits, unreadable, done } = await searched(trace, 'wrote');
    expect({ hits, unreadable, done }).toEqual({
      hits: 2 * PAGE_FACTS - 1,
      unreadable: PAGE_FACTS,
      done: true,
    });
    await trace.close();
  });

  it('leaves most of the time to the sockets of a run under way', async () => {
    const writer = createTraceWriter({ path: join(folder, 'busy.socketscope') });
    writer.emit(RUN);
    for (let line = 1; line < MANY; line += 1) writer.emit(wrote('client', 2 * line - 2, 'x\n', line));
    const done = new AbortController();
    const search = searched(writer.log, 'x').finally(() => {
      done.abort();
    });
    // A line's way needs several turns of the event loop: between two slices there are many.
    let turns = 0;
    while (!done.signal.aborted) {
      await setImmediate();
      turns += 1;
    }
    expect((await search).hits).toBe(MANY - 1);
    expect(turns).toBeGreaterThan(1_000);
    await writer.log.close();
  });

  it('goes on with what a run under way adds', async () => {
    const writer = createTraceWriter({ path: join(folder, 'live.socketscope') });
    writer.emit(RUN);
    writer.emit(wrote('client', 0, 'he'));
    expect(await searched(writer.log, 'hello')).toMatchObject({ hits: 0, done: true });
    writer.emit(wrote('client', 2, 'llo'));
    expect(hitsIn(await searched(writer.log, 'hello'))).toEqual([2, 3]);
    await writer.log.close();
  });

  it('for a fact or a line that there is not finds nothing, and a wrong one says so', async () => {
    await recorded([RUN], async (trace) => {
      expect(await searched(trace, '#9')).toMatchObject({ hits: 0, done: true });
      expect(await searched(trace, 'line 9')).toMatchObject({ hits: 0, done: true });
      expect(await trace.find({ words: 'took', cursor: 0, pages: [] })).toMatchObject({
        ok: false,
        problem: { code: 'bad-option' },
      });
    });
  });

  it('for errors finds a run that failed and a connection closed by one, without reading what has none', async () => {
    const closed: Fact = {
      kind: 'closed',
      seenBy: 'program',
      peer: 'client',
      side: 'client',
      connection: 1,
      hadError: true,
    };
    const facts: Fact[] = [RUN];
    for (let line = 1; line <= 3 * PAGE_FACTS; line += 1) facts.push(wrote('client', line, 'x', line));
    facts.push(closed, { ...closed, hadError: false }, runEnded('failed'));
    expect(await found(facts, 'error')).toEqual([facts.length - 2, facts.length]);
  });
});

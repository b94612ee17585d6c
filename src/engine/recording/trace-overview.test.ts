import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { failed, type Result } from '../../shared/result.ts';
import { sideOf } from '../../shared/trace/connection.ts';
import { runEnded, runStarted } from '../../shared/trace/facts-for-tests.ts';
import type { Fact, TraceEvent } from '../../shared/trace/fact.ts';
import type { RunOverview } from '../../shared/trace/overview.ts';
import { FactEncoder } from '../../shared/trace/packed.ts';
import { FactCells } from './fact-cells.ts';
import { traceIn } from './trace-for-tests.ts';
import { createTraceWriter } from './trace-writer.ts';
import type { PagedTrace } from './trace-reader.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  path = join(folder, 'in-proj.socketscope');
});
afterEach(() => rm(folder, { recursive: true }));

const seen = { seenBy: 'program', connection: 1 } as const;
const client = { ...seen, peer: 'client', side: 'client' } as const;
const server = { ...seen, peer: 'server', side: 'server' } as const;
const span = { offset: 0, bytes: 2 };
const data = { bytes: new Uint8Array([0x61, 0x0a]) };

/** Our own client failed; one that is not ours was turned away. */
const FAILED: Fact = {
  kind: 'failed',
  seenBy: 'program',
  peer: 'client',
  problem: failed('connection-reset', 'It was reset.').problem,
};
const TURNED_AWAY: Fact = {
  kind: 'failed',
  ...seen,
  peer: 'server',
  connection: 9,
  problem: failed('too-many-clients', 'Too many.').problem,
};

function lineFacts(line: number): Fact[] {
  return [
    { kind: 'wrote', ...client, ...span, data, line },
    { kind: 'read', ...server, ...span },
    { kind: 'line-transformed', ...seen, peer: 'server', ...span, line, by: 'grapheme', validUtf8: true },
    { kind: 'wrote', ...server, ...span, data, line },
    { kind: 'read', ...client, ...span },
    { kind: 'line-received', ...seen, peer: 'client', ...span, line },
  ];
}

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

/** The overview when all of it has been read. */
async function wholeOf(trace: PagedTrace, from = 1, to = Infinity, buckets = 400): Promise<RunOverview> {
  for (;;) {
    const overview = valueOf(await trace.overview({ from, to, buckets }));
    if (overview.upTo >= Math.min(to, trace.counts.facts)) return overview;
  }
}

function sumOf(column: Float64Array): number {
  return column.reduce((sum, value) => sum + value, 0);
}

/** What the buckets must be, from all facts. */
function expectFrom(overview: RunOverview, facts: readonly TraceEvent[], errors: readonly number[]): void {
  const bucketOf = (seq: number): number => Math.floor((seq - overview.from) / overview.factsABucket);
  const expected = {
    client: new Map<number, number>(),
    server: new Map<number, number>(),
    neither: new Map<number, number>(),
  };
  const lines = new Map<number, number>();
  for (const fact of facts) {
    const bucket = bucketOf(fact.seq);
    const sums = expected[sideOf(fact) ?? 'neither'];
    sums.set(bucket, (sums.get(bucket) ?? 0) + 1);
    if (fact.kind === 'wrote' && fact.side === 'client' && fact.line !== undefined && !lines.has(bucket)) {
      lines.set(bucket, fact.line);
    }
  }
  for (const side of ['client', 'server', 'neither'] as const) {
    expect([...overview[side]]).toEqual([...overview[side].keys()].map((at) => expected[side].get(at) ?? 0));
  }
  expect([...overview.lines]).toEqual([...overview.lines.keys()].map((at) => lines.get(at) ?? 0));
  const withErrors = [...new Set(errors.map(bucketOf))];
  expect(sumOf(overview.errors)).toBe(errors.length);
  expect([...overview.errorSeqs].filter((seq) => seq > 0)).toEqual(
    withErrors.map((bucket) => errors.find((seq) => bucketOf(seq) === bucket)),
  );
}

describe('the overview of a trace', () => {
  it('has every fact by its side, all errors, and the same while it is recorded and when it is opened', async () => {
    const recorder = createTraceWriter({ path });
    const facts: TraceEvent[] = [];
    const errors: number[] = [];
    const emit = (fact: Fact): void => {
      const atUs = facts.length * 10;
      facts.push({ ...fact, seq: facts.length + 1, atUs });
      if (fact === FAILED) errors.push(facts.length);
      recorder.emit(fact, atUs / 1_000);
    };
    emit(runStarted('file'));
    // Asked for before the first chunk is full, in the middle, and at the end.
    for (let line = 1; line <= 6_000; line += 1) {
      for (const fact of lineFacts(line)) emit(fact);
      if (line % 1_700 === 0) emit(FAILED);
      if (line % 900 === 0) emit(TURNED_AWAY);
      if (line === 10 || line === 3_000) expectFrom(await wholeOf(recorder.log), facts, errors);
    }
    emit(runEnded('completed'));
    expectFrom(await wholeOf(recorder.log), facts, errors);
    await recorder.end();
    const recorded = await wholeOf(recorder.log);
    expectFrom(recorded, facts, errors);
    await recorder.log.close();

    const opened = await traceIn(path);
    expect(await wholeOf(opened)).toEqual(recorded);
    expect(recorded.client.length).toBeLessThanOrEqual(400);

    // A stretch of it, down to single facts, over the edge of a chunk.
    for (const [from, to] of [
      [5_000, 5_040],
      [4_000, 24_000],
    ] as const) {
      const stretch = await wholeOf(opened, from, to);
      const inside = ({ seq }: { readonly seq: number }): boolean => seq >= from && seq <= to;
      expectFrom(
        stretch,
        facts.filter(inside),
        errors.filter((seq) => inside({ seq })),
      );
      expect(stretch.fromUs).toBe((from - 2) * 10);
      expect(stretch.untilUs.at(-1)).toBe((to - 1) * 10);
      expect(Math.max(...stretch.waitUs)).toBe(10);
    }
    await opened.close();
  });

  it('has the longest time without a fact and what ended it', async () => {
    const recorder = createTraceWriter({ path });
    recorder.emit(runStarted('file'), 0);
    for (let line = 1; line <= 2_000; line += 1) {
      for (const fact of lineFacts(line)) recorder.emit(fact, line > 1_200 ? 5_000 + line : line);
    }
    await recorder.end();
    const { waitUs, waitSeqs } = await wholeOf(recorder.log);
    const longest = waitUs.indexOf(Math.max(...waitUs));
    expect([waitUs[longest], waitSeqs[longest]]).toEqual([5_001_000, 2 + 1_200 * 6]);
    await recorder.log.close();
  });

  it('does not count what was not kept', async () => {
    const recorder = createTraceWriter({ path, maxWaitingBytes: 40_000 });
    recorder.emit(runStarted('file'));
    await wholeOf(recorder.log);
    for (let line = 1; line <= 3_000; line += 1) for (const fact of lineFacts(line)) recorder.emit(fact);
    recorder.emit(runEnded('completed'));
    await recorder.end();
    const { client: ofClient, server: ofServer, neither, upTo } = await wholeOf(recorder.log);
    const kept = sumOf(ofClient) + sumOf(ofServer) + sumOf(neither);
    let found = 0;
    for await (const some of recorder.log.facts(1)) found += valueOf(some).length;
    expect(kept).toBe(found);
    expect(found).toBeLessThan(10_000);
    expect(upTo).toBe(recorder.log.counts.facts);
    await recorder.log.close();
  });

  it('is empty for a stretch behind the end', async () => {
    const recorder = createTraceWriter({ path });
    recorder.emit(runStarted('file'));
    const overview = valueOf(await recorder.log.overview({ from: 7, to: 9, buckets: 10 }));
    expect(sumOf(overview.client) + sumOf(overview.server) + sumOf(overview.neither)).toBe(0);
    await recorder.log.close();
  });
});

describe('cells of facts', () => {
  const KINDS: readonly Fact[] = [
    ...lineFacts(3),
    FAILED,
    TURNED_AWAY,
    { kind: 'slept', seenBy: 'program', peer: 'server', ms: 1 },
    { kind: 'round-started', seenBy: 'program', round: 1 },
  ];
  const step = fc.record({ kind: fc.nat({ max: KINDS.length - 1 }), afterUs: fc.nat({ max: 1_000 }) });

  it('have the sums of all facts in however few cells, in whatever pieces these come', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 50 }),
        (steps, cells, piece) => {
          const few = new FactCells(1, 1, cells);
          const many = new FactCells(1, 1, 400);
          let atUs = 0;
          for (let from = 0; from < steps.length; from += piece) {
            const encoder = new FactEncoder();
            for (const [index, { kind, afterUs }] of steps.slice(from, from + piece).entries()) {
              atUs += afterUs;
              const fact = KINDS[kind];
              if (fact !== undefined) encoder.append(fact, from + index + 1, atUs, false);
            }
            few.add(encoder.facts);
            many.add(encoder.facts);
          }
          for (const name of ['client', 'server', 'neither', 'errors'] as const) {
            expect(sumOf(few.columns[name])).toBe(sumOf(many.columns[name]));
          }
          const all = few.columns;
          expect(sumOf(all.client) + sumOf(all.server) + sumOf(all.neither)).toBe(steps.length);
          expect(Math.max(...all.waitUs)).toBe(Math.max(...many.columns.waitUs));
          expect(Math.max(...all.untilUs)).toBe(atUs);
          // The first error of a cell is one of the errors, and each cell with an error has one.
          expect([...all.errorSeqs].map((seq) => seq > 0)).toEqual([...all.errors].map((count) => count > 0));
        },
      ),
    );
  });
});

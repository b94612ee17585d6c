import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { LineOrder, RunNumbers } from '../../shared/numbers/run-numbers.ts';
import type { Side } from '../../shared/trace/fact.ts';
import { runEnded, runStarted } from '../../shared/trace/facts-for-tests.ts';
import type { TraceReader } from './trace-reader.ts';
import { createTraceWriter, type TraceWriter } from './trace-writer.ts';

let folder = '';
let writer: TraceWriter;
let nowMs = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  writer = createTraceWriter({ path: join(folder, 'run.socketscope') });
  nowMs = 1_000;
  writer.emit(runStarted('file'), nowMs);
});
afterEach(async () => {
  await writer.log.close();
  await rm(folder, { recursive: true });
});

const data = { bytes: new Uint8Array([0x78]) };

function wrote(side: Side, line: number): void {
  const place = { peer: side, side, connection: 1, offset: 2 * line, bytes: 1 };
  writer.emit({ kind: 'wrote', seenBy: 'program', ...place, data, line }, nowMs);
}

function received(line: number): void {
  const place = { peer: 'client', connection: 1, line, offset: 2 * line, bytes: 1 };
  writer.emit({ kind: 'line-received', seenBy: 'program', ...place }, nowMs);
}

/** Sends a line and receives its reply so many microseconds later. */
function exchange(line: number, us: number): void {
  wrote('client', line);
  wrote('server', line);
  nowMs += us / 1_000;
  received(line);
}

async function numbersOf(trace: TraceReader, order: LineOrder = 'slowest', lines = 10): Promise<RunNumbers> {
  for (;;) {
    const numbers = await trace.numbers({ order, lines });
    if (!numbers.ok) throw new Error(numbers.problem.message);
    if (numbers.value.done) return numbers.value;
  }
}

describe('the numbers of a run', () => {
  it('are those of all its lines, quantiles to within one per cent', async () => {
    for (let line = 1; line <= 3_000; line += 1) exchange(line, line);
    writer.emit(runEnded('completed'), nowMs);
    const numbers = await numbersOf(writer.log);
    expect(numbers).toMatchObject({ lines: 3_000, facts: 9_002, counted: 9_002, unreadable: 0 });
    expect(Math.abs((numbers.medianUs ?? 0) / 1_500 - 1)).toBeLessThan(0.011);
    expect(Math.abs((numbers.p95Us ?? 0) / 2_850 - 1)).toBeLessThan(0.011);
    expect(numbers.slowestUs).toBeCloseTo(3_000, 0);
    expect(numbers.listed.map(({ line }) => line)).toEqual([
      3_000, 2_999, 2_998, 2_997, 2_996, 2_995, 2_994, 2_993, 2_992, 2_991,
    ]);
    expect(numbers.listed[0]).toMatchObject({ sentSeq: 8_999, repliedSeq: 9_000, receivedSeq: 9_001 });
    const fastest = await numbersOf(writer.log, 'fastest', 2_000);
    expect(fastest.listed.length).toBe(1_000);
    expect(fastest.listed[0]?.line).toBe(1);
  });

  it('are exact of up to a thousand lines', async () => {
    for (const [index, us] of [300, 100, 200, 500, 400].entries()) exchange(index + 1, us);
    const numbers = await numbersOf(writer.log);
    expect([numbers.medianUs, numbers.p95Us, numbers.slowestUs].map((us) => us?.toFixed(1))).toEqual([
      ...['300.0', '500.0', '500.0'],
    ]);
  });

  it('count the lines of each stretch, and stretches grow with the run', async () => {
    for (let line = 1; line <= 100; line += 1) exchange(line, line <= 50 ? 10 : 10_000);
    const { pace } = await numbersOf(writer.log);
    expect(pace.stretchUs * 1_024).toBeGreaterThan(500_500);
    expect(pace.lines.length).toBeLessThanOrEqual(1_024);
    expect(pace.lines.reduce((sum, lines) => sum + lines, 0)).toBe(100);
    expect(pace.lines[0]).toBeGreaterThanOrEqual(50);
  });

  it('go on with a run under way, and count a line once it has come back', async () => {
    wrote('client', 1);
    wrote('client', 2);
    expect(await numbersOf(writer.log)).toMatchObject({ lines: 0, listed: [], buckets: { counts: [] } });
    nowMs += 1;
    received(1);
    const numbers = await numbersOf(writer.log);
    expect(numbers.lines).toBe(1);
    expect(numbers.listed[0]).toMatchObject({ line: 1, repliedSeq: 0 });
    expect(numbers.listed[0]?.us).toBeCloseTo(1_000, 0);
  });
});

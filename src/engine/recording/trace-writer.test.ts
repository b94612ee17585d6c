import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { FACT_DATA_BYTES } from '../../shared/ipc.ts';
import type { Result } from '../../shared/result.ts';
import { runEnded, runStarted } from '../../shared/trace/facts-for-tests.ts';
import {
  factsOf as unpacked,
  PAGE_FACTS,
  type TracePage,
  type TraceProgress,
} from '../../shared/trace/packed.ts';
import type { Fact, TraceEvent } from '../../shared/trace/fact.ts';
import { createOtherClients } from '../net/other-clients.ts';
import { createTraceWriter } from './trace-writer.ts';
import { openTrace, type TraceReader } from './trace-reader.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  path = join(folder, 'in-proj.socketscope');
});
afterEach(() => rm(folder, { recursive: true }));

const START = runStarted('file', { options: { maxLineBytes: 1_048_576 } });

const seen = { seenBy: 'program', connection: 1 } as const;
const client = { ...seen, peer: 'client', side: 'client' } as const;
const server = { ...seen, peer: 'server', side: 'server' } as const;

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}

/** The facts of one line, as server and client make them. */
function lineFacts(line: number, text = `line ${line}\n`): Fact[] {
  const span = { offset: 0, bytes: Buffer.byteLength(text) };
  const data = { bytes: bytesOf(text) };
  return [
    { kind: 'wrote', ...client, ...span, data, line },
    { kind: 'read', ...server, ...span },
    { kind: 'line-transformed', ...seen, peer: 'server', ...span, line, by: 'grapheme', validUtf8: true },
    { kind: 'wrote', ...server, ...span, data, line },
    { kind: 'read', ...client, ...span },
    { kind: 'line-received', ...seen, peer: 'client', ...span, line },
  ];
}

function ended(lines: number): Fact {
  return { ...runEnded('completed'), linesSent: lines, linesReceived: lines };
}

const END_CALLED: Fact = { kind: 'end-called', ...client };

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

/** All facts that can be read, each checked to have the number that it must have. */
async function factsOf(reader: TraceReader, fromSeq = 1): Promise<TraceEvent[]> {
  const found: TraceEvent[] = [];
  for await (const facts of reader.facts(fromSeq)) found.push(...valueOf(facts));
  let seq = fromSeq - 1;
  for (const fact of found) {
    expect(fact.seq).toBe(fact.kind === 'detail-left-out' ? seq + 1 + fact.facts : seq + 1);
    ({ seq } = fact);
  }
  return found;
}

/** The facts of the file at `path`. */
async function factsInFile(): Promise<TraceEvent[]> {
  const trace = valueOf(await openTrace(path, join(folder, 'unused')));
  const facts = await factsOf(trace);
  await trace.close();
  return facts;
}

/** The facts of a page. */
function onPage(page: TracePage): TraceEvent[] {
  return page.parts.flatMap((part) => [...unpacked(part)].map(valueOf));
}

describe('a recorder', () => {
  it('stamps facts with numbers from 1 and times from 0 that never go back, and writes each', async () => {
    const recorder = createTraceWriter({ path });
    const facts = [START, ...lineFacts(1), ...lineFacts(2, 'é\n'), ended(2)];
    for (const fact of facts) recorder.emit(fact);
    expect(await recorder.end()).toEqual({ ok: true, value: undefined });
    expect(await readdir(folder)).toEqual(['in-proj.socketscope']);
    const written = await factsInFile();
    expect(written.map(({ seq }) => seq)).toEqual(facts.map((_, index) => index + 1));
    const times = written.map(({ atUs }) => atUs);
    expect(times[0]).toBe(0);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.every((time) => Math.abs(time * 10 - Math.round(time * 10)) < 1e-6)).toBe(true);
    expect(written).toEqual(facts.map((fact, index) => ({ ...fact, seq: index + 1, atUs: times[index] })));
    expect(await factsOf(recorder.log)).toEqual(written);
    await recorder.log.close();
  });

  it('stamps a fact from another thread with the time at which it was seen there, and never goes back', async () => {
    const recorder = createTraceWriter({ path });
    const beganMs = performance.now();
    recorder.emit(START, beganMs);
    recorder.emit({ kind: 'round-started', seenBy: 'program', round: 1 }, beganMs + 1);
    recorder.emit({ kind: 'server-created', seenBy: 'program', peer: 'server' }, beganMs + 1.2345);
    recorder.emit({ kind: 'client-created', seenBy: 'program', peer: 'client' }, beganMs + 1.2);
    // Without a time of its own it is seen now, which is before a time that is still to come.
    recorder.emit({ kind: 'server-closed', seenBy: 'program', peer: 'server' }, beganMs + 3_600_000);
    recorder.emit(ended(0));
    await recorder.end();
    const times = (await factsInFile()).map(({ atUs }) => atUs);
    expect(times).toEqual([0, 1_000, 1_234.5, 1_234.5, 3_600_000_000, 3_600_000_000]);
    await recorder.log.close();
  });

  it('keeps the time of a late fact, which does not move the clock, and marks it', async () => {
    const recorder = createTraceWriter({ path });
    recorder.emit(START, 1_000);
    recorder.emit(END_CALLED, 1_005);
    recorder.emit({ kind: 'read', ...server, offset: 0, bytes: 1 }, 1_002, true);
    recorder.emit({ kind: 'closed', ...server, hadError: false }, 999, true);
    recorder.emit(END_CALLED, 1_004);
    // Nothing that was recorded happened after it: it is not late.
    recorder.emit(END_CALLED, 1_007, true);
    recorder.emit(ended(0), 1_007);
    expect(recorder.log.counts.atUs).toBe(7_000);
    await recorder.end();
    const stamps = (await factsInFile()).map(({ atUs, late }) => (late ? `${atUs} late` : atUs));
    expect(stamps).toEqual([0, 5_000, '2000 late', '0 late', 5_000, 7_000, 7_000]);
    await recorder.log.close();
  });

  it('drops what comes after its end', async () => {
    const recorder = createTraceWriter({ path });
    recorder.emit(START);
    await recorder.end();
    recorder.emit(END_CALLED);
    expect(recorder.log.counts.facts).toBe(1);
    await recorder.log.close();
    expect(await factsInFile()).toHaveLength(1);
  });

  it('counts', async () => {
    const recorder = createTraceWriter({ path });
    for (const fact of [START, ...lineFacts(1), ...lineFacts(2)]) recorder.emit(fact);
    expect(recorder.log.counts).toMatchObject({
      facts: 13,
      linesSent: 2,
      linesTransformed: 2,
      linesReceived: 2,
      bytesSent: 14,
      bytesReceived: 14,
      linesByByte: 0,
    });
    await recorder.log.close();
  });

  it('finds facts and lines while it records and after it', async () => {
    const recorder = createTraceWriter({ path });
    const { log } = recorder;
    recorder.emit(START);
    for (let line = 1; line <= 3_000; line += 1) for (const fact of lineFacts(line)) recorder.emit(fact);
    const check = async (): Promise<void> => {
      for (const line of [1, 2, 777, 1_500, 2_999, 3_000]) {
        const seq = 2 + (line - 1) * 6;
        expect(await log.seqOfLine(line)).toBe(seq);
        expect(valueOf(await log.fact(seq))).toMatchObject({
          kind: 'wrote',
          line,
          data: { bytes: bytesOf(`line ${line}\n`) },
        });
      }
      expect(await log.seqOfLine(3_001)).toBeUndefined();
      expect(await log.seqOfLine(0)).toBeUndefined();
      const page = valueOf(await log.page(1));
      expect(onPage(page).map(({ seq }) => seq)).toEqual(
        Array.from({ length: PAGE_FACTS }, (_, index) => PAGE_FACTS + 1 + index),
      );
      expect(page.parts).toHaveLength(1);
      const [last] = onPage(valueOf(await log.page(4))).slice(-1);
      expect(last?.seq).toBe(log.counts.facts);
      expect(valueOf(await log.page(5))).toEqual({ page: 5, parts: [], links: [] });
      expect((await factsOf(log, 10_000)).at(-1)?.seq).toBe(log.counts.facts);
      expect(await log.fact(99_999)).toMatchObject({ ok: false, problem: { code: 'not-kept' } });
    };
    await check();
    recorder.emit(ended(3_000));
    await recorder.end();
    await check();
    expect(valueOf(await log.fact(18_002)).kind).toBe('run-ended');
    await log.close();
  });

  it('keeps data whole and cuts what it gives by page', async () => {
    const recorder = createTraceWriter({ path });
    const text = `x${'é'.repeat(40_000)}\n`;
    const bytes = new Uint8Array(10_000).fill(0xff);
    recorder.emit(START);
    for (const fact of lineFacts(1, text)) recorder.emit(fact);
    recorder.emit({ kind: 'read', ...server, offset: 0, bytes: 10_000, data: { bytes } });
    const exact = bytesOf('x'.repeat(FACT_DATA_BYTES));
    recorder.emit({ kind: 'read', ...server, offset: 0, bytes: FACT_DATA_BYTES, data: { bytes: exact } });
    const check = async (): Promise<void> => {
      expect(valueOf(await recorder.log.fact(2))).toMatchObject({ data: { bytes: bytesOf(text) } });
      const cut = onPage(valueOf(await recorder.log.page(0)));
      expect(cut[1]).toMatchObject({
        data: {
          bytes: bytesOf(text).slice(0, FACT_DATA_BYTES),
          leftOutBytes: Buffer.byteLength(text) - FACT_DATA_BYTES,
        },
      });
      expect(cut[7]).toMatchObject({
        data: { bytes: bytes.slice(0, FACT_DATA_BYTES), leftOutBytes: 10_000 - FACT_DATA_BYTES },
      });
      expect(cut[8]).toMatchObject({ data: { bytes: exact } });
      expect(cut[8]).not.toHaveProperty('data.leftOutBytes');
    };
    await check();
    await recorder.end();
    await check();
    await recorder.log.close();
  });

  it('copies the bytes that it is given', async () => {
    const recorder = createTraceWriter({ path });
    recorder.emit(START);
    const bytes = bytesOf('abc');
    recorder.emit({ kind: 'wrote', ...client, offset: 0, bytes: 3, data: { bytes } });
    bytes.fill(0);
    expect(valueOf(await recorder.log.fact(2))).toMatchObject({ data: { bytes: bytesOf('abc') } });
    await recorder.log.close();
  });

  it('needs less than 350 bytes for a line of 40 bytes', async () => {
    const recorder = createTraceWriter({ path });
    recorder.emit(START);
    const text = `${'x'.repeat(39)}\n`;
    for (let line = 1; line <= 10_000; line += 1)
      for (const fact of lineFacts(line, text)) recorder.emit(fact);
    await recorder.end();
    expect((await stat(path)).size / 10_000).toBeLessThan(350);
    await recorder.log.close();
  });
});

describe("a recorder's counts", () => {
  it('come by themselves while the run goes on, and the last of them when it ends', async () => {
    let arrived: (counts: TraceProgress) => void = () => undefined;
    const next = (): Promise<TraceProgress> => new Promise((resolve) => (arrived = resolve));
    const recorder = createTraceWriter({
      path,
      onCounts: (counts) => {
        arrived(counts);
      },
    });
    const first = next();
    recorder.emit(START);
    expect(await first).toMatchObject({ facts: 1, landmarks: 1, linesSent: 0 });
    const many = next();
    for (let line = 1; line <= 100; line += 1) for (const fact of lineFacts(line)) recorder.emit(fact);
    expect(await many).toMatchObject({ facts: 601, landmarks: 1, linesReceived: 100 });
    const last = next();
    recorder.emit(ended(100));
    const end = recorder.end();
    expect(await last).toMatchObject({ facts: 602, landmarks: 2 });
    await end;
    expect(recorder.log.counts).toEqual(await last);
    await recorder.log.close();
  });

  it('have as many landmarks as can be looked up', async () => {
    let counts: TraceProgress | undefined;
    const recorder = createTraceWriter({ path, onCounts: (now) => (counts = now) });
    recorder.emit(START);
    for (let times = 0; times < 40_000; times += 1) {
      recorder.emit(END_CALLED);
      if (times % 1_000 === 0) for (const fact of lineFacts(times / 1_000 + 1)) recorder.emit(fact);
    }
    const seqs = async (from: number, log: TraceReader): Promise<number[]> =>
      valueOf(await log.landmarks(from)).map(({ seq }) => seq);
    expect(recorder.log.counts.landmarks).toBe(30_000);
    expect(await seqs(29_999, recorder.log)).toHaveLength(1);
    expect(await seqs(30_000, recorder.log)).toEqual([]);
    recorder.emit(ended(40));
    const check = async (log: TraceReader): Promise<void> => {
      expect(log.counts.landmarks).toBe(30_001);
      const all: number[] = [];
      for (let from = 0; from < log.counts.landmarks;) {
        const some = await seqs(from, log);
        expect(some.length).toBe(Math.min(5_000, 30_001 - from));
        all.push(...some);
        from += some.length;
      }
      expect(all.slice(0, 3)).toEqual([1, 2, 9]);
      expect(all.at(-1)).toBe(40_242);
      expect([...new Set(all)]).toHaveLength(30_001);
      expect(await seqs(28_000, log)).toEqual(all.slice(28_000));
      expect(await seqs(30_001, log)).toEqual([]);
      expect(await seqs(-1, log)).toEqual([]);
    };
    await check(recorder.log);
    await recorder.end();
    expect(counts?.landmarks).toBe(30_001);
    await check(recorder.log);
    await recorder.log.close();
    const opened = valueOf(await openTrace(path, join(folder, 'unused')));
    await check(opened);
    await opened.close();
  });
});

describe('a recorder at its bound', () => {
  it('counts facts about lines and keeps how the run ended, with the numbers of what it left out', async () => {
    const recorder = createTraceWriter({ path, maxWaitingBytes: 50_000 });
    // A small limit of lines, or the bound would follow it. Nothing is written while these loops do not give way.
    recorder.emit({ ...START, options: { maxLineBytes: 16 } });
    for (let line = 1; line <= 1_000; line += 1) for (const fact of lineFacts(line)) recorder.emit(fact);
    recorder.emit(END_CALLED);
    recorder.emit(ended(1_000));
    const { log } = recorder;
    const check = async (): Promise<void> => {
      const facts = await factsOf(log);
      const [leftOut, endCalled, last] = facts.slice(-3);
      const keptLines = facts.filter((fact) => fact.kind === 'wrote' && fact.side === 'client').length;
      expect(keptLines).toBeGreaterThan(50);
      expect(keptLines).toBeLessThan(300);
      expect(leftOut).toMatchObject({
        kind: 'detail-left-out',
        seq: 6_002,
        facts: 6_001 - (facts.length - 3),
        lines: 1_000 - keptLines,
      });
      expect(endCalled).toMatchObject({ kind: 'end-called', seq: 6_003 });
      expect(last).toMatchObject({ kind: 'run-ended', seq: 6_004 });
      expect(log.counts).toMatchObject({ facts: 6_004, linesReceived: 1_000, landmarks: 4 });
      expect(await log.seqOfLine(keptLines)).toBe(2 + (keptLines - 1) * 6);
      expect(await log.seqOfLine(900)).toBeUndefined();
      expect(onPage(valueOf(await log.page(1))).map(({ seq }) => seq)).toEqual([6_002, 6_003, 6_004]);
      const first = valueOf(await log.page(0));
      expect(first.parts.map(({ firstSeq, count }) => [firstSeq, count])).toEqual([[1, facts.length - 3]]);
      expect(valueOf(await log.landmarks(0)).map(({ seq }) => seq)).toEqual([1, 6_002, 6_003, 6_004]);
      expect(await log.fact(5_000)).toMatchObject({ ok: false, problem: { code: 'not-kept' } });
      expect(await log.fact(6_005)).toMatchObject({ ok: false, problem: { code: 'not-kept' } });
    };
    await check();
    expect(await recorder.end()).toMatchObject({ ok: true });
    await check();
    await log.close();

    const opened = valueOf(await openTrace(path, join(folder, 'unused')));
    expect(opened.counts).toMatchObject({
      facts: 6_004,
      linesSent: 1_000,
      linesReceived: 1_000,
      landmarks: 4,
    });
    await opened.close();
  });

  it('leaves out landmarks too where these alone are more than may wait, and keeps the end', async () => {
    const recorder = createTraceWriter({ path, maxWaitingBytes: 1_000 });
    recorder.emit({ ...START, options: { maxLineBytes: 16 } });
    const times = 200_000;
    for (let time = 0; time < times; time += 1) recorder.emit(END_CALLED);
    recorder.emit(ended(0));
    expect(await recorder.end()).toMatchObject({ ok: true });
    await recorder.log.close();
    const facts = await factsInFile();
    expect(facts.length).toBeLessThan(times / 1.5);
    expect(facts.slice(-2).map(({ kind }) => kind)).toEqual(['detail-left-out', 'run-ended']);
  });

  it('keeps our lines while other clients say more than may wait for the disk', async () => {
    const recorder = createTraceWriter({ path });
    const { emit } = createOtherClients(recorder.emit);
    const endpoint = { address: '127.0.0.1', port: 50_007 };
    emit({ ...START, options: { maxLineBytes: 16 } });
    emit({ kind: 'connected', ...seen, peer: 'client', local: endpoint, remote: endpoint });
    // 100 MB of theirs, and nothing is written while this loop does not give way.
    const data = { bytes: bytesOf('x'.repeat(1_000)) };
    for (let times = 0; times < 100_000; times += 1) {
      emit({ kind: 'read', ...server, connection: 2, offset: 0, bytes: 1_000, data });
      if (times % 100 === 0) for (const fact of lineFacts(times / 100 + 1)) emit(fact);
    }
    emit(ended(1_000));
    expect(await recorder.end()).toMatchObject({ ok: true });
    await recorder.log.close();
    const facts = await factsInFile();
    expect(facts.filter(({ kind }) => kind === 'detail-left-out')).toEqual([]);
    expect(facts.filter(({ kind }) => kind === 'line-received')).toHaveLength(1_000);
    const others = facts.filter((fact) => fact.kind === 'read' && fact.connection === 2).length;
    expect(facts.at(-2)).toMatchObject({
      kind: 'other-clients-left-out',
      facts: 100_000 - others,
      bytes: 1_000 * (100_000 - others),
    });
  });

  it('says that the trace could not be made, and the facts are counted all the same', async () => {
    const missing = join(folder, 'missing', 'x.socketscope');
    let counts: TraceProgress | undefined;
    const recorder = createTraceWriter({ path: missing, onCounts: (now) => (counts = now) });
    for (const fact of [START, ...lineFacts(1), ended(1)]) recorder.emit(fact);
    const end = await recorder.end();
    expect(end).toMatchObject({ ok: false, problem: { detail: { path: missing } } });
    expect(recorder.log.counts.linesReceived).toBe(1);
    expect(counts).toMatchObject({ facts: 8, linesReceived: 1 });
    expect(await recorder.log.fact(1)).toMatchObject({ ok: false });
    await recorder.log.close();
  });
});

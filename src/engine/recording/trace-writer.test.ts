import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { RunCounts } from '../../shared/trace/counts.ts';
import { PUSHED_DATA_BYTES } from '../../shared/ipc.ts';
import type { Result } from '../../shared/result.ts';
import { parseFact } from '../../shared/trace/json-lines.ts';
import type { Fact, TraceEvent } from '../../shared/trace/fact.ts';
import { createOtherClients } from '../net/other-clients.ts';
import { createTraceWriter } from './trace-writer.ts';
import { openTrace } from './trace-reader.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  path = join(folder, 'in-proj.socketscope');
});
afterEach(() => rm(folder, { recursive: true }));

const START: Fact = {
  kind: 'run-started',
  seenBy: 'program',
  format: 1,
  experiment: 'file',
  startedAt: '2026-01-31T12:00:00.000Z',
  runtime: { app: '0', node: 'v20', platform: 'linux', arch: 'x64' },
  requested: { address: '127.0.0.1', port: 0 },
  by: 'grapheme',
  maxLineBytes: 1_048_576,
  input: { name: 'in-proj.txt', bytes: 1 },
};

const seen = { seenBy: 'program', connection: 1 } as const;

/** The facts of one line, as server and client make them. */
function lineFacts(line: number, text = `line ${line}\n`): Fact[] {
  const span = { offset: 0, bytes: Buffer.byteLength(text) };
  return [
    { kind: 'wrote', ...seen, ...span, side: 'client', data: { text }, line },
    { kind: 'read', ...seen, ...span, side: 'server' },
    { kind: 'line-transformed', ...seen, ...span, line, by: 'grapheme', validUtf8: true },
    { kind: 'wrote', ...seen, ...span, side: 'server', data: { text }, line },
    { kind: 'read', ...seen, ...span, side: 'client' },
    { kind: 'line-received', ...seen, ...span, line },
  ];
}

function ended(lines: number): Fact {
  return {
    kind: 'run-ended',
    seenBy: 'program',
    outcome: 'completed',
    linesSent: lines,
    linesReceived: lines,
    resultBytes: 0,
    linesByByte: 0,
  };
}

const END_CALLED: Fact = { kind: 'end-called', ...seen, side: 'client' };

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

/** The file's facts, each with the number that it must have. */
async function factsInFile(): Promise<TraceEvent[]> {
  const text = await readFile(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  let seq = 0;
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const event = valueOf(parseFact(line, seq + 1));
      ({ seq } = event);
      return event;
    });
}

describe('a recorder', () => {
  it('stamps facts with numbers from 1 and times from 0 that never go back, and writes each as a line', async () => {
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
    await recorder.log.close();
  });

  it('stamps a fact from another thread with the time at which it was seen there, and never goes back', async () => {
    const recorder = createTraceWriter({ path });
    const beganMs = performance.now();
    recorder.emit(START, beganMs);
    recorder.emit({ kind: 'round-started', seenBy: 'program', round: 1 }, beganMs + 1);
    recorder.emit({ kind: 'server-created', seenBy: 'program' }, beganMs + 1.2345);
    recorder.emit({ kind: 'client-created', seenBy: 'program' }, beganMs + 1.2);
    // Without a time of its own it is seen now, which is before a time that is still to come.
    recorder.emit({ kind: 'server-closed', seenBy: 'program' }, beganMs + 3_600_000);
    recorder.emit(ended(0));
    await recorder.end();
    const times = (await factsInFile()).map(({ atUs }) => atUs);
    expect(times).toEqual([0, 1_000, 1_234.5, 1_234.5, 3_600_000_000, 3_600_000_000]);
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
          data: { text: `line ${line}\n` },
        });
      }
      expect(await log.seqOfLine(3_001)).toBeUndefined();
      expect(await log.seqOfLine(0)).toBeUndefined();
      const range = valueOf(await log.facts(1_000, 5_000));
      expect(range.map(({ seq }) => seq)).toEqual(Array.from({ length: 4_001 }, (_, index) => 1_000 + index));
      expect(valueOf(await log.facts(0, 2)).map(({ seq }) => seq)).toEqual([1, 2]);
      expect(valueOf(await log.facts(7, 6))).toEqual([]);
      expect(await log.fact(99_999)).toMatchObject({ ok: false, problem: { code: 'not-kept' } });
    };
    await check();
    recorder.emit(ended(3_000));
    await recorder.end();
    await check();
    expect(valueOf(await log.fact(18_002)).kind).toBe('run-ended');
    await log.close();
  });

  it('keeps data whole and cuts what it gives by range between characters', async () => {
    const recorder = createTraceWriter({ path });
    const text = `x${'é'.repeat(40_000)}\n`;
    const base64 = Buffer.alloc(10_000, 0xff).toString('base64');
    recorder.emit(START);
    for (const fact of lineFacts(1, text)) recorder.emit(fact);
    recorder.emit({ kind: 'read', ...seen, side: 'server', offset: 0, bytes: 10_000, data: { base64 } });
    recorder.emit({
      kind: 'read',
      ...seen,
      side: 'server',
      offset: 0,
      bytes: PUSHED_DATA_BYTES,
      data: { text: 'x'.repeat(PUSHED_DATA_BYTES) },
    });
    expect(valueOf(await recorder.log.fact(2))).toMatchObject({ data: { text } });
    const cut = valueOf(await recorder.log.facts(2, 9));
    const kept = (PUSHED_DATA_BYTES - 2) / 2;
    expect(cut[0]).toMatchObject({
      data: { text: `x${'é'.repeat(kept)}`, leftOutBytes: Buffer.byteLength(text) - 1 - 2 * kept },
    });
    expect(cut[6]).toMatchObject({
      data: { base64: Buffer.alloc(4_095, 0xff).toString('base64'), leftOutBytes: 10_000 - 4_095 },
    });
    expect(cut[7]).toMatchObject({ data: { text: 'x'.repeat(PUSHED_DATA_BYTES) } });
    await recorder.log.close();
  });
});

describe("a recorder's batches", () => {
  it('bring the facts of the first lines and all that are not about lines, and the counts of the rest', async () => {
    const batches: (readonly TraceEvent[])[] = [];
    let counts: RunCounts | undefined;
    const recorder = createTraceWriter({
      path,
      detailedLines: 200,
      onFacts: (facts) => batches.push(facts),
      onCounts: (now) => (counts = now),
    });
    recorder.emit(START);
    for (let line = 1; line <= 1_000; line += 1) for (const fact of lineFacts(line)) recorder.emit(fact);
    expect(batches).toEqual([]);
    recorder.emit(END_CALLED);
    recorder.emit(ended(1_000));
    await recorder.end();
    const pushed = batches.flat();
    expect(pushed.map(({ seq }) => seq)).toEqual([
      ...Array.from({ length: 1_201 }, (_, index) => index + 1),
      6_002,
      6_003,
    ]);
    expect(counts).toMatchObject({ facts: 6_003, linesReceived: 1_000 });
    await recorder.log.close();
  });

  it('come by themselves while the run goes on', async () => {
    const recorder = createTraceWriter({
      path,
      onFacts: (facts) => {
        arrived(facts);
      },
    });
    let arrived: (facts: readonly TraceEvent[]) => void = () => undefined;
    const first = new Promise<readonly TraceEvent[]>((resolve) => (arrived = resolve));
    recorder.emit(START);
    expect(await first).toHaveLength(1);
    const many = new Promise<readonly TraceEvent[]>((resolve) => (arrived = resolve));
    for (let line = 1; line <= 100; line += 1) for (const fact of lineFacts(line)) recorder.emit(fact);
    expect(await many).toHaveLength(600);
    await recorder.end();
    await recorder.log.close();
  });

  it('carry data cut to size', async () => {
    const pushed: TraceEvent[] = [];
    const recorder = createTraceWriter({ path, onFacts: (facts) => pushed.push(...facts) });
    for (const fact of [START, ...lineFacts(1, `${'x'.repeat(1_000_000)}\n`)]) recorder.emit(fact);
    await recorder.end();
    expect(pushed[1]).toMatchObject({
      data: { text: 'x'.repeat(PUSHED_DATA_BYTES), leftOutBytes: 1_000_001 - PUSHED_DATA_BYTES },
    });
    await recorder.log.close();
  });
});

describe('a recorder at its bound', () => {
  it('counts facts about lines and keeps how the run ended, with the numbers of what it left out', async () => {
    const recorder = createTraceWriter({ path, maxTraceBytes: 100_000 });
    recorder.emit(START);
    for (let line = 1; line <= 1_000; line += 1) for (const fact of lineFacts(line)) recorder.emit(fact);
    recorder.emit(END_CALLED);
    recorder.emit(ended(1_000));
    expect(await recorder.end()).toMatchObject({ ok: true });
    const facts = await factsInFile();
    const [leftOut, endCalled, runEnded] = facts.slice(-3);
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
    expect(runEnded).toMatchObject({ kind: 'run-ended', seq: 6_004 });
    expect(recorder.log.counts).toMatchObject({ facts: 6_004, linesReceived: 1_000 });
    expect(await recorder.log.seqOfLine(keptLines)).toBe(2 + (keptLines - 1) * 6);
    expect(await recorder.log.seqOfLine(900)).toBeUndefined();
    expect(valueOf(await recorder.log.facts(6_000, 6_004)).map(({ seq }) => seq)).toEqual([
      6_002, 6_003, 6_004,
    ]);
    expect(await recorder.log.fact(5_000)).toMatchObject({ ok: false, problem: { code: 'not-kept' } });
    await recorder.log.close();

    const opened = valueOf(await openTrace(path));
    expect(opened.counts).toMatchObject({ facts: 6_004, linesSent: 1_000, linesReceived: 1_000 });
    await opened.close();
  });

  it('does the same when the disk cannot keep up', async () => {
    const recorder = createTraceWriter({ path, maxWaitingBytes: 100_000 });
    // A small limit of lines, or the bound would follow it.
    recorder.emit({ ...START, maxLineBytes: 16 });
    // Nothing is written while this loop does not give way.
    for (let line = 1; line <= 2_000; line += 1) for (const fact of lineFacts(line)) recorder.emit(fact);
    recorder.emit(ended(2_000));
    expect(await recorder.end()).toMatchObject({ ok: true });
    const facts = await factsInFile();
    expect(facts.at(-2)).toMatchObject({ kind: 'detail-left-out' });
    expect(facts.at(-1)).toMatchObject({ kind: 'run-ended', linesSent: 2_000 });
    await recorder.log.close();
  });

  it('keeps our lines while other clients say more than may wait for the disk', async () => {
    const recorder = createTraceWriter({ path });
    const { emit } = createOtherClients(recorder.emit);
    const endpoint = { address: '127.0.0.1', port: 50_007 };
    emit({ ...START, maxLineBytes: 16 });
    emit({ kind: 'connected', ...seen, local: endpoint, remote: endpoint });
    // 100 MB of theirs, and nothing is written while this loop does not give way.
    const data = { text: 'x'.repeat(1_000) };
    for (let times = 0; times < 100_000; times += 1) {
      emit({ kind: 'read', ...seen, connection: 2, side: 'server', offset: 0, bytes: 1_000, data });
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
    const pushed: TraceEvent[] = [];
    const recorder = createTraceWriter({ path: missing, onFacts: (facts) => pushed.push(...facts) });
    for (const fact of [START, ...lineFacts(1), ended(1)]) recorder.emit(fact);
    const end = await recorder.end();
    expect(end).toMatchObject({ ok: false, problem: { detail: { path: missing } } });
    expect(recorder.log.counts.linesReceived).toBe(1);
    expect(pushed).toHaveLength(8);
    expect(await recorder.log.fact(1)).toMatchObject({ ok: false });
    await recorder.log.close();
  });
});

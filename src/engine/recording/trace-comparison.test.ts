import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import type { RunComparison } from '../../shared/trace/comparison.ts';
import type { Fact } from '../../shared/trace/fact.ts';
import { runEnded, runStarted } from '../../shared/trace/facts-for-tests.ts';
import { bytesOfText } from '../../shared/trace/recorded-bytes.ts';
import { compareTraces } from './trace-comparison.ts';
import { traceIn } from './trace-for-tests.ts';
import type { TraceReader } from './trace-reader.ts';
import { createTraceWriter } from './trace-writer.ts';

let folder = '';
const open: TraceReader[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
});
afterEach(async () => {
  for (const trace of open.splice(0)) await trace.close();
  await rm(folder, { recursive: true });
});

/** Records the facts, 10 µs apart, and opens the trace. */
async function recorded(name: string, facts: readonly Fact[]): Promise<TraceReader> {
  const path = join(folder, name);
  const writer = createTraceWriter({ path });
  for (const [index, fact] of facts.entries()) writer.emit(fact, 1_000 + index / 100);
  await writer.end();
  await writer.log.close();
  const trace = await traceIn(path);
  open.push(trace);
  return trace;
}

/** More facts than a chunk has: the client writes lines, of which one has another text. */
function writes(count: number, other?: number): readonly Fact[] {
  const facts: Fact[] = [runStarted('file')];
  for (let line = 1; line <= count; line += 1) {
    facts.push({
      kind: 'wrote',
      seenBy: 'program',
      peer: 'client',
      side: 'client',
      connection: 1,
      offset: 10 * (line - 1),
      bytes: 10,
      data: bytesOfText(line === other ? 'something\n' : 'else here\n'),
      line,
    });
  }
  return [...facts, runEnded('completed')];
}

async function compared(here: readonly Fact[], there: readonly Fact[]): Promise<RunComparison> {
  const comparison = compareTraces(await recorded('here', here), await recorded('there', there));
  for (;;) {
    const answer = await comparison.advance();
    if (!answer.ok) throw new Error(answer.problem.message);
    if (answer.value.done) return answer.value;
    expect(answer.value.difference).toBeUndefined();
  }
}

it('reads both to their ends where they are the same', async () => {
  const facts = writes(30_000);
  const answer = await compared(facts, facts);
  expect(answer).toEqual({ read: 60_004, facts: 60_004, done: true, same: 30_001 });
});

it('gives both facts of the first difference, and reads not much further', async () => {
  const { difference, read } = await compared(writes(30_000, 5_000), writes(30_000, 9_000));
  expect(difference?.here).toMatchObject({ seq: 5_001, kind: 'wrote', line: 5_000 });
  expect(difference?.there).toMatchObject({ seq: 5_001, kind: 'wrote', line: 5_000 });
  expect(read).toBeLessThan(30_000);
});

it('has only one fact where nothing more happened in the other', async () => {
  const { difference } = await compared(writes(10), writes(10).slice(0, 6));
  expect(difference).toMatchObject({ here: { seq: 7 } });
  expect(difference).not.toHaveProperty('there');
});

it('finds the fact at a time', async () => {
  const trace = await recorded('times', writes(20_000));
  const [first, fact] = [await trace.fact(1), await trace.fact(15_000)];
  if (!first.ok || !fact.ok) throw new Error('They are there');
  expect(await trace.seqAtTime(fact.value.atUs)).toBe(15_000);
  expect(await trace.seqAtTime(fact.value.atUs - 1)).toBe(14_999);
  expect(await trace.seqAtTime(first.value.atUs - 1)).toBe(0);
  expect(await trace.seqAtTime(1e9)).toBe(trace.counts.facts);
});

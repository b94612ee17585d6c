import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import type { Result } from '../../shared/result.ts';
import type { Fact } from '../../shared/trace/fact.ts';
import { runEnded, runStarted } from '../../shared/trace/facts-for-tests.ts';
import { readPart, writeBytes, writePart } from './trace-text.ts';
import type { TraceReader } from './trace-reader.ts';
import { createTraceWriter } from './trace-writer.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

const client = { seenBy: 'program', peer: 'client', side: 'client', connection: 1 } as const;
const server = { seenBy: 'program', peer: 'server', side: 'server', connection: 1 } as const;

function dataOf(text: string): { readonly bytes: Uint8Array } {
  return { bytes: new Uint8Array(Buffer.from(text)) };
}

/** The facts of lines of which each goes there and back before the next is sent. */
function* exchange(lines: readonly string[]): Generator<Fact, void, void> {
  let offset = 0;
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    const bytes = Buffer.byteLength(text) + 1;
    const about = { seenBy: 'program', connection: 1, line, offset, bytes: bytes - 1 } as const;
    yield { kind: 'wrote', ...client, offset, bytes, data: dataOf(`${text}\n`), line };
    yield { kind: 'read', ...server, offset, bytes };
    yield { kind: 'line-transformed', ...about, peer: 'server', by: 'grapheme', validUtf8: true };
    const back = `${Array.from(text).reverse().join('')}\n`;
    yield { kind: 'wrote', ...server, offset, bytes, data: dataOf(back), line };
    yield { kind: 'read', ...client, offset, bytes };
    yield { kind: 'line-received', ...about, peer: 'client' };
    offset += bytes;
  }
}

async function recorded(facts: Iterable<Fact>): Promise<TraceReader> {
  const recorder = createTraceWriter({ path: join(folder, 'run.socketscope') });
  recorder.emit(runStarted('file'));
  for (const fact of facts) recorder.emit(fact);
  recorder.emit(runEnded('completed'));
  await recorder.end();
  return recorder.log;
}

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

async function written(trace: TraceReader, text: 'transcript' | 'lines'): Promise<readonly string[]> {
  const path = join(folder, text);
  const { lines } = valueOf(await writePart(trace, text, path));
  const all = (await readFile(path, 'utf8')).split('\n');
  expect(all.pop()).toBe('');
  expect(all).toHaveLength(lines);
  return all;
}

it('writes the transcript of a whole run, a line each', async () => {
  const trace = await recorded(exchange(['HELLO', 'a\tb']));
  expect(await written(trace, 'transcript')).toEqual([
    '[S]: Data received from client: HELLO',
    '[C]: Data received from server: OLLEH',
    '[S]: Data received from client: a\tb',
    '[C]: Data received from server: b\ta',
    'Done.',
  ]);
  await trace.close();
});

it('writes the lines with tabs between the cells, and those that never came back at the end', async () => {
  const facts = [...exchange(['HELLO', 'a\tb', 'lost'])].slice(0, -4);
  const trace = await recorded(facts);
  const [head, ...rows] = await written(trace, 'lines');
  expect(head?.split('\t')).toHaveLength(6);
  expect(rows.map((row) => row.split('\t').slice(0, 5))).toEqual([
    ['1', 'HELLO', 'OLLEH', '1', '1'],
    ['2', 'a\\tb', 'b\\ta', '1', '1'],
    ['3', 'lost', '', '1', '0'],
  ]);
  await trace.close();
});

it('leaves out other clients of the server', async () => {
  const other: Fact = {
    kind: 'wrote',
    ...server,
    connection: 2,
    offset: 0,
    bytes: 2,
    data: dataOf('x\n'),
    line: 1,
  };
  const trace = await recorded([...exchange(['HELLO']), other]);
  expect((await written(trace, 'lines'))[1]).toContain('HELLO\tOLLEH');
  await trace.close();
});

it('gives as many whole lines as fit, and says that there are more', async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
  const trace = await recorded(exchange(lines));
  const { text, lines: count, isCut } = valueOf(await readPart(trace, 'transcript', 1_000));
  expect(isCut).toBe(true);
  expect(text.length).toBeLessThanOrEqual(1_000);
  expect(text.endsWith('\n')).toBe(true);
  expect(text.split('\n')).toHaveLength(count + 1);
  expect(valueOf(await readPart(trace, 'transcript', 8_000_000))).toMatchObject({
    lines: 40_001,
    isCut: false,
  });
  await trace.close();
});

it('ends early when it is cancelled', async () => {
  const trace = await recorded(exchange(Array.from({ length: 20_000 }, () => 'x')));
  const signal = AbortSignal.abort({ code: 'cancelled', message: 'The run was closed.', detail: {} });
  const path = join(folder, 'cancelled');
  expect(await writePart(trace, 'facts', path, signal)).toMatchObject({
    problem: { code: 'cancelled', message: 'The run was closed.' },
  });
  expect(await readPart(trace, 'facts', 1_000_000, signal)).toMatchObject({ ok: false });
  await trace.close();
});

it('writes the bytes of one fact as they are, and says where a fact has none', async () => {
  const trace = await recorded(exchange(['na\u0308ive']));
  const path = join(folder, 'bytes');
  valueOf(await writeBytes(trace, 2, path));
  expect(await readFile(path, 'utf8')).toBe('na\u0308ive\n');
  expect(await writeBytes(trace, 1, join(folder, 'none'))).toMatchObject({ problem: { code: 'not-kept' } });
  await trace.close();
});

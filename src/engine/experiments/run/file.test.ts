import { once } from 'node:events';
import { appendFile, mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import type { Problem, Result } from '../../../shared/result.ts';
import type { FactKind } from '../../../shared/trace/fact.ts';
import { createTraceWriter } from '../../recording/trace-writer.ts';
import { allFactsOf, traceIn } from '../../recording/trace-for-tests.ts';
import { portOf } from '../../system/port-for-tests.ts';
import { runFileExperiment } from './file.ts';
import type { FileExperimentOptions, FileOutcome } from './file.ts';
import {
  emit,
  kinds,
  of,
  OPTIONS,
  SERVER,
  START,
  temporaryFolder,
  watched,
  written,
} from '../watched-run-for-tests.ts';

let folder = '';
let inputPath = '';
let resultPath = '';

beforeEach(async () => {
  folder = await temporaryFolder();
  inputPath = join(folder, 'in-proj.txt');
  resultPath = join(folder, 'out-proj.txt');
});

function run(
  options: Partial<FileExperimentOptions> = {},
  onFact = watched.onFact,
): Promise<Result<FileOutcome>> {
  watched.onFact = onFact;
  const all = { ...OPTIONS, inputPath, resultPath, ...options };
  return runFileExperiment(all, emit, watched.controller.signal);
}

const expectAnyTime: unknown = expect.any(Number);

const result = (): Promise<string> => readFile(resultPath, 'utf8');

/** What holds however the run ends: one start in front, one reason at most, one end behind, nothing left open. */
function expectWholeRun(outcome: 'completed' | 'failed' | 'cancelled'): void {
  expect(kinds()[0]).toBe('run-started');
  expect(watched.facts.at(-1)).toMatchObject({ kind: 'run-ended', outcome });
  expect(of('run-ended')).toHaveLength(1);
  expect(of('failed')).toHaveLength(outcome === 'completed' ? 0 : 1);
  expect(of('closed').filter((fact) => fact.side === 'server')).toHaveLength(of('accepted').length);
  expect(of('server-closed')).toHaveLength(of('server-created').length);
}

describe('the file experiment', () => {
  it('brings each line back in upper case, whatever its length becomes, and by byte where it is no UTF-8', async () => {
    const line = 'ŉ'.repeat(8);
    await writeFile(
      inputPath,
      Buffer.concat([
        Buffer.from(`Straße\r\n\n${line}\n`),
        Buffer.from([0x61, 0xff, 0x0a]),
        Buffer.from('end'),
      ]),
    );
    const outcome = await run({ transform: 'upper-case', maxLineBytes: Buffer.byteLength(line) });
    expect(outcome).toMatchObject({ ok: true, value: { linesReceived: 5, linesByByte: 1 } });
    expect(await readFile(resultPath)).toEqual(
      Buffer.concat([
        Buffer.from(`STRASSE\r\n\n${'ʼN'.repeat(8)}\n`),
        Buffer.from([0x41, 0xff, 0x0a]),
        Buffer.from('END'),
      ]),
    );
    expect(watched.facts[0]).toMatchObject({ kind: 'run-started', options: { transform: 'upper-case' } });
    // Offsets are places in the client's stream, where nothing has grown.
    expect(of('line-transformed').map(({ offset, bytes, by }) => [offset, bytes, by])).toEqual([
      [0, 8, 'codepoint'],
      [9, 0, 'codepoint'],
      [10, 16, 'codepoint'],
      [27, 2, 'byte'],
      [30, 3, 'codepoint'],
    ]);
  });

  it('records no transform where lines are reversed', async () => {
    await writeFile(inputPath, 'HELLO\n');
    await run();
    expect(watched.facts[0]).not.toHaveProperty('transform');
  });

  it('sends a file over a real connection and records every step in its order', async () => {
    await writeFile(inputPath, 'HELLO\nwörld');
    const outcome = await run();
    expect(await result()).toBe('OLLEH\ndlröw');
    expectWholeRun('completed');
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        linesSent: 2,
        linesReceived: 2,
        resultBytes: 12,
        linesByByte: 0,
        server: { address: '127.0.0.1' },
      },
    });
    expect(watched.facts.at(-1)).toMatchObject({
      linesSent: 2,
      linesReceived: 2,
      resultBytes: 12,
      linesByByte: 0,
    });

    const order = [...START, ...SERVER, 'client-created', 'connect-called'];
    expect(kinds().slice(0, order.length)).toEqual(order);
    expect(kinds().slice(-2)).toEqual(['server-closed', 'run-ended']);
    expect(of('run-started')[0]).toMatchObject({
      format: 2,
      requested: { address: '127.0.0.1', port: 0 },
      input: { name: 'in-proj.txt', bytes: 12 },
    });
    expect(of('host-named')[0]?.hostName).toBe(hostname());
    const [range] = of('ephemeral-range-read');
    const [connected] = of('connected');
    if (range === undefined || connected === undefined) return;
    expect(connected.local.port).toBeGreaterThanOrEqual(range.from);
    expect(connected.local.port).toBeLessThanOrEqual(range.to);
  });

  it('makes an empty result of an empty file', async () => {
    await writeFile(inputPath, '');
    expect(await run()).toMatchObject({ ok: true, value: { linesSent: 0, resultBytes: 0 } });
    expect(await result()).toBe('');
    expectWholeRun('completed');
    expect(of('connected')).toHaveLength(1);
  });

  it('counts the lines that are not valid UTF-8', async () => {
    await writeFile(inputPath, Buffer.from([0x61, 0xff, 0x0a, 0x62, 0x0a, 0xfe, 0x63, 0x0a]));
    expect(await run()).toMatchObject({ ok: true, value: { linesByByte: 2 } });
    expect(await readFile(resultPath)).toEqual(Buffer.from([0xff, 0x61, 0x0a, 0x62, 0x0a, 0x63, 0xfe, 0x0a]));
  });

  it('streams a result of many megabytes to the disk, whole', async () => {
    const line = 'abcdefgh'.repeat(40_000);
    await writeFile(inputPath, `${line}\n`.repeat(20));
    expect(await run({ by: 'byte' })).toMatchObject({
      ok: true,
      value: { resultBytes: 20 * (line.length + 1) },
    });
    expect(await result()).toBe(`${'hgfedcba'.repeat(40_000)}\n`.repeat(20));
  });

  it('waits for the printing of each line', async () => {
    await writeFile(inputPath, 'a\nb\nc\n');
    const order: string[] = [];
    let line = 0;
    await run(
      {
        afterLine: () => {
          line += 1;
          const now = line;
          return new Promise<void>((resolve) => setImmediate(resolve)).then(
            () => void order.push(`printed ${now}`),
          );
        },
      },
      (fact) => {
        if (fact.kind === 'wrote' && fact.side === 'client') order.push(`wrote ${fact.line ?? 0}`);
      },
    );
    expect(order).toEqual(['wrote 1', 'printed 1', 'wrote 2', 'printed 2', 'wrote 3', 'printed 3']);
  });

  it('is recorded as a trace that can be opened', async () => {
    await writeFile(inputPath, 'HELLO\n'.repeat(1_000));
    const recorder = createTraceWriter({ path: join(folder, 'in-proj.socketscope') });
    await run({}, recorder.emit);
    await recorder.end();
    await recorder.log.close();
    const trace = await traceIn(join(folder, 'in-proj.socketscope'));
    expect(trace.counts).toMatchObject({
      facts: watched.facts.length,
      linesReceived: 1_000,
      bytesSent: 6_000,
      bytesReceived: 6_000,
    });
    const all = await allFactsOf(trace);
    const stamped = watched.facts.map((fact, index) => [index + 1, expectAnyTime, written(fact)]);
    expect(all.map(({ seq, atUs, ...fact }) => [seq, atUs, written(fact)])).toEqual(stamped);
    await trace.close();
  });

  it('serves another client that connects first, and the file all the same', async () => {
    await writeFile(inputPath, 'HELLO\n');
    let answer = '';
    const outcome = await run({}, (fact) => {
      if (fact.kind !== 'listening') return;
      const other = connect(fact.local.port, '127.0.0.1');
      other.on('data', (chunk) => (answer += chunk.toString()));
      // It is still open when the run ends: the server destroys it.
      other.on('error', () => undefined);
      other.write('who are you\n\xff\n');
    });
    expect(outcome.ok).toBe(true);
    expect(await result()).toBe('OLLEH\n');
    expect(of('accepted')).toHaveLength(2);
    const [ours] = of('connected');
    const strange = of('accepted').find((fact) => fact.connection !== ours?.connection);
    expect(of('read').find((fact) => fact.connection === strange?.connection)?.data).toBeDefined();
    expect(of('read').find((fact) => fact.connection === ours?.connection)?.data).toBeUndefined();
    expect(of('line-received').every((fact) => fact.connection === ours?.connection)).toBe(true);
    expect(answer === '' || answer.startsWith('uoy era ohw\n')).toBe(true);
    expect(of('closed').filter((fact) => fact.side === 'server')).toHaveLength(2);
    expect(watched.facts.at(-1)).toMatchObject({ outcome: 'completed', linesByByte: 0, linesReceived: 1 });
  });
});

describe('a run that fails', () => {
  it.each<[string, () => Promise<unknown>, Problem['code']]>([
    ['the input is missing', () => Promise.resolve(), 'file-missing'],
    ['the input is a folder', () => mkdir(inputPath), 'is-a-folder'],
  ])('says so before it opens a port when %s', async (_what, prepare, code) => {
    await prepare();
    expect(await run()).toMatchObject({ ok: false, problem: { code, detail: { path: inputPath } } });
    expect(kinds()).toEqual(['run-started', 'failed', 'run-ended']);
    await expect(stat(resultPath)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('fails before it opens a port when the result cannot be created', async () => {
    await writeFile(inputPath, 'HELLO\n');
    await writeFile(resultPath, 'of another run');
    expect(await run()).toMatchObject({
      ok: false,
      problem: { detail: { path: resultPath, errorCode: 'EEXIST' } },
    });
    expect(kinds()).toEqual(['run-started', 'failed', 'run-ended']);
    expect(await result()).toBe('of another run');
  });

  it('names the port that is taken', async () => {
    await writeFile(inputPath, 'HELLO\n');
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const port = portOf(holder.address());
    expect(await run({ port })).toMatchObject({
      ok: false,
      problem: { code: 'port-in-use', detail: { port } },
    });
    expectWholeRun('failed');
    expect(of('failed')[0]).toMatchObject({ peer: 'server' });
    expect(of('client-created')).toEqual([]);
    holder.close();
  });

  it('names the line over the limit and its length, and keeps what came back before it', async () => {
    await writeFile(inputPath, `one\ntwo\n${'x'.repeat(5_000)}\nfour\n`);
    expect(await run({ maxLineBytes: 100 })).toMatchObject({
      ok: false,
      problem: { code: 'line-too-long', detail: { line: 3, bytes: 5_000, limitBytes: 100 } },
    });
    expect(await result()).toBe('eno\nowt\n');
    expectWholeRun('failed');
    expect(watched.facts.at(-1)).toMatchObject({ linesReceived: 2, resultBytes: 8 });
    // Neither side broke: the connection was ended in order.
    expect(of('end-received')).toHaveLength(2);
  });

  it.each([
    ['grows', () => appendFile(inputPath, 'more\n')],
    ['is cut short', () => truncate(inputPath, 400_000)],
  ])(
    'says that the input %s while it is read, and keeps what came back',
    async (_what, change) => {
      await writeFile(inputPath, `${'a line '.repeat(100)}\n`.repeat(800));
      let changed: Promise<void> | undefined;
      const outcome = await run({ afterLine: () => (changed ??= change()) });
      expect(outcome).toMatchObject({
        ok: false,
        problem: { code: 'file-changed', detail: { path: inputPath } },
      });
      expectWholeRun('failed');
      const back = await result();
      expect(back.length).toBeGreaterThan(701);
      expect(back).toBe(`${' enil a'.repeat(100)}\n`.repeat(back.length / 701));
      expect(watched.facts.at(-1)).toMatchObject({ resultBytes: back.length });
    },
    60_000,
  );

  it('keeps what came back when it is cancelled half-way, and returns the reason', async () => {
    await writeFile(inputPath, 'line\n'.repeat(1_000));
    const reason: Problem = { code: 'window-closed', message: 'The window was closed.', detail: {} };
    const outcome = await run({}, (fact) => {
      if (fact.kind === 'line-received' && fact.line === 300) watched.controller.abort(reason);
    });
    expect(outcome).toEqual({ ok: false, problem: reason });
    expectWholeRun('cancelled');
    expect(of('failed')[0]).toEqual({ kind: 'failed', seenBy: 'program', problem: reason });
    expect(watched.facts.at(-1)).toMatchObject({ linesReceived: 300 });
    const back = await result();
    expect(['enil\n'.repeat(299), 'enil\n'.repeat(300)]).toContain(back);
    expect(watched.facts.at(-1)).toMatchObject({ resultBytes: back.length });
  });

  it.each<FactKind>([
    'run-started',
    'server-created',
    'listening',
    'connect-called',
    'connected',
    'end-called',
  ])('can be cancelled at %s', async (kind) => {
    await writeFile(inputPath, 'line\n');
    const outcome = await run({}, (fact) => {
      if (fact.kind === kind) watched.controller.abort();
    });
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expectWholeRun('cancelled');
  });

  it('does not begin when it was cancelled before', async () => {
    await writeFile(inputPath, 'line\n');
    watched.controller.abort();
    expect(await run()).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expectWholeRun('cancelled');
    expect(of('listening')).toEqual([]);
  });

  it('ends its trace also where the program itself is at fault', async () => {
    await writeFile(inputPath, 'line\nline\n');
    const running = run({
      afterLine: () => {
        throw new Error('a mistake of the program');
      },
    });
    await expect(running).rejects.toThrow('a mistake of the program');
    expectWholeRun('failed');
    expect(of('failed')[0]).toMatchObject({ problem: { code: 'unexpected' } });
  });
});

// How fast the terminal command exchanges a file, against a bare Node pair that records nothing and the course's pair in
// Python: one line at a time, and with 1,000 lines on their way. And whether a line costs the same, in time, memory and on
// the disk, however many there are. Only ratios within one run mean something: the contenders take turns.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { formatBytes, formatCount } from '../src/shared/format.ts';
import { measureProgram, median, type Measured } from './processes.ts';
import type { Section } from './report.ts';

const PYTHON = join(import.meta.dirname, '../e2e/fixtures/python');
const BARE = join(import.meta.dirname, 'bare-pair.mjs');
const WORDS = 'the quick brown fox jumps over the lazy dog with an ephemeral port'.split(' ');

const LINES_A_WRITE = 20_000;

interface Sizes {
  readonly lines: number;
  readonly rounds: number;
  /** How many lines the scale is measured at, in order. */
  readonly scale: readonly number[];
}

const QUICK: Sizes = { lines: 50_000, rounds: 5, scale: [1_000, 20_000, 200_000] };
const FULL: Sizes = { lines: 200_000, rounds: 9, scale: [1_000, 10_000, 100_000, 1_000_000, 10_000_000] };

interface Contender {
  readonly name: string;
  readonly go: (from: string, to: string) => Promise<Measured>;
}

/** `command` is the built terminal command. */
export async function measureExchange(command: string, full: boolean): Promise<readonly Section[]> {
  const sizes = full ? FULL : QUICK;
  const folder = await mkdtemp(join(tmpdir(), 'socketscope-bench-'));
  try {
    const input = await writeInput(folder, sizes.lines);
    const node = (...args: string[]) => measureProgram(process.execPath, args);
    const ours =
      (...flags: string[]) =>
      (from: string, to: string) =>
        node(command, 'run', 'file', '--quiet', '--port', '0', ...flags, from, to);
    const traced =
      (...flags: string[]) =>
      (from: string, to: string) =>
        ours(...flags, '--record', `${to}.socketscope`)(from, to);
    const one = await race(folder, input, sizes, [
      { name: 'course pair (Python)', go: pythonPair },
      { name: 'bare pair (Node)', go: (from, to) => node(BARE, from, to) },
      { name: 'SocketScope, not recorded', go: ours() },
      { name: 'SocketScope, recorded', go: traced() },
    ]);
    const many = await race(folder, input, sizes, [
      { name: 'bare pair (Node)', go: (from, to) => node(BARE, from, to, '1000') },
      { name: 'SocketScope, not recorded', go: ours('--in-flight', '1000') },
      { name: 'SocketScope, recorded', go: traced('--in-flight', '1000') },
    ]);
    const how = `${formatCount(sizes.lines)} lines of 8 words, medians of ${sizes.rounds} rounds in which all take turns; the start of each program, measured with an empty file, is taken off.`;
    return [
      {
        name: 'one-at-a-time',
        title: 'The exchange, one line at a time',
        command: commandOf(full),
        words: `${how} The target is 0.85 of the bare pair, recorded.`,
        ...one,
      },
      {
        name: 'in-flight',
        title: 'The exchange, 1,000 lines on their way',
        command: commandOf(full),
        words: `${how} The bare pair has as many on their way. The target is 0.4 of it, recorded.`,
        ...many,
      },
      await measureScale(folder, sizes, traced(), full),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

function commandOf(full: boolean): string {
  return full ? 'npm run bench -- --full' : 'npm run bench';
}

interface Input {
  readonly path: string;
  readonly lines: number;
  /** What has to come back. */
  readonly reversed: string;
}

function lineAt(index: number): string {
  return Array.from({ length: 8 }, (_, word) => WORDS[(index * 7 + word * 3) % WORDS.length]).join(' ');
}

/** Writes a file of that many lines, which need not fit into one string. */
export async function writeLines(path: string, lines: number): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let from = 0; from < lines; from += LINES_A_WRITE) {
      const count = Math.min(LINES_A_WRITE, lines - from);
      await file.write(Array.from({ length: count }, (_, index) => `${lineAt(from + index)}\n`).join(''));
    }
  } finally {
    await file.close();
  }
}

async function writeInput(folder: string, lines: number): Promise<Input> {
  const path = join(folder, `in-${lines}.txt`);
  const content = Array.from({ length: lines }, (_, index) => lineAt(index));
  await writeFile(path, content.map((line) => `${line}\n`).join(''));
  const reversed = content.map((line) => `${Array.from(line).reverse().join('')}\n`).join('');
  return { path, lines, reversed };
}

/** Each contender in turn, `rounds` times, with the start of its program taken off. */
async function race(
  folder: string,
  input: Input,
  { rounds }: Sizes,
  contenders: readonly Contender[],
): Promise<Pick<Section, 'header' | 'rows'>> {
  const empty = join(folder, 'empty.txt');
  await writeFile(empty, '');
  const timesMs = contenders.map(() => new Array<number>());
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { name, go }] of contenders.entries()) {
      const to = join(folder, 'out.txt');
      const start = await go(empty, to);
      const whole = await go(input.path, to);
      if ((await readFile(to, 'utf8')) !== input.reversed) throw new Error(`${name}: wrong result`);
      timesMs[index]?.push(whole.ms - start.ms);
    }
  }
  const bare = contenders.findIndex(({ name }) => name.startsWith('bare'));
  // Rounds that are apart in time are not comparable: the ratio is taken within each.
  const ratioOf = (index: number): number =>
    median((timesMs[bare] ?? []).map((ms, round) => ms / (timesMs[index]?.[round] ?? Number.NaN)));
  return {
    header: ['pair', 'lines/s', 'µs a line', 'of the bare pair'],
    rows: contenders.map(({ name }, index) => {
      const ms = median(timesMs[index] ?? []);
      return [
        name,
        formatCount(Math.round((input.lines / ms) * 1_000)),
        ((ms / input.lines) * 1_000).toFixed(1),
        ratioOf(index).toFixed(2),
      ];
    }),
  };
}

async function measureScale(
  folder: string,
  { scale }: Sizes,
  go: Contender['go'],
  full: boolean,
): Promise<Section> {
  const rows: string[][] = [];
  for (const lines of scale) {
    const input = await writeInput(folder, lines);
    const to = join(folder, 'scale.txt');
    const { ms, peakBytes } = await go(input.path, to);
    const trace = await stat(`${to}.socketscope`);
    rows.push([
      formatCount(lines),
      ((ms / lines) * 1_000).toFixed(1),
      peakBytes === undefined ? 'not available here' : formatBytes(peakBytes),
      (trace.size / lines).toFixed(0),
    ]);
    for (const path of [input.path, to, `${to}.socketscope`]) await rm(path);
  }
  return {
    name: 'scale',
    title: 'What a line costs, recorded',
    command: commandOf(full),
    words: 'One run each of the terminal command with --record, its start included.',
    header: ['lines', 'µs a line', 'peak memory', 'bytes a line on disk'],
    rows,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The course's server2.py and client2.py, each a process: the client is started again until the server listens. */
async function pythonPair(from: string, to: string): Promise<Measured> {
  const beganMs = performance.now();
  const port = String(await freePort());
  const server = spawn('python3', [join(PYTHON, 'server2.py'), port], { stdio: 'ignore' });
  const served = once(server, 'exit');
  for (;;) {
    const client = spawn('python3', [join(PYTHON, 'client2.py'), port, '127.0.0.1', from, to], {
      stdio: 'ignore',
    });
    const exit: unknown[] = await once(client, 'exit');
    if (exit[0] === 0) break;
    if (server.exitCode !== null) throw new Error('server2.py did not run');
  }
  await served;
  return { ms: performance.now() - beganMs, peakBytes: undefined };
}

// How fast the exchange is, one line at a time: ours with and without recording against a bare pair in Node and the
// course's pair in Python. Only the ratios within one run mean something: the rounds are interleaved, and the median counts.
//
//   npm run bench [-- LINES [ROUNDS]]

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

import { runFileExperiment } from '../src/engine/experiments/run/file.ts';
import { createTraceWriter } from '../src/engine/recording/trace-writer.ts';

const lines = Number(process.argv[2] ?? 20_000);
const rounds = Number(process.argv[3] ?? 5);
const here = fileURLToPath(new URL('.', import.meta.url));
/** A module that Node is to load first is named by its URL. */
const TYPESCRIPT = new URL('../scripts/typescript.mjs', import.meta.url).href;
const python = join(here, '../e2e/fixtures/python');

const folder = await mkdtemp(join(tmpdir(), 'socketscope-bench-'));
const source = join(folder, 'in.txt');
const words = 'the quick brown fox jumps over the lazy dog with an ephemeral port'.split(' ');
const content = Array.from({ length: lines }, (_, line) =>
  Array.from({ length: 8 }, (__, word) => words[(line * 7 + word * 3) % words.length]).join(' '),
);
await writeFile(source, `${content.join('\n')}\n`);
const expected = `${content.map((line) => Array.from(line).reverse().join('')).join('\n')}\n`;

async function run(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const exit: unknown[] = await once(child, 'exit');
  if (exit[0] !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${String(exit[0])}`);
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
async function pythonPair(from: string, to: string): Promise<void> {
  const port = String(await freePort());
  const server = spawn('python3', [join(python, 'server2.py'), port], { stdio: 'ignore' });
  const served = once(server, 'exit');
  for (;;) {
    const client = spawn('python3', [join(python, 'client2.py'), port, '127.0.0.1', from, to], {
      stdio: 'ignore',
    });
    const exit: unknown[] = await once(client, 'exit');
    if (exit[0] === 0) break;
    if (server.exitCode !== null) throw new Error('server2.py did not run');
  }
  await served;
}

const node = (script: string, ...args: string[]) =>
  run(process.execPath, ['--import', TYPESCRIPT, join(here, script), ...args]);

const empty = join(folder, 'empty.txt');
await writeFile(empty, '');

const contenders: readonly { name: string; go: (from: string, to: string) => Promise<void> }[] = [
  { name: 'course pair (Python)', go: pythonPair },
  { name: 'bare pair (Node)', go: (from, to) => node('bare-pair.ts', from, to) },
  { name: 'ours, not recorded', go: (from, to) => node('our-exchange.ts', from, to) },
  { name: 'ours, recorded', go: (from, to) => node('our-exchange.ts', from, to, `${to}.jsonl`) },
];

/** Milliseconds, the start of the processes taken off: it is measured with an empty file. */
const timesMs = new Map(contenders.map(({ name }) => [name, new Array<number>()]));
for (let round = 0; round < rounds; round += 1) {
  for (const [index, { name, go }] of contenders.entries()) {
    const time = async (from: string): Promise<number> => {
      const to = join(folder, `out-${round}-${index}-${from === empty ? 'empty' : 'full'}`);
      const began = performance.now();
      await go(from, to);
      const ms = performance.now() - began;
      if (from === source && (await readFile(to, 'utf8')) !== expected)
        throw new Error(`${name}: wrong result`);
      return ms;
    };
    const start = await time(empty);
    timesMs.get(name)?.push((await time(source)) - start);
  }
}

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1] ?? NaN;
const medianOf = (name: string): number => median(timesMs.get(name) ?? []);
const pythonMs = medianOf('course pair (Python)');
const bareMs = medianOf('bare pair (Node)');

console.log(`${lines} lines, one at a time; median of ${rounds} interleaved rounds\n`);
console.log(
  `${'pair'.padEnd(22)}${'lines/s'.padStart(10)}${'µs a line'.padStart(12)}${'to Python'.padStart(12)}${'to bare Node'.padStart(14)}`,
);
for (const { name } of contenders) {
  const ms = medianOf(name);
  console.log(
    `${name.padEnd(22)}${Math.round((lines / ms) * 1000)
      .toString()
      .padStart(
        10,
      )}${((ms / lines) * 1000).toFixed(1).padStart(12)}${`${(pythonMs / ms).toFixed(2)} x`.padStart(12)}${`${(bareMs / ms).toFixed(2)} x`.padStart(14)}`,
  );
}

// How long the process that exchanges is deaf to everything else, as the app's main process would be.
const delay = monitorEventLoopDelay({ resolution: 1 });
const recorder = createTraceWriter({ path: join(folder, 'delay.jsonl') });
delay.enable();
await runFileExperiment(
  {
    inputPath: source,
    resultPath: join(folder, 'delay.txt'),
    host: '127.0.0.1',
    port: 0,
    by: 'grapheme',
    maxLineBytes: 1_048_576,
    runtime: { app: 'bench', node: process.version, platform: process.platform, arch: process.arch },
  },
  recorder.emit,
  new AbortController().signal,
);
delay.disable();
await recorder.end();
await recorder.log.close();
console.log(
  `\nevent loop while it exchanges and records: p50 ${(delay.percentile(50) / 1e6).toFixed(1)} ms, p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, longest ${(delay.max / 1e6).toFixed(1)} ms (1 ms is the timer's own)`,
);
await rm(folder, { recursive: true });

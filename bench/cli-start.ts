// How long the terminal command takes to tell its --help, against a Node that does nothing, in pairs: one of each, again
// and again. `npm run bench:cli-start [-- PAIRS]`; it builds the command first if need be.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { ensureTerminal } from '../scripts/terminal-build.mjs';

const PAIRS = Number(process.argv[2] ?? 25);
/** The first start of each fills the disk's cache. */
const WARM_UP_PAIRS = 2;
const TARGET_MS = 150;

/** Starts Node once: milliseconds to its end. */
async function startOnce(args: readonly string[]): Promise<number> {
  const beganMs = performance.now();
  const exit: unknown[] = await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit');
  if (exit[0] !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(exit[0])}`);
  return performance.now() - beganMs;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const built = await ensureTerminal(join(import.meta.dirname, '..'));
if (!built.ok) throw new Error(built.message);
const times: { readonly bareMs: number; readonly helpMs: number }[] = [];
for (let pair = 0; pair < WARM_UP_PAIRS + PAIRS; pair += 1) {
  const bareMs = await startOnce(['-e', '0']);
  const helpMs = await startOnce([built.value, '--help']);
  if (pair >= WARM_UP_PAIRS) times.push({ bareMs, helpMs });
}
console.log(`Start of the terminal command, median of ${PAIRS} pairs`);
console.log(`node -e 0      ${median(times.map(({ bareMs }) => bareMs)).toFixed(0)} ms`);
console.log(`--help         ${median(times.map(({ helpMs }) => helpMs)).toFixed(0)} ms`);
const moreMs = median(times.map(({ bareMs, helpMs }) => helpMs - bareMs));
console.log(
  `difference     ${moreMs.toFixed(0)} ms (of each pair, median; at most ${TARGET_MS} ms are meant)`,
);

// Runs a program to its end and measures it: how long it took and how much memory it had at most.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';

export interface Measured {
  readonly ms: number;
  /** The most memory it had at once (VmHWM of /proc, looked at every 20 ms); undefined where there is no /proc. */
  readonly peakBytes: number | undefined;
}

const LOOK_EVERY_MS = 20;

/** @throws where the program does not end with 0 */
export async function measureProgram(program: string, args: readonly string[]): Promise<Measured> {
  const beganMs = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  let peakBytes: number | undefined;
  const look = setInterval(() => {
    void peakOf(child.pid).then((peak) => {
      peakBytes = peak ?? peakBytes;
    });
  }, LOOK_EVERY_MS);
  const exit: unknown[] = await once(child, 'exit');
  const ms = performance.now() - beganMs;
  clearInterval(look);
  if (exit[0] !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${String(exit[0])}`);
  return { ms, peakBytes };
}

async function peakOf(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which that `part` of the values are, from 0 to 1. */
export function percentile(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;
}

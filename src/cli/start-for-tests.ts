// Starts the real terminal command for tests, and reads its output and exit code.

import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

import { expect } from 'vitest';

export const PROJECT = join(import.meta.dirname, '..', '..');
/** One file, built from the current sources before any test runs. */
export const COMMAND: readonly [string] = [join(PROJECT, 'dist', 'socketscope.mjs')];

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Node by default. */
  readonly program?: string;
  readonly stdio?: StdioOptions;
}

/** Starts a program with `temporary` as its folder for temporary files, so that what it leaves there is this run's. */
export function startIn(
  temporary: string,
  args: readonly string[],
  { env = {}, program = process.execPath, stdio = ['ignore', 'pipe', 'pipe'] }: StartOptions = {},
): ChildProcess {
  return spawn(program, args, { cwd: PROJECT, stdio, env: { ...process.env, TMPDIR: temporary, ...env } });
}

/** Reads both pipes to their ends. */
export async function ended(child: ChildProcess): Promise<CommandResult> {
  if (child.stdout === null || child.stderr === null) throw new Error('no pipes');
  const exit: Promise<unknown[]> = once(child, 'exit');
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { status: typeof status === 'number' ? status : null, stdout, stderr };
}

/** Expects a failure: exit code 1 and one line on standard error. */
export function expectOneLine({ status, stderr }: Pick<CommandResult, 'status' | 'stderr'>): string {
  expect(stderr.split('\n')).toHaveLength(2);
  expect(stderr.endsWith('\n')).toBe(true);
  expect(status).toBe(1);
  return stderr.trimEnd();
}

/** The temporary file that the line on standard error names, in a run's folder below `temporary`. */
export function partNamedIn(line: string, temporary: string): string {
  const path = /, is in (?<path>\/.*)\.$/.exec(line)?.groups?.path;
  if (path === undefined) throw new Error(`no file is named in: ${line}`);
  expect(dirname(dirname(path))).toBe(temporary);
  return path;
}

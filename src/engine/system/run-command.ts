// Runs one of the system's own programs and returns its output: without a shell, with a time limit.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const LIMIT_MS = 1_000;
/** Enough for a hundred thousand sockets: `netstat` prints about 150 bytes for each. */
const LIMIT_BYTES = 16 * 1_024 * 1_024;

/**
 * The standard output of the program. Rejects if it cannot be started, exits with another code than 0, runs longer than
 * a second or prints more than 16 MiB, and with an AbortError when `signal` is aborted; the program is killed then.
 */
export async function runCommand(
  path: string,
  commandArguments: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const { stdout } = await promisify(execFile)(path, [...commandArguments], {
    encoding: 'utf8',
    timeout: LIMIT_MS,
    maxBuffer: LIMIT_BYTES,
    killSignal: 'SIGKILL',
    signal,
    windowsHide: true,
    // The C locale keeps dates, numbers and states in the form that the parsers expect.
    env: { ...process.env, LC_ALL: 'C' },
  });
  return stdout;
}

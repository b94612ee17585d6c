// Runs one of the system's own programs for what it prints: without a shell, with a time limit. socket-table.ts and
// socket-owner.ts read what comes back.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const LIMIT_MS = 1_000;
/** `netstat` prints about 150 bytes a socket: this is room for a hundred thousand. */
const LIMIT_BYTES = 16 * 1_024 * 1_024;

/**
 * What the program printed on its standard output. Rejects if it cannot be started, ends with another code than 0,
 * takes longer than a second or prints more than 16 MiB, and with an AbortError when `signal` is aborted; the program
 * is ended then.
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
    // The C locale keeps dates, numbers and states as this program knows them.
    env: { ...process.env, LC_ALL: 'C' },
  });
  return stdout;
}

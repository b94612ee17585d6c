// Standard output and standard error of the terminal command. A reader that is slow or gone delays only the output:
// never the handling of a signal, never the end of the process.

import { closeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';

/** How long the reader has for the last output of a run that was cancelled. */
const LAST_OUTPUT_MS = 1_000;

/** The descriptors that are a terminal when the program starts. */
const TERMINALS = [0, 1, 2].filter(isatty);

/**
 * Makes writes to `out` asynchronous. Node writes to a terminal synchronously, and also to a pipe after a child process
 * that shares it has made it blocking: without a reader the whole process would block and handle no signal. On Windows,
 * where Node's pipes are synchronous by design, nothing is changed.
 */
export function neverBlock(out: Writable): void {
  if (process.platform === 'win32') return;
  // Node has no public API for it. A file has no such handle and needs none.
  const handle: unknown = Reflect.get(out, '_handle');
  if (typeof handle !== 'object' || handle === null) return;
  if ('setBlocking' in handle && typeof handle.setBlocking === 'function') {
    Reflect.apply(handle.setBlocking, handle, [false]);
  }
}

/**
 * Waits for `work`; after `signal` is aborted for one more second at most. False where it gave up. Rejects as `work`
 * does.
 */
export async function orGiveUp(work: Promise<void>, signal: AbortSignal): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  let limit: () => void = () => undefined;
  const late = new Promise<boolean>((resolve) => {
    limit = () => {
      timer = setTimeout(resolve, LAST_OUTPUT_MS, false);
    };
  });
  if (signal.aborted) limit();
  else signal.addEventListener('abort', limit, { once: true });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    signal.removeEventListener('abort', limit);
    clearTimeout(timer);
  }
}

/**
 * Writes and waits until it is written, because `process.exit` would cut it off; limited as `orGiveUp`. A closed stream
 * is not a failure.
 */
export async function print(out: Writable, text: string, signal: AbortSignal): Promise<boolean> {
  const written = new Promise<void>((resolve) => {
    printWithoutWaiting(out, text, resolve);
  });
  return await orGiveUp(written, signal);
}

/** Writes without waiting: what the stream does not accept at once is written later, or lost where the process ends. */
export function printWithoutWaiting(out: Writable, text: string, onOut: () => void = () => undefined): void {
  neverBlock(out);
  out.on('error', () => undefined);
  out.write(text, onOut);
}

/**
 * Ends the process. At exit Node resets the attributes of its terminals, and crashes (SIGABRT) where one of them is
 * gone, as after SIGHUP: such a descriptor is closed first.
 */
export function exit(status: number): never {
  for (const descriptor of TERMINALS) {
    // False for a terminal that is gone.
    if (isatty(descriptor)) continue;
    try {
      closeSync(descriptor);
    } catch {
      // Closed already: then there is nothing to reset.
    }
  }
  process.exit(status);
}

// Standard output and standard error of the terminal command. Whoever reads them slowly, not at all or no more holds up
// nothing but the words themselves: never a signal, never the end of the process.

import { closeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';

/** So long a reader has to take the last words of a run that was cancelled. */
const LAST_WORDS_MS = 1_000;

/** The descriptors that are a terminal when the program starts. */
const TERMINALS = [0, 1, 2].filter(isatty);

/**
 * From here on writing to `out` waits for no reader. Node writes to a terminal synchronously, and to a pipe as well once a
 * program has been started that shares it (it sets the pipe back): while nobody reads, the whole process would stand still
 * and hear no signal. Windows, where Node means it so for pipes too, is left as it is.
 */
export function neverBlock(out: Writable): void {
  if (process.platform === 'win32') return;
  // Node has no public name for it. A file has none, and needs none.
  const handle: unknown = Reflect.get(out, '_handle');
  if (typeof handle !== 'object' || handle === null) return;
  if ('setBlocking' in handle && typeof handle.setBlocking === 'function') {
    Reflect.apply(handle.setBlocking, handle, [false]);
  }
}

/** Waits for `work`; once `signal` is aborted, not for long any more. False where it gave up. Rejects as `work` does. */
export async function orGiveUp(work: Promise<void>, signal: AbortSignal): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  let limit: () => void = () => undefined;
  const late = new Promise<boolean>((resolve) => {
    limit = () => {
      timer = setTimeout(resolve, LAST_WORDS_MS, false);
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
 * Writes and waits until it is out, because `process.exit` would cut it off; as `orGiveUp` does. That nobody reads it any
 * more is no failure.
 */
export async function say(out: Writable, words: string, signal: AbortSignal): Promise<boolean> {
  const written = new Promise<void>((resolve) => {
    sayAtOnce(out, words, resolve);
  });
  return await orGiveUp(written, signal);
}

/** Writes without waiting: what is not taken at once comes later, or never where the process ends. */
export function sayAtOnce(out: Writable, words: string, onOut: () => void = () => undefined): void {
  neverBlock(out);
  out.on('error', () => undefined);
  out.write(words, onOut);
}

/**
 * Ends the process. Node sets the attributes of its terminals back at its end, and breaks down (SIGABRT) where one of them
 * is gone, as it is after SIGHUP: such a descriptor is closed before.
 */
export function exit(status: number): never {
  for (const descriptor of TERMINALS) {
    // Of a terminal that is gone this is false.
    if (isatty(descriptor)) continue;
    try {
      closeSync(descriptor);
    } catch {
      // Closed already: then there is nothing to set back.
    }
  }
  process.exit(status);
}

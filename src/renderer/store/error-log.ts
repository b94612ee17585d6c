// Brings the page's errors to main's log, which is where a person finds them: the page itself can write no file.

import { MAX_LOGGED_CHARACTERS } from '../../shared/ipc.ts';
import { bridge } from './bridge.ts';

/** An error of every frame would fill the log: what comes after so many says nothing new. */
const MAX_REPORTS = 50;

let reports = 0;

/** Writes an error to the log. `where` is what it happened in; `behind` is said below the error's stack. */
export function logError(where: string, error: unknown, behind = ''): void {
  if (reports >= MAX_REPORTS) return;
  reports += 1;
  const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  const text = `${where}: ${stack}${behind}`.slice(0, MAX_LOGGED_CHARACTERS);
  void bridge.call('log:error', { text });
}

/** Logs from now on what nobody caught. */
export function logUncaughtErrors(): void {
  window.addEventListener('error', ({ error }: { readonly error?: unknown }) => {
    // Chromium tells in this way, without an error, that an element's size is watched on in the next frame.
    if (error instanceof Error) logError('Uncaught exception', error);
  });
  window.addEventListener('unhandledrejection', ({ reason }: { readonly reason: unknown }) => {
    logError('Unhandled rejection', reason);
  });
}

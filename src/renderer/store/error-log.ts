// Sends the page's errors to main's log: the page itself can write no file.

import { MAX_LOGGED_CHARACTERS } from '../../shared/ipc.ts';
import { bridge } from './bridge.ts';

/** An error in every frame would fill the log: later ones add nothing new. */
const MAX_REPORTS = 50;

let reports = 0;

/** Writes an error to the log. `where` is what it happened in; `behind` is written below the error's stack. */
export function logError(where: string, error: unknown, behind = ''): void {
  if (reports >= MAX_REPORTS) return;
  reports += 1;
  const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  const text = `${where}: ${stack}${behind}`.slice(0, MAX_LOGGED_CHARACTERS);
  void bridge.call('log:error', { text });
}

/** Logs uncaught errors from now on. */
export function logUncaughtErrors(): void {
  window.addEventListener('error', ({ error }: { readonly error?: unknown }) => {
    // Chromium reports this way, without an error, that a ResizeObserver goes on in the next frame.
    if (error instanceof Error) logError('Uncaught exception', error);
  });
  window.addEventListener('unhandledrejection', ({ reason }: { readonly reason: unknown }) => {
    logError('Unhandled rejection', reason);
  });
}

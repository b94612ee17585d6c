// The signals by which a person or the system ends the terminal command: the first one ends the run in order, a later one
// ends the process at once.

import type { Problem } from '../shared/result.ts';

/**
 * Ctrl+C, `kill`, a closed terminal, and Ctrl+Break on Windows. A system that does not have one of them never sends it.
 */
const ENDING_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'];

/**
 * npm forwards a signal that the terminal has sent to the whole process group: the same Ctrl+C arrives twice. Only one
 * that comes later than this ends the process at once.
 */
const IMPATIENT_MS = 500;

export interface Ending {
  /** Aborted by the first signal; its reason is the problem that the run ends with. */
  readonly signal: AbortSignal;
  /** The first signal. */
  name(): NodeJS.Signals | undefined;
  /**
   * Installs the handlers; until then a signal ends the process by default. `atOnce` is called for a later signal: it
   * must clean up synchronously and end the process.
   */
  handleSignals(atOnce: (problem: Problem) => void): void;
}

export function createEnding(impatientMs = IMPATIENT_MS): Ending {
  const controller = new AbortController();
  let first: { readonly name: NodeJS.Signals; readonly atMs: number; readonly problem: Problem } | undefined;

  function handle(name: NodeJS.Signals, atOnce: (problem: Problem) => void): void {
    const atMs = performance.now();
    if (first !== undefined) {
      if (atMs - first.atMs >= impatientMs) atOnce(first.problem);
      return;
    }
    const message = `The exchange was cancelled by ${name}.`;
    first = { name, atMs, problem: { code: 'cancelled', message, detail: {} } };
    controller.abort(first.problem);
  }

  return {
    signal: controller.signal,
    name: () => first?.name,
    handleSignals(atOnce) {
      for (const name of ENDING_SIGNALS) {
        process.on(name, () => {
          handle(name, atOnce);
        });
      }
    },
  };
}

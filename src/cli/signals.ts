// The signals by which a person or the system ends the terminal command: the first one ends the run in order, a later one
// the process. index.ts says what is still to be done then.

import type { Problem } from '../shared/result.ts';

/**
 * Ctrl+C, `kill`, a terminal that was closed, and Ctrl+Break on Windows. A system that does not know one of them never
 * sends it.
 */
const ENDING_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'];

/**
 * npm passes on what the terminal has already sent to everyone: the same Ctrl+C arrives twice. Only one that comes later
 * than this is of somebody who does not want to wait.
 */
const IMPATIENT_MS = 500;

export interface Ending {
  /** Aborted by the first signal that is heard; its reason is the problem that the run ends with. */
  readonly signal: AbortSignal;
  /** The first signal that was heard. */
  name(): NodeJS.Signals | undefined;
  /**
   * From here on signals are heard: until then they end the process as they always do. `atOnce` is called for one of
   * somebody who does not want to wait, has to do without waiting what there is to do, and ends the process.
   */
  hear(atOnce: (problem: Problem) => void): void;
}

export function createEnding(impatientMs = IMPATIENT_MS): Ending {
  const controller = new AbortController();
  let first: { readonly name: NodeJS.Signals; readonly atMs: number; readonly problem: Problem } | undefined;

  function take(name: NodeJS.Signals, atOnce: (problem: Problem) => void): void {
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
    hear(atOnce) {
      for (const name of ENDING_SIGNALS) {
        process.on(name, () => {
          take(name, atOnce);
        });
      }
    },
  };
}

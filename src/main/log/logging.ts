// Starts the log: whatever nobody caught ends in it and is told to the person in one sentence. log.ts takes what is
// written, log-file.ts has the file.

import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

import { dialog } from 'electron';

import { log, logFile, openLogBy } from './log.ts';

/** By then the window is there, which would have to wait for the log otherwise. */
const OPENED_AFTER_MS = 2_000;

/**
 * Starts logging; the file is opened a little later, or as soon as there is a warning or an error to write. `tell` shows
 * a sentence in the window and says whether there was one to show it in. Gives back what opens the file if it is not
 * open yet, so that a short life is logged, too.
 */
export function startLogging(tell: (text: string) => boolean): () => Promise<void> {
  async function open(): Promise<void> {
    const { openLogFile } = await import('./log-file.ts');
    openLogFile();
  }
  let opened: Promise<void> | undefined;
  function openOnce(): Promise<void> {
    return (opened ??= open());
  }
  openLogBy(() => void openOnce());
  void sleep(OPENED_AFTER_MS, undefined, { ref: false }).then(openOnce);

  async function reportUncaught(what: string, error: unknown): Promise<void> {
    // inspect() prints the whole chain of causes.
    log.error(`${what}: ${inspect(error)}`);
    await openOnce();
    const sentence = `Something went wrong that SocketScope was not prepared for. What it was is written in ${logFile()}.`;
    if (!tell(sentence)) dialog.showErrorBox('SocketScope', sentence);
  }
  process.on('uncaughtException', (error) => {
    void reportUncaught('Uncaught exception', error);
  });
  process.on('unhandledRejection', (reason) => {
    void reportUncaught('Unhandled rejection', reason);
  });
  return openOnce;
}

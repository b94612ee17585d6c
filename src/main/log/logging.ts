// Starts logging. Every uncaught error is logged and reported to the person in one sentence.

import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

import { dialog } from 'electron';

import { log, logFile, openLogBy } from './log.ts';

/** Late enough not to delay the window. */
const OPENED_AFTER_MS = 2_000;

/**
 * Starts logging. The file is opened a little later, or as soon as there is a warning or an error to write. `show` shows
 * a sentence in the window and returns whether there was a window. Returns a function that opens the file if it is not
 * open yet, so that a short run of the app is logged, too.
 */
export function startLogging(show: (text: string) => boolean): () => Promise<void> {
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
    if (!show(sentence)) dialog.showErrorBox('SocketScope', sentence);
  }
  process.on('uncaughtException', (error) => {
    void reportUncaught('Uncaught exception', error);
  });
  process.on('unhandledRejection', (reason) => {
    void reportUncaught('Unhandled rejection', reason);
  });
  return openOnce;
}

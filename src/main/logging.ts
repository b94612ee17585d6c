// The log: one file in the system's log folder, and warnings on standard error. Whatever nobody caught ends here and is
// told to the person in one sentence.

import { join } from 'node:path';
import { inspect } from 'node:util';

import { app, dialog, ipcMain } from 'electron';
import log from 'electron-log/main';

/** Where the log lies. Follows `--user-data-dir`, as the folder of the settings does. */
export function logFile(): string {
  return join(app.getPath('logs'), 'main.log');
}

/** The channel on which electron-log listens for pages, unasked, and answers whoever calls. */
const CHANNEL_OF_ELECTRON_LOG = '__ELECTRON_LOG__';

/** Starts logging. `tell` shows a sentence in the window and says whether there was one to show it in. */
export function startLogging(tell: (text: string) => boolean): void {
  log.transports.file.resolvePathFn = logFile;
  log.transports.file.level = 'info';
  log.transports.console.level = 'warn';
  log.transports.ipc.level = false;
  // The only calls that are answered are those of ipc.ts, which judges them.
  ipcMain.removeHandler(CHANNEL_OF_ELECTRON_LOG);
  ipcMain.removeAllListeners(CHANNEL_OF_ELECTRON_LOG);

  function reportUncaught(what: string, error: unknown): void {
    // inspect() prints the whole chain of causes.
    log.error(`${what}: ${inspect(error)}`);
    const sentence = `Something went wrong that SocketScope was not prepared for. What it was is written in ${logFile()}.`;
    if (!tell(sentence)) dialog.showErrorBox('SocketScope', sentence);
  }
  process.on('uncaughtException', (error) => {
    reportUncaught('Uncaught exception', error);
  });
  process.on('unhandledRejection', (reason) => {
    reportUncaught('Unhandled rejection', reason);
  });
}

// The log's file in the system's log folder, and warnings on standard error, by electron-log. logging.ts loads this late:
// electron-log brings HTTP and TLS along, for which the window would have to wait.

import { ipcMain } from 'electron';
import electronLog from 'electron-log/main';

import { connectLog, logFile } from './log.ts';

/** The channel on which electron-log listens for pages, unasked, and answers whoever calls. */
const CHANNEL_OF_ELECTRON_LOG = '__ELECTRON_LOG__';

/** Writes to the file from now on, first what has waited. */
export function openLogFile(): void {
  electronLog.transports.file.resolvePathFn = logFile;
  electronLog.transports.file.level = 'info';
  electronLog.transports.console.level = 'warn';
  electronLog.transports.ipc.level = false;
  // The only calls that are answered are those of calls.ts, which judges them.
  ipcMain.removeHandler(CHANNEL_OF_ELECTRON_LOG);
  ipcMain.removeAllListeners(CHANNEL_OF_ELECTRON_LOG);
  connectLog((level, parts) => {
    electronLog[level](...parts);
  });
}

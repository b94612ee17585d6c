// The log file in the system's log folder, and warnings on standard error, by electron-log. Must be loaded late:
// electron-log loads HTTP and TLS, which would delay the window.

import { ipcMain } from 'electron';
import electronLog from 'electron-log/main';

import { connectLog, logFile } from './log.ts';

/** electron-log listens on this channel by default and answers any page. */
const CHANNEL_OF_ELECTRON_LOG = '__ELECTRON_LOG__';

/** Opens the file. Writes first what was logged before. */
export function openLogFile(): void {
  electronLog.transports.file.resolvePathFn = logFile;
  electronLog.transports.file.level = 'info';
  electronLog.transports.console.level = 'warn';
  electronLog.transports.ipc.level = false;
  // Only calls whose sender and arguments are checked may be answered.
  ipcMain.removeHandler(CHANNEL_OF_ELECTRON_LOG);
  ipcMain.removeAllListeners(CHANNEL_OF_ELECTRON_LOG);
  connectLog((level, parts) => {
    electronLog[level](...parts);
  });
}

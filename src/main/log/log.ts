// The log of the main process. What is logged before the file is open is kept in memory and written then.

import { join } from 'node:path';

import { app } from 'electron';

type Level = 'info' | 'warn' | 'error';

/** Writes one entry; `parts` are a sentence and values that belong to it (an error, an object), as for console.log. */
export type LogWriter = (level: Level, parts: readonly unknown[]) => void;

const waiting: { readonly level: Level; readonly parts: readonly unknown[] }[] = [];

let open: () => void = () => undefined;

function isUrgent(level: Level): boolean {
  return level !== 'info';
}

let write: LogWriter = (level, parts) => {
  waiting.push({ level, parts });
  if (isUrgent(level)) open();
};

export const log = {
  info: (...parts: readonly unknown[]): void => {
    write('info', parts);
  },
  warn: (...parts: readonly unknown[]): void => {
    write('warn', parts);
  },
  error: (...parts: readonly unknown[]): void => {
    write('error', parts);
  },
};

/** `opener` is called as soon as a warning or an error is pending; it must connect the log. */
export function openLogBy(opener: () => void): void {
  open = opener;
  if (waiting.some(({ level }) => isUrgent(level))) open();
}

/** `writer` writes from now on. It gets the pending entries first. */
export function connectLog(writer: LogWriter): void {
  write = writer;
  for (const { level, parts } of waiting.splice(0)) writer(level, parts);
}

/** The path of the log file. Follows `--user-data-dir`, as the settings' folder does. */
export function logFile(): string {
  return join(app.getPath('logs'), 'main.log');
}

// The log, as everything in main writes to it. What is written before log-file.ts has opened the file waits here.

import { join } from 'node:path';

import { app } from 'electron';

type Level = 'info' | 'warn' | 'error';

/** Takes what is written; `parts` are a sentence and what belongs to it (an error, an object), as console.log takes them. */
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

/** `opener` is called when something waits that is not to wait, a warning or an error; it connects the log. */
export function openLogBy(opener: () => void): void {
  open = opener;
  if (waiting.some(({ level }) => isUrgent(level))) open();
}

/** From now on `writer` writes, first what has waited. */
export function connectLog(writer: LogWriter): void {
  write = writer;
  for (const { level, parts } of waiting.splice(0)) writer(level, parts);
}

/** Where the log lies. Follows `--user-data-dir`, as the folder of the settings does. */
export function logFile(): string {
  return join(app.getPath('logs'), 'main.log');
}

// The end of a start that did not get the single-instance lock. Mostly another start is open and was sent what there was
// to open, but Chromium also refuses the lock where it cannot write it.

import { lstatSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { app, dialog } from 'electron';

import { formatCountOf } from '../shared/format.ts';
import type { StartMessage } from './start-arguments.ts';
import { systemErrorOf } from '../engine/system/system-error.ts';
import { temporaryProblem } from '../engine/files/file-problems.ts';

/** Chromium's link to the open app, in the folder of its data. Windows has no such file. */
const LOCK = 'SingletonLock';

/** Prints that the open app opens what was given, or shows why nothing is opened, and exits. */
export function endWithoutLock(message: StartMessage): void {
  const problem = lockProblem();
  if (problem === undefined) {
    process.stdout.write(`SocketScope is already open: ${whatFirstDoes(message)}.\n`);
    app.exit(0);
    return;
  }
  // The dialog must wait until Chromium is ready; a terminal gets the sentence at once.
  process.stderr.write(`${problem}\n`);
  void app.whenReady().then(() => {
    dialog.showErrorBox('SocketScope cannot start', problem);
    app.exit(1);
  });
}

function whatFirstDoes({ files: [file], count }: StartMessage): string {
  if (count > 1) return `${formatCountOf(count, 'file')} came at once, and its window opens one at a time`;
  if (file !== undefined) return `${basename(file)} was handed to its window`;
  return 'its window was brought to the front';
}

/** Why the lock could not be written; undefined where another start has it. */
function lockProblem(): string | undefined {
  const data = app.getPath('userData');
  if (process.platform === 'win32') return undefined;
  if (lstatSync(join(data, LOCK), { throwIfNoEntry: false }) !== undefined) return undefined;
  const temporary = tmpdir();
  const inTemporary = writingError(temporary);
  if (inTemporary !== undefined) return temporaryProblem(inTemporary, temporary).message;
  const inData = writingError(data);
  if (inData === undefined) return undefined;
  return `SocketScope cannot write in ${data}, where it keeps its settings (${systemErrorOf(inData).code}). Free some space on its disk or change its permissions, and start again.`;
}

/** The error of making a folder in `folder`; undefined where it works. */
function writingError(folder: string): unknown {
  try {
    rmdirSync(mkdtempSync(join(folder, 'socketscope-start-')));
    return undefined;
  } catch (error) {
    return error;
  }
}

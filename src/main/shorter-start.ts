// Starts the app again with a shorter command line. Must be used instead of asking for the lock where the command line is
// too long: Chromium sends it whole, and a long one ends the app that is running.

import { spawnSync } from 'node:child_process';

import { dialog } from 'electron';

import { formatCountOf } from '../shared/format.ts';
import {
  fitsIntoMessage,
  startMessageOf,
  readArguments,
  withoutFiles,
  type StartEnvironment,
} from './start-arguments.ts';

/**
 * Starts the app with the number of its files instead of the files, and waits for its end. Returns the exit code. Shows an
 * error and returns 1 where the command line is still too long without the files.
 */
export function startShorter(argv: readonly string[], environment: StartEnvironment): number {
  const [program = '', ...args] = argv;
  const shorter = withoutFiles(argv, environment);
  const message = startMessageOf(readArguments([program, ...shorter], environment));
  if (message.count < 2 || !fitsIntoMessage([program, ...shorter], environment.cwd, message)) {
    const bytes = args.reduce((sum, argument) => sum + Buffer.byteLength(argument) + 1, 0);
    dialog.showErrorBox(
      'SocketScope',
      `The command line has ${formatCountOf(bytes, 'byte')}, more than SocketScope can take. Give it one file and fewer options.`,
    );
    return 1;
  }
  // Blocks on purpose: Chromium goes on only after this, and it must not touch the profile that the other start uses.
  const { status, error } = spawnSync(process.execPath, shorter, { stdio: 'inherit' });
  if (error !== undefined)
    dialog.showErrorBox('SocketScope', `SocketScope could not be started: ${error.message}.`);
  return status ?? 1;
}

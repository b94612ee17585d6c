// Starts the app once more with a command line that a second start can hand to the first one. index.ts calls it instead of
// asking for the lock: Chromium sends the command line as it is, and a long one ends the app that is running.

import { spawnSync } from 'node:child_process';

import { dialog } from 'electron';

import { formatCountOf } from '../shared/format.ts';
import {
  fitsIntoMessage,
  handedOverBy,
  readArguments,
  withoutFiles,
  type Surroundings,
} from './start-arguments.ts';

/**
 * Starts the app without its files, which says their number, and waits for its end. Gives the exit code. Where the files
 * are not what makes the command line long, says so and gives 1.
 */
export function startShorter(argv: readonly string[], surroundings: Surroundings): number {
  const [program = '', ...args] = argv;
  const shorter = withoutFiles(argv, surroundings);
  const handedOver = handedOverBy(readArguments([program, ...shorter], surroundings));
  if (handedOver.count < 2 || !fitsIntoMessage([program, ...shorter], surroundings.cwd, handedOver)) {
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

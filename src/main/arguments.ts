// What a start of the app was given on its command line: files to open and a port. Hands on to index.ts, and, for a
// second start, over the single-instance lock to the first one.

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { failed, type Problem } from '../shared/result.ts';

export interface StartArguments {
  /** Absolute paths, in the order given. They need not exist: opening them says so. */
  readonly files: readonly string[];
  /** `--port N`: the port for this start, whatever the settings say. */
  readonly port?: number;
  /** An option that made no sense; the rest was read as if it had not been there. */
  readonly problem?: Problem;
}

interface Surroundings {
  /** Relative paths are seen from here. */
  readonly cwd: string;
  /** True where Electron runs a folder (`electron FOLDER file`): the first argument that is no switch is the app. */
  readonly runsAFolder: boolean;
}

/** Electron's own switches that take the next argument as their value. */
const TAKES_A_VALUE = new Set(['-r', '--require', '-i', '--interactive']);

function portOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port <= 65_535 ? port : undefined;
}

/** A path as given: a `file:` URI (file managers hand these over) or a path, relative or not. */
function pathOf(argument: string, cwd: string): string {
  if (/^file:/i.test(argument)) {
    try {
      return fileURLToPath(argument);
    } catch {
      // No URI after all, or one of another host: opening it as a path says that there is no such file.
    }
  }
  return resolve(cwd, argument);
}

/**
 * Reads a command line. Chromium and Electron put their switches anywhere, so nothing is told by its position: what
 * begins with a dash is a switch and is passed over, the rest are files; after `--` everything is a file.
 */
export function readArguments(argv: readonly string[], surroundings: Surroundings): StartArguments {
  const files: string[] = [];
  let port: number | undefined;
  let problem: Problem | undefined;
  let appStillToCome = surroundings.runsAFolder;
  let onlyFilesFollow = false;

  for (let index = 1; index < argv.length; index += 1) {
    const argument = argv[index] ?? '';
    if (argument === '') continue;
    if (!onlyFilesFollow && argument === '--') {
      onlyFilesFollow = true;
    } else if (!onlyFilesFollow && (argument === '--port' || argument.startsWith('--port='))) {
      if (argument === '--port') index += 1;
      const given = argument === '--port' ? argv[index] : argument.slice('--port='.length);
      port = portOf(given);
      if (port === undefined) {
        problem = failed(
          'bad-option',
          `--port ${given ?? ''} is not a port: give a number from 0 to 65535, where 0 is any free port.`,
        ).problem;
      }
    } else if (!onlyFilesFollow && argument.startsWith('-')) {
      if (TAKES_A_VALUE.has(argument)) index += 1;
    } else if (appStillToCome) {
      appStillToCome = false;
    } else {
      files.push(pathOf(argument, surroundings.cwd));
    }
  }
  return { files, ...(port === undefined ? {} : { port }), ...(problem === undefined ? {} : { problem }) };
}

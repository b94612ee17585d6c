// What a start of the app was given on its command line: files to open and a port. Hands on to index.ts, and, for a
// second start, over the single-instance lock to the first one. Chromium takes little there, so this file also measures
// a command line and shortens one that is too long.

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { failed, type Problem } from '../shared/result.ts';

export interface StartArguments {
  /** Absolute paths, in the order given. They need not exist: opening them says so. */
  readonly files: readonly string[];
  /** The number of files that a start with a shortened command line had: `files` names none of them. */
  readonly filesLeftOut?: number;
  /** `--port N`: the port for this start, whatever the settings say. */
  readonly port?: number;
  /** An option that made no sense; the rest was read as if it had not been there. */
  readonly problem?: Problem;
}

/** What a second start hands to the first one. Of several files only the number counts: one is opened at a time. */
export interface HandedOver {
  /** One file, or none. */
  readonly files: readonly string[];
  /** The number of files given; larger than that of `files` where there were several. */
  readonly count: number;
  readonly port: number | null;
}

export interface Surroundings {
  /** Relative paths are seen from here. */
  readonly cwd: string;
  /** True where Electron runs a folder (`electron FOLDER file`): the first argument that is no switch is the app. */
  readonly runsAFolder: boolean;
}

/** Electron's own switches that take the next argument as their value. */
const TAKES_A_VALUE = new Set(['-r', '--require', '-i', '--interactive']);

/** How a shortened command line says how many files were left out of it. */
const FILES_LEFT_OUT = '--files-left-out=';

/**
 * Chromium sends a second start's whole command line, its folder and what we hand over to the first start, which has room
 * for 32 KiB (chrome/browser/process_singleton_posix.cc); a longer message ends the first start's process (tried with
 * Electron 33). The rest is for the switches that Chromium adds.
 */
const MAX_MESSAGE_BYTES = 28 * 1024;

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

interface Sorted {
  readonly start: StartArguments;
  /** Everything that is no file, in the order given: switches, their values, and the app's folder. */
  readonly others: readonly string[];
}

/**
 * Sorts a command line. Chromium and Electron put their switches anywhere, so nothing is told by its position: what
 * begins with a dash is a switch and is passed over, the rest are files; after `--` everything is a file.
 */
function sortArguments(argv: readonly string[], surroundings: Surroundings): Sorted {
  const files: string[] = [];
  const others: string[] = [];
  let filesLeftOut: number | undefined;
  let port: number | undefined;
  let problem: Problem | undefined;
  let appStillToCome = surroundings.runsAFolder;
  let onlyFilesFollow = false;

  for (let index = 1; index < argv.length; index += 1) {
    const first = index;
    const argument = argv[index] ?? '';
    if (argument === '') continue;
    if (!onlyFilesFollow && argument === '--') {
      onlyFilesFollow = true;
      continue;
    }
    if (!onlyFilesFollow && (argument === '--port' || argument.startsWith('--port='))) {
      if (argument === '--port') index += 1;
      const given = argument === '--port' ? argv[index] : argument.slice('--port='.length);
      port = portOf(given);
      if (port === undefined) {
        problem = failed(
          'bad-option',
          `--port ${given ?? ''} is not a port: give a number from 0 to 65535, where 0 is any free port.`,
        ).problem;
      }
    } else if (!onlyFilesFollow && argument.startsWith(FILES_LEFT_OUT)) {
      const count = argument.slice(FILES_LEFT_OUT.length);
      if (/^\d{1,9}$/.test(count)) filesLeftOut = Number(count);
    } else if (!onlyFilesFollow && argument.startsWith('-')) {
      if (TAKES_A_VALUE.has(argument)) index += 1;
    } else if (appStillToCome) {
      appStillToCome = false;
    } else {
      files.push(pathOf(argument, surroundings.cwd));
      continue;
    }
    others.push(...argv.slice(first, index + 1));
  }
  return {
    start: {
      files,
      ...(filesLeftOut === undefined ? {} : { filesLeftOut }),
      ...(port === undefined ? {} : { port }),
      ...(problem === undefined ? {} : { problem }),
    },
    others,
  };
}

/** Reads a command line: files to open, and a port. */
export function readArguments(argv: readonly string[], surroundings: Surroundings): StartArguments {
  return sortArguments(argv, surroundings).start;
}

/** The same command line without its files and without the program; a switch says how many files it had. */
export function withoutFiles(argv: readonly string[], surroundings: Surroundings): readonly string[] {
  const { start, others } = sortArguments(argv, surroundings);
  return [...others, `${FILES_LEFT_OUT}${countOf(start)}`];
}

function countOf({ files, filesLeftOut = 0 }: StartArguments): number {
  return files.length + filesLeftOut;
}

/** What a second start with these arguments hands to the first one. */
export function handedOverBy(given: StartArguments): HandedOver {
  const count = countOf(given);
  return { files: count === 1 ? given.files : [], count, port: given.port ?? null };
}

/** Whether a second start with this command line fits into the message to the first one, with what it hands over. */
export function fitsIntoMessage(argv: readonly string[], cwd: string, { files }: HandedOver): boolean {
  let bytes = Buffer.byteLength(cwd);
  for (const argument of argv) bytes += Buffer.byteLength(argument) + 1;
  // Strings are handed over in up to two bytes a character.
  for (const file of files) bytes += 2 * file.length;
  return bytes <= MAX_MESSAGE_BYTES;
}

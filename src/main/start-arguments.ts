// Parses the command line of a start: files to open and a port. A second start sends them to the first one with the
// single-instance lock. Chromium limits that message, so a command line can be measured and shortened here.

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { failed, type Problem } from '../shared/result.ts';

export interface StartArguments {
  /** Absolute paths, in the order given. They need not exist: opening them reports that. */
  readonly files: readonly string[];
  /** The number of files left out of a shortened command line: `files` names none of them. */
  readonly filesLeftOut?: number;
  /** `--port N`: the port for this start, in place of the setting. */
  readonly port?: number;
  /** An invalid option; the rest was parsed without it. */
  readonly problem?: Problem;
}

/** What a second start sends to the first one. Of several files only the number is sent: one is opened at a time. */
export interface StartMessage {
  /** One file, or none. */
  readonly files: readonly string[];
  /** The number of files given; larger than that of `files` where there were several. */
  readonly count: number;
  readonly port: number | null;
}

export interface StartEnvironment {
  /** Relative paths are resolved from here. */
  readonly cwd: string;
  /** True where Electron runs a folder (`electron FOLDER file`): the first argument that is not a switch is the app. */
  readonly runsAFolder: boolean;
}

/** Electron's own switches whose value is the next argument. */
const SWITCHES_WITH_VALUE = new Set(['-r', '--require', '-i', '--interactive']);

/** The switch with the number of files that were left out of a shortened command line. */
const FILES_LEFT_OUT = '--files-left-out=';

/**
 * Chromium sends a second start's whole command line, its folder and our own data to the first start, whose buffer has
 * 32 KiB (chrome/browser/process_singleton_posix.cc). A longer message ends the first start's process (tried with
 * Electron 33). The rest is for the switches that Chromium adds.
 */
const MAX_MESSAGE_BYTES = 28 * 1024;

function portOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port <= 65_535 ? port : undefined;
}

/** The absolute path of an argument: a `file:` URI (file managers pass these) or a path, relative or not. */
function pathOf(argument: string, cwd: string): string {
  if (/^file:/i.test(argument)) {
    try {
      // A link to a moment of a run, as documents/link.ts has it.
      const [link = ''] = /#fact=\d+$/.exec(argument) ?? [];
      return fileURLToPath(argument) + link;
    } catch {
      // An invalid URI, or one of another host: opening it as a path reports that there is no such file.
    }
  }
  return resolve(cwd, argument);
}

interface Sorted {
  readonly start: StartArguments;
  /** Everything that is not a file, in the order given: switches, their values, and the app's folder. */
  readonly others: readonly string[];
}

/**
 * Sorts a command line. Chromium and Electron put their switches anywhere, so a position means nothing. What begins with
 * a dash is a switch and is ignored, the rest are files. After `--` everything is a file.
 */
function sortArguments(argv: readonly string[], environment: StartEnvironment): Sorted {
  const files: string[] = [];
  const others: string[] = [];
  let filesLeftOut: number | undefined;
  let port: number | undefined;
  let problem: Problem | undefined;
  let appStillToCome = environment.runsAFolder;
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
      if (SWITCHES_WITH_VALUE.has(argument)) index += 1;
    } else if (appStillToCome) {
      appStillToCome = false;
    } else {
      files.push(pathOf(argument, environment.cwd));
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

/** Parses a command line: files to open, and a port. */
export function readArguments(argv: readonly string[], environment: StartEnvironment): StartArguments {
  return sortArguments(argv, environment).start;
}

/** The same command line without its files and without the program; a switch has the number of its files. */
export function withoutFiles(argv: readonly string[], environment: StartEnvironment): readonly string[] {
  const { start, others } = sortArguments(argv, environment);
  return [...others, `${FILES_LEFT_OUT}${countOf(start)}`];
}

function countOf({ files, filesLeftOut = 0 }: StartArguments): number {
  return files.length + filesLeftOut;
}

/** What a second start with these arguments sends to the first one. */
export function startMessageOf(given: StartArguments): StartMessage {
  const count = countOf(given);
  return { files: count === 1 ? given.files : [], count, port: given.port ?? null };
}

/** Whether Chromium's message to the first start has room for this command line and for our own data. */
export function fitsIntoMessage(argv: readonly string[], cwd: string, { files }: StartMessage): boolean {
  let bytes = Buffer.byteLength(cwd);
  for (const argument of argv) bytes += Buffer.byteLength(argument) + 1;
  // Strings are sent in up to two bytes a character.
  for (const file of files) bytes += 2 * file.length;
  return bytes <= MAX_MESSAGE_BYTES;
}

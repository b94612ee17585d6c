// A program that does over real sockets what an experiment shows: its lines, and what each of them does. Pure.

import type { OptionValues } from '../definitions.ts';
import type { Framing, Side } from '../../trace/fact.ts';

export type Language = 'Python' | 'Node';

export const LANGUAGES: readonly Language[] = ['Python', 'Node'];

/** What a line of a program does, as far as a fact can show it. */
export type Call =
  | 'socket'
  | 'bind'
  | 'listen'
  | 'accept'
  | 'connect'
  | 'connected'
  | 'send'
  | 'sleep'
  | 'recv'
  | 'transform'
  | 'use'
  | 'end'
  | 'close'
  | 'close-server'
  | 'fail'
  // The second server of `in-use`.
  | 'socket-2'
  | 'bind-2'
  | 'fail-2'
  | 'close-server-2'
  // The program that had the port before, in `in-use`.
  | 'program'
  | 'program-over';

export interface ProgramLine {
  readonly text: string;
  /** Whose calls these are. */
  readonly side: Side;
  readonly calls: readonly Call[];
}

/** A program as a file. One with both sides runs them as two threads, or one after the other. */
export interface Program {
  /** Such as `server.py`. */
  readonly file: string;
  readonly sides: readonly Side[];
  readonly lines: readonly ProgramLine[];
}

/** The program that had the port before, in `in-use`. */
export const PREVIOUS_OWNER_FILE = 'before.py';

/** Everything on which the programs depend. */
export interface ProgramOptions extends OptionValues {
  /** What the server of `boundaries` treats as a line. */
  readonly framing: Framing;
  /** The server listens on every address of its machine, where its experiment may. */
  readonly openToNetwork: boolean;
  /** The file that the client reads, without its folder. */
  readonly inputName: string;
  /** The file that the client of `file` writes, without its folder. */
  readonly outputName: string;
}

/** A line, or a line with what it does. */
export type SourceLine = string | readonly [text: string, ...calls: readonly Call[]];
export type Source = readonly SourceLine[];

export function indented(source: Source, by: string): Source {
  return source.map((line) => {
    if (typeof line === 'string') return line === '' ? '' : by + line;
    const [text, ...calls] = line;
    return [by + text, ...calls] as const;
  });
}

function linesOf(source: Source, side: Side): readonly ProgramLine[] {
  return source.map((line) => {
    if (typeof line === 'string') return { text: line, side, calls: [] };
    const [text, ...calls] = line;
    return { text, side, calls };
  });
}

/** A program of one side. */
export function program(file: string, side: Side, source: Source): Program {
  return { file, sides: [side], lines: linesOf(source, side) };
}

/** A program of both sides, in parts. */
export function programOfBoth(
  file: string,
  parts: readonly { readonly side: Side; readonly source: Source }[],
): Program {
  return {
    file,
    sides: ['client', 'server'],
    lines: parts.flatMap(({ side, source }) => linesOf(source, side)),
  };
}

/** The lines that start the programs in a terminal, the servers first. */
export function startLines(programs: readonly Program[]): readonly string[] {
  const isClient = ({ sides }: Program): boolean => sides.length === 1 && sides[0] === 'client';
  const before = programs.filter(({ file }) => file === PREVIOUS_OWNER_FILE);
  const rest = programs.filter(({ file }) => file !== PREVIOUS_OWNER_FILE);
  // Who had the port before serves the client; the server comes when both have ended.
  const inOrder =
    before.length > 0
      ? [...before, ...rest.filter(isClient), ...rest.filter((each) => !isClient(each))]
      : [...rest.filter((each) => !isClient(each)), ...rest.filter(isClient)];
  return inOrder.map(({ file }) => `${file.endsWith('.py') ? 'python3' : 'node'} ${file}`);
}

/** The text of the file. */
export function textOf({ lines }: Program): string {
  return lines.map(({ text }) => `${text}\n`).join('');
}

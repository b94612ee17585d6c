// Reads the command line of the terminal command: what was asked for, or the one sentence that says what is wrong with it.
// cli/index.ts does what was asked.

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { EARLIEST_START_MS, LATEST_START_MS } from '../shared/experiments/start-times.ts';
import { MOST_PAUSE_MS, MOST_PORT_RUNS, MOST_ROUNDS } from '../shared/experiments/round-limits.ts';
import { greetingProblem, textProblem } from '../engine/experiments/texts.ts';
import { COURSE_GREETING } from '../shared/ipc.ts';
import type { Problem, Result } from '../shared/result.ts';
import { failed, succeeded } from '../shared/result.ts';
import { EXPERIMENT_NAMES } from '../shared/trace/fact.ts';
import type { HandOver, ReadWhen, ReversalUnit, TakenBy, Transform } from '../shared/trace/fact.ts';

/** What is asked of every experiment. */
interface Asked {
  readonly tracePath: string | undefined;
  readonly port: number;
  readonly by: ReversalUnit;
  readonly maxLineBytes: number;
  readonly quiet: boolean;
  /** Waits for a port that somebody has. */
  readonly wait: boolean;
}

/** Of an experiment whose server may listen on every address of this machine. */
interface Openable {
  readonly openToNetwork: boolean;
}

export interface FileRequest extends Asked, Openable {
  readonly experiment: 'file';
  readonly inputPath: string;
  readonly outputPath: string;
  readonly transform: Transform;
}

interface StringRequest extends Asked, Openable {
  readonly experiment: 'string';
  readonly text: string;
  readonly transform: Transform;
}

interface WelcomeRequest extends Asked, Openable {
  readonly experiment: 'welcome';
  readonly greeting: string;
}

interface RefusedRequest extends Asked {
  readonly experiment: 'refused';
  readonly greeting: string;
  readonly startAfterMs: number;
}

interface InUseRequest extends Asked {
  readonly experiment: 'in-use';
  readonly takenBy: TakenBy;
}

export interface RaceRequest extends Asked {
  readonly experiment: 'race';
  readonly greeting: string;
  readonly rounds: number;
  readonly pauseMs: number;
}

export interface PortsRequest extends Asked {
  readonly experiment: 'ports';
  readonly greeting: string;
  readonly runs: number;
}

export interface BoundariesRequest extends Asked {
  readonly experiment: 'boundaries';
  readonly inputPath: string;
  readonly handOvers: readonly HandOver[];
  readonly readWhen: ReadWhen;
}

export type ExchangeRequest =
  | FileRequest
  | StringRequest
  | WelcomeRequest
  | RefusedRequest
  | InUseRequest
  | RaceRequest
  | PortsRequest
  | BoundariesRequest;

type Request = { readonly help: true } | { readonly help: false; readonly exchange: ExchangeRequest };

/** The port of the course. */
const DEFAULT_PORT = 50_007;
const DEFAULT_MAX_LINE_BYTES = 1_048_576;
const MOST_MAX_LINE_BYTES = 67_108_864;
/** Early enough to be refused, and nobody at a terminal has to wait for it. */
const DEFAULT_START_AFTER_MS = -100;

const TRANSFORMS: readonly Transform[] = ['reverse', 'upper-case', 'swap-case'];
/** The others show what happens on one machine alone. */
const OPENABLE: readonly ExchangeRequest['experiment'][] = ['file', 'string', 'welcome'];
const TAKEN_BY: readonly TakenBy[] = ['listener', 'time-wait'];
const HAND_OVERS: readonly HandOver[] = [
  'a-write-a-line',
  'all-at-once',
  'byte-by-byte',
  'inside-a-character',
];
const READ_WHEN: readonly ReadWhen[] = ['late', 'after-each-write'];

export const HELP = `usage: npm run -s exchange -- [options] INPUT OUTPUT
       npm run -s exchange -- --experiment string [options] TEXT
       npm run -s exchange -- --experiment boundaries [options] INPUT
       npm run -s exchange -- --experiment welcome|refused|in-use|race|ports [options]

Runs a server and a client over a real TCP connection on 127.0.0.1 and prints the exchange on standard
output. Experiments:

  file        sends INPUT line by line, waits for each line to come back reversed, and saves that as OUTPUT
  string      sends TEXT and prints how it came back
  welcome     the server greets the client and closes
  refused     as welcome, but the client starts before its server and is refused
  in-use      a server asks for a port that is taken
  race        server and client start at once in two threads, many times
  boundaries  hands INPUT in four ways to three servers, and prints what each of them gave back
  ports       many clients one after the other; prints the port that each was given

  --experiment NAME ${listOf(EXPERIMENT_NAMES)} (file)
  --greeting TEXT   what the server says, for welcome, refused, race and ports (${COURSE_GREETING})
  --start-after MS  when the client starts, for refused: ${EARLIEST_START_MS} to ${LATEST_START_MS} ms after the server listens;
                    negative is before it, and from 0 on it is greeted (${DEFAULT_START_AFTER_MS})
  --taken-by WHOM   who has the port, for in-use: listener, or time-wait, what a program of Python leaves
                    behind (needs python3) (listener)
  --rounds N        how often, for race: 1 to ${MOST_ROUNDS} (60)
  --pause MS        how long the client's thread waits after the server's, for race: 0 to ${MOST_PAUSE_MS} ms (0)
  --runs N          how often, for ports: 1 to ${MOST_PORT_RUNS} (10)
  --hand-over WAY   one way alone, for boundaries: ${listOf(HAND_OVERS)}
  --read WHEN       when a server reads, for boundaries: late, when all waits in the kernel, or
                    after-each-write (late)
  --wait            waits for a port that is taken, and asks for it again when it is free; not for race
  --port N          port of the server, 0 to 65535; 0 takes any free one (${DEFAULT_PORT})
  --transform HOW   what the server does with a line, for file and string: ${listOf(TRANSFORMS)}
                    (reverse)
  --by UNIT         what a line is reversed by, for file and string: grapheme, codepoint or byte (grapheme)
  --max-line BYTES  longest line, for file: 1 to ${MOST_MAX_LINE_BYTES} bytes before its LF (${DEFAULT_MAX_LINE_BYTES})
  --open-to-network for file, string and welcome: the server listens on every IPv4 address of this
                    machine, where anybody in its network can connect, and not on 127.0.0.1 alone
  --trace FILE      also save everything that happened: JSON lines, one fact a line with seq, atUs and kind
  --quiet           print nothing on success
  --help            print this

A TEXT that begins with a dash goes behind --. OUTPUT and FILE are replaced only by a whole new file. A
failure is one line on standard error and exit status 1: it names what is at fault, and the temporary file
with what had come back until then. For refused and in-use the error is what they are for: its code, number
and sentence end standard output, followed for in-use by who has the port, and the exit status is 0.
`;

/**
 * Takes the arguments after the program's name. Paths are resolved against `folder`. Where the problem is one of the
 * arguments its code is `bad-option`.
 */
export function parseRequest(args: readonly string[], folder: string): Result<Request> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return usage(error instanceof Error ? firstSentence(error.message) : 'The arguments make no sense.');
  }
  const { values, positionals } = parsed;
  if (values.help) return succeeded({ help: true });
  const experiment = EXPERIMENT_NAMES.find((name) => name === values.experiment);
  if (experiment === undefined) {
    return usage(`--experiment takes ${listOf(EXPERIMENT_NAMES)}, not ${values.experiment}.`);
  }
  const given = { experiment, values, positionals, folder };
  const misplaced = optionOfAnother(given);
  if (misplaced !== undefined) return misplaced;
  const what = whatToSend(given);
  if (!what.ok) return what;
  const common = readCommon(given);
  return common.ok ? succeeded({ help: false, exchange: { ...what.value, ...common.value } }) : common;
}

interface Given extends ReturnType<typeof parse> {
  readonly experiment: ExchangeRequest['experiment'];
  readonly folder: string;
}

/** An option that means nothing in this experiment is a mistake: who gave it expects something of it. */
function optionOfAnother({ experiment, values }: Given): Result<never> | undefined {
  const unused: readonly (readonly [string, string | undefined, string, readonly Given['experiment'][]])[] = [
    [
      '--greeting',
      values.greeting,
      'welcome, refused, race and ports',
      ['welcome', 'refused', 'race', 'ports'],
    ],
    ['--taken-by', values['taken-by'], 'in-use', ['in-use']],
    ['--rounds', values.rounds, 'race', ['race']],
    ['--pause', values.pause, 'race', ['race']],
    ['--runs', values.runs, 'ports', ['ports']],
    ['--hand-over', values['hand-over'], 'boundaries', ['boundaries']],
    ['--read', values.read, 'boundaries', ['boundaries']],
    ['--start-after', values['start-after'], 'refused', ['refused']],
    ['--transform', values.transform, 'file and string', ['file', 'string']],
    ['--by', values.by, 'file and string', ['file', 'string']],
    ['--max-line', values['max-line'], 'file', ['file']],
  ];
  for (const [option, value, names, used] of unused) {
    if (value !== undefined && !used.includes(experiment)) {
      return usage(`${option} is for ${names} and means nothing with ${experiment}.`);
    }
  }
  const { by, transform, wait } = values;
  if (values['open-to-network'] && !OPENABLE.includes(experiment)) {
    return usage(
      `--open-to-network is for file, string and welcome and means nothing with ${experiment}, which stays on 127.0.0.1.`,
    );
  }
  if (wait && experiment === 'race') {
    return usage('--wait means nothing with race, which asks for its port in every round.');
  }
  if (by !== undefined && transform !== undefined && transform !== 'reverse') {
    return usage(`--by is for --transform reverse and means nothing with ${transform}.`);
  }
  return undefined;
}

type WhatToSend =
  | Pick<FileRequest, 'experiment' | 'inputPath' | 'outputPath' | 'transform' | 'openToNetwork'>
  | Pick<StringRequest, 'experiment' | 'text' | 'transform' | 'openToNetwork'>
  | Pick<WelcomeRequest, 'experiment' | 'greeting' | 'openToNetwork'>
  | Pick<RefusedRequest, 'experiment' | 'greeting' | 'startAfterMs'>
  | Pick<InUseRequest, 'experiment' | 'takenBy'>
  | Pick<RaceRequest, 'experiment' | 'greeting' | 'rounds' | 'pauseMs'>
  | Pick<PortsRequest, 'experiment' | 'greeting' | 'runs'>
  | Pick<BoundariesRequest, 'experiment' | 'inputPath' | 'handOvers' | 'readWhen'>;

function whatToSend({ experiment, values, positionals, folder }: Given): Result<WhatToSend> {
  const [first, second] = positionals;
  const count = positionals.length;
  const openToNetwork = values['open-to-network'];
  switch (experiment) {
    case 'file': {
      if (first === undefined || second === undefined || count > 2) {
        return usage(`Two files are wanted, INPUT and OUTPUT; ${count} were given.`);
      }
      const wrong = wrongPath('INPUT', first) ?? wrongPath('OUTPUT', second);
      if (wrong !== undefined) return wrong;
      const transform = readTransform(values.transform);
      if (!transform.ok) return transform;
      return succeeded({
        experiment,
        inputPath: resolve(folder, first),
        outputPath: resolve(folder, second),
        transform: transform.value,
        openToNetwork,
      });
    }
    case 'string': {
      if (first === undefined || count > 1) {
        return usage(`One TEXT is wanted; ${count} were given: put one of several words in quotation marks.`);
      }
      const transform = readTransform(values.transform);
      if (!transform.ok) return transform;
      return unlessRefused(textProblem(first), {
        experiment,
        text: first,
        transform: transform.value,
        openToNetwork,
      });
    }
    case 'in-use': {
      if (count > 0) return takesNothing(experiment, count);
      const { 'taken-by': by = 'listener' } = values;
      const takenBy = TAKEN_BY.find((known) => known === by);
      if (takenBy === undefined) return usage(`--taken-by takes ${listOf(TAKEN_BY)}, not ${by}.`);
      return succeeded({ experiment, takenBy });
    }
    case 'race': {
      if (count > 0) return takesNothing(experiment, count);
      const { greeting = COURSE_GREETING, rounds: often = '60', pause = '0' } = values;
      const rounds = wholeNumber(often, 1, MOST_ROUNDS);
      if (rounds === undefined) {
        return usage(`--rounds takes a number from 1 to ${MOST_ROUNDS}, not ${often}.`);
      }
      const pauseMs = wholeNumber(pause, 0, MOST_PAUSE_MS);
      if (pauseMs === undefined) {
        return usage(`--pause takes a number of ms from 0 to ${MOST_PAUSE_MS}, not ${pause}.`);
      }
      return unlessRefused(greetingProblem(greeting), { experiment, greeting, rounds, pauseMs });
    }
    case 'ports': {
      if (count > 0) return takesNothing(experiment, count);
      const { greeting = COURSE_GREETING, runs: often = '10' } = values;
      const runs = wholeNumber(often, 1, MOST_PORT_RUNS);
      if (runs === undefined) {
        return usage(`--runs takes a number from 1 to ${MOST_PORT_RUNS}, not ${often}.`);
      }
      return unlessRefused(greetingProblem(greeting), { experiment, greeting, runs });
    }
    case 'boundaries': {
      if (first === undefined || count > 1) {
        return usage(`One file is wanted, INPUT; ${count} were given.`);
      }
      const { 'hand-over': way, read = 'late' } = values;
      const known = HAND_OVERS.find((name) => name === way);
      if (way !== undefined && known === undefined) {
        return usage(`--hand-over takes ${listOf(HAND_OVERS)}, not ${way}.`);
      }
      const readWhen = READ_WHEN.find((name) => name === read);
      if (readWhen === undefined) return usage(`--read takes ${listOf(READ_WHEN)}, not ${read}.`);
      const handOvers = known === undefined ? HAND_OVERS : [known];
      const inputPath = resolve(folder, first);
      return wrongPath('INPUT', first) ?? succeeded({ experiment, inputPath, handOvers, readWhen });
    }
    case 'refused': {
      if (count > 0) return takesNothing(experiment, count);
      const { greeting = COURSE_GREETING } = values;
      const after = values['start-after'] ?? String(DEFAULT_START_AFTER_MS);
      const startAfterMs = wholeNumber(after, EARLIEST_START_MS, LATEST_START_MS);
      if (startAfterMs === undefined) {
        return usage(
          `--start-after takes a number of ms from ${EARLIEST_START_MS} to ${LATEST_START_MS}, not ${after}.`,
        );
      }
      return unlessRefused(greetingProblem(greeting), { experiment, greeting, startAfterMs });
    }
    case 'welcome': {
      if (count > 0) return takesNothing(experiment, count);
      const { greeting = COURSE_GREETING } = values;
      return unlessRefused(greetingProblem(greeting), { experiment, greeting, openToNetwork });
    }
  }
}

function readTransform(asked = 'reverse'): Result<Transform> {
  const transform = TRANSFORMS.find((known) => known === asked);
  return transform === undefined
    ? usage(`--transform takes ${listOf(TRANSFORMS)}, not ${asked}.`)
    : succeeded(transform);
}

function takesNothing(experiment: string, count: number): Result<never> {
  return usage(`${experiment} takes no file and no text; ${count} were given.`);
}

function unlessRefused<Value>(problem: Problem | undefined, value: Value): Result<Value> {
  return problem === undefined ? succeeded(value) : { ok: false, problem };
}

function readCommon({ values, folder }: Given): Result<Asked> {
  const { trace, quiet, wait } = values;
  const wrong = trace === undefined ? undefined : wrongPath('--trace', trace);
  if (wrong !== undefined) return wrong;
  const port = wholeNumber(values.port, 0, 65_535);
  if (port === undefined) return usage(`--port takes a number from 0 to 65535, not ${values.port}.`);
  const maxLine = values['max-line'] ?? String(DEFAULT_MAX_LINE_BYTES);
  const maxLineBytes = wholeNumber(maxLine, 1, MOST_MAX_LINE_BYTES);
  if (maxLineBytes === undefined) {
    return usage(`--max-line takes a number of bytes from 1 to ${MOST_MAX_LINE_BYTES}, not ${maxLine}.`);
  }
  const { by: unit = 'grapheme' } = values;
  const by = UNITS.find((known) => known === unit);
  if (by === undefined) return usage(`--by takes grapheme, codepoint or byte, not ${unit}.`);
  const tracePath = trace === undefined ? undefined : resolve(folder, trace);
  return succeeded({ tracePath, port, by, maxLineBytes, quiet, wait });
}

function wrongPath(name: string, path: string): Result<never> | undefined {
  if (path === '') return usage(`${name} is empty.`);
  return path.includes('\0') ? usage(`${name} has a NUL in it, which no path can have.`) : undefined;
}

const UNITS: readonly ReversalUnit[] = ['grapheme', 'codepoint', 'byte'];

function parse(args: readonly string[]) {
  return parseArgs({
    args: withNumbersJoined(args),
    allowPositionals: true,
    options: {
      experiment: { type: 'string', default: 'file' },
      greeting: { type: 'string' },
      'start-after': { type: 'string' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      transform: { type: 'string' },
      by: { type: 'string' },
      'max-line': { type: 'string' },
      trace: { type: 'string' },
      'taken-by': { type: 'string' },
      rounds: { type: 'string' },
      pause: { type: 'string' },
      runs: { type: 'string' },
      'hand-over': { type: 'string' },
      read: { type: 'string' },
      wait: { type: 'boolean', default: false },
      'open-to-network': { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}

/**
 * parseArgs takes a number below zero only as `--start-after=-100`: whoever puts a space means the same. No option of ours
 * begins with a digit.
 */
function withNumbersJoined(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    // Behind -- is no option any more.
    if (arg === '--') return [...joined, ...args.slice(at)];
    const value = args[at + 1];
    if (/^--[a-z-]+$/.test(arg) && value !== undefined && /^-\d/.test(value)) {
      joined.push(`${arg}=${value}`);
      at += 1;
    } else {
      joined.push(arg);
    }
  }
  return joined;
}

/** "a, b or c" */
function listOf(names: readonly string[]): string {
  return names.join(', ').replace(/, ([^,]*)$/, ' or $1');
}

function usage(sentence: string): Result<never> {
  return failed('bad-option', `${sentence} Give --help to see how it is used.`);
}

/** parseArgs goes on to explain in further sentences: one line is enough here. */
function firstSentence(message: string): string {
  const end = message.search(/\.\s/);
  const sentence = end === -1 ? message : message.slice(0, end);
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}

/** Digits only, with a minus sign where the range has negative numbers: `Number` would take '0x50', '1e3' and '' too. */
function wholeNumber(text: string, from: number, to: number): number | undefined {
  if (!(from < 0 ? /^-?\d{1,9}$/ : /^\d{1,9}$/).test(text)) return undefined;
  const value = Number(text);
  return value >= from && value <= to ? value : undefined;
}

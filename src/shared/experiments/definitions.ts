// The experiments and their options, each defined once. Settings, fields, flags, help, checks and sentences are derived
// from here.

import { failed, type Problem } from '../result.ts';
import { formatBytes, formatDuration } from '../format.ts';
import type { HandOver, ReadWhen, RecordedOptions, ReversalUnit, TakenBy, Transform } from '../trace/fact.ts';
import { choice, int, optionFault, text } from './options.ts';
import type { OptionGroup, ValueOf } from './options.ts';
import { transformedName, transformName, unitName } from './transform-words.ts';

/** The greeting of the course's first program. */
const COURSE_GREETING = 'Welcome to CS 352!';

/** Every option. An option has the same meaning and the same value in each experiment that has it. */
export const OPTIONS = {
  port: int({
    label: 'Port',
    group: 'Server',
    flag: 'port',
    help: 'port of the server, 0 for any free one',
    min: 0,
    max: 65_535,
    // The course's.
    default: 50_007,
    hint: (port) =>
      port === 0 ? 'Any free port: the kernel picks one.' : 'The server listens here, on 127.0.0.1.',
    wrong: (port) => `There is no port ${port}`,
  }),
  transform: choice<Transform>({
    label: 'What the server does',
    group: 'Lines',
    flag: 'transform',
    help: 'what the server does with a line',
    choices: {
      reverse: { name: transformName('reverse'), example: ['HELLO', 'OLLEH'] },
      'upper-case': { name: transformName('upper-case'), example: ['Hello', 'HELLO'] },
      'swap-case': { name: transformName('swap-case'), example: ['Hello', 'hELLO'] },
    },
    default: 'reverse',
  }),
  by: choice<ReversalUnit>({
    label: 'Reverse by',
    group: 'Lines',
    flag: 'by',
    help: 'what a line is reversed by',
    choices: {
      grapheme: { name: unitName('grapheme'), hint: 'as a reader sees it' },
      codepoint: { name: unitName('codepoint'), hint: 'as Python [::-1]' },
      byte: { name: unitName('byte'), hint: 'breaks all but ASCII' },
    },
    default: 'grapheme',
  }),
  maxLineBytes: int({
    label: 'Longest line (bytes)',
    group: 'Lines',
    flag: 'max-line',
    help: 'longest line before its LF',
    min: 1,
    // A line is held in memory, several times over while it is reversed; in JSON it can be six times as long.
    max: 67_108_864,
    default: 1_048_576,
    unit: 'bytes',
    hint: (bytes) => `${formatBytes(bytes)}. A longer line ends the run; what came back is kept.`,
    wrong: (bytes) => `The longest line cannot be ${bytes} bytes`,
  }),
  inFlight: int({
    label: 'Lines on their way',
    group: 'Lines',
    flag: 'in-flight',
    help: 'how many lines may be on their way at once',
    min: 1,
    max: 1_000,
    default: 1,
    hint: (lines) =>
      lines === 1
        ? 'Each line waits for the reply to the one before.'
        : 'So many lines may be sent before the first of them has come back.',
    wrong: (lines) => `${lines} lines cannot be on their way at once`,
  }),
  greeting: text({
    label: 'Greeting',
    group: 'Server',
    flag: 'greeting',
    help: 'what the server says',
    subject: 'The greeting',
    purpose: 'to greet with',
    maxBytes: 1_000,
    oneLine: false,
    default: COURSE_GREETING,
  }),
  text: text({
    label: 'Text to send',
    group: 'Files and texts',
    help: 'what is sent',
    subject: 'The text',
    purpose: 'to send',
    maxBytes: 65_536,
    oneLine: true,
    default: 'HELLO',
  }),
  startAfterMs: int({
    label: 'The client starts',
    group: 'Refused and in use',
    flag: 'start-after',
    help: 'when the client starts, after the server listens; negative is before it, and from 0 on it is greeted',
    min: -1_000,
    max: 5_000,
    default: -1_000,
    // Early enough to be refused, without a long wait in a terminal.
    terminalDefault: -100,
    unit: 'ms',
    step: 100,
    hint: (ms) =>
      ms === 0
        ? 'as soon as the server listens'
        : `${formatDuration(Math.abs(ms) * 1_000)} ${ms < 0 ? 'before' : 'after'} the server listens`,
    wrong: (ms) => `The client cannot start ${ms} ms after the server`,
  }),
  takenBy: choice<TakenBy>({
    label: 'Who has the port',
    group: 'Refused and in use',
    flag: 'taken-by',
    help: 'who has the port, time-wait being what a program of Python leaves behind (needs python3; on a free port unless --port names one)',
    choices: {
      listener: { name: 'a server that listens', hint: 'Two servers of ours ask for one port.' },
      'time-wait': {
        name: 'a program that has ended',
        hint: 'Its connection stays in TIME_WAIT: 60 s on Linux. Needs python3, because Node always sets SO_REUSEADDR.',
      },
    },
    default: 'listener',
    hintsBelow: true,
  }),
  rounds: int({
    label: 'Rounds',
    group: 'Race',
    flag: 'rounds',
    help: 'how often server and client race',
    min: 1,
    max: 500,
    default: 60,
    hint: () => 'How often server and client race.',
    wrong: (rounds) => `A race cannot have ${rounds} rounds`,
  }),
  pauseMs: int({
    label: 'Pause (ms)',
    group: 'Race',
    flag: 'pause',
    help: "how long the client's thread waits after the server's",
    min: 0,
    max: 5_000,
    default: 0,
    unit: 'ms',
    hint: (ms) =>
      ms === 0
        ? 'Both threads start at once.'
        : 'The client’s thread waits so long after the server’s, as time.sleep() did.',
    wrong: (ms) => `The client cannot wait for ${ms} ms`,
  }),
  handOver: choice<HandOver>({
    label: 'The client writes',
    group: 'Lost boundaries',
    flag: 'hand-over',
    help: 'how the client writes, one way alone',
    terminalDefault: 'all of them',
    choices: {
      'a-write-a-line': { name: 'a write a line', hint: 'each line is one call' },
      'all-at-once': { name: 'all at once', hint: 'one call for everything' },
      'byte-by-byte': { name: 'one byte at a time', hint: 'as many calls as bytes' },
      'inside-a-character': { name: 'split inside a character', hint: 'two calls, é cut in half' },
    },
    default: 'a-write-a-line',
    hintsBelow: true,
  }),
  readWhen: choice<ReadWhen>({
    label: 'The servers read',
    group: 'Lost boundaries',
    flag: 'read',
    help: 'when a server reads, late being when all waits in the kernel',
    choices: {
      late: { name: 'when all waits in the kernel', hint: 'each read returns all of it' },
      'after-each-write': { name: 'after each write', hint: 'each write is one read' },
    },
    fixed: (values) =>
      'handOver' in values && values.handOver === 'inside-a-character'
        ? {
            value: 'after-each-write',
            why: 'A split character is always read after each write: read late, both halves would come as one.',
          }
        : undefined,
    default: 'late',
    hintsBelow: true,
  }),
  runs: int({
    label: 'Runs',
    group: 'Ephemeral ports',
    flag: 'runs',
    help: 'how many clients, one after the other',
    min: 1,
    max: 200,
    default: 10,
    hint: () => 'Clients, one after the other.',
    wrong: (runs) => `The client cannot be run ${runs} times`,
  }),
};

export type OptionName = keyof typeof OPTIONS;

export const OPTION_NAMES: readonly OptionName[] = Object.keys(OPTIONS).filter((name): name is OptionName =>
  Object.hasOwn(OPTIONS, name),
);

/** The options that a trace has: a port stands beside them, and a text that is sent is in the bytes that were written. */
export const RECORDED_NAMES: readonly OptionName[] = OPTION_NAMES.filter(
  (name) => name !== 'port' && OPTIONS[name].kind !== 'text',
);

export type OptionValues = { readonly [Name in OptionName]: ValueOf<(typeof OPTIONS)[Name]> };

/** The options on which an experiment's words depend. */
type Chosen = Pick<OptionValues, 'transform' | 'takenBy'>;

/** What there is to explain about an experiment. */
export type TopicId = 'handshake' | 'ephemeral' | 'refused' | 'in-use' | 'time-wait' | 'byte-stream';

interface Definition {
  /** Its entry in the sidebar; experiments of one entry share it. */
  readonly entry: string;
  /** Its name among those that share an entry. */
  readonly kind?: string;
  /** What a run of it is called. */
  readonly title: string;
  /** Its place in the course. */
  readonly step: string;
  /** The question before a run. */
  readonly question: string | ((chosen: Chosen) => string);
  /** What will happen, before the first run. */
  readonly plan: string | ((chosen: Chosen) => string);
  /** The plan in few words, for the terminal's help. */
  readonly help: string;
  /** What is explained of it first. */
  readonly why: readonly TopicId[];
  /** Its options, in the order of their fields. */
  readonly options: readonly OptionName[];
  /** The arguments of the terminal's command. */
  readonly takes: 'nothing' | 'a text' | 'a file' | 'two files';
  /** Its server may listen on every address of the machine; the others show what happens on one machine. */
  readonly canBeOpened: boolean;
  /** It can wait for a port that is in use. */
  readonly canWait: boolean;
}

const DEFINITIONS = {
  welcome: {
    entry: 'Welcome',
    title: 'Welcome',
    step: 'step 1',
    question: 'What does it take until a server has said hello?',
    plan: 'A real server listens on this computer, a real client connects, the server greets it and both close. Nothing is sent the other way.',
    help: 'the server greets the client and closes',
    why: ['handshake', 'ephemeral'],
    options: ['greeting', 'port'],
    takes: 'nothing',
    canBeOpened: true,
    canWait: true,
  },
  refused: {
    entry: 'Refused and in use',
    kind: 'Client too early',
    title: 'Refused',
    step: 'step 2',
    question: 'What if the client comes before the server listens?',
    plan: 'The course’s program without its sleep: move the client’s start to before or after the moment the server listens, and see the real outcome.',
    help: 'as welcome, but the client starts before its server and is refused',
    why: ['refused', 'handshake'],
    options: ['greeting', 'startAfterMs', 'port'],
    takes: 'nothing',
    canBeOpened: false,
    canWait: true,
  },
  'in-use': {
    entry: 'Refused and in use',
    kind: 'Port in use',
    title: 'In use',
    step: 'step 2',
    question: ({ takenBy }) =>
      takenBy === 'time-wait'
        ? 'Who has the port of a program that has ended?'
        : 'What if a second server wants the same port?',
    plan: ({ takenBy }) =>
      takenBy === 'time-wait'
        ? 'A program of Python has the port, closes its connection first and ends. The port stays in TIME_WAIT, our server asks for it, and the system refuses it and says for how long still.'
        : 'One server listens, a second one asks for the same address and port. The system refuses it, and says who has the port.',
    help: 'a server asks for a port that is taken',
    why: ['in-use', 'time-wait'],
    options: ['takenBy', 'port'],
    takes: 'nothing',
    canBeOpened: false,
    canWait: true,
  },
  race: {
    entry: 'Refused and in use',
    kind: 'Race',
    title: 'Race',
    step: 'step 2',
    question: 'Server and client start at once: who comes first?',
    plan: 'The course’s program without its sleep, many times: two threads start together, and each round is counted by how it ended. The report saw an error; is that certain?',
    help: 'server and client start at once in two threads, many times',
    why: ['refused', 'time-wait', 'handshake'],
    options: ['rounds', 'greeting', 'port', 'pauseMs'],
    takes: 'nothing',
    canBeOpened: false,
    // It asks for its port in every round.
    canWait: false,
  },
  string: {
    entry: 'Reverse a string',
    title: 'Reverse a string',
    step: 'step 4',
    question: ({ transform }) =>
      transform === 'reverse'
        ? 'How does one text come back reversed?'
        : `How does one text come back in ${transform === 'upper-case' ? 'upper' : 'swapped'} case?`,
    plan: ({ transform }) =>
      transform === 'reverse'
        ? 'The client sends the text you type, the server reads to the end of the stream, reverses it and sends it back.'
        : `The client sends the text you type, the server reads to the end of the stream and sends it back ${transformedName(transform)}.`,
    help: 'sends TEXT and prints how it came back',
    why: ['byte-stream', 'handshake'],
    options: ['text', 'transform', 'by', 'port'],
    takes: 'a text',
    canBeOpened: true,
    canWait: true,
  },
  file: {
    entry: 'Reverse a file',
    title: 'Reverse a file',
    step: 'step 5',
    question: 'How does each line get to the server and back?',
    plan: ({ transform }) =>
      `A real server and a real client start on this computer. The client sends the file line by line, the server sends each line back ${transformedName(transform)}, and every step is recorded for you to watch.`,
    help: 'sends INPUT line by line, waits for each line to come back reversed, and saves that as OUTPUT',
    why: ['byte-stream', 'ephemeral', 'handshake'],
    options: ['port', 'transform', 'by', 'inFlight', 'maxLineBytes'],
    takes: 'two files',
    canBeOpened: true,
    canWait: true,
  },
  boundaries: {
    entry: 'Lost boundaries',
    title: 'Lost boundaries',
    step: 'question 5',
    question: 'Why did the server reverse all lines together?',
    plan: 'The same bytes go to three servers: one takes each read for a line, one reads to the end, one finds the newlines. Choose how the client hands its bytes over, and see who gives the lines back.',
    help: 'hands INPUT in four ways to three servers, and prints what each of them gave back',
    why: ['byte-stream'],
    options: ['handOver', 'readWhen', 'port', 'by'],
    takes: 'a file',
    canBeOpened: false,
    canWait: true,
  },
  ports: {
    entry: 'Ephemeral ports',
    title: 'Ephemeral ports',
    step: 'question 6',
    question: 'Why does the client’s port change from run to run?',
    plan: 'Many clients connect one after the other to one server that stays where it is. Each client’s port is drawn beside the range that the system takes it from.',
    help: 'many clients one after the other; prints the port that each was given',
    why: ['ephemeral', 'time-wait'],
    options: ['greeting', 'runs', 'port'],
    takes: 'nothing',
    canBeOpened: false,
    canWait: true,
  },
} as const satisfies Readonly<Record<string, Definition>>;

/**
 * What a run shows: `welcome` is the course's step 1, `refused`, `in-use` and `race` are its step 2, `string` its step 4,
 * `file` its step 5, `boundaries` its question 5, `ports` its question 6.
 */
export type ExperimentName = keyof typeof DEFINITIONS;

export const EXPERIMENTS: Readonly<Record<ExperimentName, Definition>> = DEFINITIONS;

/** In the order in which they are offered. */
export const EXPERIMENT_NAMES: readonly ExperimentName[] = Object.keys(DEFINITIONS).filter(
  (name): name is ExperimentName => Object.hasOwn(DEFINITIONS, name),
);

/** The experiments whose server may listen on every address of the machine. */
export type OpenableName = {
  [Name in ExperimentName]: (typeof DEFINITIONS)[Name]['canBeOpened'] extends true ? Name : never;
}[ExperimentName];

/** As `OpenableName`, in order. */
export const OPENABLE_NAMES = EXPERIMENT_NAMES.filter((name) => EXPERIMENTS[name].canBeOpened);

/** The experiments that send a file. */
export type FileReaderName = {
  [Name in ExperimentName]: (typeof DEFINITIONS)[Name]['takes'] extends 'a file' | 'two files' ? Name : never;
}[ExperimentName];

export function readsFile(name: ExperimentName): name is FileReaderName {
  const { takes } = EXPERIMENTS[name];
  return takes === 'a file' || takes === 'two files';
}

/** The options of an experiment. */
export type OptionsOf<Name extends ExperimentName> = Pick<
  OptionValues,
  (typeof DEFINITIONS)[Name]['options'][number]
>;

/** The question before a run. */
export function questionOf(name: ExperimentName, chosen: Chosen): string {
  const { question } = EXPERIMENTS[name];
  return typeof question === 'string' ? question : question(chosen);
}

/** What will happen, before the first run. */
export function planOf(name: ExperimentName, chosen: Chosen): string {
  const { plan } = EXPERIMENTS[name];
  return typeof plan === 'string' ? plan : plan(chosen);
}

/** The experiments that share the entry of `name` in the sidebar, itself among them. */
export function sharingEntry(name: ExperimentName): readonly ExperimentName[] {
  return EXPERIMENT_NAMES.filter((other) => EXPERIMENTS[other].entry === EXPERIMENTS[name].entry);
}

/** The name of one that stands alone: its kind, or its entry. */
export function titleOf(name: ExperimentName): string {
  const { entry, kind } = EXPERIMENTS[name];
  return kind ?? entry;
}

/** The experiments that have an option. */
export function usersOf(option: OptionName): readonly ExperimentName[] {
  return EXPERIMENT_NAMES.filter((name) => EXPERIMENTS[name].options.includes(option));
}

/** The options of a group on the screen of all settings. */
export function optionsIn(group: OptionGroup): readonly OptionName[] {
  return OPTION_NAMES.filter((name) => OPTIONS[name].group === group);
}

/** Whether an experiment reverses something, so that the unit of a character matters. */
export function reversesSomething(name: ExperimentName, { transform }: Chosen): boolean {
  const { options } = EXPERIMENTS[name];
  return options.includes('by') && (transform === 'reverse' || !options.includes('transform'));
}

/**
 * The port that a run asks for where none is named for it alone. What `in-use` has a program leave behind keeps its port
 * from every server for a minute: it takes a free one, so that the next run on the port set does not fail.
 */
export function portFor(
  name: ExperimentName,
  { port, takenBy }: Pick<OptionValues, 'port' | 'takenBy'>,
): number {
  return name === 'in-use' && takenBy === 'time-wait' ? 0 : port;
}

/** The problem of the first invalid option; undefined where all are valid. */
export function optionsProblem(name: ExperimentName, values: Partial<OptionValues>): Problem | undefined {
  for (const option of EXPERIMENTS[name].options) {
    const value = values[option];
    const fault = value === undefined ? undefined : optionFault(OPTIONS[option], value);
    if (fault !== undefined) return failed('bad-option', fault).problem;
  }
  return undefined;
}

/** The values of an experiment's options as its trace has them: one that cannot be is left out, so that it can be opened. */
export function recordedOptions(name: ExperimentName, values: Partial<OptionValues>): RecordedOptions {
  const recorded: Record<string, unknown> = {};
  for (const option of EXPERIMENTS[name].options) {
    const value = values[option];
    const isValid = optionFault(OPTIONS[option], value) === undefined;
    if (isValid && RECORDED_NAMES.includes(option)) recorded[option] = value;
  }
  return recorded;
}

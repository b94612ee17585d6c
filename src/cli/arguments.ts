// Parses the command line to a request, or to a problem of one sentence.

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import {
  EXPERIMENT_NAMES,
  EXPERIMENTS,
  OPENABLE_NAMES,
  OPTION_NAMES,
  OPTIONS,
  optionsProblem,
  portFor,
  usersOf,
} from '../shared/experiments/definitions.ts';
import type { ExperimentName, OptionName, OptionValues } from '../shared/experiments/definitions.ts';
import { defaultsOf, listOf, valuesOf } from '../shared/experiments/options.ts';
import type { Option } from '../shared/experiments/options.ts';
import type { Result } from '../shared/result.ts';
import { failed, succeeded } from '../shared/result.ts';
import type { HandOver } from '../shared/trace/fact.ts';

export interface ExchangeRequest {
  readonly experiment: ExperimentName;
  readonly options: OptionValues;
  /** The ways of `boundaries`: the one that was given, else all. */
  readonly handOvers: readonly HandOver[];
  /** Absolute; empty where the experiment reads no file. */
  readonly inputPath: string;
  /** Absolute; empty where the experiment saves none. */
  readonly outputPath: string;
  /** Where the trace is saved as JSON lines. */
  readonly tracePath: string | undefined;
  /** Where it is saved as the window saves and opens it. */
  readonly recordPath: string | undefined;
  readonly quiet: boolean;
  /** Waits for a port that is in use. */
  readonly wait: boolean;
  readonly openToNetwork: boolean;
}

type Request = { readonly help: true } | { readonly help: false; readonly exchange: ExchangeRequest };

/** The options that have a flag, each with its definition. */
export const FLAGS: readonly (readonly [flag: string, name: OptionName, option: Option])[] =
  OPTION_NAMES.flatMap((name) => {
    const option: Option = OPTIONS[name];
    return option.flag === undefined ? [] : [[option.flag, name, option]];
  });

/** Flags that are no option of an experiment. */
const OTHER_FLAGS = {
  experiment: { type: 'string', default: 'file' },
  trace: { type: 'string' },
  record: { type: 'string' },
  wait: { type: 'boolean', default: false },
  'open-to-network': { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/**
 * Parses the arguments after the program's name: `run EXPERIMENT …`, or the same with `--experiment`. Paths are
 * resolved against `folder`. A problem of the arguments has the code `bad-option`.
 */
export function parseRequest(args: readonly string[], folder: string): Result<Request> {
  const [command, experimentName, ...rest] = args;
  const byName = command === 'run';
  if (byName && experimentName === undefined) {
    return usage(`run takes ${listOf(EXPERIMENT_NAMES)}.`);
  }
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(byName ? rest : args);
  } catch (error) {
    return usage(error instanceof Error ? firstSentence(error.message) : 'The arguments make no sense.');
  }
  const { values, positionals } = parsed;
  if (values.help || (byName && experimentName === '--help')) return succeeded({ help: true });
  const asked = byName ? experimentName : values.experiment;
  const experiment = EXPERIMENT_NAMES.find((name) => name === asked);
  if (experiment === undefined) {
    return usage(`${byName ? 'run' : '--experiment'} takes ${listOf(EXPERIMENT_NAMES)}, not ${asked}.`);
  }
  const given: ParsedArguments = { experiment, values, positionals, folder };
  const misplaced = misplacedFlag(given);
  if (misplaced !== undefined) return misplaced;
  const paths = parsePositionals(given);
  if (!paths.ok) return paths;
  const options = parseOptions(given);
  if (!options.ok) return options;
  const { trace, record, quiet, wait, 'open-to-network': openToNetwork } = values;
  const wrong =
    (trace === undefined ? undefined : pathFault('--trace', trace)) ??
    (record === undefined ? undefined : pathFault('--record', record));
  if (wrong !== undefined) return wrong;
  return succeeded({
    help: false,
    exchange: {
      experiment,
      options: options.value,
      handOvers: values['hand-over'] === undefined ? valuesOf(OPTIONS.handOver) : [options.value.handOver],
      ...paths.value,
      tracePath: trace === undefined ? undefined : resolve(folder, trace),
      recordPath: record === undefined ? undefined : resolve(folder, record),
      quiet,
      wait,
      openToNetwork,
    },
  });
}

interface ParsedArguments extends ReturnType<typeof parse> {
  readonly experiment: ExperimentName;
  readonly folder: string;
}

/** The problem of a flag that has no effect in this experiment. */
function misplacedFlag({ experiment, values }: ParsedArguments): Result<never> | undefined {
  for (const [flag, name] of FLAGS) {
    if (values[flag] !== undefined && !EXPERIMENTS[experiment].options.includes(name)) {
      return usage(`--${flag} is for ${listOf(usersOf(name), 'and')} and means nothing with ${experiment}.`);
    }
  }
  const { canBeOpened, canWait, options } = EXPERIMENTS[experiment];
  if (values['open-to-network'] && !canBeOpened) {
    return usage(
      `--open-to-network is for ${listOf(OPENABLE_NAMES, 'and')} and means nothing with ${experiment}, which stays on 127.0.0.1.`,
    );
  }
  if (values.wait && !canWait) {
    return usage(`--wait means nothing with ${experiment}, which asks for its port in every round.`);
  }
  const { by, transform } = values;
  if (
    by !== undefined &&
    options.includes('transform') &&
    transform !== undefined &&
    transform !== 'reverse'
  ) {
    return usage(`--by is for --transform reverse and means nothing with ${String(transform)}.`);
  }
  return undefined;
}

type Paths = Pick<ExchangeRequest, 'inputPath' | 'outputPath'>;

/** Parses the arguments after the options: INPUT, INPUT and OUTPUT, TEXT or nothing. */
function parsePositionals({ experiment, positionals, folder }: ParsedArguments): Result<Paths> {
  const [first, second] = positionals;
  const count = positionals.length;
  const given = `${count} ${count === 1 ? 'was' : 'were'} given`;
  const none = { inputPath: '', outputPath: '' };
  switch (EXPERIMENTS[experiment].takes) {
    case 'nothing':
      return count === 0 ? succeeded(none) : usage(`${experiment} takes no file and no text; ${given}.`);
    case 'a text':
      return first !== undefined && count === 1
        ? succeeded(none)
        : usage(`One TEXT is wanted; ${given}: put one of several words in quotation marks.`);
    case 'a file':
      if (first === undefined || count > 1) return usage(`One file is wanted, INPUT; ${given}.`);
      return pathFault('INPUT', first) ?? succeeded({ ...none, inputPath: resolve(folder, first) });
    case 'two files':
      if (first === undefined || second === undefined || count > 2) {
        return usage(`Two files are wanted, INPUT and OUTPUT; ${given}.`);
      }
      return (
        pathFault('INPUT', first) ??
        pathFault('OUTPUT', second) ??
        succeeded({ inputPath: resolve(folder, first), outputPath: resolve(folder, second) })
      );
  }
}

/** The value of every option: that of its flag, or its default. */
function parseOptions({ experiment, values, positionals }: ParsedArguments): Result<OptionValues> {
  const parsed: Record<string, unknown> = {};
  for (const [flag, name, option] of FLAGS) {
    const given = values[flag];
    if (typeof given === 'string') {
      const value = option.kind === 'int' ? parseInteger(given, option.min < 0) : given;
      const range = flagRange(option, value);
      if (range !== undefined) return usage(`--${flag} takes ${range}, not ${given}.`);
      parsed[name] = value;
    } else if (typeof option.terminalDefault === 'number') {
      parsed[name] = option.terminalDefault;
    }
  }
  if (EXPERIMENTS[experiment].takes === 'a text') parsed.text = positionals[0];
  const named: OptionValues = { ...defaultsOf(OPTIONS), ...parsed };
  const options = parsed.port === undefined ? { ...named, port: portFor(experiment, named) } : named;
  const problem = optionsProblem(experiment, options);
  return problem === undefined ? succeeded(options) : { ok: false, problem };
}

/** The range that the message names where the value is outside it; `optionsProblem` checks texts. */
function flagRange(option: Option, value: unknown): string | undefined {
  switch (option.kind) {
    case 'int': {
      const fits = typeof value === 'number' && value >= option.min && value <= option.max;
      const unit = option.unit === undefined ? '' : ` of ${option.unit}`;
      return fits ? undefined : `a number${unit} from ${option.min} to ${option.max}`;
    }
    case 'choice': {
      const values = valuesOf(option);
      return values.some((known) => known === value) ? undefined : listOf(values);
    }
    case 'text':
      return undefined;
  }
}

function pathFault(name: string, path: string): Result<never> | undefined {
  if (path === '') return usage(`${name} is empty.`);
  return path.includes('\0') ? usage(`${name} has a NUL in it, which no path can have.`) : undefined;
}

function parse(args: readonly string[]): {
  readonly values: Readonly<Record<string, string | boolean | undefined>> & {
    readonly experiment: string;
    readonly trace?: string;
    readonly record?: string;
    readonly wait: boolean;
    readonly 'open-to-network': boolean;
    readonly quiet: boolean;
    readonly help: boolean;
  };
  readonly positionals: readonly string[];
} {
  const flags = Object.fromEntries(FLAGS.map(([flag]) => [flag, { type: 'string' as const }]));
  return parseArgs({
    args: joinNumbers(args),
    allowPositionals: true,
    options: { ...flags, ...OTHER_FLAGS },
  });
}

/**
 * parseArgs accepts a negative number only as `--start-after=-100`: this joins `--start-after -100`. No option of ours
 * begins with a digit.
 */
function joinNumbers(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    // After -- there are no options.
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

function usage(sentence: string): Result<never> {
  return failed('bad-option', `${sentence} Give --help to see how it is used.`);
}

/** The first sentence of a message of parseArgs, which explains in further ones. */
function firstSentence(message: string): string {
  const end = message.search(/\.\s/);
  const sentence = end === -1 ? message : message.slice(0, end);
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}

/** Digits only, with a minus sign where the range has negative numbers: `Number` also accepts '0x50', '1e3' and ''. */
function parseInteger(text: string, mayBeNegative: boolean): number | undefined {
  return (mayBeNegative ? /^-?\d{1,9}$/ : /^\d{1,9}$/).test(text) ? Number(text) : undefined;
}

// The kinds of options. An option's values, its default and its words in the window and in a terminal are in one place,
// its definition; checks and defaults are derived from that.

import { formatBytes } from '../format.ts';
import { utf8Bytes } from '../text.ts';

/** In the order of the screen. */
export type OptionGroup =
  | 'Server'
  | 'Lines'
  | 'Files and texts'
  | 'Refused and in use'
  | 'Race'
  | 'Lost boundaries'
  | 'Ephemeral ports';

interface Described {
  /** The label of its field in the window. */
  readonly label: string;
  /** Its flag in a terminal, without the dashes; absent where it has none. */
  readonly flag?: string;
  /** Its description in the terminal's help. */
  readonly help: string;
  /** The default in a terminal, where it differs from the window's; words where it is not one of the values. */
  readonly terminalDefault?: number | string;
  /** Its group on the screen of all settings. */
  readonly group: OptionGroup;
}

/** A whole number from `min` to `max`. */
export interface IntOption extends Described {
  readonly kind: 'int';
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly unit?: 'ms' | 'bytes';
  /** The text below the field, for a valid number. */
  readonly hint: (value: number) => string;
  /** Drawn as a slider of such steps in place of a field. */
  readonly step?: number;
  /** The beginning of the sentence about an invalid number: `A race cannot have 501 rounds`. */
  readonly wrong: (value: number) => string;
}

export interface Choice {
  readonly name: string;
  readonly hint?: string;
  /** A line, before and after. */
  readonly example?: readonly [string, string];
}

export interface ChoiceOption<Value extends string> extends Described {
  readonly kind: 'choice';
  readonly choices: Readonly<Record<Value, Choice>>;
  readonly default: Value;
  /** The hints need a line of their own. */
  readonly hintsBelow?: boolean;
  /** Where other options leave no choice: the fixed value, and why. */
  readonly fixed?: (values: object) => { readonly value: Value; readonly why: string } | undefined;
}

/** A text of at least one character. */
export interface TextOption extends Described {
  readonly kind: 'text';
  readonly maxBytes: number;
  readonly oneLine: boolean;
  readonly default: string;
  /** Its subject in a sentence: `The greeting`. */
  readonly subject: string;
  /** Its purpose, for the sentence about an empty one: `to greet with`. */
  readonly purpose: string;
}

export type Option = IntOption | ChoiceOption<string> | TextOption;

export type ValueOf<Of> =
  Of extends ChoiceOption<infer Value>
    ? Value
    : Of extends IntOption
      ? number
      : Of extends TextOption
        ? string
        : never;

export function int(option: Omit<IntOption, 'kind'>): IntOption {
  return { kind: 'int', ...option };
}

export function choice<Value extends string>(option: Omit<ChoiceOption<Value>, 'kind'>): ChoiceOption<Value> {
  return { kind: 'choice', ...option };
}

export function text(option: Omit<TextOption, 'kind'>): TextOption {
  return { kind: 'text', ...option };
}

/** The values of a choice, in the order in which they are offered. */
export function valuesOf<Value extends string>({ choices }: ChoiceOption<Value>): readonly Value[] {
  const isValue = (name: string): name is Value => Object.hasOwn(choices, name);
  return Object.keys(choices).filter(isValue);
}

/** The valid numbers: `a whole number from 1 to 500`. */
function rangeOf({ min, max }: IntOption): string {
  return `a whole number from ${min} to ${max}`;
}

/** Why the value is invalid, as a sentence that names the valid ones; undefined where it is valid. */
export function optionFault(option: Option, value: unknown): string | undefined {
  switch (option.kind) {
    case 'int': {
      if (Number.isSafeInteger(value) && Number(value) >= option.min && Number(value) <= option.max) {
        return undefined;
      }
      return `${option.wrong(typeof value === 'number' ? value : NaN)}: choose ${rangeOf(option)}.`;
    }
    case 'choice': {
      const values = valuesOf(option);
      if (values.some((known) => known === value)) return undefined;
      return `${option.label} can be ${listOf(values)}, not ${wordOf(value)}.`;
    }
    case 'text':
      return typeof value === 'string' ? textFault(option, value) : `${option.subject} is no text.`;
  }
}

/** A value of a foreign file may be an object that cannot be made a text. */
function wordOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
}

function textFault({ subject, purpose, oneLine, maxBytes }: TextOption, value: string): string | undefined {
  if (value === '') return `There is nothing ${purpose}: type at least one character.`;
  if (oneLine && /[\r\n]/.test(value)) {
    return `${subject} has a line break in it, and one line is sent: leave the line break out, or send the lines as a file.`;
  }
  const bytes = utf8Bytes(value);
  if (bytes <= maxBytes) return undefined;
  return `${subject} is ${bytes} bytes long and may have ${maxBytes} at most: make it shorter.`;
}

/** As `optionFault`, short enough for below a field. */
export function fieldFault(option: IntOption | TextOption, value: number | string): string | undefined {
  if (optionFault(option, value) === undefined) return undefined;
  if (option.kind === 'int') return `A whole number from ${option.min} to ${option.max}.`;
  return value === '' ? 'Type at least one character.' : `At most ${formatBytes(option.maxBytes)}.`;
}

/** The default of each option. */
export function defaultsOf<Options extends Readonly<Record<string, Option>>>(
  options: Options,
): { readonly [Name in keyof Options]: ValueOf<Options[Name]> };
export function defaultsOf(options: Readonly<Record<string, Option>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default]));
}

/** "a, b or c" */
export function listOf(names: readonly string[], last = 'or'): string {
  return names.join(', ').replace(/, ([^,]*)$/, ` ${last} $1`);
}

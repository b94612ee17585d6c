// Two runs compared, in words: the first difference, the options that differ, ports and round trips in numbers. Pure.

import { EXPERIMENTS, OPTIONS, type OptionName } from '../../shared/experiments/definitions.ts';
import { formatCount, formatCountOf, formatDuration } from '../../shared/format.ts';
import type { Difference, RunComparison } from '../../shared/trace/comparison.ts';
import { sideOf } from '../../shared/trace/connection.ts';
import type { RunStarted, TraceEvent, Transform } from '../../shared/trace/fact.ts';
import { printable } from '../../shared/trace/transcript.ts';
import { sentenceOf } from './describe.ts';
import { preview } from './octets.ts';

/** What each of the two runs does with lines. */
export interface Transforms {
  readonly here: Transform;
  readonly there: Transform;
}

const PREVIEW_CHARACTERS = 24;

/**
 * "The first difference: fact 34. Here the server read 6 bytes in one read; there it read 3 bytes in one read." Where there
 * is none, how many facts are the same; undefined before that is known.
 */
export function verdictOf(
  { done, difference, same, facts }: RunComparison,
  transforms: Transforms,
): string | undefined {
  if (!done) return undefined;
  if (difference !== undefined) return differenceWords(difference, transforms);
  // Facts that say only when and where each was recorded are not among those that are the same.
  const whole = facts / 2;
  return `The same ${formatCountOf(Number.isInteger(whole) ? whole : same, 'fact')} in both; only ports and times differ.`;
}

function differenceWords({ here, there }: Difference, transforms: Transforms): string {
  const hereWords = here === undefined ? undefined : factWords(here, transforms.here);
  const thereWords = there === undefined ? undefined : factWords(there, transforms.there);
  const subject = SUBJECT.exec(hereWords ?? thereWords ?? '')?.[0];
  const nothing = subject === undefined ? 'nothing more happened' : `${subject} did nothing more`;
  const other =
    thereWords === undefined
      ? nothing
      : thereWords === hereWords
        ? 'the same was seen with other bytes'
        : subject === undefined || hereWords === undefined
          ? thereWords
          : thereWords.replace(subject, 'it');
  return `The first difference: ${placeWords(here, there)}. Here ${hereWords ?? nothing}; there ${other}.`;
}

const SUBJECT = /^the (?:client|server)\b(?!['’]s)/;

function placeWords(here: TraceEvent | undefined, there: TraceEvent | undefined): string {
  if (here === undefined) return `fact ${formatCount(there?.seq ?? 0)} there`;
  if (here.seq === there?.seq) return `fact ${formatCount(here.seq)}`;
  const rest = there === undefined ? '' : `, ${formatCount(there.seq)} there`;
  return `fact ${formatCount(here.seq)} here${rest}`;
}

/** The first sentence about the fact, without its full stop and capital, and the beginning of its bytes. */
function factWords(fact: TraceEvent, transform: Transform): string {
  const [first = ''] = sentenceOf(fact, transform).split(/\.(?:\s|$)/, 1);
  const words = first.startsWith('The ') ? `t${first.slice(1)}` : first;
  if (fact.kind !== 'wrote') return words;
  const { text, cut } = preview(fact.data, PREVIEW_CHARACTERS);
  return `${words}, “${printable(text)}${cut ? '…' : ''}”`;
}

/** "What the server does: reverse here, upper case there" for each option that differs. */
export function optionWords(here: RunStarted, there: RunStarted): readonly string[] {
  if (here.experiment !== there.experiment) {
    return [
      `Experiment: ${EXPERIMENTS[here.experiment].title} here, ${EXPERIMENTS[there.experiment].title} there`,
    ];
  }
  const options: Readonly<Partial<Record<OptionName, unknown>>> = here.options;
  const others: Readonly<Partial<Record<OptionName, unknown>>> = there.options;
  const differing = EXPERIMENTS[here.experiment].options
    .filter((name) => options[name] !== undefined && others[name] !== undefined)
    .filter((name) => options[name] !== others[name])
    .map(
      (name) =>
        `${OPTIONS[name].label}: ${valueName(name, options[name])} here, ${valueName(name, others[name])} there`,
    );
  return here.input.name === there.input.name && here.input.bytes === there.input.bytes
    ? differing
    : [
        ...differing,
        `Input: ${printable(here.input.name)}, ${formatCountOf(here.input.bytes, 'byte')} here; ${printable(there.input.name)}, ${formatCountOf(there.input.bytes, 'byte')} there`,
      ];
}

function valueName(name: OptionName, value: unknown): string {
  const option = OPTIONS[name];
  if (typeof value === 'number') return formatCount(value);
  if (option.kind !== 'choice' || typeof value !== 'string') return printable(String(value));
  const choices: Readonly<Record<string, { readonly name: string }>> = option.choices;
  return choices[value]?.name ?? printable(value);
}

/** "Client port: 60470 here, 51234 there", "Server port: 50007 in both", as far as both have one. `facts` may be landmarks. */
export function portWords(here: readonly TraceEvent[], there: readonly TraceEvent[]): readonly string[] {
  const [a, b] = [portsOf(here), portsOf(there)];
  return [
    ...inBoth('Client port', a.client, b.client, String),
    ...inBoth('Server port', a.server, b.server, String),
  ];
}

/** "Median round trip: 74 µs here, 80 µs there", where both have one. */
export function medianWords(here: number | undefined, there: number | undefined): readonly string[] {
  return inBoth('Median round trip', here, there, formatDuration);
}

function inBoth(
  name: string,
  here: number | undefined,
  there: number | undefined,
  format: (value: number) => string,
): readonly string[] {
  if (here === undefined || there === undefined) return [];
  return here === there
    ? [`${name}: ${format(here)} in both`]
    : [`${name}: ${format(here)} here, ${format(there)} there`];
}

function portsOf(facts: readonly TraceEvent[]): { readonly client?: number; readonly server?: number } {
  const connected = facts.find((event) => event.kind === 'connected');
  const listening = facts.find((event) => event.kind === 'listening');
  const server = listening?.local.port ?? connected?.remote.port;
  return {
    ...(connected === undefined ? {} : { client: connected.local.port }),
    ...(server === undefined ? {} : { server }),
  };
}

/** The first fact of the exchange: from there on both runs go side by side. */
export function firstOfExchange(landmarks: readonly TraceEvent[]): number {
  const first =
    landmarks.find((event) => event.kind === 'connect-called') ??
    landmarks.find((event) => event.kind === 'listen-called') ??
    landmarks.find((event) => sideOf(event) !== undefined);
  return first?.seq ?? 0;
}

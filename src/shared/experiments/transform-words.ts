// Words for what a server does with a line, for each of the three transforms.

import { assertNever } from '../result.ts';
import type { ReversalUnit, TraceEvent, Transform } from '../trace/fact.ts';

/** The transform of a run. `facts` must begin with its first one. */
export function transformOf(facts: readonly TraceEvent[]): Transform {
  const [first] = facts;
  return first?.kind === 'run-started' ? (first.options.transform ?? 'reverse') : 'reverse';
}

/** The name as a choice, and as the label of the fact. */
export function transformName(transform: Transform): string {
  return transform === 'reverse' ? 'reverse' : transform === 'upper-case' ? 'upper case' : 'swap case';
}

/** A line after it: "reversed". */
export function transformedName(transform: Transform): string {
  switch (transform) {
    case 'reverse':
      return 'reversed';
    case 'upper-case':
      return 'in upper case';
    case 'swap-case':
      return 'with its case swapped';
    default:
      return assertNever(transform);
  }
}

/** The heading of a column of transformed lines: "reversed by the server". */
export function columnName(transform: Transform): string {
  switch (transform) {
    case 'reverse':
      return 'reversed by the server';
    case 'upper-case':
      return 'upper case by server';
    case 'swap-case':
      return 'case swapped by server';
    default:
      return assertNever(transform);
  }
}

/** What the server did with a whole line, as the end of a sentence: "reversed it by byte". */
export function didWithIt(transform: Transform, by: ReversalUnit): string {
  switch (transform) {
    case 'reverse':
      return `reversed it by ${unitName(by)}`;
    case 'upper-case':
      return by === 'byte' ? 'put its ASCII letters in upper case' : 'put it in upper case';
    case 'swap-case':
      return by === 'byte' ? 'swapped the case of its ASCII letters' : 'swapped the case of its letters';
    default:
      return assertNever(transform);
  }
}

/** What happens to lines that are not valid UTF-8: "reversed by byte". */
export function byByteName(transform: Transform): string {
  return transform === 'reverse' ? 'reversed by byte' : 'changed by byte, ASCII letters alone';
}

export function unitName(by: ReversalUnit): string {
  switch (by) {
    case 'grapheme':
      return 'character';
    case 'codepoint':
      return 'code point';
    case 'byte':
      return 'byte';
    default:
      return assertNever(by);
  }
}

// What a person can ask for in the field "Find": a text, a line, a fact, a kind of fact, errors, or what took how long.

import { formatCount } from '../format.ts';
import type { FactKind } from '../trace/fact.ts';
import { isKnownKind } from '../trace/json-lines.ts';
import { bytesOfText } from '../trace/recorded-bytes.ts';

export type Query =
  /** Writes and reads of which bytes are part of this text. Without `exactCase` ASCII letters match in either case. */
  | { readonly what: 'text'; readonly text: string; readonly exactCase: boolean }
  | { readonly what: 'line'; readonly line: number }
  | { readonly what: 'fact'; readonly seq: number }
  | { readonly what: 'kind'; readonly kind: FactKind }
  /** What failed: `failed`, a connection closed by an error, a run that failed. */
  | { readonly what: 'error' }
  /** What took more or less than `us` microseconds (took.ts). */
  | { readonly what: 'took'; readonly comparison: Comparison; readonly us: number };

export type Comparison = '>' | '>=' | '<' | '<=';

/** A query, or why it is none: a sentence that says what can be asked. */
export type ParsedQuery =
  { readonly ok: true; readonly query: Query } | { readonly ok: false; readonly why: string };

/** The longest query, in characters. */
export const MAX_QUERY_CHARACTERS = 1_000;

const US_OF_UNIT: Readonly<Record<string, number>> = {
  us: 1,
  µs: 1, // U+00B5, of most keyboards
  μs: 1, // U+03BC, the Greek letter
  ms: 1_000,
  s: 1_000_000,
  min: 60_000_000,
};

const ASKABLE = 'line 12, #120, a kind as accepted, error, took > 1 ms, or a text';

/** The query in a person's words; undefined where they are blank. */
export function parseQuery(words: string): ParsedQuery | undefined {
  const trimmed = words.trim();
  if (trimmed === '') return undefined;
  if (words.length > MAX_QUERY_CHARACTERS) {
    return wrong(`That is longer than ${formatCount(MAX_QUERY_CHARACTERS)} characters.`);
  }
  if (trimmed.startsWith('"')) return parseQuoted(trimmed);
  const lower = trimmed.toLowerCase();
  const line = /^line\s+([\d,]+)$/.exec(lower)?.[1];
  if (line !== undefined) {
    const number = parseCount(line);
    return number === undefined
      ? wrong('Lines are numbered from 1 on: ask for line 12.')
      : found({ what: 'line', line: number });
  }
  const seq = /^(?:fact\s+#?|#)([\d,]+)$/.exec(lower)?.[1];
  if (seq !== undefined) {
    const number = parseCount(seq);
    return number === undefined
      ? wrong('Facts are numbered from 1 on: ask for fact 120 or #120.')
      : found({ what: 'fact', seq: number });
  }
  if (lower === 'error' || lower === 'errors') return found({ what: 'error' });
  if (/^took(?:\s*[<>=]|$)/.test(lower)) return parseTook(lower);
  if (isKnownKind(lower)) return found({ what: 'kind', kind: lower });
  return textQuery(words);
}

function found(query: Query): ParsedQuery {
  return { ok: true, query };
}

function wrong(why: string): ParsedQuery {
  return { ok: false, why };
}

function parseQuoted(trimmed: string): ParsedQuery {
  const text = trimmed.slice(1, -1);
  if (trimmed.length < 2 || !trimmed.endsWith('"')) {
    return wrong('A text in quotes ends with one, too: "accepted".');
  }
  return text === '' ? wrong(`Between the quotes is nothing to find. Ask for ${ASKABLE}.`) : textQuery(text);
}

/** White space at the ends is part of a text. A capital letter asks for the case as it is. */
function textQuery(text: string): ParsedQuery {
  if (/\p{Cs}/u.test(text)) return wrong('A part of a character cannot be found: type the whole character.');
  return found({ what: 'text', text, exactCase: /\p{Lu}/u.test(text) });
}

function parseTook(lower: string): ParsedQuery {
  const [, comparison, number, unit] =
    /^took\s*([<>]=?)\s*(\d+(?:\.\d+)?|\.\d+)\s*([a-zµμ]*)$/.exec(lower) ?? [];
  if (number === undefined || !isComparison(comparison)) {
    return wrong('Say how long it took: took > 1 ms, took < 50 µs.');
  }
  const scale = US_OF_UNIT[unit ?? ''];
  if (scale === undefined) return wrong(`Say the unit, µs, ms, s or min: took ${comparison} ${number} ms.`);
  const us = Number(number) * scale;
  return Number.isFinite(us)
    ? found({ what: 'took', comparison, us })
    : wrong('No run is that long: took > 1 ms, took < 50 µs.');
}

function isComparison(sign: string | undefined): sign is Comparison {
  return sign === '>' || sign === '>=' || sign === '<' || sign === '<=';
}

/** "1,204" -> 1204; undefined for 0 and for more than a number can count. */
function parseCount(digits: string): number | undefined {
  const count = Number(digits.replaceAll(',', ''));
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
}

/** The bytes that a text query looks for, in small letters where it does not ask for the exact case. */
export function soughtBytes({ text, exactCase }: Extract<Query, { readonly what: 'text' }>): Uint8Array {
  const { bytes } = bytesOfText(text);
  return exactCase ? bytes : bytes.map(toSmallAscii);
}

/** A capital letter of ASCII as a small one; any other byte as it is. */
export function toSmallAscii(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

/** Whether a time, in microseconds, is what the query asks for. */
export function isAsLong(
  us: number,
  { comparison, us: limit }: Extract<Query, { readonly what: 'took' }>,
): boolean {
  switch (comparison) {
    case '>':
      return us > limit;
    case '>=':
      return us >= limit;
    case '<':
      return us < limit;
    case '<=':
      return us <= limit;
  }
}

// Upper case and swapped case, by Unicode's language-independent rules (SpecialCasing).

import type { Transform } from './trace/fact.ts';

/** A transform that changes letters where they stand. */
export type CaseTransform = Exclude<Transform, 'reverse'>;

/**
 * The largest factor by which a text can grow in UTF-8: `ΐ` (U+0390, two bytes) has no single capital and is replaced by a
 * letter with two marks (six bytes).
 */
export const MAX_GROWTH = 3;

/**
 * A text in another case, code point by code point: the letters around one do not matter, so a swapped capital sigma is
 * always `σ`. A letter without a single capital is replaced by several: `ß` by `SS`. One that is neither upper nor lower
 * case (`ǅ`) stays.
 */
export function inOtherCase(text: string, transform: CaseTransform): string {
  return transform === 'upper-case' ? text.toUpperCase() : Array.from(text, swapped).join('');
}

function swapped(character: string): string {
  const upper = character.toUpperCase();
  const lower = character.toLowerCase();
  if (character === lower) return upper;
  return character === upper ? lower : character;
}

/** The same for one byte, of which only an ASCII letter is a letter: 0 to 255 in, 0 to 255 out. */
export function octetInOtherCase(octet: number, transform: CaseTransform): number {
  if (octet >= 0x61 && octet <= 0x7a) return octet - 0x20;
  if (transform === 'swap-case' && octet >= 0x41 && octet <= 0x5a) return octet + 0x20;
  return octet;
}

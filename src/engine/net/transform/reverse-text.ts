// Reverses a text of several lines as one string, as programs do that treat one read as one line.

import { isUtf8 } from 'node:buffer';

import { splitGraphemes } from 'unicode-segmenter/grapheme';

import type { ReversalUnit } from '../../../shared/trace/fact.ts';
import type { ReversedLine } from './reverse-line.ts';

/**
 * Reverses all of it, with its line ends and BOM: a program without framing knows no lines. By code point it is
 * Python's `text[::-1]`; by grapheme cluster a CR LF stays together (UAX #29, rule GB3). Bytes that are not valid UTF-8
 * have no characters to keep whole and are reversed by byte.
 */
export function reverseText(bytes: Buffer, by: ReversalUnit): ReversedLine {
  const validUtf8 = isUtf8(bytes);
  if (by === 'byte' || !validUtf8) return { bytes: Buffer.from(bytes).reverse(), by: 'byte', validUtf8 };
  const text = bytes.toString('utf8');
  const characters = Array.from(by === 'grapheme' ? splitGraphemes(text) : text);
  return { bytes: Buffer.from(characters.reverse().join('')), by, validUtf8 };
}

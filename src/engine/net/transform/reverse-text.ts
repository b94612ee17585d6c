// Turns a text of several lines round, as the programs do that take what they read for one line. each-read-server.ts and
// whole-stream-server.ts call it; a single line is reverse-line.ts' business.

import { isUtf8 } from 'node:buffer';

import { splitGraphemes } from 'unicode-segmenter/grapheme';

import type { ReversalUnit } from '../../../shared/trace/fact.ts';
import type { ReversedLine } from './reverse-line.ts';

/**
 * Reverses all of it, line ends and a BOM among it: nothing stays where it was, because whoever does this knows of no
 * lines. By code point it is Python's `text[::-1]`; by grapheme cluster a CR LF stays together (UAX #29, rule GB3). Bytes
 * that are not valid UTF-8 have no characters to keep whole and are reversed by byte.
 */
export function reverseText(bytes: Buffer, by: ReversalUnit): ReversedLine {
  const validUtf8 = isUtf8(bytes);
  if (by === 'byte' || !validUtf8) return { bytes: Buffer.from(bytes).reverse(), by: 'byte', validUtf8 };
  const text = bytes.toString('utf8');
  const characters = Array.from(by === 'grapheme' ? splitGraphemes(text) : text);
  return { bytes: Buffer.from(characters.reverse().join('')), by, validUtf8 };
}

// Recorded bytes made readable: text where they are text, hex where they are not, control characters as signs.

import { countGraphemes, splitGraphemes } from 'unicode-segmenter/grapheme';
import { beginningOf, textOf } from '../../shared/trace/recorded-bytes.ts';
import type { RecordedBytes, ReversalUnit } from '../../shared/trace/fact.ts';

/** One character, or a sign in its place where it has no shape: LF ⏎, TAB ⇥, and others as a program would write them. */
function signOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x0a) return '⏎';
  if (code === 0x0d) return '\\r';
  if (code === 0x09) return '⇥';
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code === 0xfeff) return '[BOM]';
  // Marks that change the direction of text would take effect on the screen instead of showing.
  if (/^[\u200e\u200f\u202a-\u202e\u2066-\u2069]$/u.test(character)) return `\\u${code.toString(16)}`;
  return character;
}

/** How many characters a reader counts in the text. */
export function countCharacters(text: string): number {
  return countGraphemes(text);
}

/** Text on one line, with signs for what has no shape. */
export function visibleText(text: string): string {
  // Text without controls is the common case and needs no walk.

  if (!/[\u0000-\u001f\u007f-\u009f\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(text)) return text;
  return Array.from(text, signOf).join('');
}

/** Bytes on one line: text where they are text; of bytes that are no UTF-8 the ASCII as text and the others as `\xNN`. */
export function visibleBytes(data: RecordedBytes): string {
  const text = textOf(data);
  if (text !== undefined) return visibleText(text);
  return Array.from(data.bytes, (octet) =>
    octet < 0x80 ? signOf(String.fromCharCode(octet)) : `\\x${octet.toString(16)}`,
  ).join('');
}

function hexPairs(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(' ');
}

/** The first characters of the bytes, at most `max`, and whether more follow. */
export function preview(data: RecordedBytes, max: number): { readonly text: string; readonly cut: boolean } {
  // Enough code units for `max` clusters of any reasonable size, so that a long line is not walked to its end.
  const beginning = beginningOf(data, max * 16);
  const text = textOf(beginning) ?? visibleBytes(beginningOf(data, max * 4));
  const clusters: string[] = [];
  for (const cluster of splitGraphemes(text)) {
    if (clusters.length === max) return { text: visibleText(clusters.join('')), cut: true };
    clusters.push(cluster);
  }
  return { text: visibleText(clusters.join('')), cut: data.leftOutBytes !== undefined };
}

/** A text in the pieces that are reversed, and the parts that stay: a BOM in front, a CR and LF at the end. */
export interface Pieces {
  readonly head: string;
  readonly pieces: readonly string[];
  /** The characters that each piece stands for; of a byte that is no ASCII, none. */
  readonly sources: readonly string[];
  readonly tail: string;
}

/**
 * Splits a line as the server does before it reverses it.
 *
 * `first`: it is the first line, where a BOM stays in front.
 */
export function piecesOf(data: RecordedBytes, by: ReversalUnit, first: boolean): Pieces {
  const whole = by === 'byte' ? undefined : textOf(data);
  if (whole === undefined) return bytePieces(data.bytes, first);
  let text = whole;
  let tail = '';
  let head = '';
  if (text.endsWith('\n')) {
    tail = '⏎';
    text = text.slice(0, -1);
  }
  if (text.endsWith('\r')) {
    tail = `\\r${tail}`;
    text = text.slice(0, -1);
  }
  if (first && text.startsWith('\ufeff')) {
    head = '[BOM]';
    text = text.slice(1);
  }
  const pieces = by === 'grapheme' ? [...splitGraphemes(text)] : Array.from(text);
  return { head, pieces: pieces.map((piece) => visibleText(piece)), sources: pieces, tail };
}

function bytePieces(octets: Uint8Array, first: boolean): Pieces {
  let end = octets.length;
  let start = 0;
  let tail = '';
  let head = '';
  if (octets[end - 1] === 0x0a) {
    tail = '⏎';
    end -= 1;
  }
  if (octets[end - 1] === 0x0d) {
    tail = `\\r${tail}`;
    end -= 1;
  }
  if (first && octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf) {
    head = '[BOM]';
    start = 3;
  }
  const pieces = Array.from(octets.subarray(start, end), (octet) =>
    octet > 0x20 && octet < 0x7f
      ? String.fromCharCode(octet)
      : octet === 0x20
        ? ' '
        : octet.toString(16).padStart(2, '0'),
  );
  const sources = pieces.map((piece) => (piece.length === 1 ? piece : ''));
  return { head, pieces, sources, tail };
}

/** Rows of sixteen bytes as a hex dump shows them. */
export interface HexRow {
  readonly offset: number;
  readonly hex: string;
  readonly text: string;
}

export function hexRows(octets: Uint8Array, maxRows: number): readonly HexRow[] {
  const rows: HexRow[] = [];
  for (let offset = 0; offset < octets.length && rows.length < maxRows; offset += 8) {
    const slice = octets.subarray(offset, offset + 8);
    rows.push({
      offset,
      hex: hexPairs(slice),
      text: Array.from(slice, (octet) =>
        octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : octet === 0x0a ? '⏎' : '·',
      ).join(''),
    });
  }
  return rows;
}

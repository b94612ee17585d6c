// A stretch of bytes as a reader sees it byte by byte: the characters above their bytes, the lines, and a reversed line, to
// compare with what a server made of the same bytes. Pure.

import { splitGraphemes } from 'unicode-segmenter/grapheme';
import type { ReversalUnit } from '../../../shared/trace/fact.ts';
import { visibleText } from '../../scene/octets.ts';

/** One character over the bytes that it is made of, or one byte that belongs to none. */
export interface Cell {
  /** Place in the stretch; `to` is not included. */
  readonly from: number;
  readonly to: number;
  /** The character, or a sign for what has no shape: LF is ⏎. For a byte that belongs to no character its two hex digits. */
  readonly text: string;
  readonly broken: boolean;
}

const LF = 0x0a;
const CR = 0x0d;
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text that the bytes are, a BOM included; undefined where they are not valid UTF-8. */
function textOf(octets: Uint8Array): string | undefined {
  try {
    return DECODER.decode(octets);
  } catch {
    return undefined;
  }
}

/** Length in bytes of the character that begins at `at`; 0 where none does. */
function characterBytes(octets: Uint8Array, at: number): number {
  const lead = octets[at] ?? 0;
  const bytes = lead < 0x80 ? 1 : lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (bytes < 2) return bytes;
  return textOf(octets.subarray(at, at + bytes)) === undefined ? 0 : bytes;
}

/** The bytes as cells, in order and without gaps. What a reader sees as one character is one cell. */
export function cellsOf(octets: Uint8Array): readonly Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  while (at < octets.length) {
    let end = at;
    for (let bytes = characterBytes(octets, end); bytes > 0 && end < octets.length;) {
      end += bytes;
      bytes = end < octets.length ? characterBytes(octets, end) : 0;
    }
    for (const cluster of splitGraphemes(textOf(octets.subarray(at, end)) ?? '')) {
      // CR LF is one cluster, but two signs.
      for (const part of cluster === '\r\n' ? ['\r', '\n'] : [cluster]) {
        const to = at + ENCODER.encode(part).length;
        cells.push({ from: at, to, text: visibleText(part), broken: false });
        at = to;
      }
    }
    if (at < octets.length) {
      const hex = (octets[at] ?? 0).toString(16).padStart(2, '0');
      cells.push({ from: at, to: at + 1, text: hex, broken: true });
      at += 1;
    }
  }
  return cells;
}

/** Where a line lies: from its first byte to behind its LF, or to the end of the bytes where it has none. */
export interface LinePlace {
  readonly from: number;
  readonly to: number;
}

/** The lines of the bytes. The last one needs no LF; behind a last LF there is no line more. */
export function linesIn(octets: Uint8Array): readonly LinePlace[] {
  const lines: LinePlace[] = [];
  let from = 0;
  while (from < octets.length) {
    const lf = octets.indexOf(LF, from);
    const to = lf < 0 ? octets.length : lf + 1;
    lines.push({ from, to });
    from = to;
  }
  return lines;
}

/**
 * A line, with its LF where it has one, as it has to come back: its characters in the other order, its line end where it
 * was. As the server does it: by byte where it is not valid UTF-8, and on the stream's `first` line a BOM stays in front.
 */
export function reversedLine(line: Uint8Array, by: ReversalUnit, first: boolean): Uint8Array {
  let end = line[line.length - 1] === LF ? line.length - 1 : line.length;
  const start = first && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? 3 : 0;
  if (end > start && line[end - 1] === CR) end -= 1;
  const reversed = line.slice();
  reversed.set(reversedBytes(line.subarray(start, end), textOf(line) === undefined ? 'byte' : by), start);
  return reversed;
}

function reversedBytes(octets: Uint8Array, by: ReversalUnit): Uint8Array {
  const text = by === 'byte' ? undefined : textOf(octets);
  if (text === undefined) return octets.slice().reverse();
  const characters = by === 'grapheme' ? [...splitGraphemes(text)] : Array.from(text);
  return ENCODER.encode(characters.reverse().join(''));
}

export function sameOctets(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((octet, index) => octet === other[index]);
}

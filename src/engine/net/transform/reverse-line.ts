// Reverses one line. Works on bytes from end to end: what counts as one character only decides which bytes stay
// together.

import { isAscii, isUtf8 } from 'node:buffer';

import { splitGraphemes } from 'unicode-segmenter/grapheme';

import type { ReversedEachWay } from '../../../shared/ipc.ts';
import type { ReversalUnit } from '../../../shared/trace/fact.ts';

export interface ReversedLine {
  readonly bytes: Buffer;
  /** How it was reversed: always by byte where the line is not valid UTF-8. */
  readonly by: ReversalUnit;
  readonly validUtf8: boolean;
}

const CR = 0x0d;

/**
 * Reverses a line (without its LF) in time and memory proportional to its length. A single CR at the end stays at the
 * end, because it belongs to the line's ending; a BOM at the start of the stream's first line (`first`) stays in front.
 * A line that is not valid UTF-8 has no characters to keep whole and is reversed by byte.
 */
export function reverseLine(
  line: Uint8Array,
  by: ReversalUnit,
  options: { readonly first?: boolean } = {},
): ReversedLine {
  const reversed = Buffer.allocUnsafe(line.length);
  return { bytes: reversed, ...reverseInto(reversed, line, by, options.first === true) };
}

/**
 * As `reverseLine`, but writes into the start of `target`, which must be at least as long as the line. A caller that
 * leaves room for the LF there saves a copy.
 */
export function reverseInto(
  target: Uint8Array,
  line: Uint8Array,
  by: ReversalUnit,
  first: boolean,
): { readonly by: ReversalUnit; readonly validUtf8: boolean } {
  const start = first && startsWithBom(line) ? 3 : 0;
  const end = line.length > start && line[line.length - 1] === CR ? line.length - 1 : line.length;
  for (let at = 0; at < start; at += 1) target[at] = line[at] ?? 0;
  if (end < line.length) target[end] = CR;

  // In ASCII each byte is one code point and one grapheme cluster: only CR LF is a cluster of two, and LF is framing.
  if (isAscii(line)) {
    reverseBytes(target, line, start, end);
    return { by, validUtf8: true };
  }
  const validUtf8 = isUtf8(line);
  if (!validUtf8 || by === 'byte') {
    reverseBytes(target, line, start, end);
    return { by: 'byte', validUtf8 };
  }
  if (by === 'codepoint' || isOneClusterEach(line, start, end)) reverseCodePoints(target, line, start, end);
  else reverseGraphemes(target, line, start, end);
  return { by, validUtf8 };
}

function startsWithBom(line: Uint8Array): boolean {
  return line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf;
}

function reverseBytes(target: Uint8Array, line: Uint8Array, start: number, end: number): void {
  let to = end;
  for (let at = start; at < end; at += 1) target[(to -= 1)] = line[at] ?? 0;
}

/** Length in bytes of the UTF-8 sequence that begins with this byte. The line is known to be valid. */
function sequenceBytes(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** Copies the bytes from `at` to `next` to their mirrored place. */
function mirror(target: Uint8Array, line: Uint8Array, at: number, next: number, mirrorSum: number): void {
  let to = mirrorSum - next;
  for (let from = at; from < next; from += 1) {
    target[to] = line[from] ?? 0;
    to += 1;
  }
}

function reverseCodePoints(target: Uint8Array, line: Uint8Array, start: number, end: number): void {
  let at = start;
  while (at < end) {
    const next = at + sequenceBytes(line[at] ?? 0);
    mirror(target, line, at, next, start + end);
    at = next;
  }
}

/**
 * Whether every code point is in a range where none joins its neighbour into a cluster: below U+0300, where the
 * combining marks begin, hiragana and katakana without their sound marks, and the ideographs. Most lines of most
 * languages are, and need no search for clusters. (UAX #29: in these ranges all are Other, Control or, as the copyright
 * sign, Extended_Pictographic, which joins only over a ZWJ.)
 */
function isOneClusterEach(line: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const lead = line[at] ?? 0;
    const bytes = sequenceBytes(lead);
    if (bytes === 2 && lead >= 0xcc) return false;
    if (bytes === 4) return false;
    if (bytes === 3) {
      const code = ((lead & 0x0f) << 12) | (((line[at + 1] ?? 0) & 0x3f) << 6) | ((line[at + 2] ?? 0) & 0x3f);
      const kana = (code >= 0x3041 && code <= 0x3096) || (code >= 0x30a1 && code <= 0x30fa);
      if (!kana && !(code >= 0x3400 && code <= 0x9fff)) return false;
    }
    at += bytes;
  }
  return true;
}

/**
 * Clusters as UAX #29 defines them. `Intl.Segmenter` copies the whole line into each segment, so its cost grows with
 * the square of the line; unicode-segmenter passes over it once.
 */
function reverseGraphemes(target: Uint8Array, line: Uint8Array, start: number, end: number): void {
  const text = Buffer.from(line.buffer, line.byteOffset + start, end - start).toString('utf8');
  let at = start;
  for (const cluster of splitGraphemes(text)) {
    let units = cluster.length;
    let next = at;
    while (units > 0) {
      const bytes = sequenceBytes(line[next] ?? 0);
      next += bytes;
      // Four bytes of UTF-8 are a surrogate pair in UTF-16, anything shorter is one unit.
      units -= bytes === 4 ? 2 : 1;
    }
    mirror(target, line, at, next, start + end);
    at = next;
  }
}

/**
 * A text, treated as a first line, reversed in each of the three ways. `hex` is two lowercase digits a byte, unspaced.
 */
export function reverseEachWay(text: string): ReversedEachWay {
  const line = Buffer.from(text, 'utf8');
  const reversed = (by: ReversalUnit) => {
    const { bytes } = reverseLine(line, by, { first: true });
    const hex = bytes.toString('hex');
    return isUtf8(bytes) ? { text: bytes.toString('utf8'), hex } : { hex };
  };
  return { grapheme: reversed('grapheme'), codepoint: reversed('codepoint'), byte: reversed('byte') };
}

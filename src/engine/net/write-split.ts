// Splits bytes into the writes that a client makes. Pure.

import { isUtf8 } from 'node:buffer';

import type { HandOver } from '../../shared/trace/fact.ts';

const LF = 0x0a;

/**
 * The writes of this way: all the bytes in order, no write empty, sharing memory with `bytes`. Undefined where the way
 * is `inside-a-character` and there is no character of more than one byte.
 */
export function writesOf(bytes: Buffer, way: HandOver): readonly Buffer[] | undefined {
  switch (way) {
    case 'a-write-a-line':
      return lineWrites(bytes);
    case 'all-at-once':
      return bytes.length === 0 ? [] : [bytes];
    case 'byte-by-byte':
      return Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1));
    case 'inside-a-character': {
      const at = placeInsideCharacter(bytes);
      return at === undefined ? undefined : [bytes.subarray(0, at), bytes.subarray(at)];
    }
  }
}

/** Each line with its LF; a last line without LF is a write too. */
function lineWrites(bytes: Buffer): readonly Buffer[] {
  const writes: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const lf = bytes.indexOf(LF, start);
    const end = lf === -1 ? bytes.length : lf + 1;
    writes.push(bytes.subarray(start, end));
    start = end;
  }
  return writes;
}

/** The middle of the multi-byte character that is nearest to the middle of the bytes. */
function placeInsideCharacter(bytes: Buffer): number | undefined {
  let place: number | undefined;
  let nearest = Infinity;
  for (let at = 0; at < bytes.length;) {
    const length = characterBytes(bytes, at);
    const distance = Math.abs(at + length / 2 - bytes.length / 2);
    if (length > 1 && distance < nearest) {
      nearest = distance;
      place = at + Math.floor(length / 2);
    }
    at += length;
  }
  return place;
}

/** Length of the UTF-8 sequence that begins here; 1 where none does. */
function characterBytes(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 1;
}

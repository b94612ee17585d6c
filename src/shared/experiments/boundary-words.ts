// What the ways and the servers of lost boundaries are called in a sentence, and how many bytes it takes. The transcript
// and the terminal command say it.

import type { Framing, HandOver } from '../trace/fact.ts';

/** More bytes than this could not be seen one by one. */
export const MAX_BOUNDARY_BYTES = 4_096;

export const WAY_WORDS: Readonly<Record<HandOver, string>> = {
  'a-write-a-line': 'a write a line',
  'all-at-once': 'all at once',
  'byte-by-byte': 'one byte at a time',
  'inside-a-character': 'split inside a character',
};

/** What each server takes for a line. */
export const FRAMING_WORDS: Readonly<Record<Framing, string>> = {
  'each-read': 'each read is a line',
  'whole-stream': 'all until the end is a line',
  newlines: 'a newline ends a line',
};

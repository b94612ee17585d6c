// What the servers of lost boundaries take for a line, in a sentence, and how many bytes they are given.

import type { Framing } from '../trace/fact.ts';

/** More bytes than this could not be seen one by one. */
export const MAX_BOUNDARY_BYTES = 4_096;

export const FRAMING_WORDS: Readonly<Record<Framing, string>> = {
  'each-read': 'each read is a line',
  'whole-stream': 'all until the end is a line',
  newlines: 'a newline ends a line',
};

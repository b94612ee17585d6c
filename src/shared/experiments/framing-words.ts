// How the servers of `boundaries` find lines, in words, and how many bytes they can be sent.

import type { Framing } from '../trace/fact.ts';

/** The window cannot show more bytes one by one. */
export const MAX_BOUNDARY_BYTES = 4_096;

export const FRAMING_WORDS: Readonly<Record<Framing, string>> = {
  'each-read': 'each read is a line',
  'whole-stream': 'all until the end is a line',
  newlines: 'a newline ends a line',
};

/** The servers of `boundaries` in the sentences about a run, for window and terminal. */
export const SERVER_NAMES: Readonly<Record<Framing, string>> = {
  'each-read': 'the one that takes each read for a line',
  'whole-stream': 'the one that reads to the end',
  newlines: 'the server that looks for newlines',
};

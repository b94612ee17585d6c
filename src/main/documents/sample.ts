// The built-in sample, which is the input until a file is opened.

import type { FileReaderName } from '../../shared/experiments/definitions.ts';

/** The course's name for its input; a person may rename the sample (`inputName` in the settings). */
export const SAMPLE_NAME = 'in-proj.txt';

/** Seven lines: an empty one and a palindrome among them, the last one without LF. */
const SAMPLE_TEXT =
  'HELLO\nWelcome to CS 352!\nInternet Technology\nan ephemeral port\n\nracecar\nline 7 is the last line';

/**
 * What `boundaries` sends where no file was opened. It is short, so that each byte can be seen, and has characters of two
 * and of four bytes, so that a write can end inside one. Five lines, the last one without LF.
 */
const BOUNDARIES_SAMPLE_TEXT = 'HELLO\nWelcome\ncafé 😀\nCS 352\nlast line';

/** The sample that an experiment sends. */
export function sampleTextFor(experiment: FileReaderName): string {
  return experiment === 'boundaries' ? BOUNDARIES_SAMPLE_TEXT : SAMPLE_TEXT;
}

export const SAMPLE_BYTES = Buffer.byteLength(SAMPLE_TEXT);

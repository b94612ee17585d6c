// The built-in sample: what there is to run before a file was opened. runs.ts writes it into the run's folder, so that
// it is read as the real file that it then is.

/** The name that the course gives its input. */
export const SAMPLE_NAME = 'in-proj.txt';

/** Seven lines: an empty one and a palindrome among them, the last one without LF. */
export const SAMPLE_TEXT =
  'HELLO\nWelcome to CS 352!\nInternet Technology\nan ephemeral port\n\nracecar\nline 7 is the last line';

export const SAMPLE_BYTES = Buffer.byteLength(SAMPLE_TEXT);

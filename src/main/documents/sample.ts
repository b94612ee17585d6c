// The built-in sample: what there is to run before a file was opened. current-run.ts writes it into the run's folder, so that
// it is read as the real file that it then is.

/** The name that the course gives its input; a person may give the sample another (`inputName` in the settings). */
export const SAMPLE_NAME = 'in-proj.txt';

/** Seven lines: an empty one and a palindrome among them, the last one without LF. */
export const SAMPLE_TEXT =
  'HELLO\nWelcome to CS 352!\nInternet Technology\nan ephemeral port\n\nracecar\nline 7 is the last line';

/**
 * What `boundaries` sends where no file was opened: short, so that each byte can be seen, with characters of two and of
 * four bytes, so that a write can end inside one. Five lines, the last one without LF.
 */
export const BOUNDARIES_SAMPLE_TEXT = 'HELLO\nWelcome\ncafé 😀\nCS 352\nlast line';

export const SAMPLE_BYTES = Buffer.byteLength(SAMPLE_TEXT);

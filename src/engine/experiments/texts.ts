// Which greeting and which text can be sent. The experiments and the terminal command refuse what cannot, settings.ts
// takes no other.

import { failed, type Problem } from '../../shared/result.ts';

const MOST_GREETING_BYTES = 1_000;
const MOST_TEXT_BYTES = 65_536;

/** Why this cannot be the server's greeting, or undefined where it can. */
export function greetingProblem(greeting: string): Problem | undefined {
  if (greeting === '') {
    return failed('bad-option', 'There is nothing to greet with: type at least one character.').problem;
  }
  return tooLong('The greeting', greeting, MOST_GREETING_BYTES);
}

/** Why this cannot be sent as one line, or undefined where it can. */
export function textProblem(text: string): Problem | undefined {
  if (text === '') {
    return failed('bad-option', 'There is nothing to send: type at least one character.').problem;
  }
  if (/[\r\n]/.test(text)) {
    return failed(
      'bad-option',
      'The text has a line break in it, and one line is sent: leave the line break out, or send the lines as a file.',
    ).problem;
  }
  return tooLong('The text', text, MOST_TEXT_BYTES);
}

function tooLong(what: string, text: string, limitBytes: number): Problem | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes <= limitBytes) return undefined;
  return failed(
    'bad-option',
    `${what} is ${bytes} bytes long and may have ${limitBytes} at most: make it shorter.`,
    { bytes, limitBytes },
  ).problem;
}

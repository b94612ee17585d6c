// Reads the command line of the terminal command: what was asked for, or the one sentence that says what is wrong with it.
// terminal/index.ts does what was asked.

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import type { Result } from '../shared/result.ts';
import { failed, succeeded } from '../shared/result.ts';
import type { ReversalUnit } from '../shared/trace.ts';

export interface ExchangeRequest {
  readonly inputPath: string;
  readonly outputPath: string;
  readonly tracePath: string | undefined;
  readonly port: number;
  readonly by: ReversalUnit;
  readonly maxLineBytes: number;
  readonly quiet: boolean;
}

export type Request = { readonly help: true } | ({ readonly help: false } & ExchangeRequest);

/** The port of the course. */
const DEFAULT_PORT = 50_007;
const DEFAULT_MAX_LINE_BYTES = 1_048_576;
const MOST_MAX_LINE_BYTES = 67_108_864;

export const HELP = `usage: npm run -s exchange -- [options] INPUT OUTPUT

Sends INPUT line by line to a server over a real TCP connection on 127.0.0.1, waits for each reversed
line, and saves what came back as OUTPUT. Prints the exchange on standard output.

  --port N          port of the server, 0 to 65535; 0 takes any free one (${DEFAULT_PORT})
  --by UNIT         what a line is reversed by: grapheme, codepoint or byte (grapheme)
  --max-line BYTES  longest line, 1 to ${MOST_MAX_LINE_BYTES} bytes before its LF (${DEFAULT_MAX_LINE_BYTES})
  --trace FILE      also save everything that happened: JSON lines, one fact a line with seq, atUs and kind
  --quiet           print nothing on success
  --help            print this

OUTPUT and FILE are replaced only by a whole new file. A failure is one line on standard error and exit
status 1: it names what is at fault, and the temporary file with what had come back until then.
`;

/**
 * Takes the arguments after the program's name. Paths are resolved against `folder`. Where the problem is one of the
 * arguments its code is `bad-option`.
 */
export function parseRequest(args: readonly string[], folder: string): Result<Request> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return usage(error instanceof Error ? firstSentence(error.message) : 'The arguments make no sense.');
  }
  const { values, positionals } = parsed;
  if (values.help) return succeeded({ help: true });
  const [input, output, ...more] = positionals;
  if (input === undefined || output === undefined || more.length > 0) {
    return usage(`Two files are wanted, INPUT and OUTPUT; ${positionals.length} were given.`);
  }
  for (const [name, path] of [
    ['INPUT', input],
    ['OUTPUT', output],
    ['--trace', values.trace],
  ]) {
    if (path === '') return usage(`${name ?? ''} is empty.`);
    if (path?.includes('\0') === true) return usage(`${name ?? ''} has a NUL in it, which no path can have.`);
  }
  const port = wholeNumber(values.port, 0, 65_535);
  if (port === undefined) return usage(`--port takes a number from 0 to 65535, not ${values.port}.`);
  const maxLineBytes = wholeNumber(values['max-line'], 1, MOST_MAX_LINE_BYTES);
  if (maxLineBytes === undefined) {
    return usage(
      `--max-line takes a number of bytes from 1 to ${MOST_MAX_LINE_BYTES}, not ${values['max-line']}.`,
    );
  }
  const by = UNITS.find((unit) => unit === values.by);
  if (by === undefined) return usage(`--by takes grapheme, codepoint or byte, not ${values.by}.`);
  return succeeded({
    help: false,
    inputPath: resolve(folder, input),
    outputPath: resolve(folder, output),
    tracePath: values.trace === undefined ? undefined : resolve(folder, values.trace),
    port,
    by,
    maxLineBytes,
    quiet: values.quiet,
  });
}

const UNITS: readonly ReversalUnit[] = ['grapheme', 'codepoint', 'byte'];

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: 'string', default: String(DEFAULT_PORT) },
      by: { type: 'string', default: 'grapheme' },
      'max-line': { type: 'string', default: String(DEFAULT_MAX_LINE_BYTES) },
      trace: { type: 'string' },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}

function usage(sentence: string): Result<never> {
  return failed('bad-option', `${sentence} Give --help to see how it is used.`);
}

/** parseArgs goes on to explain in further sentences: one line is enough here. */
function firstSentence(message: string): string {
  const end = message.indexOf('. ');
  const sentence = end === -1 ? message : message.slice(0, end);
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}

/** Digits only: `Number` would take '0x50', '1e3' and '' too. */
function wholeNumber(text: string, from: number, to: number): number | undefined {
  if (!/^\d{1,9}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= from && value <= to ? value : undefined;
}

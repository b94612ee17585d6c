// How the Python servers transform what they got. A line and a text differ: a line keeps its end, and a BOM in front.

import type { ReversalUnit, Transform } from '../../../trace/fact.ts';
import type { ProgramOptions, Source } from '../program.ts';

type Options = Pick<ProgramOptions, 'transform' | 'by'>;

/** What Python's standard library cannot do: `é` of two code points is one cluster, and so is a family of emoji. */
export const CLUSTERS_COMMENT = '# by code point: Python knows no grapheme clusters';

/** `text`, a str, in another case. A capital sigma alone has no end of a word to look out for. */
const IN_OTHER_CASE: Readonly<Record<Exclude<Transform, 'reverse'>, (text: string) => string>> = {
  'upper-case': (text) => `${text}.upper()`,
  'swap-case': (text) => `"".join(map(str.swapcase, ${text}))`,
};

const IN_OTHER_CASE_BY_BYTE: Readonly<Record<Exclude<Transform, 'reverse'>, string>> = {
  'upper-case': 'upper()',
  'swap-case': 'swapcase()',
};

/** The function that does it, by its name. */
export function transformerName({ transform }: Pick<ProgramOptions, 'transform'>): string {
  return transform === 'reverse' ? 'reverse' : transform === 'upper-case' ? 'upper' : 'swap_case';
}

/** The expression that transforms `text`, bytes of valid UTF-8. */
export function transformed({ transform, by }: Options): string {
  if (transform !== 'reverse') return `${IN_OTHER_CASE[transform]('text.decode()')}.encode()`;
  return by === 'byte' ? 'text[::-1]' : 'text.decode()[::-1].encode()';
}

function reversing(by: ReversalUnit, text: string, result: (value: string) => string): Source {
  if (by === 'byte') return [result(`${text}[::-1]`)];
  return [
    ...(by === 'grapheme' ? [CLUSTERS_COMMENT] : []),
    'try:',
    `    ${result(`${text}.decode()[::-1].encode()`)}`,
    'except UnicodeDecodeError:',
    `    ${result(`${text}[::-1]`)}  # no UTF-8: by byte`,
  ];
}

/** The function that transforms a line: `reverse(line, first)`, `upper(line)` or `swap_case(line)`. */
export function lineTransformer({ transform, by }: Options): Source {
  if (transform !== 'reverse') {
    return [
      `def ${transformerName({ transform })}(line):`,
      '    try:',
      `        return ${IN_OTHER_CASE[transform]('line.decode()')}.encode()`,
      '    except UnicodeDecodeError:',
      `        return line.${IN_OTHER_CASE_BY_BYTE[transform]}  # no UTF-8: ASCII letters`,
    ];
  }
  return [
    'def reverse(line, first):',
    ...indentedByFour([
      '# The line end stays at the end, a BOM in front.',
      'end = len(line.removesuffix(b"\\n").removesuffix(b"\\r"))',
      'start = 3 if first and line.startswith(BOM_UTF8) else 0',
      'text = line[start:end]',
      ...reversing(by, 'text', (value) => `text = ${value}`),
      'return line[:start] + text + line[end:]',
    ]),
  ];
}

/** The function that reverses a whole text, with its line ends: `reverse(text)`. */
export function textReverser(by: ReversalUnit): Source {
  return ['def reverse(text):', ...indentedByFour(reversing(by, 'text', (value) => `return ${value}`))];
}

function indentedByFour(source: Source): Source {
  return source.map((line) => (typeof line === 'string' ? `    ${line}` : line));
}

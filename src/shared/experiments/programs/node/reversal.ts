// How the Node servers transform what they got. A line and a text differ: a line keeps its end, and a BOM in front.

import type { ReversalUnit } from '../../../trace/fact.ts';
import { indented } from '../program.ts';
import type { ProgramOptions, Source } from '../program.ts';

type Options = Pick<ProgramOptions, 'transform' | 'by'>;

export const UTF8_IMPORT = "import { isUtf8 } from 'node:buffer';";

/** The function that does it, by its name. */
export function transformerName({ transform }: Pick<ProgramOptions, 'transform'>): string {
  return transform === 'reverse' ? 'reverse' : transform === 'upper-case' ? 'upper' : 'swapCase';
}

/** The characters of a text, as a reader sees them or as code points. */
const CHARACTERS: Readonly<Record<Exclude<ReversalUnit, 'byte'>, Source>> = {
  grapheme: [
    "const clusters = new Intl.Segmenter('en').segment(text);",
    'const characters = Array.from(clusters, ({ segment }) => segment);',
  ],
  codepoint: ['const characters = Array.from(text);'],
};

/** Reverses `bytes`, by byte where they are no text. */
function reversing(by: ReversalUnit, bytes: string): Source {
  if (by === 'byte') return [`const reversed = Buffer.from(${bytes}).reverse();`];
  return [
    `const text = ${bytes}.toString();`,
    ...CHARACTERS[by],
    `const reversed = isUtf8(${bytes})`,
    "  ? Buffer.from(characters.reverse().join(''))",
    `  : Buffer.from(${bytes}).reverse(); // by byte`,
  ];
}

const BOM = "const BOM = Buffer.from('\\ufeff');";

/** A letter without a single capital becomes several; one that is neither upper nor lower case stays. */
const SWAP: Source = [
  'function swap(letter) {',
  '  const upper = letter.toUpperCase();',
  '  const lower = letter.toLowerCase();',
  '  return letter === lower ? upper : letter === upper ? lower : letter;',
  '}',
  '',
];

/** The function that transforms a line: `reverse(line, isFirst)`, `upper(line)` or `swapCase(line)`. */
export function lineTransformer({ transform, by }: Options): Source {
  switch (transform) {
    case 'reverse':
      return [
        BOM,
        '',
        'function reverse(line, isFirst) {',
        ...indented(
          [
            '// The line end stays at the end, a BOM in front.',
            'let end = line.length;',
            'if (line[end - 1] === 0x0a) end -= 1;',
            'if (line[end - 1] === 0x0d) end -= 1;',
            'const start = isFirst && line.indexOf(BOM) === 0 ? 3 : 0;',
            'const part = line.subarray(start, end);',
            ...reversing(by, 'part'),
            'return Buffer.concat([line.subarray(0, start), reversed, line.subarray(end)]);',
          ],
          '  ',
        ),
        '}',
        '',
      ];
    case 'upper-case':
      return [
        'function upper(line) {',
        '  if (isUtf8(line)) return Buffer.from(line.toString().toUpperCase());',
        '  // No UTF-8: ASCII letters.',
        "  const text = line.toString('latin1').replace(/[a-z]+/g, (letters) => letters.toUpperCase());",
        "  return Buffer.from(text, 'latin1');",
        '}',
        '',
      ];
    case 'swap-case':
      return [
        ...SWAP,
        'function swapCase(line) {',
        "  if (isUtf8(line)) return Buffer.from(Array.from(line.toString(), swap).join(''));",
        '  // No UTF-8: ASCII letters.',
        "  const text = line.toString('latin1').replace(/[a-z]/gi, swap);",
        "  return Buffer.from(text, 'latin1');",
        '}',
        '',
      ];
  }
}

/** The function that reverses a whole text, with its line ends: `reverse(bytes)`. */
export function textReverser(by: ReversalUnit): Source {
  return [
    'function reverse(bytes) {',
    ...indented([...reversing(by, 'bytes'), 'return reversed;'], '  '),
    '}',
    '',
  ];
}

/** Transforms `bytes` of valid UTF-8 that are one line without an end: the lines before the `reply`, which they declare. */
export function transforming({ transform, by }: Options): Source {
  switch (transform) {
    case 'reverse':
      return by === 'byte'
        ? [['const reply = bytes.reverse();', 'transform']]
        : [
            'const text = bytes.toString();',
            ...CHARACTERS[by],
            ["const reply = characters.reverse().join('');", 'transform'],
          ];
    case 'upper-case':
      return [['const reply = bytes.toString().toUpperCase();', 'transform']];
    case 'swap-case':
      return [["const reply = Array.from(bytes.toString(), swap).join('');", 'transform']];
  }
}

/** What `transforming` needs. */
export function transformingNeeds({ transform }: Options): Source {
  return transform === 'swap-case' ? SWAP : [];
}

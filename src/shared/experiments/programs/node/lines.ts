// The programs of the experiments in which bytes go to the server and back, for Node: string, file, boundaries.

import { nodeText, number } from '../literals.ts';
import { indented, program } from '../program.ts';
import type { Program, ProgramOptions, Source } from '../program.ts';
import { isInStep, keepsItsPlace } from '../rules.ts';
import {
  lineTransformer,
  textReverser,
  transformerName,
  transforming,
  transformingNeeds,
  UTF8_IMPORT,
} from './reversal.ts';
import { CLOSING, connecting, HALF_OPEN, listening, serving } from './sockets.ts';

const SERVER_IMPORT = "import { createServer } from 'node:net';";
const CLIENT_IMPORT = "import { Socket } from 'node:net';";
const ONCE_IMPORT = "import { once } from 'node:events';";

const READING_TO_THE_END: Source = [
  'const parts = [];',
  ['for await (const data of cs) {', 'recv'],
  '  parts.push(data);',
  ['}', 'close'],
  'const reply = Buffer.concat(parts);',
];

/** Reads to the end of the stream; `inside` gets the `bytes`. */
function readingAll(inside: Source): Source {
  return [
    'const parts = [];',
    ["conn.on('data', (data) => {", 'recv'],
    '  parts.push(data);',
    '});',
    "conn.on('end', () => {",
    '  const bytes = Buffer.concat(parts);',
    ...indented(inside, '  '),
    '});',
  ];
}

export function string(options: ProgramOptions): readonly Program[] {
  return [
    program('client.mjs', 'client', [
      ONCE_IMPORT,
      CLIENT_IMPORT,
      '',
      ...connecting(options),
      [`cs.end(${nodeText(options.text)});`, 'send', 'end'],
      ...READING_TO_THE_END,
      ['console.log(reply.toString());', 'use'],
    ]),
    program(
      'server.mjs',
      'server',
      keepsItsPlace(options.text)
        ? lineServer(options)
        : [
            SERVER_IMPORT,
            '',
            ...transformingNeeds(options),
            ...serving(
              [...readingAll([...transforming(options), ['conn.end(reply);', 'send', 'end']]), ...CLOSING],
              HALF_OPEN,
            ),
            ...listening(options),
          ],
    ),
  ];
}

/** The end of createServer()'s options and the lines of its callback, where the server reads late. */
interface Waiting {
  readonly options: string;
  readonly lines: Source;
}

const AT_ONCE: Waiting = { options: HALF_OPEN, lines: [] };

const LATE: Waiting = {
  options: '{ allowHalfOpen: true, pauseOnConnect: true }, ',
  lines: ['setTimeout(() => conn.resume(), 1000); // until all of it waits in the kernel'],
};

/** Answers line by line, and a last line without a newline when the client has ended. */
function lineServer(options: ProgramOptions, waiting = AT_ONCE): Source {
  const reverses = options.transform === 'reverse';
  const name = transformerName(options);
  const reply = (line: string): string => (reverses ? `${name}(${line}, isFirst)` : `${name}(${line})`);
  return [
    ...(reverses && options.by === 'byte' ? [] : [UTF8_IMPORT]),
    SERVER_IMPORT,
    '',
    ...lineTransformer(options),
    ...serving(
      [
        ...waiting.lines,
        'let rest = Buffer.alloc(0);',
        ...(reverses ? ['let isFirst = true;'] : []),
        ["conn.on('data', (data) => {", 'recv'],
        '  rest = Buffer.concat([rest, data]);',
        "  for (let end; (end = rest.indexOf('\\n') + 1) > 0; rest = rest.subarray(end)) {",
        [`    const reply = ${reply('rest.subarray(0, end)')};`, 'transform'],
        ['    conn.write(reply);', 'send'],
        ...(reverses ? ['    isFirst = false;'] : []),
        '  }',
        '});',
        [`conn.on('end', () => conn.end(${reply('rest')}));`, 'end'],
        ...CLOSING,
      ],
      waiting.options,
    ),
    ...listening(options),
  ];
}

/** Sends lines until so many are on their way, and goes on when one is back. */
function fileClient({ maxLineBytes, inFlight, inputName, outputName, port }: ProgramOptions): Source {
  const [socket = '', connect = ''] = connecting({ port });
  return [
    "import { createWriteStream, readFileSync } from 'node:fs';",
    CLIENT_IMPORT,
    '',
    '// latin1: a character is a byte.',
    `const input = readFileSync(${nodeText(inputName)}, 'latin1');`,
    'const lines = input.match(/[^\\n]*\\n|[^\\n]+/g) ?? [];',
    `const out = createWriteStream(${nodeText(outputName)}, 'latin1');`,
    'let sent = 0;',
    'let back = 0;',
    '',
    'function send() {',
    `  while (sent < lines.length && sent - back < ${inFlight}) {`,
    "    const text = lines[sent].replace('\\n', '');",
    `    if (text.length > ${number(maxLineBytes)}) break; // longer than a line may be`,
    ["    cs.write(`${text}\\n`, 'latin1');", 'send'],
    '    sent += 1;',
    '  }',
    ['  if (back === sent) cs.end();', 'end'],
    '}',
    '',
    socket,
    "cs.setEncoding('latin1');",
    connect,
    ["cs.on('connect', send);", 'connected'],
    "let rest = '';",
    ["cs.on('data', (data) => {", 'recv'],
    "  const replies = (rest + data).split('\\n');",
    '  rest = replies.pop();',
    '  for (const reply of replies) {',
    '    // The last line may have no newline.',
    ["    out.write(lines[back].endsWith('\\n') ? `${reply}\\n` : reply);", 'use'],
    '    back += 1;',
    '    send();',
    '  }',
    '});',
    ["cs.on('close', () => out.end());", 'close'],
  ];
}

export function file(options: ProgramOptions): readonly Program[] {
  return [
    program('client.mjs', 'client', fileClient(options)),
    program('server.mjs', 'server', lineServer(options)),
  ];
}

/** How the client of `boundaries` writes its `data`. */
function splitWrites(options: ProgramOptions): Source {
  const waiting: Source = isInStep(options) ? ['  await sleep(50); // until it is read'] : [];
  switch (options.handOver) {
    case 'a-write-a-line':
      return [
        "for (const line of data.toString('latin1').match(/[^\\n]*\\n|[^\\n]+/g)) {",
        ["  cs.write(line, 'latin1');", 'send'],
        ...waiting,
        '}',
      ];
    case 'all-at-once':
      return [['cs.write(data);', 'send']];
    case 'byte-by-byte':
      return ['for (const byte of data) {', ['  cs.write(Buffer.of(byte));', 'send'], ...waiting, '}'];
    case 'inside-a-character':
      return [
        '// In the character of several bytes that is nearest to the middle.',
        "const found = [...data.toString('latin1').matchAll(/[\\xc2-\\xf4][\\x80-\\xbf]+/g)];",
        'const middles = found.map((match) => match.index + match[0].length / 2);',
        'const away = (middle) => Math.abs(middle - data.length / 2);',
        'const cut = Math.floor(middles.reduce((a, b) => (away(b) < away(a) ? b : a)));',
        'for (const half of [data.subarray(0, cut), data.subarray(cut)]) {',
        ['  cs.write(half);', 'send'],
        ...waiting,
        '}',
      ];
  }
}

function splittingClient(options: ProgramOptions): Source {
  const sleeps = isInStep(options) && options.handOver !== 'all-at-once';
  return [
    ONCE_IMPORT,
    "import { readFileSync } from 'node:fs';",
    CLIENT_IMPORT,
    ...(sleeps ? ["import { setTimeout as sleep } from 'node:timers/promises';"] : []),
    '',
    `const data = readFileSync(${nodeText(options.inputName)});`,
    ...connecting(options),
    ...splitWrites(options),
    ['cs.end();', 'end'],
    ...READING_TO_THE_END,
    ['process.stdout.write(reply);', 'use'],
  ];
}

/** The server that treats each read as a line, or everything until the end. */
function unframedServer(options: ProgramOptions, waiting: Waiting): Source {
  const answering: Source =
    options.framing === 'each-read'
      ? [
          ["conn.on('data', (data) => {", 'recv'],
          ['  const reply = reverse(data);', 'transform'],
          ['  conn.write(reply);', 'send'],
          '});',
          ["conn.on('end', () => conn.end());", 'end'],
        ]
      : readingAll([
          ['const reply = reverse(bytes);', 'transform'],
          ['conn.end(reply);', 'send', 'end'],
        ]);
  return [
    ...(options.by === 'byte' ? [] : [UTF8_IMPORT]),
    SERVER_IMPORT,
    '',
    ...textReverser(options.by),
    ...serving([...waiting.lines, ...answering, ...CLOSING], waiting.options),
    ...listening(options),
  ];
}

export function boundaries(given: ProgramOptions): readonly Program[] {
  const options: ProgramOptions = { ...given, transform: 'reverse', openToNetwork: false };
  const waiting = isInStep(options) ? AT_ONCE : LATE;
  return [
    program('client.mjs', 'client', splittingClient(options)),
    program(
      'server.mjs',
      'server',
      options.framing === 'newlines' ? lineServer(options, waiting) : unframedServer(options, waiting),
    ),
  ];
}

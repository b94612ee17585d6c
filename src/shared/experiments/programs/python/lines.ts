// The programs of the experiments in which bytes go to the server and back, in Python: string, file, boundaries.

import { number, pythonText } from '../literals.ts';
import { indented, program } from '../program.ts';
import type { Program, ProgramOptions, Source } from '../program.ts';
import { hasClusters, isInStep, keepsItsPlace } from '../rules.ts';
import { CLUSTERS_COMMENT, lineTransformer, textReverser, transformed, transformerName } from './reversal.ts';
import { ACCEPTING, CLOSING, connecting, listening, SERVER_IMPORTS } from './sockets.ts';

const CLIENT_IMPORTS = 'from socket import SHUT_WR, socket';

const ENDING: Source = [['cs.shutdown(SHUT_WR)', 'end']];

const READING_TO_THE_END: Source = [
  'reply = b""',
  ['while data := cs.recv(4096):', 'recv'],
  '    reply += data',
];

/** Reads to the end of the stream. */
const ALL_READ: Source = ['text = b""', ['while data := conn.recv(4096):', 'recv'], '    text += data'];

export function string(options: ProgramOptions): readonly Program[] {
  const { text, transform, by } = options;
  const isReversedByByte = transform === 'reverse' && by === 'byte';
  const comesApart = transform === 'reverse' && by === 'grapheme' && hasClusters(text);
  return [
    program('client.py', 'client', [
      CLIENT_IMPORTS,
      '',
      ...connecting(options),
      [`cs.sendall(${pythonText(text)}.encode())`, 'send'],
      ...ENDING,
      ...READING_TO_THE_END,
      [isReversedByByte ? 'print(reply.decode(errors="replace"))' : 'print(reply.decode())', 'use'],
      ['cs.close()', 'close'],
    ]),
    program(
      'server.py',
      'server',
      keepsItsPlace(text)
        ? lineServer(options)
        : [
            SERVER_IMPORTS,
            '',
            ...listening(options),
            ...ACCEPTING,
            ...ALL_READ,
            ...(comesApart ? [CLUSTERS_COMMENT] : []),
            [`reply = ${transformed(options)}`, 'transform'],
            ['conn.sendall(reply)', 'send'],
            ...CLOSING,
          ],
    ),
  ];
}

/** Answers line by line, and a last line without a newline when the client has ended. */
function lineServer(options: ProgramOptions, afterAccept: Source = []): Source {
  const { transform } = options;
  const reverses = transform === 'reverse';
  const name = transformerName(options);
  return [
    ...(reverses ? ['from codecs import BOM_UTF8'] : []),
    SERVER_IMPORTS,
    ...(afterAccept.length > 0 ? ['from time import sleep'] : []),
    '',
    '',
    ...lineTransformer(options),
    '',
    '',
    ...listening(options),
    ...ACCEPTING,
    ...afterAccept,
    ...(reverses
      ? ([
          ['for number, line in enumerate(conn.makefile("rb")):', 'recv'],
          [`    reply = ${name}(line, number == 0)`, 'transform'],
        ] as const)
      : ([
          ['for line in conn.makefile("rb"):', 'recv'],
          [`    reply = ${name}(line)`, 'transform'],
        ] as const)),
    ['    conn.sendall(reply)', 'send'],
    ...CLOSING,
  ];
}

function fileClient({ maxLineBytes, inFlight, ...options }: ProgramOptions): Source {
  const opened = `with open(${pythonText(options.inputName)}, "rb") as source, \\`;
  const created = `        open(${pythonText(options.outputName)}, "wb") as out:`;
  const framing: Source = [
    'text = line.removesuffix(b"\\n")',
    `if len(text) > ${number(maxLineBytes)}:`,
    '    break  # longer than a line may be',
  ];
  if (inFlight === 1) {
    return [
      CLIENT_IMPORTS,
      '',
      ...connecting(options),
      'replies = cs.makefile("rb")',
      opened,
      created,
      '    for line in source:',
      ...indented(
        [
          ...framing,
          ['cs.sendall(text + b"\\n")', 'send'],
          ['reply = replies.readline()', 'recv'],
          '# The last line may have no newline.',
          ['out.write(reply[:-1] + line[len(text):])', 'use'],
        ],
        '        ',
      ),
      ...ENDING,
      ['cs.close()', 'close'],
    ];
  }
  const taking: Source = [
    ['reply = replies.readline()', 'recv'],
    ['out.write(reply[:-1] + on_their_way.popleft())', 'use'],
  ];
  return [
    'from collections import deque',
    CLIENT_IMPORTS,
    '',
    ...connecting(options),
    'replies = cs.makefile("rb")',
    'on_their_way = deque()  # the end of each line: the last may have none',
    opened,
    created,
    '    for line in source:',
    ...indented(
      [
        ...framing,
        `if len(on_their_way) == ${inFlight}:`,
        ...indented(taking, '    '),
        ['cs.sendall(text + b"\\n")', 'send'],
        'on_their_way.append(line[len(text):])',
      ],
      '        ',
    ),
    '    while on_their_way:',
    ...indented(taking, '        '),
    ...ENDING,
    ['cs.close()', 'close'],
  ];
}

export function file(options: ProgramOptions): readonly Program[] {
  return [
    program('client.py', 'client', fileClient(options)),
    program('server.py', 'server', lineServer(options)),
  ];
}

/** How the client of `boundaries` writes. */
function splitWrites(options: ProgramOptions): Source {
  const opening = `with open(${pythonText(options.inputName)}, "rb") as source:`;
  const reading = [opening, '    data = source.read()'];
  const waiting: Source = isInStep(options) ? ['sleep(0.05)  # until it is read'] : [];
  switch (options.handOver) {
    case 'a-write-a-line':
      return [
        opening,
        '    for line in source:',
        ...indented([['cs.sendall(line)', 'send'], ...waiting], '        '),
      ];
    case 'all-at-once':
      return [...reading, ['cs.sendall(data)', 'send']];
    case 'byte-by-byte':
      return [
        ...reading,
        'for byte in data:',
        ...indented([['cs.sendall(bytes([byte]))', 'send'], ...waiting], '    '),
      ];
    case 'inside-a-character':
      return [
        ...reading,
        '# In the character of several bytes that is nearest to the middle.',
        'found = finditer(rb"[\\xc2-\\xf4][\\x80-\\xbf]+", data)',
        'spans = [match.span() for match in found]',
        'span = min(spans, key=lambda span: abs(sum(span) - len(data)))',
        'cut = sum(span) // 2',
        'for half in data[:cut], data[cut:]:',
        ...indented([['cs.sendall(half)', 'send'], ...waiting], '    '),
      ];
  }
}

function splittingClient(options: ProgramOptions): Source {
  return [
    ...(options.handOver === 'inside-a-character' ? ['from re import finditer'] : []),
    CLIENT_IMPORTS,
    'from sys import stdout',
    ...(isInStep(options) && options.handOver !== 'all-at-once' ? ['from time import sleep'] : []),
    '',
    ...connecting(options),
    ...splitWrites(options),
    ...ENDING,
    ...READING_TO_THE_END,
    ['stdout.buffer.write(reply)', 'use'],
    ['cs.close()', 'close'],
  ];
}

/** The server that treats each read as a line, or everything until the end. */
function unframedServer({ by, framing, ...options }: ProgramOptions, afterAccept: Source): Source {
  return [
    SERVER_IMPORTS,
    ...(afterAccept.length > 0 ? ['from time import sleep'] : []),
    '',
    '',
    ...textReverser(by),
    '',
    '',
    ...listening(options),
    ...ACCEPTING,
    ...afterAccept,
    ...(framing === 'each-read'
      ? ([
          ['while text := conn.recv(4096):', 'recv'],
          ['    reply = reverse(text)', 'transform'],
          ['    conn.sendall(reply)', 'send'],
        ] as const)
      : ([...ALL_READ, ['reply = reverse(text)', 'transform'], ['conn.sendall(reply)', 'send']] as const)),
    ...CLOSING,
  ];
}

export function boundaries(given: ProgramOptions): readonly Program[] {
  const options: ProgramOptions = { ...given, transform: 'reverse', openToNetwork: false };
  const waiting: Source = isInStep(options) ? [] : ['sleep(1)  # until all of it waits in the kernel'];
  return [
    program('client.py', 'client', splittingClient(options)),
    program(
      'server.py',
      'server',
      options.framing === 'newlines' ? lineServer(options, waiting) : unframedServer(options, waiting),
    ),
  ];
}

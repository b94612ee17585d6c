// The programs of the experiments in which a server greets, in Python: welcome, refused, race, ports.

import { pythonText } from '../literals.ts';
import { indented, program, programOfBoth } from '../program.ts';
import type { Program, ProgramOptions, Source } from '../program.ts';
import { ACCEPTING, CLOSING, connecting, listening, SERVER_IMPORTS } from './sockets.ts';

/** Here the server is for this machine alone. */
type Options = Omit<ProgramOptions, 'openToNetwork'>;

function greeting({ greeting: text }: Pick<ProgramOptions, 'greeting'>): Source {
  return [[`conn.sendall(${pythonText(text)}.encode())`, 'send']];
}

const READING: Source = ['text = b""', ['while data := cs.recv(100):', 'recv'], '    text += data'];

const READING_AND_CLOSING: Source = [
  ...READING,
  ['print(text.decode())', 'use'],
  ['cs.close()', 'end', 'close'],
];

function greetingServer(options: ProgramOptions): Source {
  return [SERVER_IMPORTS, '', ...listening(options), ...ACCEPTING, ...greeting(options), ...CLOSING];
}

export function greetingClient(options: Options): Source {
  return ['from socket import socket', '', ...connecting(options), ...READING_AND_CLOSING];
}

export function welcome(options: ProgramOptions): readonly Program[] {
  return [
    program('client.py', 'client', greetingClient(options)),
    program('server.py', 'server', greetingServer(options)),
  ];
}

/** Seconds as Python's sleep() takes them. */
function seconds(ms: number): string {
  return String(ms / 1_000);
}

function sleeping(ms: number): Source {
  return ms === 0 ? [] : [[`sleep(${seconds(ms)})`, 'sleep']];
}

/** One program, so that the client comes exactly so long before or after the server listens. */
export function refused(options: ProgramOptions): readonly Program[] {
  const { startAfterMs } = options;
  const place = { port: options.port, openToNetwork: false };
  if (startAfterMs < 0) {
    return [
      programOfBoth('proj.py', [
        {
          side: 'client',
          source: [
            SERVER_IMPORTS,
            'from time import sleep',
            '',
            ['cs = socket()', 'socket'],
            'try:',
            ...indented(connecting(place).slice(1), '    '),
            'except ConnectionRefusedError as error:',
            ['    print(error)  # 111 on Linux', 'fail'],
            ['cs.close()', 'close'],
            '',
          ],
        },
        {
          side: 'server',
          source: [
            ...sleeping(-startAfterMs),
            ...listening(place),
            ['ss.close()  # nobody comes a second time', 'close-server'],
          ],
        },
      ]),
    ];
  }
  return [
    programOfBoth('proj.py', [
      {
        side: 'client',
        source: [
          SERVER_IMPORTS,
          'from threading import Thread',
          ...(startAfterMs === 0 ? [] : ['from time import sleep']),
          '',
          '',
          'def client():',
          ...indented([...sleeping(startAfterMs), ...connecting(place), ...READING_AND_CLOSING], '    '),
          '',
          '',
        ],
      },
      {
        side: 'server',
        source: [
          ...listening(place),
          'Thread(target=client).start()',
          ...ACCEPTING,
          ...greeting(options),
          ...CLOSING,
        ],
      },
    ]),
  ];
}

/** As the course's proj.py: one program, a thread for each side, both started in the main program. */
export function race(options: ProgramOptions): readonly Program[] {
  const { pauseMs, rounds } = options;
  const place = { port: options.port, openToNetwork: false };
  return [
    programOfBoth('proj.py', [
      {
        side: 'server',
        source: [
          SERVER_IMPORTS,
          'from threading import Thread',
          ...(pauseMs === 0 ? [] : ['from time import sleep']),
          '',
          'outcomes = {"connected": 0, "refused": 0}',
          '',
          '',
          'def server():',
          ...indented(
            [
              ...listening(place),
              `ss.settimeout(${seconds(pauseMs + 200)})  # who was refused does not come`,
              'try:',
              ...indented([...ACCEPTING, ...greeting(options), ...CLOSING.slice(0, 1)], '    '),
              'except OSError:',
              '    pass',
              ...CLOSING.slice(1),
            ],
            '    ',
          ),
          '',
          '',
        ],
      },
      {
        side: 'client',
        source: [
          'def client():',
          ...indented(
            [
              ...sleeping(pauseMs),
              ['cs = socket()', 'socket'],
              'try:',
              ...indented(
                [...connecting(place).slice(1), ...READING, ['outcomes["connected"] += 1', 'use']],
                '    ',
              ),
              'except ConnectionRefusedError:',
              ['    outcomes["refused"] += 1', 'fail'],
              ['cs.close()', 'end', 'close'],
            ],
            '    ',
          ),
          '',
          '',
          `for _ in range(${rounds}):`,
          '    t1 = Thread(target=server)',
          '    t2 = Thread(target=client)',
          '    t1.start()',
          '    t2.start()',
          '    t1.join()',
          '    t2.join()',
          'print(outcomes)',
        ],
      },
    ]),
  ];
}

/** One server that stays, and clients one after the other. */
export function ports(options: ProgramOptions): readonly Program[] {
  const place = { port: options.port, openToNetwork: false };
  const { runs } = options;
  return [
    program('client.py', 'client', [
      'from socket import socket',
      '',
      `for run in range(${runs}):`,
      ...indented(
        [
          ...connecting(place),
          'address, port = cs.getsockname()',
          ...READING,
          ['print(port, text.decode())', 'use'],
          ['cs.close()', 'end', 'close'],
        ],
        '    ',
      ),
    ]),
    program('server.py', 'server', [
      SERVER_IMPORTS,
      '',
      ...listening(place),
      `for run in range(${runs}):`,
      ...indented([...ACCEPTING, ...greeting(options), ...CLOSING.slice(0, 1)], '    '),
      ...CLOSING.slice(1),
    ]),
  ];
}

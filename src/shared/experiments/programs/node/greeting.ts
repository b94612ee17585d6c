// The programs of the experiments in which a server greets, for Node: welcome, refused, race, ports.

import { nodeText } from '../literals.ts';
import { indented, program, programOfBoth } from '../program.ts';
import type { Program, ProgramOptions, Source } from '../program.ts';
import { CLOSING, connecting, listening, serving } from './sockets.ts';

/** An end that is not read would keep the connection open. */
function greeting({ greeting: text }: Pick<ProgramOptions, 'greeting'>): Source {
  return ['conn.resume(); // reads the end', [`conn.end(${nodeText(text)});`, 'send', 'end']];
}

const READING: Source = [
  "let text = '';",
  "cs.setEncoding('utf8');",
  ['for await (const data of cs) {', 'recv'],
  '  text += data;',
  // Without allowHalfOpen a socket ends when its peer has ended.
  ['} // ends with the server', 'end', 'close'],
];

const READING_AND_PRINTING: Source = [...READING, ['console.log(text);', 'use']];

const CLIENT_IMPORTS: Source = ["import { once } from 'node:events';", "import { Socket } from 'node:net';"];

const BOTH_IMPORTS: Source = [
  "import { once } from 'node:events';",
  "import { createServer, Socket } from 'node:net';",
];

const SLEEP_IMPORT = "import { setTimeout as sleep } from 'node:timers/promises';";

export function greetingClient(options: Pick<ProgramOptions, 'port'>): Source {
  return [...CLIENT_IMPORTS, '', ...connecting(options), ...READING_AND_PRINTING];
}

export function welcome(options: ProgramOptions): readonly Program[] {
  return [
    program('client.mjs', 'client', greetingClient(options)),
    program('server.mjs', 'server', [
      "import { createServer } from 'node:net';",
      '',
      ...serving([...greeting(options), ...CLOSING]),
      ...listening(options),
    ]),
  ];
}

function sleeping(ms: number): Source {
  return ms === 0 ? [] : [[`await sleep(${ms});`, 'sleep']];
}

/** One program, so that the client comes exactly so long before or after the server listens. */
export function refused(options: ProgramOptions): readonly Program[] {
  const { startAfterMs } = options;
  const place = { port: options.port, openToNetwork: false };
  if (startAfterMs < 0) {
    const [socket = '', connect = ''] = connecting(place);
    return [
      programOfBoth('proj.mjs', [
        { side: 'client', source: [...BOTH_IMPORTS, SLEEP_IMPORT, '', socket, connect, ...REFUSING] },
        {
          side: 'server',
          source: [
            ...sleeping(-startAfterMs),
            ['const ss = createServer();', 'socket'],
            ...listening(place),
            "await once(ss, 'listening');",
            ['ss.close(); // nobody comes a second time', 'close-server'],
          ],
        },
      ]),
    ];
  }
  return [
    programOfBoth('proj.mjs', [
      {
        side: 'server',
        source: [
          ...BOTH_IMPORTS,
          ...(startAfterMs === 0 ? [] : [SLEEP_IMPORT]),
          '',
          ...serving([...greeting(options), ...CLOSING]),
          ...listening(place),
          "await once(ss, 'listening');",
          '',
        ],
      },
      { side: 'client', source: [...sleeping(startAfterMs), ...connecting(place), ...READING_AND_PRINTING] },
    ]),
  ];
}

const REFUSING: Source = [
  'try {',
  ["  await once(cs, 'connect');", 'connected'],
  '} catch (error) {',
  ['  console.log(error.message);', 'fail', 'close'],
  '}',
  '',
];

/** As the course's proj.py: one program, a thread for each side, both started in the main program. */
export function race(options: ProgramOptions): readonly Program[] {
  const { pauseMs, rounds } = options;
  const place = { port: options.port, openToNetwork: false };
  return [
    programOfBoth('proj.mjs', [
      {
        side: 'server',
        source: [
          ...BOTH_IMPORTS,
          ...(pauseMs === 0 ? [] : [SLEEP_IMPORT]),
          "import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';",
          '',
          'function server() {',
          ...indented([...serving([...greeting(options), ...CLOSING]), ...listening(place)], '  '),
          '}',
          '',
        ],
      },
      {
        side: 'client',
        source: [
          'async function client() {',
          ...indented([...sleeping(pauseMs), ...connecting(place).slice(0, 2)], '  '),
          '  try {',
          ...indented(
            [...connecting(place).slice(2), ...READING, ["parentPort.postMessage('connected');", 'use']],
            '    ',
          ),
          '  } catch (error) {',
          "    if (error.code !== 'ECONNREFUSED') throw error;",
          ["    parentPort.postMessage('refused');", 'fail'],
          '  }',
          '}',
          '',
          'if (isMainThread) {',
          '  const outcomes = { connected: 0, refused: 0 };',
          `  for (let round = 1; round <= ${rounds}; round += 1) {`,
          '    const [t1, t2] = [server, client].map(',
          '      ({ name }) => new Worker(new URL(import.meta.url), { workerData: name }),',
          '    );',
          "    t2.on('message', (outcome) => {",
          '      outcomes[outcome] += 1;',
          '    });',
          "    await once(t2, 'exit');",
          '    await t1.terminate(); // who was refused does not come',
          '  }',
          '  console.log(outcomes);',
          "} else if (workerData === 'server') {",
          '  server();',
          '} else {',
          '  await client();',
          '}',
        ],
      },
    ]),
  ];
}

/** One server that stays, and clients one after the other. */
export function ports(options: ProgramOptions): readonly Program[] {
  const { runs } = options;
  const place = { port: options.port, openToNetwork: false };
  return [
    program('client.mjs', 'client', [
      ...CLIENT_IMPORTS,
      '',
      `for (let run = 1; run <= ${runs}; run += 1) {`,
      ...indented(
        [...connecting(place), 'const port = cs.localPort;', ...READING, ['console.log(port, text);', 'use']],
        '  ',
      ),
      '}',
    ]),
    program('server.mjs', 'server', [
      "import { createServer } from 'node:net';",
      '',
      'let runs = 0;',
      ...serving([
        ...greeting(options),
        ["conn.on('close', () => {", 'close'],
        '  runs += 1;',
        [`  if (runs === ${runs}) ss.close();`, 'close-server'],
        '});',
      ]),
      ...listening(place),
    ]),
  ];
}

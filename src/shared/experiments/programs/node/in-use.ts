// The programs of `in-use`, for Node: two servers on one port, or a server on the port of a program that has ended.

import { program } from '../program.ts';
import type { Program, ProgramOptions } from '../program.ts';
import { previousOwner } from '../python/in-use.ts';
import { greetingClient } from './greeting.ts';
import { listenedOn, listening } from './sockets.ts';

export function inUse(options: ProgramOptions): readonly Program[] {
  const place = { port: options.port, openToNetwork: false };
  if (options.takenBy === 'time-wait') {
    return [
      previousOwner(options),
      program('client.mjs', 'client', greetingClient(options)),
      program('server.mjs', 'server', [
        "import { createServer } from 'node:net';",
        '',
        ['const ss = createServer(); // sets SO_REUSEADDR', 'socket'],
        "ss.on('error', (error) => {",
        ['  console.log(error.errno, error.message);', 'fail', 'close-server'],
        '});',
        ...listening(place),
        ["ss.on('listening', () => ss.close());", 'close-server'],
      ]),
    ];
  }
  return [
    program('server.mjs', 'server', [
      "import { once } from 'node:events';",
      "import { createServer } from 'node:net';",
      '',
      ['const ss = createServer();', 'socket'],
      ...listening(place),
      "await once(ss, 'listening');",
      ['const s2 = createServer();', 'socket-2'],
      "s2.on('error', (error) => {",
      ['  console.log(error.errno, error.message);', 'fail-2', 'close-server-2'],
      ['  ss.close();', 'close-server'],
      '});',
      [`s2.listen(${listenedOn(place)});`, 'bind-2'],
    ]),
  ];
}

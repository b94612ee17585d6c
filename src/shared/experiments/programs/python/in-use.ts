// The programs of `in-use`, in Python: two servers on one port, or a server on the port of a program that has ended.

import { indented, PREVIOUS_OWNER_FILE, program } from '../program.ts';
import type { Program, ProgramOptions, Source } from '../program.ts';
import { CLIENT_HOST, knownPort } from '../place.ts';
import { greetingClient } from './greeting.ts';
import { listening, SERVER_IMPORTS } from './sockets.ts';

export function inUse(options: ProgramOptions): readonly Program[] {
  const place = { port: options.port, openToNetwork: false };
  const address = `("${CLIENT_HOST}", ${knownPort(options.port)})`;
  if (options.takenBy === 'time-wait') {
    return [
      previousOwner(options),
      program('client.py', 'client', greetingClient(options)),
      program('server.py', 'server', [SERVER_IMPORTS, '', ...triedListening(place)]),
    ];
  }
  return [
    program('server.py', 'server', [
      SERVER_IMPORTS,
      '',
      ...listening(place),
      ['s2 = socket()', 'socket-2'],
      's2.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)',
      'try:',
      [`    s2.bind(${address})`, 'bind-2'],
      'except OSError as error:',
      ['    print(error)  # 98 on Linux', 'fail-2'],
      ['s2.close()', 'close-server-2'],
      ['ss.close()', 'close-server'],
    ]),
  ];
}

/** SO_REUSEADDR does not help: who left the TIME_WAIT had not set it. */
function triedListening(place: Pick<ProgramOptions, 'port' | 'openToNetwork'>): Source {
  const lines = listening(place);
  return [
    ...lines.slice(0, 2),
    'try:',
    ...indented(lines.slice(2), '    '),
    'except OSError as error:',
    ['    print(error)  # 98 on Linux', 'fail'],
    ['ss.close()', 'close-server'],
  ];
}

/** The program that had the port before, in Python always: Node sets SO_REUSEADDR on every server. */
export function previousOwner({ port }: Pick<ProgramOptions, 'port'>): Program {
  return program(PREVIOUS_OWNER_FILE, 'server', [
    '# The program that had the port before.',
    'from socket import socket',
    '',
    'ss = socket()',
    `ss.bind(("${CLIENT_HOST}", ${knownPort(port)}))`,
    ['ss.listen(1)', 'program'],
    'conn, addr = ss.accept()',
    'conn.sendall("Welcome to CS 352!".encode())',
    'conn.close()  # closes first: TIME_WAIT is here',
    ['ss.close()', 'program-over'],
  ]);
}

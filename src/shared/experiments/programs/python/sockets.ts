// What every Python program begins with: its imports, a socket that listens, a socket that connects.

import { EVERY_ADDRESS } from '../../../trace/fact.ts';
import { CLIENT_HOST, knownPort } from '../place.ts';
import type { ProgramOptions, Source } from '../program.ts';

export const SERVER_IMPORTS = 'from socket import SO_REUSEADDR, SOL_SOCKET, socket';

const REUSE = 'ss.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)';

/** As Node, it asks for a port that is in TIME_WAIT too. */
export function listening({ port, openToNetwork }: Pick<ProgramOptions, 'port' | 'openToNetwork'>): Source {
  return [
    ['ss = socket()', 'socket'],
    REUSE,
    [`ss.bind(("${openToNetwork ? EVERY_ADDRESS : CLIENT_HOST}", ${knownPort(port)}))`, 'bind'],
    ['ss.listen(1)', 'listen'],
  ];
}

export const ACCEPTING: Source = [['conn, addr = ss.accept()', 'accept']];

export const CLOSING: Source = [
  ['conn.close()', 'end', 'close'],
  ['ss.close()', 'close-server'],
];

export function connecting({ port }: Pick<ProgramOptions, 'port'>): Source {
  return [
    ['cs = socket()', 'socket'],
    [`cs.connect(("${CLIENT_HOST}", ${knownPort(port)}))`, 'connect', 'connected'],
  ];
}

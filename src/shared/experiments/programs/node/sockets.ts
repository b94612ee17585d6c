// What every Node program has: a server that listens, a socket that connects.

import { EVERY_ADDRESS } from '../../../trace/fact.ts';
import { CLIENT_HOST, knownPort } from '../place.ts';
import { indented } from '../program.ts';
import type { ProgramOptions, Source } from '../program.ts';

type Place = Pick<ProgramOptions, 'port' | 'openToNetwork'>;

/** The arguments of listen(). */
export function listenedOn({ port, openToNetwork }: Place): string {
  return `${knownPort(port)}, '${openToNetwork ? EVERY_ADDRESS : CLIENT_HOST}'`;
}

export function listening(place: Place): Source {
  return [[`ss.listen(${listenedOn(place)});`, 'bind', 'listen']];
}

/** A server that does `inside` with a connection. */
export function serving(inside: Source, options = ''): Source {
  return [
    [`const ss = createServer(${options}(conn) => {`, 'socket', 'accept'],
    ...indented(inside, '  '),
    '});',
  ];
}

/** It may write when the client has ended. */
export const HALF_OPEN = '{ allowHalfOpen: true }, ';

/** The server ends with its only connection. */
export const CLOSING: Source = [["conn.on('close', () => ss.close());", 'close', 'close-server']];

export function connecting({ port }: Pick<ProgramOptions, 'port'>): Source {
  return [
    ['const cs = new Socket();', 'socket'],
    [`cs.connect(${knownPort(port)}, '${CLIENT_HOST}');`, 'connect'],
    ["await once(cs, 'connect');", 'connected'],
  ];
}

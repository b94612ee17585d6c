// Where the programs meet.

import { OPTIONS } from '../definitions.ts';

/** The client is on the server's machine. */
export const CLIENT_HOST = '127.0.0.1';

/** Both programs must know the port: where any free one is asked for, they use the course's. */
export function knownPort(port: number): number {
  return port === 0 ? OPTIONS.port.default : port;
}

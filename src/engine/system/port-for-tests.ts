// For tests with servers and sockets of their own: the port from address(), and one that nobody listens on.

import { once } from 'node:events';
import { createServer } from 'node:net';

/** The port in the address() of a server or a socket. */
export function portOf(address: object | string | null): number {
  if (typeof address !== 'object' || address === null || !('port' in address)) throw new Error('no port');
  if (typeof address.port !== 'number') throw new Error('no port');
  return address.port;
}

/** A port that was free on every address a moment ago, for a program that is told its port. */
export async function freePort(): Promise<number> {
  const holder = createServer().listen(0);
  await once(holder, 'listening');
  const port = portOf(holder.address());
  const closed = once(holder, 'close');
  holder.close();
  await closed;
  return port;
}

// For tests with servers and sockets of their own.

/** The port of what address() of a server or a socket gave. */
export function portOf(address: object | string | null): number {
  if (typeof address !== 'object' || address === null || !('port' in address)) throw new Error('no port');
  if (typeof address.port !== 'number') throw new Error('no port');
  return address.port;
}

// For tests with servers and sockets of their own: the port from address().

/** The port in the address() of a server or a socket. */
export function portOf(address: object | string | null): number {
  if (typeof address !== 'object' || address === null || !('port' in address)) throw new Error('no port');
  if (typeof address.port !== 'number') throw new Error('no port');
  return address.port;
}

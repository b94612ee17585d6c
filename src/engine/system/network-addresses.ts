// The addresses at which other machines reach this one.

import { networkInterfaces } from 'node:os';

/** The IPv4 addresses of this machine that are not loopback ones, each once. */
export function networkAddresses(): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((one = []) =>
    one.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
  );
  return [...new Set(addresses)];
}

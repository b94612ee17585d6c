// Numbers the connections of one run, so that the facts of both ends about the same connection carry the same number.
// The peers of a run share one registry.

import type { Endpoint, Side } from '../../shared/trace/fact.ts';

/** A connection by its two addresses, as the client and the server have them. */
export interface Pair {
  readonly client: Endpoint;
  readonly server: Endpoint;
}

export interface Connections {
  /** Registers that `side` has this connection open, and returns its number. The first one is 1. */
  seenBy(side: Side, pair: Pair): number;
  /** Registers that `side` closed this connection: its addresses may be used by another one from then on. */
  closedBy(side: Side, pair: Pair): void;
  /** Whether both ends are ours: then the bytes that one side reads are in the facts of the other side's writes. */
  bothEndsOurs(pair: Pair): boolean;
}

/** A registry for one run. */
export function createConnections(): Connections {
  const open = new Map<string, { readonly number: number; readonly sides: Set<Side>; closed: number }>();
  let last = 0;
  const key = ({ client, server }: Pair): string =>
    `${client.address} ${client.port} ${server.address} ${server.port}`;

  return {
    seenBy(side, pair) {
      const known = open.get(key(pair));
      // The same side twice: the earlier connection is closed, though not yet at its other end.
      if (known !== undefined && !known.sides.has(side)) {
        known.sides.add(side);
        return known.number;
      }
      last += 1;
      open.set(key(pair), { number: last, sides: new Set([side]), closed: 0 });
      return last;
    },
    closedBy(side, pair) {
      const known = open.get(key(pair));
      if (known?.sides.has(side) !== true) return;
      known.closed += 1;
      if (known.closed === known.sides.size) open.delete(key(pair));
    },
    bothEndsOurs(pair) {
      return open.get(key(pair))?.sides.size === 2;
    },
  };
}

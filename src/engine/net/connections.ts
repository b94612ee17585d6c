// Numbers the connections of one run, so that the facts of server and client about the same connection carry the same
// number. Server and client of a run share one registry.

import type { Endpoint, Side } from '../../shared/trace/fact.ts';

export interface Connections {
  /**
   * Registers that `side` has this connection open, and returns its number. A connection is identified by the client's
   * address and port; the first one is 1.
   */
  seenBy(side: Side, client: Endpoint): number;
  /** Registers that `side` closed this connection: its address and port may be reused by another one. */
  closedBy(side: Side, client: Endpoint): void;
  /** Whether both ends are ours: then the bytes that one side reads are in the facts of the other side's writes. */
  bothEndsOurs(client: Endpoint): boolean;
}

/** A registry for one run. */
export function createConnections(): Connections {
  const open = new Map<string, { readonly number: number; readonly sides: Set<Side>; closed: number }>();
  let last = 0;
  const key = (client: Endpoint): string => `${client.address} ${client.port}`;

  return {
    seenBy(side, client) {
      const known = open.get(key(client));
      // The same side twice: the earlier connection is closed, though not yet at its other end.
      if (known !== undefined && !known.sides.has(side)) {
        known.sides.add(side);
        return known.number;
      }
      last += 1;
      open.set(key(client), { number: last, sides: new Set([side]), closed: 0 });
      return last;
    },
    closedBy(side, client) {
      const known = open.get(key(client));
      if (known?.sides.has(side) !== true) return;
      known.closed += 1;
      if (known.closed === known.sides.size) open.delete(key(client));
    },
    bothEndsOurs(client) {
      return open.get(key(client))?.sides.size === 2;
    },
  };
}

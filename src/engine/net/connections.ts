// Numbers the connections of one run, so that the server's facts and the client's facts about the same connection carry
// the same number. The server and the client of a run share one of these.

import type { Endpoint, Side } from '../../shared/trace/fact.ts';

export interface Connections {
  /**
   * `side` has this connection open; gives its number. A connection is known by the client's address and port; the
   * first one seen is 1.
   */
  seenBy(side: Side, client: Endpoint): number;
  /** `side` closed this connection: its address and port may come back as another one. */
  closedBy(side: Side, client: Endpoint): void;
  /** Whether both ends are ours, so that what one side reads is in the facts of the other side's writes. */
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
      // The same side twice: the earlier connection is over, though its other end has not noticed yet.
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

// Makes one row of facts of what the two threads of the race saw, each by itself. Pure. racers.ts hands it on.

import type { Endpoint, Fact, Side } from '../../../../shared/trace/fact.ts';
import type { SeenFact } from './racer-protocol.ts';

/**
 * The facts of both sides of one round in the order of their times. The connections are numbered from
 * `firstConnection` in the order in which they are seen, and carry one number at both ends. What was read on a
 * connection that has both ends here is in the writes of its other end, so `data` is left out there, as exchange/ does.
 */
export function mergeSides(
  server: readonly SeenFact[],
  client: readonly SeenFact[],
  firstConnection: number,
): readonly SeenFact[] {
  const endpoints = { server: clientsOf(server), client: clientsOf(client) };
  const atServer = new Set(endpoints.server.values());
  const atClient = new Set(endpoints.client.values());
  const numbers = new Map<string, number>();

  function renumbered(fact: Fact, side: Side): Fact {
    if (!('connection' in fact)) return fact;
    const endpoint = endpoints[side].get(fact.connection);
    // No fact is about a connection before the one that opens it.
    if (endpoint === undefined) throw new Error(`No fact opened connection ${fact.connection}`);
    const connection = numbers.get(endpoint) ?? firstConnection + numbers.size;
    numbers.set(endpoint, connection);
    if (fact.kind === 'read' && atServer.has(endpoint) && atClient.has(endpoint)) {
      const { kind, seenBy, offset, bytes } = fact;
      return { kind, seenBy, side: fact.side, connection, offset, bytes };
    }
    return { ...fact, connection };
  }

  return [
    ...server.map((seen) => ({ ...seen, side: 'server' as const })),
    ...client.map((seen) => ({ ...seen, side: 'client' as const })),
  ]
    .sort((first, second) => first.atMs - second.atMs)
    .map(({ fact, atMs, side }) => ({ fact: renumbered(fact, side), atMs }));
}

/** The client's end of each connection that one side saw, by that side's own number. */
function clientsOf(seen: readonly SeenFact[]): ReadonlyMap<number, string> {
  const clients = new Map<number, string>();
  for (const { fact } of seen) {
    if (fact.kind === 'accepted') clients.set(fact.connection, keyOf(fact.remote));
    if (fact.kind === 'connected') clients.set(fact.connection, keyOf(fact.local));
  }
  return clients;
}

function keyOf({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}

// Collects the facts of the race's server in a round, and merges the facts of both threads in the order of their times.
// Pure.

import type { Emit, Endpoint, Fact, Side } from '../../../../shared/trace/fact.ts';
import { createOtherClients, isTurnedAway } from '../../../net/other-clients.ts';
import type { OtherClientsLimits } from '../../../net/other-clients.ts';
import type { TimedFact } from './racer-protocol.ts';

/** The facts of the server's thread in one round. */
export interface ServerRound {
  readonly emit: Emit;
  /** Sets the address and port of our client; returns its connection's number, undefined where it was not accepted. */
  decideOwn(client: Endpoint): number | undefined;
  /** Ends the round and returns its facts. */
  end(): readonly TimedFact[];
}

/**
 * Keeps the server's facts until the end of the round, those of other clients up to their limits. Which connection is
 * our client's is known only when the client is done.
 */
export function createServerRound(nowMs: () => number, limits?: OtherClientsLimits): ServerRound {
  const seen: TimedFact[] = [];
  const keep: Emit = (fact, atMs = nowMs()) => {
    seen.push({ fact, atMs });
  };
  const others = createOtherClients(keep, limits, nowMs);
  /** The newest connection from each port. */
  const connections = new Map<number, number>();
  others.connecting();
  return {
    emit(fact) {
      for (const { connection, client } of openedBy(fact)) connections.set(client.port, connection);
      others.emit(fact);
    },
    decideOwn(client) {
      const connection = connections.get(client.port);
      others.decide(connection);
      return connection;
    },
    end() {
      others.report();
      return seen;
    },
  };
}

/**
 * The facts of both sides of one round in the order of their times. Connections are numbered from `firstConnection` in
 * the order of their first facts, with one number for both ends. A read on a connection with both ends here has no
 * `data`: the bytes are in the writes of the other end.
 */
export function mergeSides(
  server: readonly TimedFact[],
  client: readonly TimedFact[],
  firstConnection: number,
): readonly TimedFact[] {
  const endpoints = { server: clientsOf(server), client: clientsOf(client) };
  const atServer = new Set(endpoints.server.values());
  const atClient = new Set(endpoints.client.values());
  const numbers = new Map<string, number>();

  function renumbered(fact: Fact, side: Side): Fact {
    if (!('connection' in fact)) return fact;
    // The opening of another client's connection may be left out: the connection then counts as one with one end here.
    const endpoint = endpoints[side].get(fact.connection) ?? `${side} ${fact.connection}`;
    const connection = numbers.get(endpoint) ?? firstConnection + numbers.size;
    numbers.set(endpoint, connection);
    if (fact.kind === 'read' && atServer.has(endpoint) && atClient.has(endpoint)) {
      const { kind, seenBy, peer, offset, bytes } = fact;
      return { kind, seenBy, peer, side: fact.side, connection, offset, bytes };
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

/** The client's end of each connection of one side, by that side's own number. */
function clientsOf(seen: readonly TimedFact[]): ReadonlyMap<number, string> {
  const clients = new Map<number, string>();
  for (const { fact } of seen) {
    for (const { connection, client } of openedBy(fact)) clients.set(connection, keyOf(client));
  }
  return clients;
}

/** The connection that this fact opens, with its client's end; empty for most facts. */
function openedBy(fact: Fact): readonly { readonly connection: number; readonly client: Endpoint }[] {
  switch (fact.kind) {
    case 'accepted':
      return [{ connection: fact.connection, client: fact.remote }];
    case 'connected':
      return [{ connection: fact.connection, client: fact.local }];
    case 'failed': {
      if (fact.connection === undefined || !isTurnedAway(fact)) return [];
      const { address = '', port = 0 } = fact.problem.detail;
      return [{ connection: fact.connection, client: { address, port } }];
    }
    default:
      return [];
  }
}

function keyOf({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}

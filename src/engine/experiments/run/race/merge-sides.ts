// Gathers what each thread of the race sees in a round, and makes one row of facts of it. Pure. racer.ts gathers,
// racers.ts hands it on.

import type { Emit, Endpoint, Fact, Side } from '../../../../shared/trace/fact.ts';
import { createOtherClients, isTurnedAway } from '../../../net/other-clients.ts';
import type { OtherClientsLimits } from '../../../net/other-clients.ts';
import type { SeenFact } from './racer-protocol.ts';

/** What the server's thread sees in one round. */
export interface ServerRound {
  readonly emit: Emit;
  /** Our client had this address and port: gives its connection's number, undefined where the server has not seen it. */
  ours(client: Endpoint): number | undefined;
  /** What there is of it at the round's end. */
  end(): readonly SeenFact[];
}

/**
 * The server's facts wait for the round's end, which a client may pause for: of other clients no more of them are kept
 * than their share. Which connection is our client's is only known when that is through.
 */
export function createServerRound(nowMs: () => number, limits?: OtherClientsLimits): ServerRound {
  const seen: SeenFact[] = [];
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
    ours(client) {
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
    // Of another client's connection the fact that opened it can be left out: it has one end here.
    const endpoint = endpoints[side].get(fact.connection) ?? `${side} ${fact.connection}`;
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
    for (const { connection, client } of openedBy(fact)) clients.set(connection, keyOf(client));
  }
  return clients;
}

/** The connection that a side sees for the first time in this fact, with its client's end; none for most. */
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

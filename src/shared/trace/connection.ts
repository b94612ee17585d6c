// The peers and connections of a trace, computed from its facts. Any program on this machine can connect to our server,
// and its facts stand in the trace beside ours: what is counted, printed or bounded asks here whose they are.

import { assertNever } from '../result.ts';
import { CLIENT, PROGRAM, SECOND_SERVER, SERVER } from './fact.ts';
import type { Endpoint, Fact, PeerName, Side } from './fact.ts';

const ROLES: ReadonlyMap<PeerName, Side> = new Map<PeerName, Side>([
  [CLIENT, 'client'],
  [SERVER, 'server'],
  [SECOND_SERVER, 'server'],
  [PROGRAM, 'server'],
]);

/** The end of a connection that one of our peers has; undefined for any other name. */
export function roleOf(peer: PeerName | undefined): Side | undefined {
  return peer === undefined ? undefined : ROLES.get(peer);
}

/** The other end of a connection. */
export function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}

/** The side on which the fact was seen; undefined for what belongs to the run as a whole. */
export function sideOf(fact: Fact): Side | undefined {
  switch (fact.kind) {
    case 'wrote':
    case 'read':
    case 'end-called':
    case 'end-received':
    case 'closed':
    case 'queue-examined':
      return fact.side;
    case 'time-wait-examined':
      return fact.found?.side;
    case 'text-received':
      return fact.side;
    case 'slept':
    case 'failed':
      return roleOf(fact.peer);
    case 'port-examined':
    case 'port-awaited':
    case 'program-started':
    case 'program-ended':
    case 'text-transformed':
    case 'server-created':
    case 'host-named':
    case 'listen-called':
    case 'listening':
    case 'accepted':
    case 'line-transformed':
    case 'server-closed':
    case 'other-clients-left-out':
      return 'server';
    case 'client-created':
    case 'connect-called':
    case 'connected':
    case 'line-received':
      return 'client';
    case 'run-started':
    case 'round-started':
    case 'ephemeral-range-read':
    case 'detail-left-out':
    case 'run-ended':
      return undefined;
    default:
      return assertNever(fact);
  }
}

/** No connection has this number. */
export const NO_CONNECTION = 0;

/**
 * The number of our client's connection behind a fact, where `before` was the number in front of it; `NO_CONNECTION` while
 * it has none. Of clients only ours is recorded from its own side, so what it connects or writes on is ours. Each round
 * has a client of its own, and may number its connections anew.
 */
export function ownConnectionAfter(fact: Fact, before: number): number {
  switch (fact.kind) {
    case 'connected':
      return fact.connection;
    case 'wrote':
      return fact.side === 'client' ? fact.connection : before;
    case 'round-started':
      return NO_CONNECTION;
    default:
      return before;
  }
}

/** A peer of which no fact was seen: what it did is known from the other end of its connection. */
const OTHER: PeerName = 'other';

/** One end of a connection. */
export interface ConnectionEnd {
  readonly side: Side;
  /** `other` where no fact was seen of this end: its endpoint tells it from others. */
  readonly peer: PeerName;
  /** Absent where no fact at hand has it. */
  readonly endpoint?: Endpoint;
  readonly whose: 'ours' | 'other';
}

/** A connection with its two ends. `number` is its order among the connections of its run or round. */
export interface Connection {
  readonly number: number;
  readonly client: ConnectionEnd;
  readonly server: ConnectionEnd;
}

export interface Connections {
  /** In the order of their first facts. */
  readonly connections: readonly Connection[];
  /** The connection of each fact, at the fact's index; undefined for facts that are about none. */
  readonly ofFact: readonly (Connection | undefined)[];
}

type Open<Readonly> = { -readonly [Name in keyof Readonly]: Readonly[Name] };

interface OpenConnection extends Connection {
  readonly client: Open<ConnectionEnd>;
  readonly server: Open<ConnectionEnd>;
}

/**
 * The connections of these facts, which are in order and may have gaps, in one pass. An end of which a fact was seen is
 * ours. A client's end of which none was seen is another client's, where it cannot be that of our client. It can be while
 * our client's connect() has no outcome and the connection was accepted since, or while neither the connection's opening
 * nor any connection of our client is at hand: then it counts as ours. Each round may number its connections anew.
 */
export function connectionsOf(facts: readonly Fact[]): Connections {
  const connections: Connection[] = [];
  const ofFact: (Connection | undefined)[] = [];
  let round = new Round();
  let programRuns = false;
  for (const [index, fact] of facts.entries()) {
    if (fact.kind === 'round-started') {
      round.end();
      round = new Round();
    } else if (fact.kind === 'program-started') programRuns = true;
    else if (fact.kind === 'program-ended') programRuns = false;
    else round.followConnect(fact, index);
    if (!('connection' in fact)) {
      ofFact.push(undefined);
      continue;
    }
    const { connection, isNew } = round.connectionNumbered(fact.connection);
    if (isNew) {
      connections.push(connection);
      if (programRuns) connection.server.peer = PROGRAM;
    }
    ofFact.push(connection);
    round.see(connection, fact, index);
  }
  round.end();
  return { connections, ofFact };
}

/** The connections of one round, or of a run without rounds, while their facts are read. */
class Round {
  readonly #byNumber = new Map<number, OpenConnection>();
  /** The index of the fact that opened a connection at the server. */
  readonly #openedAt = new Map<OpenConnection, number>();
  /** The indexes of our client's calls of connect(); those before `#answered` have an outcome. */
  readonly #connects: number[] = [];
  #answered = 0;
  #oursIsKnown = false;

  connectionNumbered(number: number): { readonly connection: OpenConnection; readonly isNew: boolean } {
    const known = this.#byNumber.get(number);
    if (known !== undefined) return { connection: known, isNew: false };
    const connection: OpenConnection = {
      number,
      client: { side: 'client', peer: OTHER, whose: 'other' },
      server: { side: 'server', peer: OTHER, whose: 'other' },
    };
    this.#byNumber.set(number, connection);
    return { connection, isNew: true };
  }

  /** Notes our client's calls of connect() and which of them have an outcome. */
  followConnect(fact: Fact, index: number): void {
    if (fact.kind === 'connect-called') this.#connects.push(index);
    const isOutcome =
      fact.kind === 'connected' ||
      (fact.kind === 'failed' && fact.connection === undefined && roleOf(fact.peer) === 'client');
    if (isOutcome && this.#answered < this.#connects.length) this.#answered += 1;
  }

  /** Adds what a fact shows of the ends of its connection. */
  see(connection: OpenConnection, fact: Fact, index: number): void {
    if ('peer' in fact) {
      const side = 'side' in fact ? fact.side : roleOf(fact.peer);
      if (side !== undefined) {
        connection[side].peer = fact.peer;
        connection[side].whose = 'ours';
        this.#oursIsKnown ||= side === 'client';
      }
    }
    switch (fact.kind) {
      case 'connected':
        connection.client.endpoint = fact.local;
        connection.server.endpoint = fact.remote;
        break;
      case 'accepted':
        connection.client.endpoint = fact.remote;
        connection.server.endpoint = fact.local;
        this.#openedAt.set(connection, index);
        break;
      case 'failed': {
        // A client that was turned away has no other fact than this.
        if (fact.problem.code !== 'too-many-clients') break;
        const { address, port } = fact.problem.detail;
        if (address !== undefined && port !== undefined) connection.client.endpoint = { address, port };
        this.#openedAt.set(connection, index);
        break;
      }
      default:
        break;
    }
  }

  /** Decides whose the client's ends are of which no fact was seen. */
  end(): void {
    const unanswered = this.#connects[this.#answered] ?? Infinity;
    for (const connection of this.#byNumber.values()) {
      const { client } = connection;
      if (client.whose === 'ours') continue;
      const openedAt = this.#openedAt.get(connection);
      const isUndecided = openedAt === undefined ? !this.#oursIsKnown : openedAt > unanswered;
      if (!isUndecided) continue;
      client.peer = CLIENT;
      client.whose = 'ours';
    }
  }
}

// The lanes of the other clients that are in a ladder, right of the server's: one for each client, or one for several
// where they are many. Pure.

import type { Connection } from '../../shared/trace/connection.ts';
import { connectionsOf } from '../../shared/trace/connection.ts';
import type { Endpoint, Side, TraceEvent } from '../../shared/trace/fact.ts';
import { otherClientName } from './describe.ts';

/** A lane of the picture: our client's, the server's, another client's, or that of all further clients. */
export type LaneId = Side | `other-${number}` | 'others';

/** A client that is not ours: what it did was seen from the server's end alone. */
export interface OtherClient {
  /** Its lane in the ladder. */
  readonly lane: LaneId;
  readonly name: string;
  readonly endpoint?: Endpoint;
  /** The first fact of its connection. */
  readonly fromSeq: number;
  readonly acceptedSeq?: number;
  /** The server turned it away instead of accepting it. */
  readonly turnedAwaySeq?: number;
  /** One of the two ends has ended its stream. */
  readonly closingSeq?: number;
  readonly closedSeq?: number;
}

export interface OtherLane {
  readonly id: LaneId;
  /** One, or in the lane `others` any number. */
  readonly clients: readonly OtherClient[];
}

/** More lanes than these are not drawn: the last one is then all further clients'. */
const MAX_OTHER_LANES = 3;

/** These lanes, at most `max` of them (at least 1): the last one then holds the clients of all that it stands for. */
export function foldLanes(lanes: readonly OtherLane[], max: number): readonly OtherLane[] {
  if (lanes.length <= max) return lanes;
  const folded = lanes.slice(max - 1).flatMap(({ clients }) => clients);
  return [...lanes.slice(0, max - 1), { id: 'others', clients: folded }];
}

/** The other clients of a run, or of one of its rounds. */
export interface OtherClients {
  /** In the order in which they came; of all that come at any time (see `lanesAt`). */
  readonly lanes: readonly OtherLane[];
  /** The other client that the fact of that number is about. */
  readonly of: (seq: number) => OtherClient | undefined;
}

/**
 * The other clients in the order of their first facts. `facts` are in order and have at least the landmarks of the whole
 * run or round: whoever came and left on a page that is not at hand is among these.
 */
export function otherClientsOf(facts: readonly TraceEvent[]): OtherClients {
  const { ofFact } = connectionsOf(facts);
  const found = new Map<Connection, OpenClient>();
  const bySeq = new Map<number, OtherClient>();
  for (const [index, event] of facts.entries()) {
    const connection = ofFact[index];
    if (connection?.client.whose !== 'other') continue;
    let client = found.get(connection);
    if (client === undefined) {
      const { endpoint } = connection.client;
      client = { lane: `other-${found.size + 1}`, name: otherClientName(endpoint), fromSeq: event.seq };
      if (endpoint !== undefined) client.endpoint = endpoint;
      found.set(connection, client);
    }
    bySeq.set(event.seq, client);
    note(client, event);
  }
  const clients = [...found.values()];
  if (clients.length > MAX_OTHER_LANES) {
    for (const client of clients.slice(MAX_OTHER_LANES - 1)) client.lane = 'others';
  }
  const single = clients.filter(({ lane }) => lane !== 'others');
  const shared = clients.slice(single.length);
  return {
    lanes: [
      ...single.map((client) => lane(client.lane, [client])),
      ...(shared.length === 0 ? [] : [lane('others', shared)]),
    ],
    of: (seq) => bySeq.get(seq),
  };
}

/** The lanes as they are at the cursor: with the clients that have come, or are on their way to the next fact. */
export function lanesAt(lanes: readonly OtherLane[], cursor: number): readonly OtherLane[] {
  const last = lanes.at(-1)?.clients.at(-1);
  if (last === undefined || last.fromSeq - 1 < cursor) return lanes;
  return lanes.flatMap(({ id, clients }) => {
    const there = clients.filter(({ fromSeq }) => fromSeq - 1 < cursor);
    return there.length === 0 ? [] : [lane(id, there)];
  });
}

function lane(id: LaneId, clients: readonly OtherClient[]): OtherLane {
  return { id, clients };
}

type OpenClient = { -readonly [Name in keyof OtherClient]: OtherClient[Name] };

/** Notes what the fact shows of the client's state. */
function note(client: OpenClient, event: TraceEvent): void {
  switch (event.kind) {
    case 'accepted':
      client.acceptedSeq ??= event.seq;
      break;
    case 'failed':
      if (event.problem.code === 'too-many-clients') client.turnedAwaySeq ??= event.seq;
      break;
    case 'end-called':
    case 'end-received':
      client.closingSeq ??= event.seq;
      break;
    case 'closed':
      client.closedSeq ??= event.seq;
      break;
    default:
      break;
  }
}

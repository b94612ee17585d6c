// The two ends of the exchange as they are at the cursor, and the other clients of our server: their addresses, ports and
// what they are doing.

import { roleOf } from '../../shared/trace/connection.ts';
import { SECOND_SERVER } from '../../shared/trace/fact.ts';
import type { Endpoint, TraceEvent } from '../../shared/trace/fact.ts';
import { printable } from '../../shared/trace/transcript.ts';
import { endpointName } from '../../shared/trace/port-words.ts';
import { formatCount, formatCountOf } from '../../shared/format.ts';
import { isOwnFailure, isOfOtherClient, ownConnection } from './ladder.ts';
import type { OtherClient, OtherLane } from './lanes.ts';

export type EndState =
  | 'not there yet'
  | 'another program'
  | 'created'
  | 'waits for the port'
  | 'listening'
  | 'connecting'
  | 'connected'
  | 'closing'
  | 'closed'
  | 'failed';

export interface End {
  readonly state: EndState;
  /** The address and port, once a fact has them. */
  readonly endpoint?: Endpoint;
  /** The port that the program asked for, 0 for any. */
  readonly requestedPort?: number;
  /** The cursor from which the end has its lifeline, and where it stops. */
  readonly aliveFrom?: number;
  readonly aliveTo?: number;
}

export interface Ends {
  readonly client: End;
  readonly server: End;
  readonly range?: { readonly from: number; readonly to: number; readonly source: string };
  readonly hostName?: string;
}

/** `landmarks` are the trace's facts that are not about lines, in order (see Ladder). */
export function endsAt(landmarks: readonly TraceEvent[], cursor: number): Ends {
  let client: End = { state: 'not there yet' };
  let server: End = { state: 'not there yet' };
  let range: Ends['range'];
  let hostName: string | undefined;
  // Known before the cursor reaches it: another client's connection belongs to neither end from the start.
  const own = ownConnection(landmarks);
  let called = false;
  for (const event of landmarks) {
    if (event.seq > cursor) break;
    // The box is the first server's; what a second one meets stands on the lifeline.
    if (('peer' in event && event.peer === SECOND_SERVER) || isOfOtherClient(event, own)) continue;
    if (event.kind === 'connect-called') called = true;
    // Before our client has called connect(), and after that has failed, every connection is another client's.
    if (event.kind === 'failed' && event.connection === undefined && roleOf(event.peer) === 'client')
      called = false;
    if (!called && 'connection' in event) continue;
    switch (event.kind) {
      case 'ephemeral-range-read':
        // In order also where a run file has them the other way round: a band is as wide as they are apart.
        range = {
          from: Math.min(event.from, event.to),
          to: Math.max(event.from, event.to),
          source: printable(event.source),
        };
        break;
      case 'host-named':
        hostName = printable(event.hostName);
        break;
      case 'program-started':
        server = { state: 'another program' };
        break;
      case 'program-ended':
        server = { state: 'not there yet' };
        break;
      case 'port-awaited':
        server = { ...server, state: 'waits for the port' };
        break;
      case 'server-created':
        server = { ...server, state: 'created' };
        break;
      case 'client-created':
        client = { ...client, state: 'created' };
        break;
      case 'listen-called':
        server = { ...server, requestedPort: event.requested.port };
        break;
      case 'listening':
        server = { ...server, state: 'listening', endpoint: event.local, aliveFrom: event.seq };
        break;
      case 'connect-called':
        client = { ...client, state: 'connecting' };
        break;
      case 'connected':
        if (server.state === 'another program') server = { ...server, endpoint: event.remote };
        client = { ...client, state: 'connected', endpoint: event.local, aliveFrom: event.seq };
        break;
      case 'accepted':
        server = { ...server, state: 'connected' };
        break;
      case 'end-called':
        if (event.side === 'client') client = { ...client, state: 'closing' };
        else server = { ...server, state: 'closing' };
        break;
      case 'closed':
        if (event.side === 'client') client = { ...client, state: 'closed', aliveTo: event.seq };
        else if (server.state !== 'failed') server = { ...server, state: 'listening' };
        break;
      case 'server-closed':
        server = { ...server, state: server.state === 'failed' ? 'failed' : 'closed', aliveTo: event.seq };
        break;
      case 'failed':
        if (!isOwnFailure(event, own)) break;
        if (roleOf(event.peer) === 'client') client = { ...client, state: 'failed' };
        if (roleOf(event.peer) === 'server') server = { ...server, state: 'failed' };
        break;
      default:
        break;
    }
  }
  return {
    client,
    server,
    ...(range === undefined ? {} : { range }),
    ...(hostName === undefined ? {} : { hostName }),
  };
}

export type OtherState = 'not there yet' | 'connecting' | 'connected' | 'closing' | 'closed' | 'turned away';

/** The head of a lane of other clients at the cursor, in words. */
export interface OtherEnd {
  readonly name: string;
  /** The state of one client. Of several it is in `detail`. */
  readonly state?: OtherState;
  /** The address of one client, or how many of several are in which state. */
  readonly detail: string;
  /** The cursor from which the lane has its lifeline, and where it stops. */
  readonly aliveFrom: number;
  readonly aliveTo?: number;
}

/** The other clients of a lane at the cursor. */
export function otherEndAt({ clients }: OtherLane, cursor: number): OtherEnd {
  const alive = lifeOf(clients);
  const [first, ...more] = clients;
  if (first !== undefined && more.length === 0) {
    const { endpoint, fromSeq } = first;
    const address = endpoint === undefined ? 'address not at hand' : endpointName(endpoint);
    return {
      name: 'another client',
      state: otherStateAt(first, cursor),
      detail: cursor < fromSeq ? 'no address yet' : address,
      ...alive,
    };
  }
  let connected = 0;
  let gone = 0;
  for (const client of clients) {
    const state = otherStateAt(client, cursor);
    if (state === 'connected' || state === 'closing') connected += 1;
    else if (state === 'closed' || state === 'turned away') gone += 1;
  }
  const name = formatCountOf(clients.length, 'other client');
  const counts = [
    ...(connected > 0 ? [`${formatCount(connected)} connected`] : []),
    ...(gone > 0 ? [`${formatCount(gone)} gone`] : []),
  ];
  return { name, detail: counts.length === 0 ? 'not there yet' : counts.join(', '), ...alive };
}

function otherStateAt(client: OtherClient, cursor: number): OtherState {
  const { fromSeq, acceptedSeq, turnedAwaySeq, closingSeq, closedSeq } = client;
  const isPast = (seq: number | undefined): boolean => seq !== undefined && seq <= cursor;
  if (isPast(closedSeq)) return 'closed';
  if (isPast(turnedAwaySeq)) return 'turned away';
  if (isPast(closingSeq)) return 'closing';
  // Where its opening is not at hand, its first fact shows that it is connected.
  if (isPast(acceptedSeq ?? turnedAwaySeq ?? fromSeq)) return 'connected';
  return cursor > fromSeq - 1 ? 'connecting' : 'not there yet';
}

/** From the first of these clients that came to the last one that is gone. */
function lifeOf(clients: readonly OtherClient[]): Pick<OtherEnd, 'aliveFrom' | 'aliveTo'> {
  let aliveFrom = Infinity;
  let aliveTo = 0;
  for (const { acceptedSeq, fromSeq, closedSeq, turnedAwaySeq } of clients) {
    aliveFrom = Math.min(aliveFrom, acceptedSeq ?? fromSeq);
    aliveTo = Math.max(aliveTo, closedSeq ?? turnedAwaySeq ?? Infinity);
  }
  return { aliveFrom, ...(aliveTo === Infinity ? {} : { aliveTo }) };
}

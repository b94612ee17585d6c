// The arrows between the server and clients that are not ours. Pure.

import type { RecordedBytes, TraceEvent } from '../../shared/trace/fact.ts';
import { formatBytes, formatCount } from '../../shared/format.ts';
import type { Arrow } from './ladder.ts';
import type { OtherClient, OtherClients } from './lanes.ts';

/** How long before its read an unseen departure is drawn, in parts of a fact. */
export const UNSEEN_WAY = 0.75;

/**
 * The arrows of other clients, whose connections were seen from the server's end alone. What such a client did is inferred
 * from what the server accepted and read. What the server wrote or ended leaves, and nobody saw it arrive. `yOf` is the
 * height of a cursor on the ladder's axis.
 */
export function arrowsOfOtherClients(
  facts: readonly TraceEvent[],
  others: OtherClients,
  yOf: (cursor: number) => number,
): readonly Arrow[] {
  const arrows: Arrow[] = [];
  let before = 0;
  for (const event of facts) {
    const isNext = event.seq - 1 === before;
    before = event.seq;
    const client = others.of(event.seq);
    if (client === undefined) continue;
    for (const { toServer, leavesAt, arrivesAt, label, why, data } of waysOf(event, client, isNext)) {
      arrows.push({
        key: `other-${event.seq}-${label}`,
        from: toServer ? client.lane : 'server',
        to: toServer ? 'server' : client.lane,
        leavesAt,
        arrivesAt,
        y1: yOf(leavesAt),
        y2: yOf(arrivesAt ?? event.seq + 1),
        inferred: event.kind !== 'wrote',
        label,
        why,
        ...(data === undefined ? {} : { data }),
        seq: event.seq,
        otherClient: client.name,
      });
    }
  }
  return arrows;
}

interface Way extends Pick<Arrow, 'leavesAt' | 'arrivesAt' | 'label' | 'why' | 'data'> {
  readonly toServer: boolean;
}

const NO_WAYS: readonly Way[] = [];

/** What a fact of the server shows of its connection with another client. `isNext`: the fact before it is at hand. */
function waysOf(event: TraceEvent, { lane }: OtherClient, isNext: boolean): readonly Way[] {
  switch (event.kind) {
    case 'accepted':
      if (lane === 'others')
        return [toServer(event.seq, 'SYN … ACK', 'inferred from accept: the whole handshake')];
      // Behind facts that are not at hand there is no room for it.
      return isNext ? HANDSHAKE.map((label, step) => handshakeStep(event.seq, label, step)) : NO_WAYS;
    case 'read':
      if (event.side !== 'server') return NO_WAYS;
      return [
        toServer(event.seq, formatBytes(event.bytes), 'inferred from what the server read', event.data),
      ];
    case 'end-received':
      if (event.side !== 'server') return NO_WAYS;
      return [toServer(event.seq, 'FIN', 'inferred from the end of the stream that the server read')];
    case 'wrote': {
      const label = event.line === undefined ? 'bytes' : `line ${formatCount(event.line)}`;
      return [toClient(event.seq, label, 'written here; nobody has seen it read', event.data)];
    }
    case 'end-called':
      return [toClient(event.seq, 'FIN', 'inferred from the end of its side; nobody has seen it arrive')];
    default:
      return NO_WAYS;
  }
}

const HANDSHAKE = ['SYN', 'SYN, ACK', 'ACK'] as const;

function handshakeStep(acceptedSeq: number, label: string, step: number): Way {
  const leavesAt = acceptedSeq - 0.94 + 0.3 * step;
  const arrivesAt = leavesAt + 0.26;
  return { toServer: step !== 1, leavesAt, arrivesAt, label, why: 'inferred from accept' };
}

function toServer(seq: number, label: string, why: string, data?: RecordedBytes): Way {
  return { toServer: true, leavesAt: seq - UNSEEN_WAY, arrivesAt: seq, label, why, ...(data && { data }) };
}

function toClient(seq: number, label: string, why: string, data?: RecordedBytes): Way {
  return { toServer: false, leavesAt: seq, arrivesAt: undefined, label, why, ...(data && { data }) };
}

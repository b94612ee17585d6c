// The lanes of other clients, from a run in which one or many of them talk to our server.

import { describe, expect, it } from 'vitest';

import { bytesOfText } from '../../shared/trace/recorded-bytes.ts';
import type { Endpoint, Fact, TraceEvent } from '../../shared/trace/fact.ts';
import { sentenceOf } from './describe.ts';
import { CLOSING, CONNECTED, lineFacts, OPENING, stamped } from './facts-for-tests.ts';
import { ladderText } from './ladder-text.ts';
import type { Arrow, Ladder } from './ladder.ts';
import { buildLadder, landmarksOf } from './ladder.ts';
import { foldLanes, lanesAt, otherClientsOf } from './lanes.ts';
import { otherEndAt } from './peers.ts';

const server = { address: '127.0.0.1', port: 50_007 };

function addressOf(connection: number): Endpoint {
  return { address: '127.0.0.1', port: 40_000 + connection };
}

function accepted(connection: number): Fact {
  const ends = { local: server, remote: addressOf(connection) };
  return { kind: 'accepted', peer: 'server', seenBy: 'program', connection, ...ends };
}

/** What our server sees of another client that sends a line, gets it back reversed, and ends. */
function visit(connection: number): readonly Fact[] {
  const common = { peer: 'server', seenBy: 'program', side: 'server', connection } as const;
  const span = { offset: 0, bytes: 3 };
  return [
    accepted(connection),
    { ...common, kind: 'read', ...span, data: bytesOfText('ab\n') },
    { ...common, kind: 'wrote', ...span, data: bytesOfText('ba\n'), line: 1 },
    { ...common, kind: 'end-received' },
    { ...common, kind: 'end-called' },
    { ...common, kind: 'closed', hadError: false },
  ];
}

function runWith(others: readonly Fact[]): readonly TraceEvent[] {
  return stamped([
    ...OPENING,
    ...CONNECTED,
    ...others,
    ...lineFacts(1, 'HELLO', 'OLLEH', 0),
    ...lineFacts(2, 'abc', 'cba', 6),
    ...CLOSING,
  ]);
}

const VISITED = runWith(visit(2));
const ladder = buildLadder(VISITED);
/** `seq` of the accept of the other client. */
const ACCEPTED = OPENING.length + CONNECTED.length + 1;

function otherArrows({ arrows }: Ladder): readonly Arrow[] {
  return arrows.filter(({ from, to }) => [from, to].some((lane) => lane !== 'client' && lane !== 'server'));
}

describe('another client', () => {
  it('has a lane of its own', () => {
    expect(ladder.others).toEqual([
      {
        id: 'other-1',
        clients: [
          {
            lane: 'other-1',
            name: 'another client 127.0.0.1:40002',
            endpoint: addressOf(2),
            fromSeq: ACCEPTED,
            acceptedSeq: ACCEPTED,
            closingSeq: ACCEPTED + 3,
            closedSeq: ACCEPTED + 5,
          },
        ],
      },
    ]);
  });

  it('has arrows from its lane that are inferred from what the server saw, and arrows to it that nobody saw arrive', () => {
    const found = otherArrows(ladder).map(({ label, from, inferred, arrivesAt, why }) => [
      label,
      from,
      inferred,
      arrivesAt === undefined ? 'not seen' : 'arrived',
      why,
    ]);
    expect(found).toEqual([
      ['SYN', 'other-1', true, 'arrived', 'inferred from accept'],
      ['SYN, ACK', 'server', true, 'arrived', 'inferred from accept'],
      ['ACK', 'other-1', true, 'arrived', 'inferred from accept'],
      ['3 B', 'other-1', true, 'arrived', 'inferred from what the server read'],
      ['line 1', 'server', false, 'not seen', 'written here; nobody has seen it read'],
      ['FIN', 'other-1', true, 'arrived', 'inferred from the end of the stream that the server read'],
      ['FIN', 'server', true, 'not seen', 'inferred from the end of its side; nobody has seen it arrive'],
    ]);
  });

  it('has the bytes that the server read on their arrow, and its handshake before its accept', () => {
    const arrows = otherArrows(ladder);
    expect(arrows.find(({ label }) => label === '3 B')?.data).toEqual(bytesOfText('ab\n'));
    for (const arrow of arrows.filter(({ seq }) => seq === ACCEPTED)) {
      expect(arrow.leavesAt).toBeGreaterThan(ACCEPTED - 1);
      expect(arrow.arrivesAt).toBeLessThan(ACCEPTED);
      expect(arrow.y2).toBeGreaterThan(arrow.y1 + 15);
    }
  });

  it('changes no arrow and no label of our own exchange', () => {
    const alone = buildLadder(runWith([]));
    const ownArrows = ladder.arrows.filter(({ otherClient }) => otherClient === undefined);
    expect(ownArrows.map(({ label, from, to }) => [label, from, to])).toEqual(
      alone.arrows.map(({ label, from, to }) => [label, from, to]),
    );
    expect(ladder.rows.filter((row) => row.otherClient === undefined).map(({ event }) => event.kind)).toEqual(
      alone.rows.map(({ event }) => event.kind),
    );
    expect(alone.others).toEqual([]);
  });

  it('is named to a screen reader, in its facts and in what is inferred of it', () => {
    const name = 'another client 127.0.0.1:40002';
    const texts = ladderText(ladder, VISITED.length, 1_000, 'reverse').map(({ text }) => text);
    expect(texts.filter((text) => text.includes(name))).toHaveLength(visit(2).length + 6);
    expect(texts).toContain(`SYN from ${name} to the server: inferred from accept.`);
    expect(texts).toContain(`SYN, ACK from the server to ${name}: inferred from accept.`);
    const [, read] = visit(2);
    if (read === undefined) throw new Error('a visit has a read');
    const [event] = stamped([read]);
    expect(event === undefined ? '' : sentenceOf(event, 'reverse', name)).toBe(
      `With ${name}: the server read 3 bytes in one read.`,
    );
  });

  it('is in the state that the server’s facts show', () => {
    const [lane] = ladder.others;
    if (lane === undefined) throw new Error('no lane');
    const steps = [-1, -0.5, 0, 2, 3, 4, 5];
    expect(steps.map((step) => otherEndAt(lane, ACCEPTED + step).state)).toEqual([
      'not there yet',
      'connecting',
      'connected',
      'connected',
      'closing',
      'closing',
      'closed',
    ]);
    expect(otherEndAt(lane, 1).detail).toBe('no address yet');
    expect(otherEndAt(lane, ACCEPTED)).toMatchObject({
      name: 'another client',
      detail: '127.0.0.1:40002',
      aliveFrom: ACCEPTED,
      aliveTo: ACCEPTED + 5,
    });
  });

  it('has its handshake in the space of ours where it comes between connect() and its outcome', () => {
    const facts = stamped([...OPENING, ...visit(2), ...CONNECTED]);
    const arrows = buildLadder(facts).arrows.filter(({ label }) => label === 'SYN');
    expect(arrows.map(({ from }) => from).sort()).toEqual(['client', 'other-1']);
  });

  it('has a lane without an address where its accept is not at hand', () => {
    const { others, rows } = buildLadder(VISITED.filter(({ seq }) => seq !== ACCEPTED));
    const [lane] = others;
    expect(lane?.clients[0]?.endpoint).toBeUndefined();
    expect(lane === undefined ? undefined : otherEndAt(lane, ACCEPTED + 1)).toMatchObject({
      state: 'connected',
      detail: 'address not at hand',
    });
    expect(rows.filter(({ otherClient }) => otherClient === 'another client')).toHaveLength(5);
  });

  it('keeps its address in facts after those that have it', () => {
    const at = ACCEPTED + 1;
    const { others } = buildLadder(
      VISITED.filter(({ seq }) => seq >= at),
      VISITED.filter(({ seq }) => seq < at),
    );
    expect(others.map(({ clients }) => clients[0]?.name)).toEqual(['another client 127.0.0.1:40002']);
  });

  it('keeps its lane on every page of the run, from when it comes, and its head says nothing of the future', () => {
    const later = VISITED.filter(({ seq }) => seq > ACCEPTED + 5);
    const page = buildLadder(later, [], [], otherClientsOf(landmarksOf(VISITED)));
    expect(page.others).toMatchObject([{ id: 'other-1', clients: [{ endpoint: addressOf(2) }] }]);
    expect(lanesAt(page.others, ACCEPTED - 1)).toEqual([]);
    expect(lanesAt(page.others, ACCEPTED - 0.5)).toEqual(page.others);
    expect(lanesAt(page.others, VISITED.length)).toEqual(page.others);
  });
});

describe('many other clients', () => {
  const four = buildLadder(runWith([2, 3, 4, 5].flatMap(visit)));

  it('have at most three lanes: the last one is that of all further clients', () => {
    const three = buildLadder(runWith([2, 3, 4].flatMap(visit)));
    expect(three.others.map(({ id }) => id)).toEqual(['other-1', 'other-2', 'other-3']);
    expect(four.others.map(({ id, clients }) => [id, clients.length])).toEqual([
      ['other-1', 1],
      ['other-2', 1],
      ['others', 2],
    ]);
    expect(new Set(otherArrows(four).flatMap(({ from, to }) => [from, to]))).toEqual(
      new Set(['other-1', 'other-2', 'others', 'server']),
    );
  });

  it('are folded further where there is less room, and counted by their states', () => {
    expect(foldLanes(four.others, 3)).toBe(four.others);
    const [all, ...more] = foldLanes(four.others, 1);
    expect(more).toEqual([]);
    if (all === undefined) throw new Error('no lane');
    expect(all.clients).toHaveLength(4);
    const { name, state, detail } = otherEndAt(all, ACCEPTED + 7);
    expect([name, state, detail]).toEqual(['4 other clients', undefined, '1 connected, 1 gone']);
    expect(otherEndAt(all, 1).detail).toBe('not there yet');
  });

  it('have one arrow for a handshake in the lane that they share, and each fact says whose it is', () => {
    const shared = four.arrows.filter(({ from }) => from === 'others');
    expect(shared.map(({ label, otherClient }) => [label, otherClient])).toEqual(
      [4, 5].flatMap((connection) =>
        ['SYN … ACK', '3 B', 'FIN'].map((label) => [label, `another client 127.0.0.1:4000${connection}`]),
      ),
    );
  });

  it('are in their lanes from when each has come', () => {
    const comes = (connection: number): number => ACCEPTED + 6 * (connection - 2);
    const at = (cursor: number): unknown =>
      lanesAt(four.others, cursor).map(({ id, clients }) => [id, clients.length]);
    expect(at(comes(2) - 1)).toEqual([]);
    expect(at(comes(3) - 1)).toEqual([['other-1', 1]]);
    expect(at(comes(4))).toEqual([
      ['other-1', 1],
      ['other-2', 1],
      ['others', 1],
    ]);
    const [, , shared] = lanesAt(four.others, comes(4));
    expect(shared === undefined ? undefined : otherEndAt(shared, comes(4))).toMatchObject({
      name: 'another client',
      detail: '127.0.0.1:40004',
    });
  });

  it('may be 30,000', () => {
    const many = Array.from({ length: 30_000 }, (_, index) => visit(index + 2)).flat();
    const { others, arrows } = buildLadder(runWith(many));
    const [, , last] = others;
    if (last === undefined) throw new Error('no lane');
    expect(otherEndAt(last, Infinity)).toMatchObject({ name: '29,998 other clients', detail: '29,998 gone' });
    expect(arrows.filter(({ from }) => from === 'others')).toHaveLength(3 * 29_998);
  });
});

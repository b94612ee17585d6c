import { describe, expect, it } from 'vitest';

import type { Endpoint, Fact } from '../../../../shared/trace/fact.ts';
import { tooManyClientsProblem } from '../../../net/problems.ts';
import { createServerRound, mergeSides } from './merge-sides.ts';
import type { TimedFact } from './racer-protocol.ts';
import { bytesOfText } from '../../../../shared/trace/recorded-bytes.ts';

const SERVER: Endpoint = { address: '127.0.0.1', port: 50_007 };
const CLIENT: Endpoint = { address: '127.0.0.1', port: 41_794 };
const OTHER_CLIENT: Endpoint = { address: '127.0.0.1', port: 41_796 };

/** Facts by their times. */
function seen(facts: Readonly<Record<number, Fact>>): TimedFact[] {
  return Object.entries(facts).map(([atMs, fact]) => ({ fact, atMs: Number(atMs) }));
}

const accepted = (connection: number, remote: Endpoint): Fact => ({
  kind: 'accepted',
  peer: 'server',
  seenBy: 'program',
  connection,
  local: SERVER,
  remote,
});
const connected: Fact = {
  kind: 'connected',
  peer: 'client',
  seenBy: 'program',
  connection: 1,
  local: CLIENT,
  remote: SERVER,
};
const read = (side: 'client' | 'server', connection: number): Fact => ({
  kind: 'read',
  peer: side,
  seenBy: 'program',
  side,
  connection,
  offset: 0,
  bytes: 2,
  data: bytesOfText('Hi'),
});
const refused: Fact = {
  kind: 'failed',
  peer: 'client',
  seenBy: 'program',
  problem: { code: 'connection-refused', message: 'Nothing listens there.', detail: {} },
};

describe('the facts of two threads', () => {
  it('come in the order of their times, with one number for both ends of a connection', () => {
    const merged = mergeSides(
      seen({ 1: { kind: 'server-created', peer: 'server', seenBy: 'program' }, 4: accepted(1, CLIENT) }),
      seen({
        2: { kind: 'client-created', peer: 'client', seenBy: 'program' },
        3: connected,
        5: read('client', 1),
      }),
      7,
    );
    expect(merged.map(({ fact, atMs }) => [atMs, fact.kind])).toEqual([
      [1, 'server-created'],
      [2, 'client-created'],
      [3, 'connected'],
      [4, 'accepted'],
      [5, 'read'],
    ]);
    expect(merged[2]?.fact).toMatchObject({ connection: 7 });
    expect(merged[3]?.fact).toMatchObject({ connection: 7 });
    // The bytes that it read are in the facts of the other end.
    expect(merged[4]?.fact).toEqual({
      kind: 'read',
      peer: 'client',
      seenBy: 'program',
      side: 'client',
      connection: 7,
      offset: 0,
      bytes: 2,
    });
  });

  it('keep what was read from another client, whose connection has a number of its own', () => {
    const merged = mergeSides(
      seen({ 1: accepted(1, OTHER_CLIENT), 2: read('server', 1), 4: accepted(2, CLIENT) }),
      seen({ 3: connected }),
      1,
    );
    expect(merged.map(({ fact }) => fact)).toEqual([
      accepted(1, OTHER_CLIENT),
      read('server', 1),
      { ...connected, connection: 2 },
      accepted(2, CLIENT),
    ]);
  });

  it('keep what a client read where another program accepted it', () => {
    const merged = mergeSides([], seen({ 1: connected, 2: read('client', 1) }), 3);
    expect(merged.map(({ fact }) => fact)).toEqual([{ ...connected, connection: 3 }, read('client', 3)]);
  });

  it('name no connection where there was none', () => {
    expect(mergeSides([], seen({ 1: refused }), 1)).toEqual([{ fact: refused, atMs: 1 }]);
  });

  it('are those of one connection where the server turned our client away', () => {
    const problem = tooManyClientsProblem(CLIENT, 100);
    const turnedAway: Fact = { kind: 'failed', peer: 'server', seenBy: 'program', connection: 101, problem };
    const merged = mergeSides(
      seen({ 1: accepted(1, OTHER_CLIENT), 2: turnedAway }),
      seen({ 3: connected }),
      1,
    );
    expect(merged.map(({ fact }) => fact)).toEqual([
      accepted(1, OTHER_CLIENT),
      { ...turnedAway, connection: 2 },
      { ...connected, connection: 2 },
    ]);
  });

  it('may be about a connection whose opening was left out', () => {
    const merged = mergeSides(seen({ 1: read('server', 9) }), seen({ 2: connected }), 4);
    expect(merged.map(({ fact }) => fact)).toEqual([read('server', 4), { ...connected, connection: 5 }]);
  });
});

describe('the facts of the server in one round', () => {
  const closed: Fact = {
    kind: 'closed',
    peer: 'server',
    seenBy: 'program',
    side: 'server',
    connection: 2,
    hadError: false,
  };

  it('are limited for other clients, and complete for our client, which is known at the end', () => {
    let nowMs = 0;
    const round = createServerRound(() => (nowMs += 1), { maxBytes: 3_000, maxOtherFacts: 10 });
    round.emit(accepted(1, OTHER_CLIENT));
    for (let count = 0; count < 1_000; count += 1) round.emit(read('server', 1));
    round.emit(accepted(2, CLIENT));
    round.emit(read('server', 1));
    expect(round.decideOwn(CLIENT)).toBe(2);
    round.emit(closed);
    const facts = round.end();
    const reads = facts.filter(({ fact }) => fact.kind === 'read').length;
    expect(reads).toBeGreaterThan(5);
    expect(reads).toBeLessThan(30);
    const leftOut = { kind: 'other-clients-left-out', peer: 'server', seenBy: 'program' } as const;
    expect(facts.slice(-4).map(({ fact }) => fact)).toEqual([
      { ...leftOut, facts: 0, bytes: 0 },
      accepted(2, CLIENT),
      closed,
      { ...leftOut, facts: 1_001 - reads, bytes: 2 * (1_001 - reads) },
    ]);
    expect(facts.find(({ fact }) => fact === facts.at(-3)?.fact)?.atMs).toBe(1_002);
  });

  it('are that our client was turned away, where it was', () => {
    const problem = tooManyClientsProblem(CLIENT, 100);
    const turnedAway: Fact = { kind: 'failed', peer: 'server', seenBy: 'program', connection: 2, problem };
    const round = createServerRound(() => 0, { maxBytes: 3_000, maxOtherFacts: 0 });
    round.emit(accepted(1, OTHER_CLIENT));
    round.emit(turnedAway);
    expect(round.decideOwn(CLIENT)).toBe(2);
    expect(round.end().map(({ fact }) => fact)).toContainEqual(turnedAway);
  });

  it('are all there where our client was not accepted', () => {
    const round = createServerRound(() => 0);
    round.emit(accepted(1, OTHER_CLIENT));
    expect(round.decideOwn(CLIENT)).toBeUndefined();
    expect(round.end()).toEqual([{ fact: accepted(1, OTHER_CLIENT), atMs: 0 }]);
  });
});

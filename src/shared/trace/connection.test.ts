// What another client does on our server is none of our counts and none of our words, also where each round numbers its
// connections anew.

import { describe, expect, it } from 'vitest';

import { NO_COUNTS, count } from './counts.ts';
import type { RunCounts } from './counts.ts';
import { runStarted } from './facts-for-tests.ts';
import { connectionsOf } from './connection.ts';
import type { Fact } from './fact.ts';
import { newTranscript, transcriptOf } from './transcript.ts';
import { bytesOfText } from './recorded-bytes.ts';

const seen = { seenBy: 'program' } as const;
const server = { address: '127.0.0.1', port: 50_007 };
const client = { address: '127.0.0.1', port: 41_794 };

function connected(connection: number): Fact {
  return { ...seen, kind: 'connected', peer: 'client', connection, local: client, remote: server };
}

function wrote(connection: number, text: string): Fact {
  const bytes = text.length;
  return {
    ...seen,
    kind: 'wrote',
    peer: 'client',
    side: 'client',
    connection,
    offset: 0,
    bytes,
    data: bytesOfText(text),
    line: 1,
  };
}

/** A server has found a line that is no text, and has answered it. */
function answered(connection: number, text: string, line = 1): Fact[] {
  const span = { offset: 0, bytes: text.length };
  return [
    {
      ...seen,
      kind: 'line-transformed',
      peer: 'server',
      connection,
      ...span,
      line,
      by: 'byte',
      validUtf8: false,
    },
    {
      ...seen,
      kind: 'wrote',
      peer: 'server',
      side: 'server',
      connection,
      ...span,
      data: bytesOfText(text),
      line,
    },
  ];
}

function countsOf(facts: readonly Fact[]): RunCounts {
  const counts = { ...NO_COUNTS };
  for (const fact of facts) count(counts, fact, 0);
  return counts;
}

it('counts no line of another client, before ours is connected, beside it and after it', () => {
  const facts = [
    ...answered(1, 'xx'),
    connected(2),
    ...answered(1, 'xxx', 2),
    wrote(2, 'a'),
    ...answered(2, 'a'),
    ...answered(1, 'x', 3),
  ];
  expect(countsOf(facts)).toMatchObject({ linesSent: 1, linesTransformed: 1, linesByByte: 1, connection: 2 });
});

it('counts the lines of our client in each round, and takes nobody for it because of an old number', () => {
  const round = (number: number): Fact => ({ ...seen, kind: 'round-started', round: number });
  const ours = [connected(1), wrote(1, 'a'), ...answered(1, 'a')];
  const facts = [round(1), ...ours, round(2), ...answered(1, 'x', 9), connected(2), ...answered(1, 'x', 10)];
  expect(countsOf(facts)).toMatchObject({ linesTransformed: 1, linesByByte: 1 });
  expect(countsOf([...facts, wrote(2, 'b'), ...answered(2, 'b')])).toMatchObject({ linesByByte: 2 });
});

it('prints no line of another client that has the number of our last one', () => {
  const way = { framing: 'newlines', handOver: 'all-at-once' } as const;
  const round = (number: number): Fact => ({ ...seen, kind: 'round-started', round: number, ...way });
  const received: Fact = {
    ...seen,
    kind: 'text-received',
    peer: 'client',
    side: 'client',
    connection: 2,
    offset: 0,
    bytes: 1,
  };
  const facts = [
    runStarted('boundaries'),
    round(1),
    connected(1),
    wrote(1, 'a'),
    ...answered(1, 'a'),
    round(2),
    ...answered(1, 'stranger'),
    connected(2),
    wrote(2, 'b'),
    ...answered(2, 'b'),
    received,
  ];
  const state = newTranscript();
  expect(facts.flatMap((fact) => transcriptOf(fact, state)).slice(-3)).toEqual([
    'Round 2: all at once; a newline ends a line',
    '[S]: Data received from client: b',
    '[C]: Data received from server: b',
  ]);
});

describe('the connections of a run', () => {
  const connectCalled: Fact = { ...seen, kind: 'connect-called', peer: 'client', remote: server };
  const accepted = (connection: number, port = client.port): Fact => {
    return {
      ...seen,
      kind: 'accepted',
      peer: 'server',
      connection,
      local: server,
      remote: { ...client, port },
    };
  };
  const failed = (code: 'connection-refused' | 'too-many-clients', connection?: number): Fact => ({
    ...seen,
    kind: 'failed',
    peer: connection === undefined ? 'client' : 'server',
    ...(connection === undefined ? {} : { connection }),
    problem: { code, message: '', detail: { address: '127.0.0.1', port: 40_001 } },
  });
  const clientsOf = (facts: readonly Fact[]): unknown =>
    connectionsOf(facts).connections.map(({ number, client: end }) => [number, end.peer, end.whose]);

  it('have both ends, each with its peer and endpoint', () => {
    const { connections, ofFact } = connectionsOf([
      accepted(1, 40_001),
      connectCalled,
      accepted(2),
      connected(2),
    ]);
    expect(connections).toEqual([
      {
        number: 1,
        client: { side: 'client', peer: 'other', whose: 'other', endpoint: { ...client, port: 40_001 } },
        server: { side: 'server', peer: 'server', whose: 'ours', endpoint: server },
      },
      {
        number: 2,
        client: { side: 'client', peer: 'client', whose: 'ours', endpoint: client },
        server: { side: 'server', peer: 'server', whose: 'ours', endpoint: server },
      },
    ]);
    expect(ofFact.map((connection) => connection?.number)).toEqual([1, undefined, 2, 2]);
    expect(ofFact[2]).toBe(connections[1]);
  });

  it('are ours while they can be: after a connect() without an outcome, or without an opening', () => {
    expect(clientsOf([connectCalled, accepted(1)])).toEqual([[1, 'client', 'ours']]);
    expect(clientsOf([accepted(1), connectCalled])).toEqual([[1, 'other', 'other']]);
    expect(clientsOf([connectCalled, accepted(1), failed('connection-refused')])).toEqual([
      [1, 'other', 'other'],
    ]);
    expect(clientsOf(answered(1, 'x'))).toEqual([[1, 'client', 'ours']]);
    expect(clientsOf([...answered(1, 'x'), connected(2)])).toEqual([
      [1, 'other', 'other'],
      [2, 'client', 'ours'],
    ]);
  });

  it('have the address of a client that was turned away', () => {
    const { connections } = connectionsOf([failed('too-many-clients', 7)]);
    expect(connections[0]?.client).toMatchObject({ whose: 'other', endpoint: { port: 40_001 } });
  });

  it('have the program that a run started at the end that no fact shows', () => {
    const { connections } = connectionsOf([
      { ...seen, kind: 'program-started', peer: 'program', program: 'python3', pid: 1 },
      connected(1),
    ]);
    expect(connections[0]?.server).toEqual({
      side: 'server',
      peer: 'program',
      whose: 'other',
      endpoint: server,
    });
  });

  it('are other ones in each round, whatever their numbers', () => {
    const round = (number: number): Fact => ({ ...seen, kind: 'round-started', round: number });
    expect(clientsOf([round(1), accepted(1), connected(1), round(2), accepted(1)])).toEqual([
      [1, 'client', 'ours'],
      [1, 'other', 'other'],
    ]);
  });

  it('may be 30,000, of any numbers, and of any ends', () => {
    const numbers = Array.from({ length: 30_000 }, (_, index) => Number.MAX_SAFE_INTEGER - index);
    const calls = numbers.map(() => connectCalled);
    const others = numbers.map((number) => accepted(number));
    const ours = numbers.map((_, index) => connected(index));
    const { connections } = connectionsOf([...others, ...calls, ...ours, ...others]);
    expect(connections).toHaveLength(60_000);
    expect(connections.filter(({ client: end }) => end.whose === 'other')).toHaveLength(30_000);
    expect(connections.filter(({ server: end }) => end.whose === 'other')).toHaveLength(30_000);
  });
});

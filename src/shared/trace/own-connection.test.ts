// What another client does on our server is none of our counts and none of our words, also where each round numbers its
// connections anew.

import { expect, it } from 'vitest';

import { NO_COUNTS, count } from './counts.ts';
import type { RunCounts } from './counts.ts';
import { runStarted } from './facts-for-tests.ts';
import type { Fact } from './fact.ts';
import { newTranscript, transcriptOf } from './transcript.ts';

const seen = { seenBy: 'program' } as const;
const server = { address: '127.0.0.1', port: 50_007 };
const client = { address: '127.0.0.1', port: 41_794 };

function connected(connection: number): Fact {
  return { ...seen, kind: 'connected', connection, local: client, remote: server };
}

function wrote(connection: number, text: string): Fact {
  const bytes = text.length;
  return { ...seen, kind: 'wrote', side: 'client', connection, offset: 0, bytes, data: { text }, line: 1 };
}

/** A server has found a line that is no text, and has answered it. */
function answered(connection: number, text: string, line = 1): Fact[] {
  const span = { offset: 0, bytes: text.length };
  return [
    { ...seen, kind: 'line-transformed', connection, ...span, line, by: 'byte', validUtf8: false },
    { ...seen, kind: 'wrote', side: 'server', connection, ...span, data: { text }, line },
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

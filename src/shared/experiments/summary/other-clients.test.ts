import { describe, expect, it } from 'vitest';

import { collectOtherClients, otherClientsSentences, type OtherClient } from './other-clients.ts';
import type { Fact } from '../../trace/fact.ts';
import { runStarted } from '../../trace/facts-for-tests.ts';

const SERVER = { address: '127.0.0.1', port: 50_007 };

function clients(count: number, turnedAway = false): readonly OtherClient[] {
  return Array.from({ length: count }, (_, index) => ({
    endpoint: { address: '127.0.0.1', port: 40_001 + index },
    turnedAway,
  }));
}

describe('the sentences about other clients', () => {
  it.each<[number, readonly string[]]>([
    [0, []],
    [1, ['Another client connected, too: 127.0.0.1:40001.']],
    [2, ['2 other clients connected, too: 127.0.0.1:40001 and 127.0.0.1:40002.']],
    [3, ['3 other clients connected, too: 127.0.0.1:40001, 127.0.0.1:40002 and 127.0.0.1:40003.']],
    [1_204, ['1,204 other clients connected, too: 127.0.0.1:40001, 127.0.0.1:40002 and 1,202 more.']],
  ])('name a few, and count the rest: %i', (count, sentences) => {
    expect(otherClientsSentences(clients(count))).toEqual(sentences);
  });

  it('tell those that were turned away from those that were served', () => {
    expect(otherClientsSentences([...clients(1), ...clients(2, true)])).toEqual([
      'Another client connected, too: 127.0.0.1:40001.',
      '2 other clients were turned away: 127.0.0.1:40001 and 127.0.0.1:40002.',
    ]);
  });
});

it('finds the other clients among the facts of a run, also those that came first, and not ours', () => {
  const seen = { seenBy: 'program' } as const;
  const remote = (port: number) => ({ address: '127.0.0.1', port });
  const accepted = (connection: number, port: number): Fact => ({
    ...seen,
    kind: 'accepted',
    peer: 'server',
    connection,
    local: SERVER,
    remote: remote(port),
  });
  const facts: readonly Fact[] = [
    runStarted('file'),
    accepted(1, 41_794),
    { ...seen, kind: 'connect-called', peer: 'client', remote: SERVER },
    accepted(2, 40_000),
    { ...seen, kind: 'connected', peer: 'client', connection: 2, local: remote(40_000), remote: SERVER },
    accepted(3, 41_796),
  ];
  const found = collectOtherClients();
  for (const fact of facts) found.handle(fact);
  expect(found.sentences()).toEqual(['2 other clients connected, too: 127.0.0.1:41794 and 127.0.0.1:41796.']);
});

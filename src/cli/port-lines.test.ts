import { expect, it } from 'vitest';

import type { Fact } from '../shared/trace/fact.ts';
import { createVerdict } from './port-lines.ts';

const seen = { seenBy: 'program' } as const;
const local = { address: '127.0.0.1', port: 50_007 };
const portInUse: Fact = {
  ...seen,
  kind: 'failed',
  peer: 'server-2',
  problem: { code: 'port-in-use', message: 'The port is in use.', detail: {} },
};
const examined: Fact = {
  kind: 'port-examined',
  peer: 'server',
  seenBy: 'kernel',
  port: local.port,
  holder: { what: 'listener', local },
  source: '/proc/net/tcp',
};
const turnedAway: Fact = {
  ...seen,
  kind: 'failed',
  peer: 'server',
  connection: 101,
  problem: { code: 'too-many-clients', message: 'Another client was turned away.', detail: {} },
};

it('names what held the port, also where another client fails before that is known', () => {
  const verdict = createVerdict();
  for (const fact of [portInUse, turnedAway, examined]) verdict.handle(fact);
  expect(verdict.lines()).toHaveLength(1);
});

it('has no line for a port that was not refused', () => {
  const verdict = createVerdict();
  for (const fact of [turnedAway, examined]) verdict.handle(fact);
  expect(verdict.lines()).toEqual([]);
});

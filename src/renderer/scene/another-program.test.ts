import { describe, expect, it } from 'vitest';

import { failed } from '../../shared/result.ts';
import type { Fact } from '../../shared/trace/fact.ts';
import { endsAt } from './peers.ts';
import { stamped, WHOLE_RUN } from './facts-for-tests.ts';
import { labelOf } from './describe.ts';
import { buildLadder, stepWeight } from './ladder.ts';
import { bytesOfText } from '../../shared/trace/recorded-bytes.ts';

const SERVER = { address: '127.0.0.1', port: 50_007 };
const CLIENT = { address: '127.0.0.1', port: 41_794 };
const REFUSED: Fact = {
  kind: 'failed',
  peer: 'server',
  seenBy: 'program',
  problem: failed('port-in-use', 'Port 50007 on 127.0.0.1 is in use.').problem,
};
const EXAMINED: Fact = {
  kind: 'port-examined',
  peer: 'server',
  seenBy: 'kernel',
  port: 50_007,
  holder: { what: 'time-wait', local: SERVER, remote: CLIENT, secondsLeft: 59 },
  source: '/proc/net/tcp',
};

/** Another program has the port, greets our client, closes first and ends; then our server asks for it and waits. */
const FACTS = stamped([
  { kind: 'program-started', peer: 'program', seenBy: 'program', program: 'python3', pid: 4711 },
  { kind: 'client-created', peer: 'client', seenBy: 'program' },
  { kind: 'connect-called', peer: 'client', seenBy: 'program', remote: SERVER },
  { kind: 'connected', peer: 'client', seenBy: 'program', connection: 1, local: CLIENT, remote: SERVER },
  {
    kind: 'read',
    peer: 'client',
    seenBy: 'program',
    side: 'client',
    connection: 1,
    offset: 0,
    bytes: 5,
    data: bytesOfText('hello'),
  },
  { kind: 'end-received', peer: 'client', seenBy: 'program', side: 'client', connection: 1 },
  { kind: 'end-called', peer: 'client', seenBy: 'program', side: 'client', connection: 1 },
  { kind: 'closed', peer: 'client', seenBy: 'program', side: 'client', connection: 1, hadError: false },
  { kind: 'program-ended', peer: 'program', seenBy: 'program', program: 'python3', pid: 4711, exitCode: 0 },
  { kind: 'server-created', peer: 'server', seenBy: 'program' },
  { kind: 'listen-called', peer: 'server', seenBy: 'program', requested: SERVER },
  REFUSED,
  EXAMINED,
  { kind: 'port-awaited', peer: 'server', seenBy: 'program', port: 50_007 },
  EXAMINED,
  EXAMINED,
  { kind: 'listen-called', peer: 'server', seenBy: 'program', requested: SERVER },
  { kind: 'listening', peer: 'server', seenBy: 'program', local: SERVER },
]);

describe('another program on the server’s side', () => {
  const ladder = buildLadder(FACTS);

  it('has rows of its own tone', () => {
    const rows = ladder.rows.filter((row) => row.tone === 'other-program');
    expect(rows.map(({ event, side }) => [labelOf(event, 'reverse', 'Python'), side])).toEqual([
      ['python3 started', 'server'],
      ['python3 ended', 'server'],
    ]);
  });

  it('is seen through our client alone: what it wrote and that it closed are inferred, with the bytes that were read', () => {
    const inferred = ladder.arrows.filter(
      (arrow) => arrow.from === 'server' && arrow.key.startsWith('unseen'),
    );
    expect(inferred.map(({ label, arrivesAt, data }) => [label, arrivesAt, data])).toEqual([
      ['bytes', 5, bytesOfText('hello')],
      ['FIN', 6, undefined],
    ]);
    expect(inferred.every((arrow) => arrow.inferred)).toBe(true);
  });

  it('adds no arrow to a run whose server is ours', () => {
    expect(buildLadder(WHOLE_RUN).arrows.filter((arrow) => arrow.key.startsWith('unseen'))).toEqual([]);
  });

  it('has the address while it is there, and ours has none before it listens', () => {
    const states = [1, 4, 9, 10, 12, 14, 18].map((cursor) => endsAt(ladder.landmarks, cursor).server);
    expect(states.map(({ state, endpoint }) => [state, endpoint?.port])).toEqual([
      ['another program', undefined],
      ['another program', 50_007],
      ['not there yet', undefined],
      ['created', undefined],
      ['failed', undefined],
      ['waits for the port', undefined],
      ['listening', 50_007],
    ]);
  });

  it('shows the seconds of waiting close together, and passes them faster', () => {
    const ys = ladder.rows.filter((row) => row.event.kind === 'port-examined').map((row) => row.y);
    const [, second = 0, third = 0] = ys;
    expect(third - second).toBeLessThan(30);
    expect(stepWeight(EXAMINED_TWICE, EXAMINED_TWICE)).toBeLessThan(0.5);
  });
});

const EXAMINED_TWICE = { ...EXAMINED, seq: 2, atUs: 0 };

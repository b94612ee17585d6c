import { describe, expect, it } from 'vitest';

import { runEnded, runStarted } from '../shared/trace/facts-for-tests.ts';
import type { Fact, TimeWaitExamined } from '../shared/trace/fact.ts';
import { portsLines, raceLines } from './round-lines.ts';

const SERVER = { address: '127.0.0.1', port: 50_007 };

const round = (number: number): Fact => ({ kind: 'round-started', seenBy: 'program', round: number });
const connected = (port: number): Fact => ({
  kind: 'connected',
  peer: 'client',
  seenBy: 'program',
  connection: 1,
  local: { address: '127.0.0.1', port },
  remote: SERVER,
});
const failed = (code: 'connection-refused' | 'connection-reset', errorCode: string, errno: number): Fact => ({
  kind: 'failed',
  peer: 'client',
  seenBy: 'program',
  problem: { code, message: 'It failed.', detail: { errorCode, errno } },
});
const REFUSED = failed('connection-refused', 'ECONNREFUSED', 111);
const timeWait = (found?: TimeWaitExamined['found']): Fact => ({
  kind: 'time-wait-examined',
  seenBy: 'kernel',
  connection: 1,
  ...(found === undefined ? {} : { found }),
  source: '/proc/net/tcp',
});
const atServer = { side: 'server', local: SERVER, remote: { address: '127.0.0.1', port: 41_794 } } as const;

function raced(facts: readonly Fact[], pauseMs = 0): string[] {
  const linesOf = raceLines();
  return [runStarted('race', { options: { pauseMs } }), ...facts].flatMap((fact) => [...linesOf(fact)]);
}

function connectedFrom(clientPorts: readonly number[], platform = 'linux', from = 32_768): string[] {
  const linesOf = portsLines();
  const facts: Fact[] = [
    runStarted('ports', { runtime: { app: '0.1.0', node: 'v20', platform, arch: 'x64' } }),
    { kind: 'ephemeral-range-read', seenBy: 'kernel', from, to: 60_999, source: 'a file' },
    { kind: 'listening', peer: 'server', seenBy: 'program', local: SERVER },
    ...clientPorts.flatMap((port, at) => [round(at + 1), connected(port)]),
    runEnded('completed'),
  ];
  return facts.flatMap((fact) => [...linesOf(fact)]);
}

describe('the lines of a race', () => {
  it('show how each round ended, and at the end that it is a race', () => {
    expect(
      raced([
        round(1),
        connected(41_794),
        timeWait({ ...atServer, secondsLeft: 60 }),
        round(2),
        REFUSED,
        round(3),
        connected(41_796),
        failed('connection-reset', 'ECONNRESET', 104),
        round(4),
        connected(41_798),
        timeWait(atServer),
        round(5),
        connected(41_800),
        timeWait(),
        round(6),
        connected(41_802),
        runEnded('completed'),
      ]),
    ).toEqual([
      "round 1: connected from port 41794; TIME_WAIT stays on the server's side for 60 s",
      'round 2: refused: ECONNREFUSED (errno 111)',
      'round 3: failed: ECONNRESET (errno 104)',
      "round 4: connected from port 41798; TIME_WAIT stays on the server's side",
      'round 5: connected from port 41800; no TIME_WAIT was seen',
      'round 6: connected from port 41802',
      '1 of 6 clients was refused, 4 connected: the report’s error is not a certainty, it is a race between two threads. 1 round ended another way. TIME_WAIT was seen on the server’s side 2 times, on the client’s 0 times.',
    ]);
  });

  it.each([
    [
      0,
      [round(1), connected(1), round(2), connected(2)],
      'All 2 clients were connected: this time the server was always first. The report saw an error; nothing promises either, it is a race.',
    ],
    [
      0,
      [round(1), REFUSED, round(2), REFUSED],
      'All 2 clients were refused, as in the report: the client called connect() before the server listened. It is a race: set a pause, and look again.',
    ],
    [
      30,
      [round(1), connected(1), round(2), connected(2)],
      'All 2 clients were connected: with a start of 30 ms the server listened in time. Without it, it is a race.',
    ],
  ])('have a sentence for a race that went one way, after a pause of %d ms', (pauseMs, facts, sentence) => {
    expect(raced([...facts, runEnded('completed')], pauseMs).at(-1)).toBe(sentence);
  });

  it('have no sentence where the race was cut off, nor a line for the round of which nothing came', () => {
    expect(raced([round(1), connected(41_794), round(2), runEnded('cancelled')])).toEqual([
      'round 1: connected from port 41794',
    ]);
    expect(raced([round(1), connected(41_794), runEnded('failed')])).toEqual([
      'round 1: connected from port 41794',
    ]);
  });
});

describe('the lines of the ephemeral ports', () => {
  it('show the ports of each run, and at the end how many are even, and why', () => {
    expect(connectedFrom([41_794, 41_796, 41_801, 41_794])).toEqual([
      'run 1: client port 41794, server port 50007',
      'run 2: client port 41796, server port 50007',
      'run 3: client port 41801, server port 50007',
      'run 4: client port 41794, server port 50007',
      '4 runs got 3 different ports from 32768–60999, 3 even and 1 odd; the server stayed at 50007. Mostly even, because since version 4.2 Linux looks among the even ports first for connect() and leaves the odd ones to bind().',
    ]);
  });

  it('give no reason where it is not known', () => {
    expect(connectedFrom([50_001], 'darwin').at(-1)).toBe(
      '1 run got 1 port from 32768–60999, an odd one; the server stayed at 50007.',
    );
    // Linux prefers what the range begins with.
    expect(connectedFrom([50_002, 50_004], 'linux', 32_769).at(-1)).not.toContain('Linux');
    expect(connectedFrom([50_002, 50_004], 'linux', 32_768).at(-1)).toContain('Linux');
  });
});

import { describe, expect, it } from 'vitest';
import { NO_COUNTS } from '../../shared/trace/counts.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { landmarksOf } from '../scene/ladder.ts';
import { portsRun, raceRun } from '../scene/round-facts-for-tests.ts';
import { summaryOf } from './summary.ts';

function summary(facts: readonly TraceEvent[]): string {
  return summaryOf(landmarksOf(facts), NO_COUNTS, new Map(), facts) ?? 'the run has not ended';
}

/** The same run, ended in another way. */
function ended(facts: readonly TraceEvent[], outcome: 'failed' | 'cancelled'): readonly TraceEvent[] {
  return facts.map((event) => (event.kind === 'run-ended' ? { ...event, outcome } : event));
}

describe('the sentence at the end of a race', () => {
  it('compares both outcomes with the report, and names the side that stays in TIME_WAIT', () => {
    expect(summary(raceRun(['server', 'refused', 'server', 'server', 'refused']))).toBe(
      '2 of 5 clients were refused, 3 connected: the report’s error is not a certainty, it is a race between two threads. TIME_WAIT stayed on the server’s side of all 3 connections, because the server closed first.',
    );
  });

  it('does not call a race that always came out one way a certainty', () => {
    expect(summary(raceRun(['server', 'server']))).toContain('nothing promises either');
    expect(summary(raceRun(['server'], { options: { rounds: 1, pauseMs: 250 } }))).toContain(
      'with a start of 250 ms',
    );
    expect(summary(raceRun(['refused', 'refused']))).toContain('All 2 clients were refused');
  });

  it('says where TIME_WAIT was seen on both sides, or on none', () => {
    expect(summary(raceRun(['server', 'client']))).toContain(
      'TIME_WAIT was seen on the server’s side 1 time, on the client’s 1 time.',
    );
    expect(summary(raceRun(['none']))).toContain('Neither end of a connection was seen in TIME_WAIT.');
  });

  it('says how many rounds were run where it was cancelled', () => {
    const run = ended(raceRun(['server', 'refused'], { options: { rounds: 60 } }), 'cancelled');
    expect(summary(run)).toContain('2 of 60 rounds were done.');
  });

  it('begins with what went wrong where it failed', () => {
    const failure: TraceEvent = {
      kind: 'failed',
      peer: 'server',
      seenBy: 'program',
      problem: {
        code: 'port-in-use',
        message: 'Port 50007 is in use.',
        detail: { errorCode: 'EADDRINUSE', errno: 98 },
      },
      seq: 4,
      atUs: 4,
    };
    const [started, range, round] = raceRun(['server']);
    const last = raceRun(['server']).at(-1);
    if (started === undefined || range === undefined || round === undefined || last === undefined)
      throw new Error('the run is too short');
    expect(summary(ended([started, range, round, failure, last], 'failed'))).toBe(
      'The server failed: EADDRINUSE (errno 98).',
    );
  });
});

describe('the sentence at the end of a run of ports', () => {
  it('counts the ports, names the range and the server’s port, and says on Linux why they are even', () => {
    expect(summary(portsRun([40_002, 40_004, 40_006]))).toBe(
      '3 runs got 3 different ports from 32768–60999, all even; the server stayed at 50007. Even, because since version 4.2 Linux looks among the even ports first for connect() and leaves the odd ones to bind().',
    );
  });

  it('gives no reason of Linux on another system', () => {
    const runtime = { app: '0.1.0', node: '20.19.0', platform: 'darwin', arch: 'arm64' };
    expect(summary(portsRun([40_002, 40_004], { runtime }))).not.toContain('Linux');
  });

  it('tells even and odd apart, and ports that came twice', () => {
    expect(summary(portsRun([40_002, 40_003, 40_002, 40_004]))).toContain(
      '4 runs got 3 different ports from 32768–60999, 3 even and 1 odd;',
    );
    expect(summary(portsRun([40_001]))).toContain('1 run got 1 port from 32768–60999, an odd one;');
  });
});

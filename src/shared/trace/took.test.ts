import { describe, expect, it } from 'vitest';

import type { Fact } from './fact.ts';
import { failed } from '../result.ts';
import { CallTimes, LinesUnderWay, RoundTrips } from './took.ts';

describe('lines under way', () => {
  it('give back when each was sent, once, in whatever order they come', () => {
    const lines = new LinesUnderWay();
    for (let line = 1; line <= 1_000; line += 1) lines.sent(line, 10 * line, line / 2);
    for (let line = 1_000; line >= 1; line -= 1) {
      expect(lines.received(line)).toEqual({ seq: 10 * line, atUs: line / 2 });
      expect(lines.received(line)).toBeUndefined();
    }
    expect(lines.received(2_000)).toBeUndefined();
  });

  it('forget the oldest where more than a million never come back', () => {
    const lines = new LinesUnderWay();
    for (let line = 1; line <= 2 ** 20 + 5; line += 1) lines.sent(line, line, 0);
    expect(lines.received(5)).toBeUndefined();
    expect(lines.received(6)).toMatchObject({ seq: 6 });
  });

  it('are those of one connection, and end with its round', () => {
    const trips = new RoundTrips();
    trips.sent(1, 7, 70, 1);
    trips.sent(2, 7, 71, 2);
    expect(trips.received(2, 7)).toEqual({ seq: 71, atUs: 2 });
    trips.clear();
    expect(trips.received(1, 7)).toBeUndefined();
  });
});

describe('the time of a call', () => {
  function timesOf(facts: readonly (readonly [number, Fact])[]): (number | undefined)[] {
    const calls = new CallTimes();
    return facts.map(([atUs, fact], index) => calls.tookUs({ ...fact, seq: index + 1, atUs }));
  }
  const by = { seenBy: 'program', peer: 'client' } as const;
  const remote = { address: '127.0.0.1', port: 1 };
  const { problem } = failed('connection-refused', 'refused');

  it('goes from the call to its success or failure, of each peer its own', () => {
    expect(
      timesOf([
        [0, { kind: 'listen-called', seenBy: 'program', peer: 'server', requested: remote }],
        [10, { kind: 'connect-called', ...by, remote }],
        [25, { kind: 'listening', seenBy: 'program', peer: 'server', local: remote }],
        [50, { kind: 'failed', ...by, problem }],
        [60, { kind: 'failed', ...by, problem }],
        [70, { kind: 'connect-called', ...by, remote }],
        [95, { kind: 'connected', ...by, connection: 1, local: remote, remote }],
      ]),
    ).toEqual([undefined, undefined, 25, 40, undefined, undefined, 25]);
  });

  it('of a sleep is its own', () => {
    expect(timesOf([[5, { kind: 'slept', ...by, ms: 20 }]])).toEqual([20_000]);
  });
});

import { describe, expect, it } from 'vitest';
import { NO_COUNTS } from '../../shared/trace/counts.ts';
import { WHOLE_RUN } from './facts-for-tests.ts';
import { overviewOf } from './overview-for-tests.ts';
import { advance, IN_A_MINUTE, leapTo, minuteWords, paceOf, PACES } from './pace.ts';

const TWO_A_SECOND = { kind: 'facts', aSecond: 2 } as const;

describe('playing', () => {
  it('passes facts that draw nothing in no time', () => {
    // run-started and ephemeral-range-read (1 and 2) have no place in the picture; fact 3 is half a second away.
    expect(advance(WHOLE_RUN, 0, 250, TWO_A_SECOND).cursor).toBeCloseTo(2.5);
  });

  it('takes four times as long over a handshake', () => {
    const connectCalled = 7;
    expect(advance(WHOLE_RUN, connectCalled, 1_000, TWO_A_SECOND).cursor).toBeCloseTo(connectCalled + 0.5);
  });

  it('stops at the last fact at hand', () => {
    expect(advance(WHOLE_RUN, 1, 10_000_000, TWO_A_SECOND).cursor).toBe(WHOLE_RUN.length);
  });

  it('stops before facts that are missing and says where', () => {
    const holed = WHOLE_RUN.filter((event) => event.seq < 11 || event.seq > 20);
    expect(advance(holed, 8, 10_000_000, TWO_A_SECOND)).toMatchObject({ cursor: 10, stoppedAt: 10 });
  });

  it('plays a recorded time at a fraction of real speed', () => {
    // Facts are 10 µs apart: at 1/1,000 of real speed each takes 10 ms.
    expect(advance(WHOLE_RUN, 5, 25, { kind: 'time', slowedBy: 1_000 }).cursor).toBeCloseTo(7.5);
  });

  it('gets to the same place in many small steps as in one', () => {
    for (const { pace } of PACES) {
      let small = 1;
      for (let step = 0; step < 60; step += 1) small = advance(WHOLE_RUN, small, 16, pace).cursor;
      expect(small).toBeCloseTo(advance(WHOLE_RUN, 1, 960, pace).cursor, 6);
    }
  });
});

describe('playing the whole run in a minute', () => {
  const counts = { ...NO_COUNTS, facts: 6_000, atUs: 4_000 };

  it('gives each fact the same time, so that the last one comes after a minute', () => {
    const pace = paceOf(IN_A_MINUTE, WHOLE_RUN.length);
    expect(advance(WHOLE_RUN, 0, 30_000, pace).cursor).toBeCloseTo(WHOLE_RUN.length / 2);
    expect(advance(WHOLE_RUN, 0, 60_001, pace).cursor).toBe(WHOLE_RUN.length);
  });

  it('says how fast that is, and against the time that it took', () => {
    expect(minuteWords(counts)).toEqual({
      name: 'run in a minute: 100 facts a second',
      title: '6,000 facts in a minute: on average 15,000 times slower than it was',
    });
    expect(minuteWords({ ...counts, facts: 90, atUs: 150_000_000 })).toEqual({
      name: 'run in a minute: 1.5 facts a second',
      title: '90 facts in a minute: on average 2.5 times faster than it was',
    });
  });
});

describe('a leap over facts that are not at hand', () => {
  const overview = overviewOf({ factsABucket: 1_000, client: [1_000, 1_000], untilUs: [10_000, 110_000] });

  it('goes by number or by time', () => {
    expect(leapTo(500, 2_000, { kind: 'even', aSecond: 100_000 }, undefined)).toBe(200_500);
    // Half of the first bucket and a tenth of the second take 15 ms.
    expect(leapTo(500, 15, { kind: 'time', slowedBy: 1 }, overview)).toBe(1_100);
  });

  it('is none where it depends on each fact, or no time is known', () => {
    expect(leapTo(500, 15, { kind: 'facts', aSecond: 300 }, overview)).toBeUndefined();
    expect(leapTo(500, 15, { kind: 'time', slowedBy: 1 }, undefined)).toBeUndefined();
    expect(leapTo(500, 5_000, { kind: 'time', slowedBy: 1 }, overview)).toBeUndefined();
  });
});

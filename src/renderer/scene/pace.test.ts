import { describe, expect, it } from 'vitest';
import { WHOLE_RUN } from './facts-for-tests.ts';
import { advance, PACES } from './pace.ts';

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

import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { overviewOf } from './overview-for-tests.ts';
import { drawnMarksOf, marksBeyond, timeMarksOf, waitsOf, wordsOfMark, type TimeMark } from './time-marks.ts';

const AXIS = { from: 0, to: 1_000 };

function marks(count: number, look: TimeMark['look'], step = 1): TimeMark[] {
  return Array.from({ length: count }, (_, index) => ({ seq: (index + 1) * step, look, count: 1 }));
}

function failedAt(seq: number): TraceEvent {
  const problem = { code: 'connection-reset', message: 'It was reset.', detail: {} } as const;
  return { kind: 'failed', seenBy: 'program', peer: 'client', problem, seq, atUs: seq };
}

describe('the marks of the time bar', () => {
  it('are of every error, each alone where there is room', () => {
    const errors = timeMarksOf([10, 500, 990].map(failedAt));
    expect(drawnMarksOf(errors, AXIS, 0.01)).toEqual(errors);
  });

  it('are one where they would cover each other, and say how many they stand for', () => {
    const errors = timeMarksOf([10, 12, 14, 500].map(failedAt));
    const drawn = drawnMarksOf(errors, AXIS, 0.01);
    expect(drawn.map(({ seq, count }) => [seq, count])).toEqual([
      [10, 3],
      [500, 1],
    ]);
    expect(drawn.map(wordsOfMark)).toEqual(['3 errors', '1 error']);
  });

  it('stand for all there are, and are no more than can be told apart', () => {
    const drawn = drawnMarksOf(marks(30_000, 'bad'), { from: 0, to: 30_000 }, 0.01);
    expect(drawn.length).toBeLessThanOrEqual(101);
    expect(drawn.reduce((sum, { count }) => sum + count, 0)).toBe(30_000);
  });

  it('hide none of another look', () => {
    const drawn = drawnMarksOf([...marks(100, 'other'), ...timeMarksOf([failedAt(50)])], AXIS, 0.2);
    expect(drawn.map(({ look }) => look).sort()).toEqual(['bad', 'other']);
  });

  it('are those of the stretch that the axis shows', () => {
    const drawn = drawnMarksOf(marks(100, 'bad', 10), { from: 200, to: 250 }, 0.001);
    expect(drawn.map(({ seq }) => seq)).toEqual([200, 210, 220, 230, 240, 250]);
  });

  it('are besides of errors that no landmark at hand tells of', () => {
    const overview = overviewOf({
      factsABucket: 10,
      errors: [1, 0, 3],
      errorSeqs: [7, 0, 24],
      client: [10, 10, 10],
    });
    expect(marksBeyond(overview, timeMarksOf([failedAt(7)]))).toEqual([{ seq: 24, look: 'bad', count: 3 }]);
  });

  it('are of waits that take a part of the time that is shown, and that a person would notice', () => {
    const second = 1_000_000;
    const waits = waitsOf(
      overviewOf({
        client: [10, 10, 10, 10],
        waitUs: [15_000, 2 * second, 50_000, 220_000],
        waitSeqs: [3, 12, 25, 40],
        untilUs: [15_000, 2 * second, 3 * second, 10 * second],
      }),
    );
    expect(waits.map(({ seq }) => seq)).toEqual([12, 40]);
    expect(waits.map(wordsOfMark)).toEqual(['2 s without a fact', '220 ms without a fact']);
    // Two that cannot be told apart stand where the longest is.
    expect(drawnMarksOf(waits, { from: 0, to: 40 }, 1)).toEqual([
      { seq: 12, look: 'wait', count: 2, waitUs: 2 * second },
    ]);
    // In a run of ten minutes a second is still one.
    const minutes = overviewOf({ client: [10], waitUs: [second], waitSeqs: [3], untilUs: [600 * second] });
    expect(waitsOf(minutes)).toHaveLength(1);
    const short = overviewOf({ client: [10], waitUs: [19_000], waitSeqs: [3], untilUs: [20_000] });
    expect(waitsOf(short)).toEqual([]);
  });
});

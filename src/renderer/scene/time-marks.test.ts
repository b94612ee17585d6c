import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import type { TimeMark } from './time-marks.ts';
import { drawnMarksOf, gapBandsOf } from './time-marks.ts';

function factAt(seq: number): TraceEvent {
  return { kind: 'slept', peer: 'client', seenBy: 'program', ms: 1, seq, atUs: seq };
}

describe('the bands of the time bar', () => {
  it('are where facts are missing: before, between and behind those that are here', () => {
    expect(gapBandsOf([1, 2, 3].map(factAt), 3, 0)).toEqual([]);
    expect(gapBandsOf([3, 4, 9].map(factAt), 12, 0)).toEqual([
      { from: 0, to: 3 },
      { from: 4, to: 9 },
      { from: 9, to: 12 },
    ]);
    expect(gapBandsOf([], 5, 0)).toEqual([{ from: 0, to: 5 }]);
  });

  it('are no more than can be told apart, however many gaps there are', () => {
    const facts = Array.from({ length: 200_000 }, (_, index) => factAt(2 * index + 1));
    expect(gapBandsOf(facts, 400_000, 400)).toEqual([{ from: 1, to: 400_000 }]);
    const wide = Array.from({ length: 1_000 }, (_, gap) =>
      [1, 2, 3, 4, 5].map((at) => factAt(gap * 10 + at)),
    );
    expect(gapBandsOf(wide.flat(), 10_000, 4)).toHaveLength(1_000);
    expect(gapBandsOf(wide.flat(), 10_000, 10)).toHaveLength(1);
  });
});

describe('the marks of the time bar', () => {
  const marks = (count: number, look: TimeMark['look']): TimeMark[] =>
    Array.from({ length: count }, (_, index) => ({ seq: index + 1, look }));

  it('are all of a few, and so many of a lot', () => {
    expect(drawnMarksOf(marks(400, 'client'), 400, 1)).toHaveLength(400);
    expect(drawnMarksOf(marks(401, 'client'), 400, 1)).toHaveLength(201);
  });

  it('are no more of a page of a long run than can be told apart', () => {
    const page = [...marks(4_096, 'client')].map((mark, index): TimeMark => ({
      ...mark,
      look: index % 2 === 0 ? 'client' : 'server',
    }));
    const drawn = drawnMarksOf(page, 400, 60_000);
    expect(drawn.length).toBeLessThanOrEqual(2);
  });

  it('are besides of all that went wrong, as far as it can be told apart', () => {
    const failed: TimeMark = { seq: 7, look: 'bad' };
    expect(drawnMarksOf([...marks(6, 'server'), failed, ...marks(6, 'server')], 2, 1)).toContain(failed);
    expect(drawnMarksOf(marks(30_000, 'bad'), 400, 30)).toHaveLength(1_000);
  });
});

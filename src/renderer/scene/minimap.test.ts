import { describe, expect, it } from 'vitest';
import { bucketOf, bucketsFor, minimapOf, seqAt, timeIn } from './minimap.ts';
import { overviewOf } from './overview-for-tests.ts';

/** The bars of a path: where each begins, how wide and how high it is. */
function barsOf(path: string): readonly { x: number; width: number; height: number }[] {
  return [...path.matchAll(/M(-?[\d.]+) [\d.]+h([\d.]+)v(-?[\d.]+)/g)].map(([, x, width, height]) => ({
    x: Number(x),
    width: Number(width),
    height: Number(height),
  }));
}

describe('the picture on the time bar', () => {
  it('has each of few facts as a bar at its place, the client above and the server below', () => {
    const overview = overviewOf({ client: [1, 0, 0, 1], server: [0, 1, 0, 0], neither: [0, 0, 1, 0] });
    const { client, server, leftOut, upTo } = minimapOf(overview, { from: 0, to: 4 }, 400, 20);
    const middles = (path: string): number[] => barsOf(path).map(({ x, width }) => x + width / 2);
    // The thumb stands at 100 px when fact 1 has happened.
    expect(middles(client)[0]).toBe(100);
    expect(middles(server)).toEqual([200]);
    expect(barsOf(client).every(({ height }) => height < 0)).toBe(true);
    expect(barsOf(server).every(({ height }) => height > 0)).toBe(true);
    expect(leftOut).toEqual([]);
    expect(upTo).toBe(400);
  });

  it('has a bar of many facts as high as they came fast', () => {
    const overview = overviewOf({
      factsABucket: 100,
      client: [50, 50, 50],
      server: [50, 50, 0],
      neither: [0, 0, 50],
      // 100 facts in 1 ms, in 1 s, in 1 ms.
      untilUs: [1_000, 1_001_000, 1_002_000],
    });
    const { client, server } = minimapOf(overview, { from: 0, to: 300 }, 300, 20);
    const [fast = 0, slow = 0, fastAgain] = barsOf(client).map(({ height }) => -height);
    expect(fast).toBeGreaterThan(8);
    expect(fast).toBeLessThan(10);
    expect(fastAgain).toBe(fast);
    expect(slow).toBeLessThan(3);
    expect(slow).toBeGreaterThan(1);
    expect(barsOf(server)).toHaveLength(2);
  });

  it('has a band where facts were counted and not recorded, and nothing where none was counted yet', () => {
    const overview = overviewOf({
      factsABucket: 10,
      client: [10, 0, 0, 4, 10],
      untilUs: [1, 1, 1, 2, 3],
      upTo: 50,
    });
    const { leftOut, upTo, client } = minimapOf(overview, { from: 0, to: 100 }, 1_000, 20);
    expect(leftOut).toEqual([{ x: 105, width: 300 }]);
    expect(barsOf(client)).toHaveLength(3);
    expect(upTo).toBe(500);
  });

  it('has only the stretch that the axis shows', () => {
    const overview = overviewOf({ from: 90, client: Array.from({ length: 30 }, () => 1) });
    const { client } = minimapOf(overview, { from: 99, to: 109 }, 100, 20);
    expect(barsOf(client)).toHaveLength(11);
  });

  it('asks for buckets in steps of the width', () => {
    expect(bucketsFor(0)).toBe(50);
    expect(bucketsFor(800)).toBe(bucketsFor(820));
    expect(bucketsFor(1_200)).toBeGreaterThan(bucketsFor(600));
  });

  it('finds the bucket and the time of a fact, and the fact of a time', () => {
    const overview = overviewOf({
      from: 11,
      factsABucket: 10,
      client: [10, 10],
      fromUs: 100,
      untilUs: [200, 1_200],
    });
    expect([10, 11, 20, 21, 30, 31].map((seq) => bucketOf(overview, seq))).toEqual([
      undefined,
      0,
      0,
      1,
      1,
      undefined,
    ]);
    expect(timeIn(overview, 15)).toBe(150);
    expect(timeIn(overview, 25)).toBe(700);
    expect(timeIn(overview, 31)).toBeUndefined();
    for (const seq of [11, 15, 20, 26, 30]) expect(seqAt(overview, timeIn(overview, seq) ?? 0)).toBe(seq);
    expect(seqAt(overview, 99)).toBeUndefined();
    expect(seqAt(overview, 1_201)).toBeUndefined();
  });
});

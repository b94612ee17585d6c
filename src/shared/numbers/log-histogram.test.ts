import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { LogHistogram, RELATIVE_ERROR, upperUsOf } from './log-histogram.ts';

function histogramOf(times: readonly number[]): LogHistogram {
  const histogram = new LogHistogram();
  for (const us of times) histogram.add(us);
  return histogram;
}

/** Tenths of a microsecond up to an hour, as often short as long. */
const times = fc.array(
  fc.double({ min: 0, max: Math.log(3.6e10), noNaN: true }).map((log) => Math.round(Math.exp(log)) / 10),
  { minLength: 1, maxLength: 200 },
);

describe('a histogram of times', () => {
  it('gives each quantile to within its relative error', () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (all, q) => {
        const sorted = [...all].sort((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? 0;
        const given = histogramOf(all).quantile(q) ?? Infinity;
        expect(Math.abs(given - exact)).toBeLessThanOrEqual(exact * RELATIVE_ERROR * 1.000_001 + 1e-9);
      }),
    );
  });

  it('has each time in the bucket between its bounds, and all of them', () => {
    fc.assert(
      fc.property(times, (all) => {
        const { first, counts } = histogramOf(all).buckets;
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(all.length);
        for (const [at, count] of counts.entries()) {
          const upper = upperUsOf(first + at);
          const lower = first + at === 0 ? -1 : upperUsOf(first + at - 1);
          const inside = all.filter((us) => us > lower * 1.000_001 && us <= upper * 0.999_999);
          expect(inside.length).toBeLessThanOrEqual(count);
        }
      }),
    );
  });

  it('knows the least and the greatest exactly, and nothing of none', () => {
    const histogram = histogramOf([74.3, 1_240, 0]);
    expect([histogram.quantile(0), histogram.quantile(1)]).toEqual([0, 1_240]);
    expect(histogramOf([]).quantile(0.5)).toBeUndefined();
    expect(histogramOf([]).buckets).toEqual({ first: 0, counts: [] });
  });

  it('has room for the longest time there can be', () => {
    expect(histogramOf([2 ** 48, 2 ** 60]).quantile(1)).toBe(2 ** 60);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { placeAt, scrolledTo, scrollScale, topFor } from './scroll-scale.ts';

const VIEW = 240;

describe('the scale of a list', () => {
  it('is one to one as long as a browser can scroll it', () => {
    expect(scrollScale(7, 30, VIEW)).toEqual({ sizerPx: 210, factor: 1, maxTop: 0 });
    expect(scrollScale(500_000, 30, VIEW)).toMatchObject({ sizerPx: 15_000_000, factor: 1 });
  });

  it('makes more of each pixel beyond, and both ends are reached', () => {
    const scale = scrollScale(10_000_000, 30, VIEW);
    expect(scale.sizerPx).toBe(15_000_000);
    const end = placeAt(Infinity, VIEW, scale);
    expect(end.top).toBe(300_000_000 - VIEW);
    expect(end.at).toBeCloseTo(15_000_000 - VIEW, 3);
    expect(placeAt(-5, VIEW, scale)).toEqual({ top: 0, at: 0, height: VIEW });
    // To the end by the bar itself.
    expect(scrolledTo(placeAt(0, VIEW, scale), 15_000_000 - VIEW, scale).top).toBeCloseTo(end.top, 3);
  });

  it('keeps a place to the pixel when the bar is put where it belongs, which has whole pixels alone', () => {
    const scale = scrollScale(10_000_000, 30, VIEW);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300_000_000 - VIEW }), (top) => {
        const place = placeAt(top, VIEW, scale);
        expect(scrolledTo(place, Math.round(place.at), scale).top).toBe(top);
      }),
    );
  });

  it('brings any row of ten million into view by the least scroll', () => {
    const scale = scrollScale(10_000_000, 30, VIEW);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9_999_999 }),
        fc.integer({ min: 0, max: 9_999_999 }),
        (from, row) => {
          const before = placeAt(from * 30, VIEW, scale);
          const { top } = placeAt(topFor(row, 30, before), VIEW, scale);
          expect(row * 30).toBeGreaterThanOrEqual(top);
          expect(row * 30 + 30).toBeLessThanOrEqual(top + VIEW);
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorAt, following, MIN_STRETCH, partOf, stretchBetween, wholeAxis, zoomed } from './time-axis.ts';

describe('the axis of the time bar', () => {
  it('has each place of the cursor at one part of it', () => {
    const axis = { from: 20, to: 40 };
    expect(partOf(axis, 25)).toBe(0.25);
    expect(cursorAt(axis, 0.25)).toBe(25);
    expect(partOf(wholeAxis(0), 0)).toBe(0);
  });

  it('covers a stretch whichever way it was chosen, never less than can be told apart', () => {
    expect(stretchBetween(300.4, 100.6, 1_000)).toEqual({ from: 100, to: 301 });
    const { from, to } = stretchBetween(500, 500, 1_000);
    expect(to - from).toBe(MIN_STRETCH);
    expect(stretchBetween(998, 999, 1_000)).toEqual({ from: 990, to: 1_000 });
  });

  it('is magnified with the cursor where it was, and is the whole run in the end', () => {
    const axis = zoomed(wholeAxis(1_000), 500, 0.25, 1_000);
    expect(axis).toEqual({ from: 375, to: 625 });
    expect(zoomed(axis ?? wholeAxis(0), 400, 4, 1_000)).toBeUndefined();
    expect(zoomed(wholeAxis(8), 4, 0.25, 8)).toBeUndefined();
  });

  it('goes with the cursor and stays inside of the run', () => {
    const axis = { from: 100, to: 200 };
    expect(following(axis, 150, 1_000)).toBe(axis);
    expect(following(axis, 201, 1_000)).toEqual({ from: 191, to: 291 });
    expect(following(axis, 99, 1_000)).toEqual({ from: 9, to: 109 });
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), fc.nat(1_000), (one, other, cursor) => {
        const moved = following(stretchBetween(one, other, 1_000), cursor, 1_000);
        expect(moved.from).toBeGreaterThanOrEqual(0);
        expect(moved.to).toBeLessThanOrEqual(1_000);
        expect(cursor).toBeGreaterThanOrEqual(moved.from);
        expect(cursor).toBeLessThanOrEqual(moved.to);
      }),
    );
  });
});

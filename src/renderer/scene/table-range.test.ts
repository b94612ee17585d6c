import { describe, expect, it } from 'vitest';
import { tableRange } from './table-range.ts';

describe('the rows of the lines table', () => {
  it('are all lines of a run that a window can scroll through', () => {
    expect(tableRange(0, 0)).toEqual({ before: 0, rows: 0 });
    expect(tableRange(7, 7)).toEqual({ before: 0, rows: 7 });
    expect(tableRange(100_000_000, 100_000_000)).toEqual({ before: 0, rows: 100_000_000 });
  });

  it('are the part that the cursor is in where a run has, or claims, more', () => {
    expect(tableRange(250_000_000, 0)).toEqual({ before: 0, rows: 100_000_000 });
    expect(tableRange(250_000_000, 100_000_001)).toEqual({ before: 100_000_000, rows: 100_000_000 });
    expect(tableRange(250_000_000, 250_000_000)).toEqual({ before: 200_000_000, rows: 50_000_000 });
    const max = Number.MAX_SAFE_INTEGER;
    const { before, rows } = tableRange(max, max);
    expect(before + rows).toBe(max);
    expect(rows).toBeLessThanOrEqual(100_000_000);
  });

  it('are those that were counted where a fact names a line behind them', () => {
    expect(tableRange(7, 2_000_001)).toEqual({ before: 0, rows: 7 });
  });
});

import { describe, expect, it } from 'vitest';
import { markGrid, markPlace } from './mark-grid.ts';

describe('the grid of marks', () => {
  it.each([
    [1, 620, 80],
    [12, 600, 60],
    [60, 620, 80],
    [60, 600, 64],
    [500, 620, 80],
    [500, 1_100, 90],
  ])('keeps all of %i marks inside %i times %i pixels', (count, width, height) => {
    const grid = markGrid(count, width, height);
    expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(count);
    expect(grid.columns * grid.cellWidth).toBeLessThanOrEqual(width);
    expect(grid.rows * grid.cellHeight).toBeLessThanOrEqual(height);
    const last = markPlace(grid, count - 1);
    expect(last.x).toBeLessThan(width);
    expect(last.y).toBeLessThan(height);
  });

  it('has letters below the marks of the course’s 60 rounds, and none where 500 leave no room', () => {
    expect(markGrid(60, 600, 64).hasLetters).toBe(true);
    expect(markGrid(500, 620, 80).hasLetters).toBe(false);
  });

  it('gives no two marks one place', () => {
    const grid = markGrid(60, 620, 80);
    const places = Array.from({ length: 60 }, (_, index) => {
      const { x, y } = markPlace(grid, index);
      return `${x} ${y}`;
    });
    expect(new Set(places).size).toBe(60);
  });

  it('comes to an end where there is no room at all', () => {
    expect(markGrid(500, 0, 0).columns).toBe(1);
  });
});

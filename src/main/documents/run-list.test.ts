import { expect, it } from 'vitest';

import { leastRecent } from './run-list.ts';

const runs = (sizes: readonly number[], shown: number) =>
  sizes.map((bytes, index) => ({ number: index + 1, isShown: index + 1 === shown, bytes }));
const numbers = (found: readonly { readonly number: number }[]) => found.map(({ number }) => number);

it('keeps eight runs, the one that is shown among them', () => {
  expect(numbers(leastRecent(runs(Array(8).fill(1), 8), 100))).toEqual([]);
  expect(numbers(leastRecent(runs(Array(10).fill(1), 10), 100))).toEqual([2, 1]);
  expect(numbers(leastRecent(runs(Array(10).fill(1), 1), 100))).toEqual([3, 2]);
});

it('keeps the newest ones that there is room for, and the one that is shown whatever its size', () => {
  expect(numbers(leastRecent(runs([5, 5, 5, 900], 4), 10))).toEqual([1]);
  expect(numbers(leastRecent(runs([5, 900, 5, 5], 4), 10))).toEqual([2, 1]);
});

import { expect, it } from 'vitest';

import { createSeqRanges } from './seq-ranges.ts';

it('holds a few stretches instead of every number, and gives what follows a number', () => {
  const ranges = createSeqRanges();
  for (const seq of [1, 2, 3, 7, 8, 20]) ranges.add(seq);
  expect(ranges.from(1)).toEqual({ fromSeq: 1, toSeq: 3 });
  expect(ranges.from(3)).toEqual({ fromSeq: 3, toSeq: 3 });
  expect(ranges.from(4)).toEqual({ fromSeq: 7, toSeq: 8 });
  expect(ranges.from(9)).toEqual({ fromSeq: 20, toSeq: 20 });
  expect(ranges.from(21)).toBeUndefined();
});

it('gives nothing before anything was added, and what is added afterwards', () => {
  const ranges = createSeqRanges();
  expect(ranges.from(1)).toBeUndefined();
  ranges.add(5);
  expect(ranges.from(1)).toEqual({ fromSeq: 5, toSeq: 5 });
});

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

it('gives stretches together, as many as hold so many numbers', () => {
  const ranges = createSeqRanges();
  expect(ranges.upTo(1, 10)).toEqual([]);
  for (const seq of [1, 2, 3, 7, 8, 20]) ranges.add(seq);
  expect(ranges.upTo(1, 10)).toEqual(ranges.all());
  expect(ranges.upTo(2, 4)).toEqual([
    { fromSeq: 2, toSeq: 3 },
    { fromSeq: 7, toSeq: 8 },
  ]);
  expect(ranges.upTo(2, 3)).toEqual([
    { fromSeq: 2, toSeq: 3 },
    { fromSeq: 7, toSeq: 7 },
  ]);
  expect(ranges.upTo(21, 10)).toEqual([]);
  expect(ranges.upTo(1, 0)).toEqual([]);
});

it('is gone through in steps, also where every number is a stretch of its own', () => {
  // Were all stretches looked at for each step, this would not come to an end.
  const many = 1_000_000;
  const ranges = createSeqRanges();
  for (let index = 0; index < many; index += 1) ranges.add(2 * index + 1);
  let found = 0;
  for (let range = ranges.from(1); range !== undefined; range = ranges.from(range.toSeq + 1)) found += 1;
  expect(found).toBe(many);
  let seqs = 0;
  for (let seq = 1; ;) {
    const some = ranges.upTo(seq, 5);
    const last = some.at(-1);
    if (last === undefined) break;
    seqs += some.length;
    seq = last.toSeq + 1;
  }
  expect(seqs).toBe(many);
});

it('gives nothing before anything was added, and what is added afterwards', () => {
  const ranges = createSeqRanges();
  expect(ranges.from(1)).toBeUndefined();
  ranges.add(5);
  expect(ranges.from(1)).toEqual({ fromSeq: 5, toSeq: 5 });
});

import { expect, it } from 'vitest';

import { amount, sizeInBytes } from './format-amounts.ts';

it('says one and many', () => {
  expect([amount(0, 'line'), amount(1, 'line'), amount(1204, 'line')]).toEqual([
    '0 lines',
    '1 line',
    '1,204 lines',
  ]);
});

it.each([
  [89, '89 bytes'],
  [9_999, '9,999 bytes'],
  [10_000, '10.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [4_712_345, '4.7 MB'],
  [2_147_483_648, '2.1 GB'],
])('says %d bytes as %s', (bytes, said) => {
  expect(sizeInBytes(bytes)).toBe(said);
});

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { Extremes } from './extremes.ts';

it('keeps the greatest of any values, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.integer({ min: 1, max: 10 }), fc.nat(10), (values, most, count) => {
      const extremes = new Extremes<number>(most, (value) => value);
      for (const value of values) extremes.add(value);
      const expected = [...values].sort((a, b) => b - a).slice(0, Math.min(most, count));
      expect(extremes.first(count)).toEqual(expected);
    }),
  );
});

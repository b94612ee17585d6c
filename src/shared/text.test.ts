import fc from 'fast-check';
import { expect, it } from 'vitest';

import { utf8Bytes } from './text.ts';

it('counts the bytes that a text is encoded as', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (text) => {
      expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
    }),
  );
  expect(utf8Bytes('\ud800')).toBe(3);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { base64Of, beginningOf, bytesOfBase64, bytesOfText, textOf, utf8TextOf } from './recorded-bytes.ts';

describe('base 64', () => {
  it('is as Node writes and reads it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(base64Of(bytes)).toBe(text);
        expect(Array.from(bytesOfBase64(text) ?? [-1])).toEqual(Array.from(bytes));
      }),
    );
  });

  it.each(['A', 'AB=', 'A===', 'AB C', 'Aä==', '====', 'A\u{1F600}='])('is not %j', (text) => {
    expect(bytesOfBase64(text)).toBeUndefined();
  });
});

describe('text', () => {
  it('keeps a BOM and is undefined where it is not valid UTF-8', () => {
    expect(utf8TextOf(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe('\ufeffA');
    expect(utf8TextOf(Uint8Array.of(0x41, 0xff))).toBeUndefined();
    expect(textOf({ bytes: Uint8Array.of(0x41, 0xc3) })).toBeUndefined();
  });

  it('of a copy that was cut is all whole characters in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(), (whole, at) => {
        const { bytes } = bytesOfText(whole.replace(/[\ud800-\udfff](?![\udc00-\udfff])/gu, ''));
        if (bytes.length === 0) return;
        const cut = beginningOf({ bytes }, at % bytes.length);
        expect(cut.leftOutBytes).toBe(bytes.length - (at % bytes.length));
        const text = textOf(cut);
        expect(text).toBeDefined();
        expect(whole.startsWith(text ?? 'none')).toBe(true);
      }),
    );
  });
});

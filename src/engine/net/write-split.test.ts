import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { HandOver } from '../../shared/trace/fact.ts';
import { writesOf } from './write-split.ts';
import { reverseText } from './transform/reverse-text.ts';

const WAYS: readonly HandOver[] = ['a-write-a-line', 'all-at-once', 'byte-by-byte', 'inside-a-character'];

const written = (text: string, way: HandOver): string[] | undefined =>
  writesOf(Buffer.from(text), way)?.map((bytes) => bytes.toString('latin1'));

describe('the writes of a split', () => {
  it('are all the bytes in their order, none of them empty, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...WAYS), (bytes, way) => {
        const writes = writesOf(Buffer.from(bytes), way);
        if (writes === undefined) return way === 'inside-a-character';
        return writes.every(({ length }) => length > 0) && Buffer.concat(writes).equals(bytes);
      }),
    );
  });

  it('are the lines with their LF, empty ones and a last one without it among them', () => {
    expect(written('HELLO\r\n\n\nlast', 'a-write-a-line')).toEqual(['HELLO\r\n', '\n', '\n', 'last']);
    expect(written('\n', 'a-write-a-line')).toEqual(['\n']);
  });

  it('are one, or one for each byte', () => {
    expect(written('a\né', 'all-at-once')).toEqual(['a\n\xc3\xa9']);
    expect(written('a\né', 'byte-by-byte')).toEqual(['a', '\n', '\xc3', '\xa9']);
  });

  it.each([
    ['xé', ['x\xc3', '\xa9']],
    ['é1234é6é', ['\xc3\xa91234\xc3', '\xa96\xc3\xa9']],
    ['東', ['\xe6', '\x9d\xb1']],
    ['a🎉', ['a\xf0\x9f', '\x8e\x89']],
  ])('are split inside the character nearest the middle, in its own middle (%s)', (text, writes) => {
    expect(written(text, 'inside-a-character')).toEqual(writes);
  });

  it.each(['', 'HELLO\n', '\xe9t\xe9'])(
    'cannot be split inside a character where none is long (%#)',
    (text) => {
      expect(writesOf(Buffer.from(text, 'latin1'), 'inside-a-character')).toBeUndefined();
    },
  );

  it('are split inside a character also where other bytes are no text', () => {
    const bytes = Buffer.from([0xff, 0xc3, 0xa9, 0xf0, 0x9f]);
    expect(writesOf(bytes, 'inside-a-character')).toEqual([bytes.subarray(0, 2), bytes.subarray(2)]);
  });
});

describe('a text that is reversed as a whole', () => {
  it('has its last line first, its line ends and its BOM moved along', () => {
    expect(reverseText(Buffer.from('HELLO\nné\n\nlast'), 'grapheme')).toEqual({
      bytes: Buffer.from('tsal\n\nén\nOLLEH'),
      by: 'grapheme',
      validUtf8: true,
    });
    expect(reverseText(Buffer.from('\ufeffab\r'), 'codepoint').bytes.toString()).toBe('\rba\ufeff');
  });

  it('keeps a CR LF together by grapheme cluster and not by code point', () => {
    expect(reverseText(Buffer.from('a\r\nb\r\n'), 'grapheme').bytes.toString()).toBe('\r\nb\r\na');
    expect(reverseText(Buffer.from('a\r\nb\r\n'), 'codepoint').bytes.toString()).toBe('\n\rb\n\ra');
  });

  it('is reversed by byte where it is no text, or where it is asked for', () => {
    const bytes = Buffer.from([0x61, 0xc3]);
    expect(reverseText(bytes, 'grapheme')).toEqual({
      bytes: Buffer.from([0xc3, 0x61]),
      by: 'byte',
      validUtf8: false,
    });
    expect(bytes).toEqual(Buffer.from([0x61, 0xc3]));
    expect(reverseText(Buffer.from('é'), 'byte')).toEqual({
      bytes: Buffer.from([0xa9, 0xc3]),
      by: 'byte',
      validUtf8: true,
    });
  });

  it('is itself again when it is reversed twice by code point', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = reverseText(Buffer.from(text), 'codepoint').bytes;
        return reverseText(once, 'codepoint').bytes.equals(Buffer.from(text));
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { cellsOf, linesIn, reversedLine } from './byte-cells.ts';

const ENCODER = new TextEncoder();

function bytes(text: string): Uint8Array {
  return ENCODER.encode(text);
}

function text(octets: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
}

describe('cells over bytes', () => {
  it('puts each character over the bytes that it is made of, and LF as a sign', () => {
    expect(cellsOf(bytes('é😀\n'))).toEqual([
      { from: 0, to: 2, text: 'é', broken: false },
      { from: 2, to: 6, text: '😀', broken: false },
      { from: 6, to: 7, text: '⏎', broken: false },
    ]);
  });

  it('shows what a reader sees as one character as one cell, and CR LF for two signs', () => {
    expect(cellsOf(bytes('e\u0301\r\n')).map(({ from, to, text: sign }) => [from, to, sign])).toEqual([
      [0, 3, 'e\u0301'],
      [3, 4, '\\r'],
      [4, 5, '⏎'],
    ]);
  });

  it('shows a byte that belongs to no character by its hex digits, and goes on behind it', () => {
    // The first half of é, then an a, then the second half of it.
    expect(cellsOf(Uint8Array.of(0xc3, 0x61, 0xa9))).toEqual([
      { from: 0, to: 1, text: 'c3', broken: true },
      { from: 1, to: 2, text: 'a', broken: false },
      { from: 2, to: 3, text: 'a9', broken: true },
    ]);
  });

  it('marks every byte of a character that is cut off by the end', () => {
    expect(cellsOf(bytes('a😀').subarray(0, 4)).map(({ broken }) => broken)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });
});

describe('lines in bytes', () => {
  it('counts an empty line, and a last line without LF', () => {
    expect(linesIn(bytes('ab\n\nc'))).toEqual([
      { from: 0, to: 3 },
      { from: 3, to: 4 },
      { from: 4, to: 5 },
    ]);
  });

  it('finds no line behind a last LF', () => {
    expect(linesIn(bytes('ab\n'))).toEqual([{ from: 0, to: 3 }]);
    expect(linesIn(bytes(''))).toEqual([]);
  });
});

describe('a reversed line', () => {
  it.each([
    ['HELLO\n', 'grapheme', 'OLLEH\n'],
    ['HELLO', 'grapheme', 'OLLEH'],
    ['ab\r\n', 'grapheme', 'ba\r\n'],
    ['\n', 'grapheme', '\n'],
    ['e\u0301a\n', 'grapheme', 'ae\u0301\n'],
    ['e\u0301a\n', 'codepoint', 'a\u0301e\n'],
    ['\ufeffab\n', 'grapheme', '\ufeffba\n'],
  ] as const)('%j by %s is %j', (line, by, reversed) => {
    expect(text(reversedLine(bytes(line), by, true))).toBe(reversed);
  });

  it('reverses bytes that are no UTF-8 byte by byte, whatever was asked for', () => {
    expect([...reversedLine(Uint8Array.of(0x61, 0xff, 0x62, 0x0a), 'grapheme', false)]).toEqual([
      0x62, 0xff, 0x61, 0x0a,
    ]);
  });
});

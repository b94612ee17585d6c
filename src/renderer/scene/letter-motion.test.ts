import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedBytes, ReversalUnit, Transform } from '../../shared/trace/fact.ts';
import type { Stage } from './ladder.ts';
import { lettersAt, MAX_CELLS } from './letter-motion.ts';
import { bytesOfBase64, bytesOfText } from '../../shared/trace/recorded-bytes.ts';

function stage(text: string, by: ReversalUnit = 'grapheme', line = 2): Stage {
  return {
    seq: 2,
    startsAt: 1,
    endsAt: 2,
    top: 0,
    bottom: 90,
    line,
    transform: 'reverse',
    by,
    validUtf8: true,
    data: bytesOfText(text),
  };
}

function read(text: string, progress: number, by: ReversalUnit = 'grapheme', line = 2): string {
  const { letters } = lettersAt(stage(text, by, line), progress);
  return [...letters]
    .sort((a, b) => a.place - b.place)
    .map((letter) => letter.text)
    .join('');
}

function cased(text: string, transform: Transform, progress: number, line = 2): string {
  const { letters } = lettersAt({ ...stage(text, 'codepoint', line), transform }, progress);
  return letters.map((letter) => letter.text).join('');
}

describe('letters', () => {
  it('stand as sent before, and mirrored after', () => {
    expect(read('HELLO\n', 0)).toBe('HELLO⏎');
    expect(read('HELLO\n', 1)).toBe('OLLEH⏎');
  });

  it('set out from the outside: half-way the outer pairs are there and the inner ones have not moved', () => {
    const { letters } = lettersAt(stage('abcdefghijklmnop\n'), 0.42);
    const place = (text: string): number => letters.find((letter) => letter.text === text)?.place ?? NaN;
    expect([place('a'), place('p')]).toEqual([15, 0]);
    expect([place('h'), place('i')]).toEqual([7, 8]);
    expect(place('d')).toBeGreaterThan(3);
    expect(letters.find((letter) => letter.text === 'd')?.lift).toBeLessThan(0);
    expect(letters.find((letter) => letter.text === 'm')?.lift).toBeGreaterThan(0);
  });

  it('leave the newline and a CR before it where they are', () => {
    expect(read('ab\r\n', 1)).toBe('ba\\r⏎');
  });

  it('leave a BOM in front on the first line, and only there', () => {
    expect(read('\ufeffab\n', 1, 'grapheme', 1)).toBe('[BOM]ba⏎');
    expect(read('\ufeffab\n', 1, 'grapheme', 2)).toBe('ba[BOM]⏎');
  });

  it('travel as whole characters by grapheme and fall apart by code point', () => {
    expect(read('e\u0301a\n', 1)).toBe('ae\u0301⏎');
    expect(read('e\u0301a\n', 1, 'codepoint')).toBe('a\u0301e⏎');
  });

  it('show both ends of a long line and say how many are between', () => {
    const { letters, leftOut } = lettersAt(stage(`${'a'.repeat(60)}${'b'.repeat(60)}\n`), 1);
    expect(leftOut).toBe(120 - (MAX_CELLS - 1));
    expect(letters.filter((letter) => letter.place < 12).every((letter) => letter.text === 'b')).toBe(true);
  });

  it('change their case where they stand, from the left, an accent with its letter', () => {
    expect(cased('Straße e\u0301!\n', 'upper-case', 0)).toBe('Straße e\u0301!⏎');
    expect(cased('Straße e\u0301!\n', 'upper-case', 1)).toBe('STRASSE E\u0301!⏎');
    expect(cased('abcdefghij\n', 'upper-case', 0.5)).toBe('ABCDEfghij⏎');
    expect(cased('\ufeffaB\r\n', 'swap-case', 1, 1)).toBe('[BOM]Ab\\r⏎');
  });

  it('change the ASCII letters alone of a line that is no UTF-8, and no digit of a byte', () => {
    const { letters } = lettersAt(
      {
        ...stage(''),
        transform: 'upper-case',
        by: 'byte',
        validUtf8: false,
        data: { bytes: bytesOfBase64('Yel6Cg==') ?? new Uint8Array() },
      },
      1,
    );
    expect(letters.map(({ text, changed }) => [text, changed])).toEqual([
      ['A', true],
      ['e9', false],
      ['Z', true],
      ['⏎', false],
    ]);
  });

  it('show both ends of a long line in the other case too', () => {
    const data: RecordedBytes = bytesOfText(`${'a'.repeat(40)}${'b'.repeat(40)}\n`);
    const { letters } = lettersAt({ ...stage(''), transform: 'upper-case', data }, 1);
    expect(letters.map(({ text }) => text).join('')).toBe(`${'A'.repeat(12)}…${'B'.repeat(12)}⏎`);
  });

  it('never meet in one place when they come to rest', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'grapheme' }), fc.constantFrom(0, 1), (text, progress) => {
        const { letters } = lettersAt(stage(text), progress);
        const places = letters.map((letter) => Math.round(letter.place));
        expect(new Set(places).size).toBe(places.length);
      }),
    );
  });
});

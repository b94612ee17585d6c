import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { MAX_GROWTH, type CaseTransform } from '../../../shared/letter-case.ts';
import { changeCase } from './change-case.ts';

const changed = (text: string, transform: CaseTransform): string =>
  changeCase(Buffer.from(text), transform).bytes.toString();

const TRANSFORMS: readonly CaseTransform[] = ['upper-case', 'swap-case'];

describe('a line in another case', () => {
  it.each<[CaseTransform, string, string]>([
    ['upper-case', 'Welcome to CS 352!', 'WELCOME TO CS 352!'],
    ['swap-case', 'Welcome to CS 352!', 'wELCOME TO cs 352!'],
    ['upper-case', 'Straße, naïve, ŉ, ﬃ', 'STRASSE, NAÏVE, ʼN, FFI'],
    ['swap-case', 'Straße ΟΔΟΣ ǅ İ', 'sTRASSE οδοσ ǅ i̇'],
    ['upper-case', '東京 👨‍👩‍👧 123\t', '東京 👨‍👩‍👧 123\t'],
  ])('%s: %s becomes %s', (transform, text, expected) => {
    expect(changed(text, transform)).toBe(expected);
  });

  it('keeps a BOM in front and a CR at the end, which are no letters', () => {
    expect(changed('\ufeffab\r', 'upper-case')).toBe('\ufeffAB\r');
  });

  it('goes by the rules of no language: a dotless i is Turkish business', () => {
    expect(changed('istanbul ı', 'upper-case')).toBe('ISTANBUL I');
  });

  it('changes only the ASCII letters where the line is not valid UTF-8, and reports it', () => {
    const line = Buffer.from([0x61, 0xe9, 0x5a, 0xff, 0x7a]);
    expect(changeCase(line, 'upper-case')).toEqual({
      bytes: Buffer.from([0x41, 0xe9, 0x5a, 0xff, 0x5a]),
      by: 'byte',
      validUtf8: false,
    });
    expect(changeCase(line, 'swap-case').bytes).toEqual(Buffer.from([0x41, 0xe9, 0x7a, 0xff, 0x5a]));
    expect([...line]).toEqual([0x61, 0xe9, 0x5a, 0xff, 0x7a]);
  });

  it('treats a text of ASCII as it does any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), fc.constantFrom(...TRANSFORMS), (text, transform) => {
        const alone = changeCase(Buffer.from(text), transform);
        const behindAnAccent = changed(`é${text}`, transform);
        expect({ ...alone, bytes: alone.bytes.toString() }).toEqual({
          bytes: behindAnAccent.slice(1),
          by: 'codepoint',
          validUtf8: true,
        });
      }),
    );
  });

  it('never grows to more than three times its bytes, whatever the character', () => {
    let most = 0;
    for (let code = 0x80; code <= 0x10ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const character = String.fromCodePoint(code);
      const bytes = Buffer.byteLength(character);
      for (const transform of TRANSFORMS) {
        if (character === character.toUpperCase() && character === character.toLowerCase()) continue;
        most = Math.max(most, Buffer.byteLength(changed(character, transform)) / bytes);
      }
    }
    expect(most).toBe(MAX_GROWTH);
  });
});

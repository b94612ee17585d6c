import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hasMoreParts } from './json-structure.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Objects, arrays and commas, counted in the value that JSON.parse built. */
function partsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside: readonly unknown[] = Object.values(value);
  return 1 + Math.max(0, inside.length - 1) + inside.reduce<number>((sum, each) => sum + partsOf(each), 0);
}

describe('the parts of a JSON text', () => {
  it('are its objects, arrays and commas, whatever its strings hold', () => {
    const signs = fc.string({
      unit: fc.constantFrom('"', '\\', ',', '[', '{', ']', '}', 'a', 'é', '\u0000'),
    });
    const long = signs.map((text) => text.repeat(20));
    const strings = fc.oneof(signs, long);
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        strings,
        fc.constantFrom(null, 1, true),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(strings, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const text = JSON.stringify(value);
        const json = bytesOf(text);
        const parts = partsOf(JSON.parse(text));
        expect(hasMoreParts(json, parts)).toBe(false);
        // A text of fewer bytes than that has no more parts either way.
        if (parts > 0) expect(hasMoreParts(json, parts - 1)).toBe(true);
      }),
    );
  });

  it.each([
    ['nothing but opening brackets', '['.repeat(5_000)],
    ['objects in an object', `{${'"a":{},'.repeat(2_500)}}`],
    ['an array of numbers', `[${'0,'.repeat(5_000)}0]`],
    ['them behind a string', `{"a":"${'x'.repeat(5_000)}","b":${'['.repeat(5_000)}`],
    ['them behind a string that ends in a backslash', `{"a":"${'x'.repeat(5_000)}\\\\",${'['.repeat(5_000)}`],
    ['them in a text that is no JSON', `\u0000 true false ${'{'.repeat(5_000)}`],
  ])('are too many where it is %s', (_what, text) => {
    expect(hasMoreParts(bytesOf(text), 1_000)).toBe(true);
  });

  it.each([
    ['brackets in a string', `{"a":"${'[{,'.repeat(5_000)}"}`],
    ['quotes in a string', `{"a":"${'\\",'.repeat(5_000)}"}`],
    ['backslashes in a string', `{"a":"${'\\\\'.repeat(5_000)}",[]}`],
    ['a string without an end', `{"a":"${'x'.repeat(5_000)}\\`],
    ['digits', '1'.repeat(5_000)],
  ])('are few where it is %s', (_what, text) => {
    expect(hasMoreParts(bytesOf(text), 1_000)).toBe(false);
  });
});

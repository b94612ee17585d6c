import { describe, expect, it } from 'vitest';
import { OPENING, stamped } from '../facts-for-tests.ts';
import { captionOf, wrapped } from './caption.ts';

describe('captionOf', () => {
  it('says which run, when, where, and what dashed means', () => {
    const [start] = stamped(OPENING);
    if (start?.kind !== 'run-started') throw new Error('no start');
    expect(captionOf(start, 'ladder')).toMatch(
      /^Reverse a file: in-proj\.txt, 12 B · recorded (31 Dec 2025|1 Jan 2026), \d\d:\d\d on linux x64 by SocketScope 0\.1\.0 · solid: seen at both ends; dashed: inferred, not seen$/,
    );
    const hostile = { ...start, input: { name: 'a\u202eb\u0007.txt', bytes: 1 } };
    expect(captionOf(hostile, 'none')).toContain(String.raw`a\u202eb\x07.txt`);
    expect(captionOf({ ...start, startedAt: '2026-99-99' }, 'none')).toContain('recorded 2026-99-99 on');
  });
});

describe('wrapped', () => {
  it('breaks between parts, and a long part between words', () => {
    expect(wrapped('one · two · three', 9)).toEqual(['one · two', 'three']);
    expect(wrapped('one two three · four', 9)).toEqual(['one two', 'three', 'four']);
    expect(wrapped('unbreakable word', 4)).toEqual(['unbreakable', 'word']);
    expect(wrapped('one · two', 80)).toEqual(['one · two']);
  });
});

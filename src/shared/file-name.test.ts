import { describe, expect, it } from 'vitest';

import { fileNameProblem } from './file-name.ts';

describe('the name of a file', () => {
  it.each(['in-proj.txt', '.profile', 'a b.txt', 'Größe 👋.txt', 'console.txt', 'é'.repeat(127)])(
    'may be %s',
    (name) => {
      expect(fileNameProblem(name)).toBeUndefined();
    },
  );

  it.each([
    ['', 'A file needs a name'],
    ['../in-proj.txt', 'leave out slashes'],
    ['C:\\in.txt', 'leave out slashes'],
    ['two\nlines', 'control characters'],
    ['..', 'is no name for a file'],
    ['name.', 'ends with a dot'],
    ['name ', 'or a space'],
    ['CON', 'device’s name on Windows'],
    ['nul.txt', 'device’s name on Windows'],
    ['é'.repeat(128), '256 bytes long'],
  ])('cannot be %j', (name, why) => {
    expect(fileNameProblem(name)?.message).toContain(why);
  });

  it('counts the bytes of UTF-8 as they are on the disk', () => {
    for (const name of ['a'.repeat(300), 'é'.repeat(200), '東'.repeat(100), '👋'.repeat(70)]) {
      expect(fileNameProblem(name)?.message).toContain(`${Buffer.byteLength(name)} bytes`);
    }
  });
});

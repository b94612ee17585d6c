import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { linkOf, targetOf } from './link.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a link to a moment', () => {
  it('names the file and the fact', async () => {
    const path = join(folder, 'a #1 run.socketscope');
    expect(await targetOf(linkOf(path, 120))).toEqual({ path, fact: 120 });
  });

  it('is a file where there is one of that whole name', async () => {
    const path = join(folder, 'a.socketscope#fact=120');
    await writeFile(path, '');
    expect(await targetOf(path)).toEqual({ path });
    expect(await targetOf(linkOf(path, 3))).toEqual({ path, fact: 3 });
  });

  it.each([
    'a.socketscope',
    'a#b',
    'a#fact=',
    'a#fact=x',
    'a#fact=-1',
    `a#fact=${'9'.repeat(16)}`,
    '#fact=1',
  ])('is none in %s', async (path) => {
    expect(await targetOf(path)).toEqual({ path });
  });
});

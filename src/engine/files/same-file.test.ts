import { link, mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { saveAtomically } from './atomic-save.ts';
import { isSameFile } from './same-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'socketscope-test-')));
  await mkdir(join(folder, 'results'));
  await symlink('results', join(folder, 'latest'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (path: string): string => join(folder, path);

describe('two paths are one file', () => {
  it.each([false, true])('through a link to its folder, whether it is there (%s) or not', async (there) => {
    if (there) await writeFile(at('results/out'), '');
    for (const other of ['latest/out', 'results/out']) {
      expect(await isSameFile(at('results/out'), at(other))).toBe(true);
      expect(await isSameFile(at(other), at('results/out'))).toBe(true);
    }
    expect(await isSameFile(at('results/out'), at('latest/other'))).toBe(false);
    expect(await isSameFile(at('results/out'), at('out'))).toBe(false);
  });

  it('through a link to the file itself, which may not be there yet', async () => {
    await symlink('latest/out', at('one'));
    await symlink(at('one'), at('two'));
    expect(await isSameFile(at('two'), at('results/out'))).toBe(true);
    await writeFile(at('results/out'), '');
    expect(await isSameFile(at('two'), at('results/out'))).toBe(true);
  });

  it('as hard links of each other', async () => {
    await writeFile(at('one'), '');
    await link(at('one'), at('results/two'));
    expect(await isSameFile(at('one'), at('latest/two'))).toBe(true);
  });

  it('and none where one is there and the other is not, or nothing can be known', async () => {
    await writeFile(at('one'), '');
    expect(await isSameFile(at('one'), at('results/one'))).toBe(false);
    expect(await isSameFile(at('missing/out'), at('missing/out'))).toBe(false);
    await symlink('ring', at('ring'));
    expect(await isSameFile(at('ring'), at('ring'))).toBe(false);
  });

  it('as soon as the file is there, where its name is spelled in another way', async () => {
    // As on a file system that ignores case: both names are new, and then both lead to the file.
    expect(await isSameFile(at('out'), at('OUT'))).toBe(false);
    await writeFile(at('out'), '');
    await link(at('out'), at('OUT')).catch(() => undefined);
    expect(await isSameFile(at('out'), at('OUT'))).toBe(true);
  });
});

describe('a link that leads out of its folder', () => {
  it('is followed from the folder that holds it, however that was reached', async () => {
    // /deep/inner holds the link; /short is another way to it, with other folders above.
    await mkdir(at('deep/inner'), { recursive: true });
    await symlink('../target', at('deep/inner/link'));
    await symlink('deep/inner', at('short'));
    await writeFile(at('from'), 'saved');
    expect(await isSameFile(at('short/link'), at('deep/target'))).toBe(true);
    const saved = await saveAtomically(at('from'), at('short/link'));
    expect(saved).toEqual({ ok: true, value: { path: at('deep/target'), bytes: 5 } });
    // Where what is in front of `..` is a link too.
    await symlink(`..${sep}..${sep}latest${sep}..${sep}next`, at('deep/inner/further'));
    await mkdir(at('elsewhere'));
    await rename(at('results'), at('elsewhere/results'));
    await rm(at('latest'));
    await symlink('elsewhere/results', at('latest'));
    expect(await saveAtomically(at('from'), at('short/further'))).toEqual({
      ok: true,
      value: { path: at('elsewhere/next'), bytes: 5 },
    });
  });

  it('names the folder that is missing', async () => {
    await writeFile(at('from'), '');
    await symlink('missing/file', at('link'));
    const saved = await saveAtomically(at('from'), at('link'));
    expect(saved.ok ? 'saved' : saved.problem.message).toContain(`no folder ${at('missing')}.`);
  });
});

// The stamp that decides whether the app is built, over real files.

import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isBuiltFrom, sourceStamp } from './build.mjs';

let project = '';

async function write(name: string, content: string): Promise<void> {
  await mkdir(path.dirname(path.join(project, name)), { recursive: true });
  await writeFile(path.join(project, name), content);
}

beforeEach(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'build-'));
  await write('src/main/index.ts', 'main');
  await write('src/shared/trace/fact.ts', 'trace');
  await write('package.json', '{}');
  await write('package-lock.json', '{}');
  await write('electron.vite.config.ts', 'config');
});

afterEach(async () => {
  await rm(project, { recursive: true });
});

describe('the stamp of the sources', () => {
  it('stays the same when files are only touched, tests change or notes are added beside src', async () => {
    const before = await sourceStamp(project);
    await utimes(path.join(project, 'src/main/index.ts'), 1, 1);
    await write('src/main/index.test.ts', 'a test');
    await write('README.md', 'words');
    expect(await sourceStamp(project)).toBe(before);
  });

  it.each(['src/main/index.ts', 'package.json', 'package-lock.json', 'electron.vite.config.ts'])(
    'changes with the content of %s',
    async (file) => {
      const before = await sourceStamp(project);
      await write(file, 'changed');
      expect(await sourceStamp(project)).not.toBe(before);
    },
  );

  it('changes when a file is added, renamed or removed', async () => {
    const stamps = [await sourceStamp(project)];
    await write('src/renderer/app.css', '');
    stamps.push(await sourceStamp(project));
    await rename(path.join(project, 'src/renderer/app.css'), path.join(project, 'src/renderer/main.css'));
    stamps.push(await sourceStamp(project));
    await rm(path.join(project, 'src/shared/trace/fact.ts'));
    stamps.push(await sourceStamp(project));
    expect(new Set(stamps).size).toBe(4);
  });
});

describe('a build', () => {
  it('counts only while all of its parts exist and the sources are its own', async () => {
    const stamp = await sourceStamp(project);
    expect(await isBuiltFrom(project, stamp)).toBe(false);
    await write('out/built-from', stamp);
    await write('out/main/index.cjs', '');
    await write('out/main/replay.html', '');
    await write('out/preload/index.cjs', '');
    expect(await isBuiltFrom(project, stamp)).toBe(false);
    await write('out/renderer/index.html', '');
    expect(await isBuiltFrom(project, stamp)).toBe(true);
    await write('src/main/index.ts', 'changed');
    expect(await isBuiltFrom(project, await sourceStamp(project))).toBe(false);
  });
});

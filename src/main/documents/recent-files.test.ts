import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { openRecentFiles, type RecentFiles } from './recent-files.ts';

let folder: string;
let path: string;
let changes: (readonly string[])[];
let warnings: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  path = join(folder, 'recent.json');
  changes = [];
  warnings = [];
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function open(): RecentFiles {
  return openRecentFiles(
    path,
    (text) => {
      warnings.push(text);
    },
    (files) => {
      changes.push(files.map(({ name }) => name));
    },
  );
}

const names = (recent: RecentFiles): readonly string[] => recent.files.map(({ name }) => name);

it('has the newest first, each once, and reports each change', async () => {
  const recent = open();
  await recent.add('/home/a/in-one.txt', 'input');
  await recent.add('/home/b/refused.socketscope', 'run');
  await recent.add('/home/a/in-one.txt', 'input');
  expect(recent.files).toEqual([
    { id: 3, name: 'in-one.txt', folder: '/home/a', kind: 'input' },
    { id: 2, name: 'refused.socketscope', folder: '/home/b', kind: 'run' },
  ]);
  expect(changes).toEqual([['in-one.txt'], ['refused.socketscope', 'in-one.txt'], names(recent)]);
  expect(recent.pathOf(3)).toBe('/home/a/in-one.txt');
  expect(recent.pathOf(1)).toBeUndefined();
});

it('remembers them from start to start, and no more than ten', async () => {
  const recent = open();
  for (let file = 1; file <= 12; file += 1) await recent.add(`/home/in-${file}.txt`, 'input');
  const later = open();
  expect(names(later)).toEqual(Array.from({ length: 10 }, (_, index) => `in-${12 - index}.txt`));
  await later.drop('/home/in-12.txt');
  expect(names(open())[0]).toBe('in-11.txt');
  await later.clear();
  expect(open().files).toEqual([]);
});

it.each(['', '{}', '[{"path":"","kind":"input"}]', '[{"path":"/a","kind":"folder"}]'])(
  'keeps a damaged list aside: %j',
  async (text) => {
    await writeFile(path, text);
    expect(open().files).toEqual([]);
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^recent\.damaged-.*\.json$/)]);
    expect(warnings).toHaveLength(1);
  },
);

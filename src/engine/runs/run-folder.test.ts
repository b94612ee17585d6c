import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { onOwnDisk } from '../files/own-disk-for-tests.ts';
import { createRunFolder } from './run-folder.ts';

const temporary = process.env.TMPDIR;
afterEach(() => {
  if (temporary === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = temporary;
});

describe("a run's folder", () => {
  it('is for this user alone, names result and trace after the input, and goes with what is in it', async () => {
    const made = await createRunFolder('in-proj.txt');
    if (!made.ok) throw new Error(made.problem.message);
    const folder = made.value;
    expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
    expect(dirname(folder.path)).toBe(tmpdir());
    expect(folder.resultPath).toBe(join(folder.path, 'out-proj.txt'));
    expect(folder.tracePath).toBe(join(folder.path, 'in-proj.socketscope'));
    await writeFile(folder.resultPath, 'part');
    await folder.remove();
    await expect(stat(folder.path)).rejects.toMatchObject({ code: 'ENOENT' });
    await folder.remove();
  });

  it.each(['in-proj.socketscope', 'IN-PROJ.socketscope', 'run.socketscope', 'sample', 'in-proj.txt'])(
    'has room for a result called %s, beside trace and sample',
    async (resultName) => {
      const made = await createRunFolder('in-proj.txt', resultName);
      if (!made.ok) throw new Error(made.problem.message);
      const { resultPath, tracePath, samplePath, ...folder } = made.value;
      await mkdir(dirname(samplePath));
      for (const path of [samplePath, resultPath, tracePath]) await writeFile(path, path, { flag: 'wx' });
      expect(basename(resultPath)).toBe(resultName);
      expect(basename(samplePath)).toBe('in-proj.txt');
      const names = (await readdir(folder.path)).map((name) => name.toLowerCase());
      expect(new Set(names).size).toBe(3);
      await folder.remove();
    },
  );

  it('reports where it could not be created', async () => {
    const root = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
    const missing = join(root, 'missing');
    process.env.TMPDIR = missing;
    const made = await createRunFolder('in-proj.txt');
    expect(made).toMatchObject({ ok: false, problem: { code: 'save-failed', detail: { path: missing } } });
    if (!made.ok) expect(made.problem.message).toContain(join(root, 'missing'));
    expect(await readdir(root)).toEqual([]);
    await rm(root, { recursive: true });
  });

  it.each([
    [
      'full',
      'size=64k,nr_inodes=1',
      'disk-full',
      'There is no space left for temporary files in PLACE. Free some space on its disk, or start again with TMPDIR naming another folder.',
    ],
    [
      'read-only',
      'ro',
      'not-writable',
      'Temporary files cannot be written in PLACE: its file system is read-only. Make it writable, or start again with TMPDIR naming another folder.',
    ],
  ])('reports that the disk is %s, and what to do', async (_, options, code, sentence) => {
    const place = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
    const output = onOwnDisk(
      { place, options },
      ["import { createRunFolder } from './src/engine/runs/run-folder.ts';"],
      `return await createRunFolder('in-proj.txt');`,
    );
    expect(output).toMatchObject({
      outcome: {
        ok: false,
        problem: { code, message: sentence.replace('PLACE', place), detail: { path: place } },
      },
      left: [],
    });
    await rm(place, { recursive: true });
  });
});

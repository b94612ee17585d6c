import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, watch } from 'node:fs';
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { saveAtomically, writeAtomically } from './atomic-save.ts';

let folder = '';
let from = '';
let target = '';

beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  folder = join(root, 'target');
  await mkdir(folder);
  from = join(root, 'result');
  target = join(folder, 'out-proj.txt');
  await writeFile(from, 'the result\n', { mode: 0o600 });
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

/** Does `work` as a user who is not root, whom permissions do not stop. */
async function asOrdinaryUser<Value>(work: () => Promise<Value>): Promise<Value> {
  if (process.geteuid?.() !== 0 || process.seteuid === undefined) return work();
  process.seteuid('nobody');
  try {
    return await work();
  } finally {
    process.seteuid(0);
  }
}

async function failureOf(to: string, notOver?: string) {
  const saved = await saveAtomically(from, to, notOver === undefined ? {} : { notOver });
  if (saved.ok) throw new Error(`${saved.value.path} was saved`);
  return saved.problem;
}

describe('saving', () => {
  it('makes a new file with the rights that any new file has, and nothing beside it', async () => {
    const saved = await saveAtomically(from, target);
    expect(saved).toEqual({ ok: true, value: { path: target, bytes: 11 } });
    expect(await readFile(target, 'utf8')).toBe('the result\n');
    await writeFile(join(folder, 'any'), '');
    expect((await stat(target)).mode).toBe((await stat(join(folder, 'any'))).mode);
    await rm(join(folder, 'any'));
    expect(await readdir(folder)).toEqual(['out-proj.txt']);
    expect(await readFile(from, 'utf8')).toBe('the result\n');
  });

  it('replaces an old file whole and keeps its mode', async () => {
    await writeFile(target, 'the old result, which is longer than the new one\n');
    await chmod(target, 0o640);
    expect(await saveAtomically(from, target)).toMatchObject({ ok: true });
    expect(await readFile(target, 'utf8')).toBe('the result\n');
    expect((await stat(target)).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(['out-proj.txt']);
  });

  it('saves an empty result and one of many megabytes', async () => {
    await writeFile(from, '');
    expect(await saveAtomically(from, target)).toMatchObject({ ok: true, value: { bytes: 0 } });
    const large = Buffer.alloc(5_000_001, 'abc');
    await writeFile(from, large);
    expect(await saveAtomically(from, target)).toMatchObject({ ok: true, value: { bytes: 5_000_001 } });
    expect((await readFile(target)).equals(large)).toBe(true);
  });

  it('writes bytes that are in no file in the same way', async () => {
    await writeFile(target, 'the old program, which is longer\n', { mode: 0o640 });
    expect(await writeAtomically(Buffer.from('new\n'), target)).toEqual({
      ok: true,
      value: { path: target, bytes: 4 },
    });
    expect(await readFile(target, 'utf8')).toBe('new\n');
    expect((await stat(target)).mode & 0o777).toBe(0o640);
    expect(await writeAtomically(Buffer.from('x'), target, { notOver: target })).toMatchObject({
      ok: false,
      problem: { code: 'target-is-input' },
    });
    expect(await readFile(target, 'utf8')).toBe('new\n');
    expect(await readdir(folder)).toEqual(['out-proj.txt']);
  });

  it('saves under a name as long as the file system allows', async () => {
    const long = join(folder, 'x'.repeat(255));
    expect(await saveAtomically(from, long)).toMatchObject({ ok: true });
    expect(await failureOf(join(folder, 'x'.repeat(256)))).toMatchObject({ code: 'save-failed' });
    expect(await readdir(folder)).toEqual(['x'.repeat(255)]);
  });

  it('follows a symbolic link to its file, which may not be there yet, and leaves the link', async () => {
    const real = join(folder, 'real.txt');
    await symlink('real.txt', target);
    expect(await saveAtomically(from, target)).toMatchObject({ ok: true, value: { path: real } });
    await writeFile(from, 'again\n');
    expect(await saveAtomically(from, target)).toMatchObject({ ok: true, value: { path: real } });
    expect(await readFile(real, 'utf8')).toBe('again\n');
    expect(await readlink(target)).toBe('real.txt');
    expect((await lstat(real)).isFile()).toBe(true);
  });

  it('refuses a ring of symbolic links', async () => {
    await symlink('two', join(folder, 'one'));
    await symlink('one', join(folder, 'two'));
    expect(await failureOf(join(folder, 'one'))).toMatchObject({
      code: 'save-failed',
      detail: { errorCode: 'ELOOP' },
    });
  });
});

describe('a save that is given up', () => {
  const large = Buffer.alloc(8 * 1024 * 1024, 'abc');

  it('by its signal leaves everything as it was, and fails with the reason of the abort', async () => {
    await writeFile(from, large);
    await writeFile(target, 'old');
    const controller = new AbortController();
    const reason = { code: 'cancelled', message: 'Enough.', detail: {} };
    // Aborted as soon as the copy is there.
    const watcher = watch(folder, () => {
      controller.abort(reason);
    });
    const saved = await saveAtomically(from, target, { signal: controller.signal });
    watcher.close();
    // The copy may have been faster than its watcher.
    if (!saved.ok) expect(saved.problem).toEqual(reason);
    expect(await readFile(target, 'utf8')).toBe(saved.ok ? large.toString() : 'old');
    expect(await readdir(folder)).toEqual(['out-proj.txt']);
    await writeFile(target, 'old');
    expect(await saveAtomically(from, target, { signal: AbortSignal.abort(reason) })).toEqual({
      ok: false,
      problem: reason,
    });
    expect(await readFile(target, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['out-proj.txt']);
  });

  it('by the end of the program leaves nothing beside the target', async () => {
    await writeFile(from, large);
    await writeFile(target, 'old');
    const program = `
      import { readdirSync } from 'node:fs';
      import { saveAtomically } from ${JSON.stringify(new URL('atomic-save.ts', import.meta.url).href)};
      const [, from, to, folder] = process.argv;
      void saveAtomically(from, to);
      const end = () => {
        if (readdirSync(folder).some((name) => name.endsWith('.tmp'))) process.exit(7);
        setImmediate(end);
      };
      end();
    `;
    const ended = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', program, from, target, folder],
      { encoding: 'utf8' },
    );
    expect(ended).toMatchObject({ status: 7, stderr: '' });
    expect(await readdir(folder)).toEqual(['out-proj.txt']);
    expect(await readFile(target, 'utf8')).toBe('old');
  });
});

describe('what a save refuses, leaving everything as it was', () => {
  it('a folder, a device and a FIFO, which are never replaced', async () => {
    await mkdir(target);
    expect(await failureOf(target)).toMatchObject({ code: 'is-a-folder', detail: { path: target } });
    expect((await stat(target)).isDirectory()).toBe(true);
    expect(await failureOf('/dev/null')).toMatchObject({ code: 'not-a-regular-file' });
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    expect(await failureOf(fifo)).toMatchObject({ code: 'not-a-regular-file' });
    const throughLink = join(folder, 'link');
    await symlink('/dev/null', throughLink);
    expect(await failureOf(throughLink)).toMatchObject({ code: 'not-a-regular-file' });
  });

  it('the input itself, under any of its names', async () => {
    const input = join(folder, 'in-proj.txt');
    await writeFile(input, 'the input\n');
    await link(input, join(folder, 'hard-link'));
    await symlink(input, join(folder, 'soft-link'));
    for (const name of ['in-proj.txt', 'hard-link', 'soft-link', '../target/in-proj.txt']) {
      expect(await failureOf(join(folder, name), input)).toMatchObject({ code: 'target-is-input' });
    }
    expect(await readFile(input, 'utf8')).toBe('the input\n');
    expect(await saveAtomically(from, target, { notOver: input })).toMatchObject({ ok: true });
  });

  it('a folder that is not there, and a file where the folder should be', async () => {
    const missing = join(folder, 'missing', 'out.txt');
    const problem = await failureOf(missing);
    expect(problem.code).toBe('save-failed');
    expect(problem.message).toContain(join(folder, 'missing'));
    await writeFile(join(folder, 'file'), '');
    expect((await failureOf(join(folder, 'file', 'out.txt'))).code).toBe('save-failed');
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('a folder in which this user may not write', async () => {
    await writeFile(target, 'old');
    chmodSync(join(folder, '..'), 0o755);
    await chmod(from, 0o644);
    await chmod(target, 0o666);
    await chmod(folder, 0o555);
    const problem = await asOrdinaryUser(() => failureOf(target));
    expect(problem).toMatchObject({ code: 'not-writable', detail: { errorCode: 'EACCES' } });
    expect(problem.message).toContain(folder);
    await chmod(folder, 0o755);
    expect(await readFile(target, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['out-proj.txt']);
  });

  it('an old file that is write-protected', async () => {
    await writeFile(target, 'old', { mode: 0o444 });
    chmodSync(join(folder, '..'), 0o755);
    await chmod(folder, 0o777);
    await chmod(from, 0o644);
    const problem = await asOrdinaryUser(() => failureOf(target));
    expect(problem).toMatchObject({ code: 'not-writable', detail: { path: target } });
    expect(await readFile(target, 'utf8')).toBe('old');
  });

  it('a result that is not there any more', async () => {
    await rm(from);
    expect(await failureOf(target)).toMatchObject({ code: 'file-missing', detail: { path: from } });
    expect(await readdir(folder)).toEqual([]);
  });
});

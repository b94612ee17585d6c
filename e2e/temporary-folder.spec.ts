// The folder for temporary files, and that of the app's own data, when they cannot be used: disks of a test's own, full or
// read-only, are mounted in their place.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  environment,
  expect,
  factOf,
  onOwnDisk,
  PROJECT,
  SEVEN_LINES,
  test,
  type SocketScope,
} from './app.ts';

test.skip(process.platform !== 'linux', 'disks are mounted as Linux does it');

/** Writes into the folder for temporary files until there is no space left. */
async function fill(app: SocketScope): Promise<string> {
  const path = join(app.temporary, 'full');
  await expect(writeFile(path, Buffer.alloc(4 * 1024 * 1024))).rejects.toMatchObject({ code: 'ENOSPC' });
  return path;
}

test('a full folder for temporary files is reported, leaves no folder behind, and once there is space all goes on', async ({
  launch,
}) => {
  const app = await launch({ temporaryDisk: 'size=1m' });
  const before = await readdir(app.temporary);
  const full = await fill(app);
  const sentence = `There is no space left for temporary files in ${app.folders.temporary}. Free some space on its disk, or start again with TMPDIR naming another folder.`;
  for (const name of ['Reverse a file step 5', 'Lost boundaries question 5']) {
    await app.sidebar.choose(name);
    await app.header.button('Run').click();
    await expect(app.alert).toHaveText(sentence);
    await app.alert.getByRole('button', { name: 'Dismiss' }).click();
  }
  expect(await app.run()).toBe(0);
  expect(await readdir(app.temporary)).toEqual([...before, 'full'].sort());

  // A run that needs no file goes on. The app reports that it was not recorded, and saves no empty file instead.
  await app.sidebar.choose('Welcome step 1');
  await app.header.button('Run').click();
  await app.settled(1);
  await expect(app.alert).toContainText(
    'Welcome went well, but not all of it could be recorded, so that Save run can only keep a part. There is no space left for temporary files in',
  );
  const saved = await app.call('trace:save');
  expect(saved.ok ? 'saved' : saved.problem.code).toBe('not-kept');

  await rm(full);
  await app.drop(SEVEN_LINES);
  await app.settled(2);
  expect(factOf(await app.facts(), 'run-ended').outcome).toBe('completed');
});

for (const [name, place, options, sentence] of [
  [
    'temporary files',
    'tmp',
    'ro',
    'Temporary files cannot be written in PLACE: its file system is read-only.',
  ],
  ['its own data', 'data', 'ro', 'SocketScope cannot write in PLACE, where it keeps its settings (EROFS).'],
  [
    'its own data',
    'data',
    'nr_inodes=1',
    'SocketScope cannot write in PLACE, where it keeps its settings (ENOSPC).',
  ],
] as const) {
  test(`a start that cannot write in the folder for ${name} (${options}) says so, and not that it is open already`, async ({
    folders,
  }) => {
    const mounted = join(folders.files, '..', place);
    const data = join(folders.files, '..', 'data');
    await mkdir(data);
    // Without a sandbox: the process that mounts a disk is root there.
    const args = ['--no-sandbox', PROJECT, `--user-data-dir=${data}`];
    const start = spawn(await onOwnDisk(mounted, options), args, { env: environment(folders) });
    try {
      let output = '';
      start.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
      start.stderr.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
      const ended = once(start, 'close');
      // The box with the same sentence has one button.
      const box = ['search', '--sync', '--onlyvisible', '--pid', String(start.pid)];
      execFileSync('xdotool', [...box, 'windowfocus', 'key', 'Return'], { stdio: 'ignore', timeout: 30_000 });
      await ended;
      expect(start.exitCode).toBe(1);
      expect(output).toContain(sentence.replace('PLACE', mounted));
      expect(output).not.toContain('already open');
    } finally {
      start.kill('SIGKILL');
    }
  });
}

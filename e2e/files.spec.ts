// Every way to open a file, and the notices about files that cannot be run.

import { spawnSync } from 'node:child_process';
import { appendFile, chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { AS_ROOT, expect, factOf, linesFile, SEVEN_LINES, test } from './app.ts';

test('runs a file that is dropped on the window, over real sockets', async ({ launch }) => {
  const app = await launch();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  const facts = await app.facts();
  expect(factOf(facts, 'run-started').input).toEqual({ name: 'in-proj.txt', bytes: 95 });
  expect(factOf(facts, 'run-ended')).toMatchObject({ outcome: 'completed', linesSent: 7, linesReceived: 7 });
  const connected = factOf(facts, 'connected');
  expect(connected.remote).toEqual(factOf(facts, 'listening').local);
  expect(factOf(facts, 'accepted').remote).toEqual(connected.local);
});

test('runs the built-in sample before any file was opened', async ({ launch }) => {
  const app = await launch();
  await app.header.button('Run').click();
  await app.settled(1);
  expect(factOf(await app.facts(), 'run-ended')).toMatchObject({ outcome: 'completed', linesSent: 7 });
});

test('runs a file chosen in the dialog, and does nothing where the dialog is dismissed', async ({
  launch,
}) => {
  const app = await launch();
  await app.answerOpen(undefined);
  await app.header.button('Open a file').click();
  await app.answerOpen(SEVEN_LINES);
  await app.press('ControlOrMeta+o');
  await app.settled(1);
  await expect(app.alert).toHaveCount(0);
});

test('runs the file given on the command line, relative to where the command was given', async ({
  launch,
  folder,
}) => {
  await writeFile(join(folder, 'in-here.txt'), 'abc\n');
  const app = await launch({ args: ['in-here.txt'] });
  await app.settled(1);
  expect(factOf(await app.facts(), 'run-started').input).toEqual({ name: 'in-here.txt', bytes: 4 });
});

test('runs a file given as a file: URI, with spaces and other alphabets in its name', async ({
  launch,
  folder,
}) => {
  const path = join(folder, 'in ünï 日本.txt');
  await writeFile(path, 'abc\n');
  const app = await launch({ args: [pathToFileURL(path).href] });
  await app.settled(1);
  expect(factOf(await app.facts(), 'run-started').input.name).toBe('in ünï 日本.txt');
});

test('says what is wrong with what cannot be run, and leaves everything as it was', async ({
  launch,
  folder,
}) => {
  const fifo = join(folder, 'pipe');
  spawnSync('mkfifo', [fifo]);
  const gone = join(folder, 'gone.txt');
  const dangling = join(folder, 'link.txt');
  await symlink(gone, dangling);
  const unreadable = AS_ROOT ? '/proc/self/mem' : join(folder, 'secret.txt');
  if (!AS_ROOT) {
    await writeFile(unreadable, 'abc\n');
    await chmod(unreadable, 0o000);
  }
  const nested = join(folder, 'folder.txt');
  await mkdir(nested);

  const app = await launch();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  const before = await app.facts();
  for (const [path, sentence] of [
    [gone, `There is no file ${gone}`],
    [dangling, `There is no file ${dangling}`],
    [nested, `${nested} is a folder`],
    [fifo, `${fifo} is a named pipe`],
    ['/dev/null', '/dev/null is a device'],
    [unreadable, `${unreadable} `],
  ] as const) {
    await app.drop(path);
    await expect(app.alert).toContainText(sentence);
  }
  await app.drop(SEVEN_LINES, gone);
  await expect(app.alert).toContainText('2 files came at once');
  expect(await app.run()).toBe(1);
  expect(await app.facts()).toEqual(before);
});

test('says how many files were dropped at once, however many', async ({ launch, folder }) => {
  const app = await launch();
  await app.drop(...Array.from({ length: 10_001 }, (_, index) => join(folder, `${index}.txt`)));
  await expect(app.alert).toHaveText('10,001 files came at once. Drop or open one file at a time.');
  await app.drop(SEVEN_LINES);
  await app.settled(1);
});

test('reports a file that is missing at the start, and is ready for another', async ({ launch, folder }) => {
  const app = await launch({ args: [join(folder, 'gone.txt')] });
  await expect(app.alert).toContainText(`There is no file ${join(folder, 'gone.txt')}`);
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  await expect(app.alert).toHaveCount(0);
});

test('keeps the run that is shown when its file has gone by the time of running it again', async ({
  launch,
  folder,
}) => {
  const path = join(folder, 'in-a.txt');
  await writeFile(path, 'abc\n');
  const app = await launch({ args: [path] });
  await app.settled(1);
  await rm(path);
  await app.header.button('Run again').click();
  await expect(app.alert).toContainText(`There is no file ${path}`);
  expect(await app.run()).toBe(1);
  await writeFile(path, 'abcdef\n');
  await app.header.button('Run again').click();
  await app.settled(2);
  expect(factOf(await app.facts(), 'run-started').input.bytes).toBe(7);
});

test('ends at a line over the limit, names it, and offers what came back until then', async ({
  launch,
  folder,
}) => {
  const path = join(folder, 'in-long.txt');
  await writeFile(path, `one\ntwo\n${'x'.repeat(1_000)}\nfour\n`);
  const app = await launch({ args: [path], settings: { maxLineBytes: 999 } });
  await app.settled(1);
  await expect(app.wire.failure).toContainText(/Line 3 .* 1000 bytes/);
  const target = join(folder, 'part.txt');
  await app.answerSave(target);
  await app.wire.button('Save what came back').click();
  await expect(app.done).toContainText('Saved part.txt, 8 bytes');
  expect(factOf(await app.facts(), 'run-ended')).toMatchObject({ outcome: 'failed', linesReceived: 2 });
});

test('notices that the file was changed while it was read', async ({ launch, folder }) => {
  const path = await linesFile(folder, 'in-growing.txt', 30_000);
  const app = await launch({ args: [path] });
  await app.underWay();
  await appendFile(path, 'one more line\n');
  await app.settled(1);
  await expect(app.wire.failure).toContainText(`${path} was changed while it was read`);
  await expect(app.wire.button('Save what came back')).toBeVisible();
});

test('says that the result dropped back onto the window is the result', async ({ launch, folders }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  const [runFolder] = await app.runFolders();
  await app.drop(join(folders.temporary, runFolder ?? '', 'out-proj.txt'));
  await expect(app.alert).toContainText('This is the result itself');
  expect(await app.run()).toBe(1);
});

// Saving the result: where it is offered, what is written, and that a save that fails loses and changes nothing.

import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { AS_ROOT, expect, SEVEN_LINES, test } from './app.ts';

const REVERSED =
  'OLLEH\n!253 SC ot emocleW\nygolonhceT tenretnI\ntrop laremehpe na\n\nracecar\nenil tsal eht si 7 enil';

test('saves out-proj.txt beside the input, byte for byte', async ({ launch, folder }) => {
  const path = join(folder, 'in-proj.txt');
  await writeFile(path, await readFile(SEVEN_LINES));
  const app = await launch({ args: [path] });
  await app.settled(1);
  const target = join(folder, 'out-proj.txt');
  await app.answerSave(target);
  await app.header.button('Save out-proj.txt').click();
  await expect(app.done).toContainText('Saved out-proj.txt, 95 bytes');
  expect(await app.offeredPath()).toBe(target);
  expect(await readFile(target, 'utf8')).toBe(REVERSED);
  expect((await readdir(folder)).sort()).toEqual(['in-proj.txt', 'out-proj.txt']);
});

test('a save that fails is reported in a sentence, and the result can be saved elsewhere', async ({
  launch,
  folder,
}) => {
  const path = join(folder, 'in-proj.txt');
  const input = await readFile(SEVEN_LINES);
  await writeFile(path, input);
  // Root may write into any folder but the kernel's own.
  const readOnly = AS_ROOT ? '/sys' : join(folder, 'read-only');
  if (!AS_ROOT) await mkdir(readOnly, { mode: 0o555 });
  const old = join(folder, 'out-proj.txt');
  await writeFile(old, 'of last week');
  const occupied = join(folder, 'occupied');
  await mkdir(occupied);

  const app = await launch({ args: [path] });
  await app.settled(1);
  for (const [target, sentence] of [
    [join(readOnly, 'out-proj.txt'), readOnly],
    [occupied, `${occupied} is a folder`],
    ['/dev/null', '/dev/null is a device'],
    [join(folder, 'missing', 'out-proj.txt'), join(folder, 'missing')],
    [path, path],
  ] as const) {
    await app.answerSave(target);
    await app.press('ControlOrMeta+s');
    await expect(app.alert).toContainText(sentence);
  }
  expect(await readFile(path)).toEqual(input);
  expect(await readFile(old, 'utf8')).toBe('of last week');
  expect((await readdir(folder)).filter((name) => name !== 'read-only').sort()).toEqual([
    'in-proj.txt',
    'occupied',
    'out-proj.txt',
  ]);

  await app.answerSave(old);
  await app.press('ControlOrMeta+s');
  await expect(app.done).toContainText('Saved out-proj.txt, 95 bytes');
  expect(await readFile(old, 'utf8')).toBe(REVERSED);
  if (!AS_ROOT) await chmod(readOnly, 0o755);
});

test('the input and what else the run has are never replaced, whatever way leads to them', async ({
  launch,
  folder,
}) => {
  const path = join(folder, 'in-proj.txt');
  const input = await readFile(SEVEN_LINES);
  await writeFile(path, input);
  await symlink('.', join(folder, 'latest'));
  const app = await launch({ args: [path] });
  await app.settled(1);
  const [runFolder] = await app.runFolders();
  const own = join(app.folders.temporary, runFolder ?? '');
  await symlink(own, join(folder, 'own'));
  const trace = join(own, 'in-proj.socketscope');
  const recorded = await readFile(trace);
  for (const [channel, target, code] of [
    ['result:save', 'latest/in-proj.txt', 'target-is-input'],
    ['trace:save', 'latest/in-proj.txt', 'target-is-input'],
    ['result:save', 'own/in-proj.socketscope', 'save-failed'],
    ['trace:save', 'own/out-proj.txt', 'save-failed'],
  ] as const) {
    await app.answerSave(join(folder, target));
    const answer = await app.call(channel);
    expect(answer.ok ? 'saved' : answer.problem.code).toBe(code);
  }
  expect(await readFile(path)).toEqual(input);
  expect(await readFile(trace)).toEqual(recorded);
  expect(await readFile(join(own, 'out-proj.txt'), 'utf8')).toBe(REVERSED);
  expect((await readdir(own)).sort()).toEqual(['in-proj.socketscope', 'out-proj.txt']);
});

test('offers the result of the sample in the folder of documents', async ({ launch }) => {
  const app = await launch();
  await app.call('run:start', {});
  await app.settled(1);
  await app.answerSave(undefined);
  await app.call('result:save');
  expect(await app.offeredPath()).toMatch(/out-proj\.txt$/);
  expect(await app.offeredPath()).not.toContain(app.folders.temporary);
});

test('a dismissed dialog saves nothing and says nothing', async ({ launch, folder }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  await app.answerSave(undefined);
  expect(await app.call('result:save')).toEqual({ ok: true });
  expect(await readdir(folder)).toEqual([]);
  await expect(app.alert).toHaveCount(0);
});

test('says that there is nothing to save before anything was run', async ({ launch }) => {
  const app = await launch();
  for (const channel of ['result:save', 'trace:save'] as const) {
    const answer = await app.call(channel);
    expect(answer.ok ? 'saved' : answer.problem.code).toBe('nothing-to-save');
  }
});

test('drags the result out under its own name', async ({ launch }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  // A real drag needs a pressed mouse button: here the call to the system is inspected.
  await app.electron.evaluate(({ BrowserWindow }) => {
    for (const { webContents } of BrowserWindow.getAllWindows()) {
      webContents.startDrag = ({ file, icon }) => {
        Reflect.set(globalThis, 'dragged', { file, empty: typeof icon === 'string' || icon.isEmpty() });
      };
    }
  });
  await app.button(/^Drag out-proj\.txt/).hover();
  await app.page.mouse.down();
  await app.call('result:drag');
  await app.page.mouse.up();
  const dragged: unknown = await app.electron.evaluate((): unknown => Reflect.get(globalThis, 'dragged'));
  expect(dragged).toEqual({ file: expect.stringMatching(/[/\\]out-proj\.txt$/), empty: false });
  const [runFolder] = await app.runFolders();
  expect(await readFile(join(app.folders.temporary, runFolder ?? '', 'out-proj.txt'), 'utf8')).toBe(REVERSED);
});

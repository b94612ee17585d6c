// One run at a time, one app at a time, and nothing lost when the window is closed.

import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, factOf, linesFile, reversedLines, SEVEN_LINES, test } from './app.ts';

const MANY_LINES = 400_000;

/** Names of so many files, which need not be there. */
function longNames(files: number): readonly string[] {
  return Array.from({ length: files }, (_, index) => `${index}-${'long'.repeat(20)}.txt`);
}

test('a run under way is not disturbed by another, until the person cancels it for that', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [await linesFile(folder, 'in-many.txt', MANY_LINES)] });
  await app.underWay();
  const answer = await app.call('run:start', {});
  expect(answer.ok ? 'started' : answer.problem.code).toBe('busy');
  await app.drop(SEVEN_LINES);
  await expect(app.alert).toContainText('in-many.txt is still running. Cancel it to run in-proj.txt');
  expect(await app.run()).toBe(1);
  await app.alert.getByRole('button', { name: 'Cancel it and run the new file' }).click();
  await app.settled(2);
  expect(factOf(await app.facts(), 'run-started').input.name).toBe('in-proj.txt');
  // The cancelled run was replaced: it is kept until the app ends.
  expect(await app.runFolders()).toHaveLength(2);
  await app.close();
  expect(await app.runFolders()).toEqual([]);
});

test('cancelling keeps what came back and says how much', async ({ launch, folder }) => {
  const app = await launch({ args: [await linesFile(folder, 'in-many.txt', MANY_LINES)] });
  await app.underWay();
  const saving = await app.call('trace:save');
  expect(saving.ok ? 'saved' : saving.problem.code).toBe('run-not-finished');
  await app.header.button('Cancel').click();
  await app.settled(1);
  const target = join(folder, 'part.txt');
  await app.answerSave(target);
  await app.header.button('Save what came back').click();
  await expect(app.done).toContainText('Saved part.txt');
  const part = await readFile(target, 'utf8');
  expect(part.length).toBeGreaterThan(0);
  expect(reversedLines(MANY_LINES).startsWith(part)).toBe(true);
});

test('a second start sends its file to the open window and ends', async ({ launch, folder }) => {
  const app = await launch();
  const path = join(folder, 'in-second.txt');
  await writeFile(path, 'abc\n');
  expect(await app.startAgain('in-second.txt')).toEqual({
    code: 0,
    stdout: 'SocketScope is already open: in-second.txt was handed to its window.\n',
  });
  await app.settled(1);
  expect(factOf(await app.facts(), 'run-started').input.name).toBe('in-second.txt');
  expect(await app.startAgain()).toEqual({
    code: 0,
    stdout: 'SocketScope is already open: its window was brought to the front.\n',
  });
  expect(await app.run()).toBe(1);
});

test('a second start with several files says so in the open window, however long their names are together', async ({
  launch,
}) => {
  const app = await launch();
  // About 30, 35, 100 and 1,500 kB: Chromium takes 32 KiB, and Linux itself 2 MiB.
  for (const files of [2, 340, 400, 1_150, 17_000]) {
    const many = `${files.toLocaleString('en-US')} files`;
    expect(await app.startAgain(...longNames(files))).toEqual({
      code: 0,
      stdout: `SocketScope is already open: ${many} came at once, and its window opens one at a time.\n`,
    });
    await expect(app.alert).toHaveText(`${many} came at once. Drop or open one file at a time.`);
  }
  expect(await app.run()).toBe(0);
  await app.startAgain(SEVEN_LINES);
  await app.settled(1);
});

test('a second start whose one name or option is too long ends with a sentence, and the app goes on', async ({
  launch,
}) => {
  const app = await launch();
  for (const argument of ['x'.repeat(100_000), `--x=${'x'.repeat(40_000)}`]) {
    expect(await app.startAgain(argument)).toEqual({ code: 1, stdout: '' });
  }
  expect(await app.startAgain(SEVEN_LINES)).toMatchObject({ code: 0 });
  await app.settled(1);
});

test('a first start with many long names opens its window, says so there, and ends with it', async ({
  launch,
}) => {
  const before = await launch();
  await before.closeWindow();
  const started = await before.startByHand(...longNames(1_150));
  try {
    const { window } = started;
    await expect(window.alert).toHaveText('1,150 files came at once. Drop or open one file at a time.');
    await window.wire.button('Run the sample').click();
    await expect(window.root).toHaveAttribute('data-phase', 'settled');
    await window.page.close();
    expect(await started.exitCode).toBe(0);
  } finally {
    started.kill();
  }
});

test('a second start during a run asks first, and names both files', async ({ launch, folder }) => {
  const app = await launch({ args: [await linesFile(folder, 'in-many.txt', MANY_LINES)] });
  await app.underWay();
  await app.startAgain(SEVEN_LINES);
  await expect(app.alert).toContainText('in-many.txt is still running. Cancel it to run in-proj.txt');
  expect(await app.run()).toBe(1);
});

test('closing the window during a run keeps it, and the next start shows it until it was saved', async ({
  launch,
  folder,
}) => {
  const path = await linesFile(folder, 'in-many.txt', MANY_LINES);
  const first = await launch({ args: [path] });
  await first.underWay();
  await first.closeWindow();
  expect(await first.runFolders()).toEqual([]);

  // A given file is run, and the interrupted run waits.
  const busy = await launch({ userData: first.userData, args: [SEVEN_LINES] });
  await busy.settled(1);
  expect(factOf(await busy.facts(), 'run-started').input.name).toBe('in-proj.txt');
  await busy.closeWindow();

  const shownOnce = await launch({ userData: first.userData });
  await expect(shownOnce.alert).toContainText(
    /The window was closed while in-many\.txt was running: [\d,]+ lines/,
  );
  await shownOnce.closeWindow();

  // Seen, but neither saved nor replaced: it is still there.
  const app = await launch({ userData: first.userData });
  await app.settled(1);
  const ended = await app.pageOfFacts(0);
  expect(factOf(ended, 'run-started').input.name).toBe('in-many.txt');
  const target = join(folder, 'out-many.txt');
  await app.answerSave(target);
  await app.alert.getByRole('button', { name: 'Save what came back' }).click();
  await expect(app.done).toContainText('Saved out-many.txt');
  expect(await app.offeredPath()).toBe(target);
  const part = await readFile(target, 'utf8');
  expect(part.length).toBeGreaterThan(0);
  expect(reversedLines(MANY_LINES).startsWith(part)).toBe(true);
  await app.closeWindow();

  const after = await launch({ userData: first.userData });
  expect(await readdir(join(first.userData, 'kept-runs'))).toEqual([]);
  expect(await after.run()).toBe(0);
});

test('an interrupted run that is replaced by another file is removed', async ({ launch, folder }) => {
  const first = await launch({ args: [await linesFile(folder, 'in-many.txt', MANY_LINES)] });
  await first.underWay();
  await first.closeWindow();
  const app = await launch({ userData: first.userData });
  await app.settled(1);
  await app.drop(SEVEN_LINES);
  await app.settled(2);
  await expect.poll(() => readdir(join(first.userData, 'kept-runs'))).toEqual([]);
});

test('a page that is loaded anew shows the run again', async ({ launch }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  const lastSeq = await app.root.getAttribute('data-last-seq');
  await app.page.reload();
  await app.settled(1);
  await expect(app.root).toHaveAttribute('data-last-seq', lastSeq ?? '');
});

test('quitting leaves no folder of a run behind', async ({ launch }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  expect(await app.runFolders()).toHaveLength(1);
  await app.close();
  expect(await app.runFolders()).toEqual([]);
});

test('what a killed app leaves is removed by the next start, and what another running app uses is not', async ({
  launch,
}) => {
  const killed = await launch({ args: [SEVEN_LINES] });
  // It may end before it has a log.
  killed.errorsAreExpected = true;
  await killed.settled(1);
  const left = await killed.runFolders();
  expect(left).toHaveLength(1);
  const other = await launch({ args: [SEVEN_LINES] });
  await other.settled(1);
  const both = await other.runFolders();
  expect(both).toHaveLength(2);
  await killed.kill();
  expect(await other.runFolders()).toEqual(both);

  const later = await launch({ userData: killed.userData });
  await expect.poll(() => later.runFolders()).toEqual(both.filter((name) => !left.includes(name)));
  await other.press('ControlOrMeta+R');
  await other.settled(2);
});

test('a run that a signal cuts off is kept as well', async ({ launch, folder }) => {
  const first = await launch({ args: [await linesFile(folder, 'in-many.txt', MANY_LINES)] });
  await first.underWay();
  await first.interrupt();
  const app = await launch({ userData: first.userData });
  await expect(app.alert).toContainText('The window was closed while in-many.txt was running');
});

test('a page whose process ends is loaded anew and shows the run again', async ({ launch }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  app.errorsAreExpected = true;
  await app.settled(1);
  const again = await app.electron.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined) return 'no window';
    const loaded = new Promise<void>((resolve) => {
      contents.once('did-finish-load', () => {
        resolve();
      });
    });
    contents.forcefullyCrashRenderer();
    await loaded;
    // Playwright's page ended with its process: the new one is asked from here.
    const run: unknown = await contents.executeJavaScript(`new Promise((resolve) => {
      const { dataset } = document.documentElement;
      const look = () => (dataset.phase === 'settled' ? resolve(dataset.run) : setTimeout(look, 10));
      look();
    })`);
    return String(run);
  });
  expect(again).toBe('1');
});

test('an uncaught error is logged with its cause and reported, and the app lives on', async ({ launch }) => {
  const app = await launch();
  app.errorsAreExpected = true;
  await app.electron.evaluate(() => {
    setImmediate(() => {
      throw new Error('provoked by a test', { cause: new Error('the cause of it') });
    });
  });
  const log = join(app.userData, 'logs', 'main.log');
  await expect(app.alert).toContainText(log);
  const written = await readFile(log, 'utf8');
  expect(written).toContain('provoked by a test');
  expect(written).toContain('the cause of it');
  await app.drop(SEVEN_LINES);
  await app.settled(1);
});

test('a call of the window that fails is logged with its cause and reported, and the app lives on', async ({
  launch,
}) => {
  const app = await launch();
  app.errorsAreExpected = true;
  await app.electron.evaluate(({ dialog }) => {
    dialog.showOpenDialog = () => Promise.reject(new Error('provoked by a test'));
  });
  await app.header.button('Open a file').click();
  const logs = join(app.userData, 'logs');
  await expect(app.alert).toHaveText(
    `The file could not be opened: something went wrong that SocketScope was not prepared for. What it was is written in the log in ${logs}.`,
  );
  expect(await readFile(join(logs, 'main.log'), 'utf8')).toMatch(/file:choose failed.*provoked by a test/s);
  await app.drop(SEVEN_LINES);
  await app.settled(1);
});

test('whatever call fails, the person is told what was not done, and no setting is shown that does not hold', async ({
  launch,
}) => {
  const app = await launch({ args: [SEVEN_LINES] });
  app.errorsAreExpected = true;
  await app.settled(1);
  const uncaught: string[] = [];
  app.page.on('pageerror', (error) => uncaught.push(String(error)));
  await app.electron.evaluate(({ ipcMain }) => {
    // Not in the documented API: where Electron keeps what answers `invoke`.
    const handlers: unknown = Reflect.get(ipcMain, '_invokeHandlers');
    for (const channel of handlers instanceof Map ? [...handlers.keys()].map(String) : []) {
      ipcMain.removeHandler(channel);
      ipcMain.handle(channel, () => {
        throw new Error('provoked by a test');
      });
    }
  });
  async function expectReport(act: () => Promise<void>, what: string): Promise<void> {
    await act();
    // Not the only one: what the window asks for by itself fails, too.
    const report = app.alerts.filter({ hasText: `${what}: something went wrong` });
    await report.getByRole('button', { name: 'Dismiss' }).click();
    await expect(report).toHaveCount(0);
  }
  const button = (name: string) => () => app.button(name).click();
  const key = (name: string) => () => app.press(name);
  await expectReport(button('Run again'), 'The run could not be started');
  await expectReport(button('Open a file'), 'The file could not be opened');
  await expectReport(() => app.drop(SEVEN_LINES), 'What was dropped could not be opened');
  await expectReport(button('Save out-proj.txt'), 'The result could not be saved');
  await expectReport(key('ControlOrMeta+Shift+S'), 'The run could not be saved');
  await expectReport(key('F1'), 'The settings could not be changed');
  await expectReport(button('in-proj.txt file'), 'The recent file could not be opened');
  await expectReport(button('Clear this list'), 'The recent files could not be forgotten');
  await expectReport(button('Run the built-in sample'), 'The built-in sample could not be chosen');
  await expectReport(() => app.sidebar.text('Try it on').fill('abc'), 'The text could not be reversed');
  await expectReport(button('Welcome step 1'), 'The experiment could not be chosen');
  await key('ControlOrMeta+,')();
  const { settings } = app;
  await settings.choice('Light').click();
  await expect(app.alerts.filter({ hasText: 'The settings could not be changed' })).toBeVisible();
  await expect(settings.choice('Light')).not.toBeChecked();
  await settings.button('Reset everything').click();
  await expect(app.alerts.filter({ hasText: 'The settings could not be reset' })).toBeVisible();
  await expect(settings.button('Undo')).toHaveCount(0);
  expect(uncaught).toEqual([]);
});

test('the menu has what a person needs, and neither a reload nor developer tools', async ({ launch }) => {
  const app = await launch();
  const entries = await app.electron.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.items ?? [];
    return items.flatMap((item) => item.submenu?.items ?? []).map((item) => item.label.replace('&', ''));
  });
  expect(entries).toEqual(
    expect.arrayContaining([
      'Open…',
      'Save result…',
      'Save run…',
      'Run again',
      'Cancel run',
      'Keys',
      'About SocketScope',
    ]),
  );
  expect(entries.filter((label) => /reload|developer/i.test(label))).toEqual([]);
  await app.chooseInMenu('Run again');
  await app.settled(1);
});

test('a key that both the page and the menu know acts once', async ({ launch }) => {
  const app = await launch();
  await app.pressWithControl('R');
  await app.settled(1);
  // The page leaves this one to the menu, behind which nothing of the key before can be waiting any more.
  await app.pressWithControl('=');
  const zoom = (): Promise<number | undefined> =>
    app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor(),
    );
  await expect.poll(zoom).toBeGreaterThan(1);
  expect(await app.run()).toBe(1);
  expect(await app.runFolders()).toHaveLength(1);
});

// The installed app on a real desktop, with real pointer events: started by a double-click, opening a saved run, running a
// file dragged in from the file manager, and dragging a result out into a folder.

import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { COMMAND } from '../../src/cli/start-for-tests.ts';
import { SEVEN_LINES } from '../app.ts';
import { expect, test } from './desktop.ts';

test.skip(process.platform !== 'linux', 'the desktop is one of X: openbox, pcmanfm, xdotool');

/** Runs the course's seven lines in the terminal. Returns the saved run and the result, which other tests check. */
function runInTerminal(folder: string): { readonly run: string; readonly result: string } {
  const run = join(folder, 'seven.socketscope');
  const result = join(folder, 'expected.txt');
  const args = ['--port', '0', '--quiet', '--trace', run, SEVEN_LINES, result];
  execFileSync(process.execPath, [...COMMAND, ...args]);
  return { run, result };
}

test('a double-click on the desktop entry starts the app, and the sample runs from inside the archive', async ({
  desktop,
}) => {
  const entry = join(desktop.installed.root, 'usr', 'share', 'applications', 'socketscope.desktop');
  const { file } = await desktop.openFolder(await desktop.folder('Programs', entry), { x: 20, y: 30 });
  await desktop.shot('desktop-entry');
  desktop.doubleClick(file);
  await desktop.appWindow();
  const page = await desktop.page();
  expect(page.url()).toBe('app://socketscope/index.html');
  // The desktop finds the entry, and with it name and icon, by the window's class.
  const [, startupClass = ''] = /^StartupWMClass=(.*)$/m.exec(await readFile(entry, 'utf8')) ?? [];
  expect(await desktop.appWindowSays('WM_CLASS')).toContain(`"${startupClass}"`);
  expect(await desktop.appWindowSays('_NET_WM_ICON')).toContain('128 x 128');
  // The run's sockets live in a worker thread, whose file is in the archive as all others are.
  await page.getByRole('button', { name: 'Run the sample' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-phase', 'settled');
  await expect(page.getByRole('button', { name: 'Save out-proj.txt' })).toBeEnabled();
  await desktop.shot('desktop-started');
});

test('a double-click on a saved run opens it, and a second one is sent to the window that is there', async ({
  desktop,
}) => {
  const made = await mkdtemp(join(tmpdir(), 'sse-made-'));
  try {
    const { run } = runInTerminal(made);
    const folder = await desktop.folder('Runs', run);
    const { file } = await desktop.openFolder(folder, { x: 20, y: 30 });
    desktop.doubleClick(file);
    await desktop.appWindow();
    const page = await desktop.page();
    const html = page.locator('html');
    await expect(html).toHaveAttribute('data-run', '1');
    await expect(html).toHaveAttribute('data-phase', 'settled');
    await expect(page.getByRole('button', { name: 'Save out-proj.txt' })).toBeHidden();
    const [first] = await desktop.appProcesses();

    const other = join(made, 'again.socketscope');
    await copyFile(run, other);
    const second = await desktop.openFolder(await desktop.folder('More', other), { x: 20, y: 500 });
    await desktop.shot('desktop-runs');
    desktop.doubleClick(second.file);
    await expect(html).toHaveAttribute('data-run', '2');
    await expect(html).toHaveAttribute('data-phase', 'settled');
    await expect.poll(() => desktop.appProcesses()).toEqual([first]);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
});

test('a file dragged in from the file manager is run, and its result dragged out lies in the folder, byte for byte', async ({
  desktop,
}) => {
  const made = await mkdtemp(join(tmpdir(), 'sse-made-'));
  try {
    const { result } = runInTerminal(made);
    const entry = join(desktop.installed.root, 'usr', 'share', 'applications', 'socketscope.desktop');
    const programs = await desktop.openFolder(await desktop.folder('Programs', entry), { x: 20, y: 500 });
    desktop.doubleClick(programs.file);
    const window = await desktop.appWindow();
    const page = await desktop.page();
    const html = page.locator('html');
    await expect(html).toHaveAttribute('data-run', '0');

    const course = await desktop.openFolder(await desktop.folder('Course', SEVEN_LINES), { x: 20, y: 30 });
    desktop.drag(course.file, { x: window.x + window.width / 2, y: window.y + window.height / 2 });
    await expect(html).toHaveAttribute('data-run', '1');
    await expect(html).toHaveAttribute('data-phase', 'settled');

    const handle = await page
      .getByRole('button', { name: /^Drag out-proj\.txt, .* to the desktop$/ })
      .boundingBox();
    if (handle === null) throw new Error('nothing to take hold of');
    const results = await desktop.folder('Results');
    const { ground } = await desktop.openFolder(results, { x: 20, y: 500 });
    await desktop.shot('desktop-before-dragging-out');
    // The menu bar is above the page, in the same window.
    const top = window.y + window.height - (await page.evaluate(() => innerHeight));
    desktop.drag({ x: window.x + handle.x + 20, y: top + handle.y + handle.height / 2 }, ground);
    const draggedOut = join(results, 'out-proj.txt');
    await expect
      .poll(() => readFile(draggedOut).catch(() => undefined), { intervals: [100] })
      .toEqual(await readFile(result));
    await desktop.shot('desktop-dragged-out');
  } finally {
    await rm(made, { recursive: true, force: true });
  }
});

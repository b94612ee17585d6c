// What a desktop program owes: it asks before it throws a run away, knows the files of last time, comes back where it
// was, and is light or dark as the person wants it.

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, linesFile, SEVEN_LINES, type SocketScope, test } from './app.ts';

const MANY_LINES = 400_000;

function recent(app: SocketScope): Promise<readonly string[]> {
  return app.sidebar.recent.locator('.name').allInnerTexts();
}

/** The labels below File, Open recent. */
function recentInMenu(app: SocketScope): Promise<readonly string[]> {
  return app.electron.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []);
    const menu = items?.find((item) => item.label === 'Open &recent')?.submenu;
    return (menu?.items ?? []).map((item) => item.label);
  });
}

test('closing the window during a run asks once, and "Go on" goes on', async ({ launch, folder }) => {
  const app = await launch({ args: [await linesFile(folder, 'in-many.txt', MANY_LINES)] });
  await app.underWay();
  await app.answerQuestions(1);
  await app.clickClose();
  await expect.poll(() => app.questions()).toEqual(['in-many.txt is still running.']);
  await app.header.button('Cancel').click();
  await app.settled(1);
  // Nothing is running any more: nothing is asked.
  await app.answerQuestions(1);
  await app.closeWindow();
});

test('a question that is open is not asked a second time', async ({ launch, folder }) => {
  const app = await launch({ args: [await linesFile(folder, 'in-many.txt', MANY_LINES)] });
  await app.underWay();
  await app.electron.evaluate(({ dialog }) => {
    Reflect.set(globalThis, 'asked', []);
    dialog.showMessageBox = (...given: unknown[]) => {
      const asked: unknown = Reflect.get(globalThis, 'asked');
      if (Array.isArray(asked)) asked.push(given.at(-1));
      return new Promise(() => undefined);
    };
  });
  await app.clickClose();
  await app.clickClose();
  expect(await app.questions()).toEqual(['in-many.txt is still running.']);
  // A signal waits for no answer.
  await app.interrupt();
});

test('the files of last time are in the sidebar and in the menu, until they are gone or forgotten', async ({
  launch,
  folder,
}) => {
  const one = join(folder, 'in-one.txt');
  await writeFile(one, 'one\n');
  const app = await launch({ args: [one] });
  await app.settled(1);
  await app.drop(SEVEN_LINES);
  await app.settled(2);
  await app.answerSave(join(folder, 'seven.socketscope'));
  await app.header.button('Save run').click();
  await expect(app.done).toContainText('Saved seven.socketscope');
  expect(await recent(app)).toEqual(['seven.socketscope', 'in-proj.txt', 'in-one.txt']);
  await app.shot('recent');
  await app.closeWindow();

  const later = await launch({ userData: app.userData });
  expect(await recent(later)).toEqual(['seven.socketscope', 'in-proj.txt', 'in-one.txt']);
  expect(await recentInMenu(later)).toEqual([
    'seven.socketscope',
    'in-proj.txt',
    'in-one.txt',
    '',
    'Clear this list',
  ]);
  await later.sidebar.recent.getByRole('button', { name: 'seven.socketscope' }).click();
  await later.settled(1);
  await later.chooseInMenu('in-one.txt');
  await later.settled(2);
  expect(await recent(later)).toEqual(['in-one.txt', 'seven.socketscope', 'in-proj.txt']);

  await rm(one);
  await later.sidebar.recent.getByRole('button', { name: 'in-one.txt' }).click();
  await expect(later.alert).toContainText(one);
  expect(await recent(later)).toEqual(['seven.socketscope', 'in-proj.txt']);
  await later.sidebar.button('Clear this list').click();
  await expect(later.sidebar.recent).toBeHidden();
  expect(await recentInMenu(later)).toEqual(['Clear this list']);
});

test('the window comes back where it was, as large as it was', async ({ launch }) => {
  const app = await launch();
  const wanted = { x: 40, y: 30, width: 1_100, height: 700 };
  const bounds = (of: SocketScope): Promise<unknown> =>
    of.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds());
  await app.electron.evaluate(({ BrowserWindow }, rectangle) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(rectangle);
  }, wanted);
  await expect.poll(() => bounds(app)).toEqual(wanted);
  await app.closeWindow();
  expect(await bounds(await launch({ userData: app.userData }))).toEqual(wanted);
});

test('the theme is the one that was chosen, also at the next start', async ({ launch }) => {
  const app = await launch();
  const dark = async (of: SocketScope): Promise<boolean> => {
    // Playwright has a scheme of its own for its pages: here it is the app's that counts.
    await of.page.emulateMedia({ colorScheme: null });
    return await of.page.evaluate(() => window.matchMedia('(prefers-color-scheme: dark)').matches);
  };
  await app.call('settings:change', { theme: 'light' });
  await expect.poll(() => dark(app)).toBe(false);
  await app.call('settings:change', { theme: 'dark' });
  await expect.poll(() => dark(app)).toBe(true);
  await app.closeWindow();
  const later = await launch({ userData: app.userData });
  expect(await dark(later)).toBe(true);
  await later.call('settings:reset');
  const source = await later.electron.evaluate(({ nativeTheme }) => nativeTheme.themeSource);
  expect(source).toBe('system');
});

test('light and dark are chosen in the settings or in the menu, which say the same', async ({ launch }) => {
  const app = await launch();
  await app.page.emulateMedia({ colorScheme: null });
  const isDark = (): Promise<boolean> =>
    app.page.evaluate(() => window.matchMedia('(prefers-color-scheme: dark)').matches);
  const inMenu = (): Promise<string | undefined> =>
    app.electron.evaluate(
      ({ Menu }) =>
        Menu.getApplicationMenu()
          ?.items.flatMap((item) => item.submenu?.items ?? [])
          .find((item) => item.type === 'radio' && item.checked)?.label,
    );
  expect(await inMenu()).toBe('&As the system');
  await app.press('ControlOrMeta+,');
  await app.settings.choice('Dark').check();
  await expect.poll(isDark).toBe(true);
  await expect.poll(inMenu).toBe('&Dark');
  await app.chooseInMenu('Light');
  await expect(app.settings.choice('Light')).toBeChecked();
  await expect.poll(isDark).toBe(false);
  await app.settings.button('Reset everything').click();
  await expect(app.settings.choice('As the system')).toBeChecked();
  await expect.poll(inMenu).toBe('&As the system');
});

// Copying and saving: everything that is shown can be copied in the form that the place wants where it is pasted, whole
// and not only as far as it is rendered.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, linesFile, SEVEN_LINES, test, type SocketScope } from './app.ts';

function clipboard(app: SocketScope): Promise<string> {
  return app.electron.evaluate(({ clipboard: system }) => system.readText());
}

async function expectClipboard(app: SocketScope, wanted: string | RegExp): Promise<void> {
  await expect
    .poll(() => clipboard(app), { intervals: [20] })
    .toEqual(typeof wanted === 'string' ? wanted : expect.stringMatching(wanted));
}

/** Forgets what was copied, so that the next copy is seen. */
async function forget(app: SocketScope): Promise<void> {
  await app.electron.evaluate(({ clipboard: system }) => system.writeText('nothing was copied'));
}

async function choose(app: SocketScope, words: string): Promise<void> {
  await app.contextMenu.getByRole('menuitem', { name: words, exact: true }).click();
  await expect(app.contextMenu).toBeHidden();
}

test('what is selected in the transcript and the lines is copied a line each, and all of it is all of the run', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [await linesFile(folder, 'in-many.txt', 2_000)] });
  await app.settled(1);
  await app.press('End');
  await app.tab('Transcript').click();
  const rows = app.transcript.locator('.transcript-line');
  await expect(rows.last()).toHaveText('Done.');
  await app.transcript.click();
  await app.press('ControlOrMeta+A', 'ControlOrMeta+C');
  await expectClipboard(app, /^\[S\]: Server socket created\n[^]*\nDone\.\n$/);
  expect(
    (await clipboard(app)).split('\n').filter((line) => line.startsWith('[S]: Data received')),
  ).toHaveLength(2_000);
  await expect(app.done).toContainText('Copied the transcript: 4,0');

  await forget(app);
  const [from, to] = [rows.nth(-3), rows.last()];
  const texts = await Promise.all([from, rows.nth(-2), to].map((row) => row.innerText()));
  // A press on what is selected would drag it.
  await to.click();
  const start = await from.boundingBox();
  const end = await to.boundingBox();
  await app.page.mouse.move((start?.x ?? 0) + 1, (start?.y ?? 0) + 8);
  await app.page.mouse.down();
  await app.page.mouse.move((end?.x ?? 0) + 400, (end?.y ?? 0) + 12);
  await app.page.mouse.up();
  await app.press('ControlOrMeta+C');
  await expectClipboard(app, texts.join('\n'));

  await app.root.getByRole('tab', { name: 'Lines' }).click();
  await app.lines.rows.nth(3).click();
  await app.press('ControlOrMeta+A', 'ControlOrMeta+C');
  await expectClipboard(app, /^line\tsent\t[^]*\n2000\t1999 abc[^]*\n$/);
  expect((await clipboard(app)).split('\n')).toHaveLength(2_002);

  // A field selects its own text; nothing else of the window.
  const port = app.sidebar.number('Port');
  await port.click();
  await app.press('ControlOrMeta+A', 'ControlOrMeta+C');
  await expectClipboard(app, await port.inputValue());
});

test('the context menu copies and saves lines, facts and bytes, by the mouse and by keys', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.page.emulateMedia({ reducedMotion: 'reduce' });
  await app.settled(1);
  await app.press('End');
  await app.lines.row(/^1 ?HELLO/).click({ button: 'right' });
  await expect(app.contextMenu).toBeVisible();
  await app.shots('context-menu-line');
  await choose(app, 'Copy line 1 with tabs between its cells');
  await expectClipboard(app, /^1\tHELLO\tOLLEH\t\d+ us$/);

  await app.lines.row(/^1 ?HELLO/).click({ button: 'right' });
  const lines = join(folder, 'lines.tsv');
  await app.answerSave(lines);
  await choose(app, 'Save all lines…');
  await expect(app.done).toContainText('Saved lines.tsv');
  expect(await app.offeredPath()).toMatch(/in-proj-lines\.tsv$/);
  expect((await readFile(lines, 'utf8')).split('\n').slice(1, 3)).toEqual([
    expect.stringMatching(/^1\tHELLO\tOLLEH\t1\t1\t\d+$/),
    expect.stringMatching(/^2\tWelcome to CS 352!\t!253 SC ot emocleW\t1\t1\t\d+$/),
  ]);

  // The picture has no focus of its own: the Menu key asks about the fact at the cursor.
  const facts = await app.facts();
  const sent = facts.find((fact) => fact.kind === 'wrote')?.seq ?? 0;
  await app.timeBar.scrubTo(sent);
  await app.root.getByRole('heading', { name: 'SocketScope' }).click();
  await app.press('Shift+F10');
  await expect(app.contextMenu).toBeVisible();
  await app.shots('context-menu-fact');
  await app.press('ArrowDown', 'ArrowDown', 'Enter');
  await expect(app.contextMenu).toBeHidden();
  await expectClipboard(app, new RegExp(`^\\{"seq":${sent},.*\\}$`));
  await expect(app.root).toHaveAttribute('data-cursor', String(sent));
  for (const [form, copied] of [
    ['text', 'HELLO\n'],
    ['hex', '48 45 4c 4c 4f 0a'],
    ['a Python literal', String.raw`b'HELLO\n'`],
  ] as const) {
    await app.wire.ladder.locator(`[data-fact="${sent}"] text`).first().click({ button: 'right' });
    await choose(app, `Copy the bytes as ${form}`);
    await expectClipboard(app, copied);
  }
  const bytes = join(folder, 'bytes');
  await app.answerSave(bytes);
  await app.wire.ladder.locator(`[data-fact="${sent}"] text`).first().click({ button: 'right' });
  await choose(app, 'Save the bytes…');
  await expect(app.done).toContainText('Saved bytes');
  expect(await readFile(bytes, 'utf8')).toBe('HELLO\n');

  await app.tab('Transcript').click();
  await app.transcript.locator('.transcript-line').first().click({ button: 'right' });
  await choose(app, 'Copy this line');
  await expectClipboard(app, '[S]: Server socket created');
  // Escape closes the menu and nothing else, and the keys go on as before.
  await app.transcript.click({ button: 'right' });
  await app.press('Escape');
  await expect(app.contextMenu).toBeHidden();
  await app.press('Home');
  await expect(app.root).toHaveAttribute('data-cursor', '0');
});

test('a text field has the menu of the system', async ({ launch }) => {
  const app = await launch();
  await app.electron.evaluate(({ Menu }) => {
    Menu.prototype.popup = function popup(this: Electron.Menu) {
      Reflect.set(
        globalThis,
        'poppedUp',
        this.items.filter(({ enabled, type }) => enabled && type !== 'separator').map(({ role }) => role),
      );
    };
  });
  const port = app.sidebar.number('Port');
  await port.fill('123');
  await port.selectText();
  await port.click({ button: 'right' });
  const roles = (): Promise<string> =>
    app.electron.evaluate(() => String(Reflect.get(globalThis, 'poppedUp')));
  await expect.poll(roles).toMatch(/cut,copy,.*selectall/);
  await expect(app.contextMenu).toBeHidden();
});

// Keys mean the same wherever the focus is: after a click on any control they do what they do with no focus at all, and a
// control that was reached by keyboard has the keys that its role needs.

import { join } from 'node:path';

import type { Locator } from '@playwright/test';

import { expect, SEVEN_LINES, test, type SocketScope } from './app.ts';

function cursor(app: SocketScope): Promise<string | null> {
  return app.root.getAttribute('data-cursor');
}

async function expectCursor(app: SocketScope, seq: string): Promise<void> {
  await expect(app.root).toHaveAttribute('data-cursor', seq);
}

/** Presses Tab until the control has the focus. */
async function tabTo(app: SocketScope, control: Locator): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await app.press('Tab');
  }
  throw new Error('Tab does not get there');
}

/** A run of the sample, seen to its end, with steps that do not glide. */
async function ranSample(launch: (options: object) => Promise<SocketScope>): Promise<SocketScope> {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.page.emulateMedia({ reducedMotion: 'reduce' });
  await app.settled(1);
  await app.press('End');
  await expect(app.root).toHaveAttribute('data-moving', 'false');
  return app;
}

/** What is clicked, by name: one of every kind of control. */
function controlsOf(app: SocketScope): Readonly<Record<string, Locator>> {
  return {
    'a line': app.lines.row(3),
    'a tab': app.tab('Transcript'),
    'the transcript': app.transcript,
    'the other tab': app.root.getByRole('tab', { name: 'Lines' }),
    'a speed': app.timeBar.speed,
    'the time bar': app.timeBar.slider,
    'a button of the time bar': app.timeBar.button('Step back'),
    'a button with words': app.wire.button('Why?'),
    'the chosen experiment': app.sidebar.entry('Reverse a file'),
    'an option': app.sidebar.choice('code point'),
    'the words of an option': app.sidebar.root.getByText('character', { exact: true }),
    'a language': app.evidence.root.getByRole('radio', { name: 'Node' }),
    'a program': app.evidence.program('server'),
    'a fact of the picture': app.wire.ladder.locator('[data-fact] text').last(),
    'the picture': app.wire.ladder,
    'the result': app.button(/^Drag out-proj\.txt/),
    'the heading': app.root.getByRole('heading', { name: 'SocketScope' }),
  };
}

test('after a click on any control the keys do what they do everywhere', async ({ launch, folder }) => {
  const app = await ranSample(launch);
  const last = String(await cursor(app));
  const keys = app.dialog('Keys');
  await app.answerSave(join(folder, 'out.txt'));
  for (const [name, control] of Object.entries(controlsOf(app))) {
    await test.step(name, async () => {
      await control.click();
      // What a click opens is closed by its own Escape.
      await app.press('Escape');
      await app.press('End');
      await expectCursor(app, last);
      await app.press('Home');
      await expectCursor(app, '0');
      await app.press('ArrowRight');
      await app.press('ArrowRight');
      const second = String(await cursor(app));
      expect(Number(second)).toBeGreaterThan(1);
      await app.press('ArrowLeft');
      await expect(app.root).not.toHaveAttribute('data-cursor', second);
      await app.press('ArrowRight');
      await expectCursor(app, second);
      await app.press('Space');
      await expect(app.root).toHaveAttribute('data-moving', 'true');
      await app.press('Space');
      await expect(app.root).toHaveAttribute('data-moving', 'false');
      await app.press('?');
      await expect(keys).toBeVisible();
      await app.press('Escape');
      await expect(keys).toBeHidden();
      await app.press('ControlOrMeta+S');
      await expect(app.done).toContainText('Saved out.txt');
      await app.press('Escape');
      await expect(app.done).toBeHidden();
      // Enter would press a button again that was clicked.
      await app.press('Enter');
      await app.press('End');
      await expectCursor(app, last);
    });
  }
});

test('a control that was reached by keyboard has the keys of its role, and no others', async ({ launch }) => {
  const app = await ranSample(launch);
  const last = String(await cursor(app));

  const character = app.sidebar.choice('character');
  await tabTo(app, character);
  await app.press('ArrowDown');
  await expect(app.sidebar.choice('code point')).toBeChecked();
  await app.press('ArrowUp');
  await expect(character).toBeChecked();
  await app.press('Home');
  await expectCursor(app, '0');

  const tryIt = app.sidebar.text('Try it on');
  await tabTo(app, tryIt);
  await app.press('End', 'Space', '?', 'Home', 'ArrowRight', 'Backspace');
  await expect(tryIt).toHaveValue(/ \?$/);
  await expectCursor(app, '0');
  await expect(app.root).toHaveAttribute('data-moving', 'false');

  const lines = app.root.getByRole('tab', { name: 'Lines' });
  await tabTo(app, lines);
  const transcriptTab = app.tab('Transcript');
  while ((await transcriptTab.getAttribute('aria-selected')) !== 'true') {
    await app.press('ArrowRight');
    await app.twoFrames();
  }
  await expectCursor(app, '0');
  await tabTo(app, app.transcript);
  await app.press('End', 'ArrowDown');
  await expectCursor(app, '0');
  await app.press('ArrowRight');
  await expect(app.root).not.toHaveAttribute('data-cursor', '0');
  await tabTo(app, app.tab('Transcript'));
  await app.press('Home');
  await expect(lines).toHaveAttribute('aria-selected', 'true');

  await tabTo(app, app.lines.body);
  await app.press('ArrowDown', 'ArrowDown');
  const atLine = String(await cursor(app));
  await app.press('ArrowRight');
  const stepped = Number(await cursor(app));
  expect(stepped - Number(atLine)).toBeLessThan(4);
  expect(stepped).toBeGreaterThan(Number(atLine));

  await tabTo(app, app.timeBar.button('Step back'));
  await app.press('Space');
  await expectCursor(app, atLine);
  await expect(app.root).toHaveAttribute('data-moving', 'false');
  await tabTo(app, app.timeBar.slider);
  await app.press('Home');
  await expectCursor(app, '0');
  await app.press('End');
  await expectCursor(app, last);

  // Letters and signs of the picture's scale.
  const fit = app.wire.button('Fit');
  await app.press('f');
  await expect(fit).toHaveAttribute('aria-pressed', 'true');
  await app.press('=');
  await expect(fit).toHaveAttribute('aria-pressed', 'false');
  await app.press('t');
  await expect(app.wire.button('Time to scale')).toHaveAttribute('aria-pressed', 'true');
  await app.press('t', '0');

  await tabTo(app, app.timeBar.speed);
  const speed = await app.timeBar.speed.inputValue();
  await app.press('ArrowDown');
  await expect(app.timeBar.speed).not.toHaveValue(speed);
  await expectCursor(app, last);
  await app.press('?');
  await expect(app.dialog('Keys')).toBeVisible();
  // A dialog has its keys to itself, also after a click that leaves nothing in it with the focus.
  await app.dialog('Keys').getByRole('row').first().click();
  await app.press('Home', 'Space');
  await expectCursor(app, last);
  await expect(app.root).toHaveAttribute('data-moving', 'false');
});

/** The entries of the menu Play, and whether each has something to do. */
function playMenu(app: SocketScope): Promise<Readonly<Record<string, boolean>>> {
  return app.electron.evaluate(({ Menu }) => {
    const items =
      Menu.getApplicationMenu()?.items.find(({ label }) => label === '&Play')?.submenu?.items ?? [];
    return Object.fromEntries(
      items.filter(({ type }) => type !== 'separator').map(({ id, enabled }) => [id, enabled]),
    );
  });
}

test('the menu plays and steps, and what has nothing to do is greyed in it', async ({ launch }) => {
  const app = await launch();
  const enabledIn = (id: string): Promise<boolean | undefined> =>
    app.electron.evaluate(
      ({ Menu }, wanted) => Menu.getApplicationMenu()?.getMenuItemById(wanted)?.enabled,
      id,
    );
  await expect.poll(() => enabledIn('open')).toBe(true);
  expect(await playMenu(app)).toEqual({
    play: false,
    'step-forward': false,
    'step-back': false,
    'to-start': false,
    'to-end': false,
  });
  for (const id of ['save-result', 'save-run', 'cancel']) expect(await enabledIn(id), id).toBe(false);
  for (const id of ['cut', 'copy', 'paste', 'undo', 'select-all'])
    expect(await enabledIn(id), id).toBe(false);
  await app.sidebar.number('Port').click();
  for (const id of ['cut', 'copy', 'paste', 'select-all'])
    await expect.poll(() => enabledIn(id), id).toBe(true);
  await app.root.getByRole('heading', { name: 'SocketScope' }).click();
  await expect.poll(() => enabledIn('paste')).toBe(false);
  await expect(app.page).toHaveTitle('Reverse a file – SocketScope');

  await app.chooseInMenu('Run again');
  await app.settled(1);
  await app.chooseInMenu('To the end');
  await expect.poll(() => playMenu(app)).toMatchObject({ 'step-forward': false, 'step-back': true });
  for (const id of ['save-result', 'save-run', 'run']) expect(await enabledIn(id), id).toBe(true);
  const last = String(await cursor(app));
  await app.chooseInMenu('Step back');
  await expect(app.root).not.toHaveAttribute('data-cursor', last);
  await app.chooseInMenu('To the start');
  await expectCursor(app, '0');
  await app.chooseInMenu('Play or pause');
  await expect(app.root).toHaveAttribute('data-moving', 'true');
  await app.chooseInMenu('Play or pause');
  await app.chooseInMenu('To the start');
  await expectCursor(app, '0');
  await expect.poll(() => playMenu(app)).toMatchObject({ 'to-start': false, 'to-end': true });

  const title = (): Promise<string | undefined> =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle());
  await expect.poll(title).toBe('in-proj.txt – Reverse a file – SocketScope');
  await app.sidebar.choose('Welcome');
  await expect.poll(title).toBe('Welcome – SocketScope');
  await expect.poll(() => enabledIn('play')).toBe(false);
});

test('the palette has every command, finds it by some letters, and runs it', async ({ launch }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.page.emulateMedia({ reducedMotion: 'reduce' });
  await app.settled(1);
  await app.press('End');
  const palette = app.dialog('Commands');
  const field = palette.getByRole('combobox', { name: 'Command' });
  const options = palette.getByRole('option');

  await app.lines.row(2).click();
  await app.press('ControlOrMeta+Shift+P');
  await expect(field).toBeFocused();
  await expect(options.first()).toContainText('Play or pause');
  await expect(options.filter({ hasText: 'Save the run' })).toContainText(/(Ctrl\+Shift\+|⇧⌘)S/);
  // What has nothing to do is there, behind all others, and cannot be run.
  await expect(options.filter({ hasText: 'Cancel the run' })).toHaveAttribute('aria-disabled', 'true');
  await app.shots('palette');
  await field.pressSequentially('tost');
  await expect(options.first()).toHaveText(/^To the start/);
  await app.shots('palette-typed');
  await app.press('Enter');
  await expect(palette).toBeHidden();
  await expectCursor(app, '0');
  // The click on the line is no trap, also after the palette.
  await app.press('ArrowRight', 'ArrowRight');
  await expect(app.root).not.toHaveAttribute('data-cursor', '0');

  await app.press('ControlOrMeta+Shift+P');
  await field.pressSequentially('speed real');
  await app.press('Enter');
  await expect(app.timeBar.speed).toHaveValue('time-1');
  await app.chooseInMenu('Find a command…');
  await field.pressSequentially('show all k');
  await app.press('Enter');
  await expect(app.dialog('Keys')).toBeVisible();
  await app.press('Escape');
  await app.press('ControlOrMeta+Shift+P');
  await field.fill('qqq');
  await expect(options).toHaveCount(0);
  await app.press('Escape');
  await expect(palette).toBeHidden();
  await app.press('ControlOrMeta+Shift+P');
  await options.filter({ hasText: 'Welcome' }).click();
  await expect(app.page).toHaveTitle('Welcome – SocketScope');
});

test('the presentation has the keys of a presenter', async ({ launch }) => {
  const app = await ranSample(launch);
  await app.press('Home', 'F11');
  const end = app.button('End the presentation');
  await expect(end).toBeVisible();
  await app.press('PageDown', 'PageDown');
  await expect(app.root).not.toHaveAttribute('data-cursor', '0');
  await app.press('PageUp', 'PageUp');
  await expectCursor(app, '0');
  await app.press('Escape');
  await expect(end).toBeHidden();
  // Without it the page keys are those of what scrolls.
  await app.press('PageDown');
  await expectCursor(app, '0');
});

// The guide of a first start: it goes on by what a person does, covers nothing, and is there once.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, SEVEN_LINES, type SocketScope, test } from './app.ts';

const FIRST_START = { settings: { guideDone: false } } as const;

async function isDone(app: SocketScope): Promise<boolean> {
  return (await app.call('settings:change', {})).guideDone;
}

/** The visible elements that the guide's card covers; none, as it has room of its own. */
async function isCoveredOrCovers(app: SocketScope): Promise<boolean> {
  const card = await app.guide.root.boundingBox();
  if (card === null) throw new Error('the guide is not shown');
  for (const other of ['nav', '.wire', '.lower', '.app > header', '.app > .time-bar', 'aside']) {
    for (const element of await app.page.locator(other).all()) {
      const box = await element.boundingBox();
      if (box === null) continue;
      const apart =
        box.x + box.width <= card.x + 0.5 ||
        card.x + card.width <= box.x + 0.5 ||
        box.y + box.height <= card.y + 0.5 ||
        card.y + card.height <= box.y + 0.5;
      if (!apart) return true;
    }
  }
  return false;
}

test('a first start is led from the first run to the saved result, by what the person does', async ({
  launch,
  folder,
}) => {
  const app = await launch(FIRST_START);
  const card = app.guide.root;
  await expect(card).toContainText('Step 1 of 5');
  await expect(card).toContainText('Press Run the sample, or drop your in-proj.txt anywhere.');
  await expect(card.locator('[aria-live="polite"]')).toContainText('Step 1 of 5');
  await expect(card.getByRole('button')).toHaveText(['Skip the guide']);
  await app.wire.button('Run the sample').click();
  await app.settled(1);

  await expect(card).toContainText('Step 2 of 5');
  await expect(app.root).toHaveAttribute('data-guide', 'time');
  await app.press('Space');
  await expect(app.root).toHaveAttribute('data-moving', 'false');

  await expect(card).toContainText('Step 3 of 5');
  await app.lines.row('Welcome to CS 352!').click();

  await expect(card).toContainText('Step 4 of 5');
  await expect(card).toContainText(/picked both ports, \d+ for the client/);
  await app.guide.button('Next').click();

  await expect(card).toContainText('Save out-proj.txt with');
  // Dismissed: nothing was saved, and the guide stays.
  await app.answerSave(undefined);
  await app.press('ControlOrMeta+s');
  await expect.poll(() => app.offeredPath()).toContain('out-proj.txt');
  expect(await isDone(app)).toBe(false);
  await expect(card).toContainText('Step 5 of 5');
  await app.answerSave(join(folder, 'out-proj.txt'));
  await app.press('ControlOrMeta+s');
  await expect(app.done).toContainText('Saved out-proj.txt');

  await expect(card).toContainText('Where to go next');
  await expect.poll(() => isDone(app)).toBe(true);
  await app.sidebar.choose('Lost boundaries');
  await expect(card).toHaveCount(0);
  await app.sidebar.choose('Reverse a file');
  await expect(card).toHaveCount(0);
  await expect(app.root).not.toHaveAttribute('data-guide');
});

test('playing that comes to its end by itself does not count as a task', async ({ launch }) => {
  const app = await launch({ ...FIRST_START, args: [SEVEN_LINES] });
  await app.settled(1);
  await app.timeBar.speed.selectOption({ label: 'very fast: 300 facts a second' });
  await expect(app.root).toHaveAttribute('data-moving', 'false');
  const last = (await app.root.getAttribute('data-last-seq')) ?? '';
  await expect(app.root).toHaveAttribute('data-cursor', last);
  await expect(app.guide.root).toContainText('Step 2 of 5');
  await app.press('ArrowLeft');
  await expect(app.guide.root).toContainText('Step 3 of 5');
  // The row that it asks for is in sight, though the table has followed the cursor to the last one.
  await expect(app.lines.row('Welcome to CS 352!')).toBeInViewport({ ratio: 1 });
  await expect(app.evidence.program('server')).toBeVisible();
  await app.lines.row('Welcome to CS 352!').click();
  await expect(app.guide.root).toContainText('Step 4 of 5');
  await expect(app.evidence.root).toContainText('picked by the kernel');
});

test('a file given at the first start is run, and the guide begins behind that', async ({
  launch,
  folder,
}) => {
  const path = join(folder, 'one.txt');
  await writeFile(path, 'only this');
  const app = await launch({ ...FIRST_START, args: [path] });
  await app.settled(1);
  await expect(app.guide.root).toContainText('Step 2 of 5');
  await app.press('Space');
  await expect(app.guide.root).toContainText('Click line 1 in the table');
});

test('Escape in the guide skips it for this start and the next; the menu and F1 bring it back', async ({
  launch,
}) => {
  const app = await launch(FIRST_START);
  const skip = app.guide.button('Skip the guide');
  // By the keyboard alone, from the top of the window.
  for (let presses = 0; presses < 60; presses += 1) {
    await app.press('Tab');
    if (await skip.evaluate((button) => button === document.activeElement)) break;
  }
  await expect(skip).toBeFocused();
  await app.press('Escape');
  await expect(app.guide.root).toHaveCount(0);
  await expect.poll(() => isDone(app)).toBe(true);
  await app.close();

  const later = await launch({ userData: app.userData });
  await later.sidebar.choose('Welcome');
  await expect(later.guide.root).toHaveCount(0);
  await later.chooseInMenu('Show the guide');
  await expect(later.guide.root).toContainText('Step 1 of 5');
  await expect(later.guide.root).toBeFocused();
  await later.guide.button('Skip the guide').click();
  await expect(later.guide.root).toHaveCount(0);
  await later.press('?');
  await expect(later.dialog('Keys').getByRole('row', { name: /F1\b/ })).toContainText('Show the guide');
  await later.press('Escape');
  await later.press('F1');
  await expect(later.guide.root).toContainText('Step 1 of 5');
});

test('by the keyboard alone: stepping onto line 2 counts, and what was saved early is not asked for again', async ({
  launch,
  folder,
}) => {
  const app = await launch({ ...FIRST_START, args: [SEVEN_LINES] });
  await app.settled(1);
  await app.answerSave(join(folder, 'out-proj.txt'));
  await app.press('ControlOrMeta+s');
  await expect(app.done).toContainText('Saved out-proj.txt');
  const facts = await app.facts();
  const transformed = facts.find((fact) => fact.kind === 'line-transformed' && fact.line === 2)?.seq ?? 0;
  await app.timeBar.scrubTo(transformed - 2);
  await expect(app.guide.root).toContainText('Step 3 of 5');
  while (Number(await app.root.getAttribute('data-cursor')) < transformed) {
    await expect(app.guide.root).toContainText('Step 3 of 5');
    await app.press('ArrowRight');
    await expect(app.root).toHaveAttribute('data-moving', 'false');
  }
  await expect(app.guide.root).toContainText('Step 4 of 5');
  await app.guide.button('Next').press('Enter');
  // The result was saved before: nothing is asked for twice.
  await expect(app.guide.root).toContainText('Where to go next');
});

test('with another experiment chosen the guide waits, and goes on where it was', async ({ launch }) => {
  const app = await launch({ ...FIRST_START, args: [SEVEN_LINES] });
  await app.settled(1);
  await app.sidebar.choose('Reverse a string');
  await expect(app.guide.root).toHaveCount(0);
  await expect(app.root).not.toHaveAttribute('data-guide');
  await app.sidebar.choose('Reverse a file');
  // Choosing paused the player; the person did not.
  await expect(app.guide.root).toContainText('Step 2 of 5');
});

test('a reset of everything shows the guide again, and its undo takes it away', async ({ launch }) => {
  const app = await launch();
  await expect(app.guide.root).toHaveCount(0);
  await app.press('ControlOrMeta+,');
  await app.settings.button('Reset everything').click();
  await expect(app.guide.root).toHaveCount(1);
  await app.settings.button('Undo').click();
  await expect(app.guide.root).toHaveCount(0);
});

for (const { width, height } of [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
  { width: 640, height: 480 },
]) {
  test(`at ${width}x${height} the guide covers nothing, in light and dark`, async ({ launch, folder }) => {
    const app = await launch(FIRST_START);
    await app.page.setViewportSize({ width, height });
    for (const colorScheme of ['dark', 'light'] as const) {
      await app.page.emulateMedia({ colorScheme });
      expect(await isCoveredOrCovers(app)).toBe(false);
      await app.shot(`guide-1-${width}-${colorScheme}`);
    }
    await app.drop(SEVEN_LINES);
    await app.settled(1);
    await expect(app.guide.root).toContainText('Step 2 of 5');
    await app.shot(`guide-2-${width}`);
    await app.press('Space');
    await expect(app.guide.root).toContainText('Step 3 of 5');
    expect(await isCoveredOrCovers(app)).toBe(false);
    await app.shot(`guide-3-${width}`);
    await app.lines.row('Welcome to CS 352!').click();
    await expect(app.guide.root).toContainText('Step 4 of 5');
    await app.shot(`guide-4-${width}`);
    await app.guide.button('Next').click();
    await app.shots(`guide-5-${width}`);
    expect(await isCoveredOrCovers(app)).toBe(false);
    await app.answerSave(join(folder, 'out-proj.txt'));
    await app.header.button('Save out-proj.txt').click();
    await expect(app.guide.root).toContainText('Where to go next');
    await app.done.getByRole('button', { name: 'Dismiss' }).click();
    await app.shot(`guide-6-${width}`);
    await app.guide.button('Done').click();
    await expect(app.guide.root).toHaveCount(0);
    await app.shot(`guide-7-${width}`);
  });
}

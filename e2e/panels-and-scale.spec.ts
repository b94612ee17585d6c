// How the window is divided, and at which scale the picture is drawn.

import { expect, test, type SocketScope } from './app.ts';

/** The share of the window that the picture has: the heads of the lanes and the ladder. */
async function shareOfPicture(app: SocketScope): Promise<number> {
  let pixels = 0;
  for (const part of ['.wire .ends', '.wire .wire-canvas']) {
    const box = await app.page.locator(part).boundingBox();
    pixels += (box?.width ?? 0) * (box?.height ?? 0);
  }
  return pixels / (await app.page.evaluate(() => innerWidth * innerHeight));
}

test('the picture has the window: panels are resized and folded, by pointer and key, and stay so', async ({
  launch,
}) => {
  const app = await launch();
  await app.resize(1440, 900);
  await app.runToTheEnd();
  expect(await shareOfPicture(app)).toBeGreaterThanOrEqual(0.45);
  await app.resize(1280, 800);
  expect(await shareOfPicture(app)).toBeGreaterThanOrEqual(0.4);

  // What is dragged is as large as it was dragged, and the library's style for the pointer is let through.
  const splitter = app.root.getByRole('separator', { name: 'Height of the tables' });
  const before = (await app.page.locator('.wire').boundingBox())?.height ?? 0;
  // Not in its middle, where the splitter of the evidence meets it.
  await splitter.hover({ position: { x: 100, y: 0 } });
  await app.page.mouse.down();
  const at = await splitter.boundingBox();
  await app.page.mouse.move((at?.x ?? 0) + 100, (at?.y ?? 0) - 60, { steps: 4 });
  await app.page.mouse.up();
  await expect
    .poll(async () => (await app.page.locator('.wire').boundingBox())?.height ?? 0)
    .toBeLessThan(before - 40);
  const dragged = (await app.page.locator('.wire').boundingBox())?.height ?? 0;
  await splitter.focus();
  await app.press('ArrowDown');
  await expect
    .poll(async () => (await app.page.locator('.wire').boundingBox())?.height ?? 0)
    .toBeGreaterThan(dragged);

  await app.press('ControlOrMeta+e');
  await expect(app.evidence.root).toBeHidden();
  await app.wire.button('Tables').click();
  await expect(app.lines.root).toBeHidden();
  await app.wire.button('Experiments and options').click();
  await expect(app.sidebar.root).toBeHidden();
  expect(await shareOfPicture(app)).toBeGreaterThan(0.7);
  await app.shot('panels-folded');
  await app.close();

  const later = await launch({ userData: app.userData });
  await expect(later.sidebar.root).toBeHidden();
  await later.wire.button('Experiments and options').click();
  await expect(later.sidebar.root).toBeVisible();

  // A window that was small for a while is divided as before.
  const widthOfSidebar = async (): Promise<number> => (await later.sidebar.root.boundingBox())?.width ?? 0;
  await later.resize(1440, 900);
  const usual = await widthOfSidebar();
  await later.resize(900, 600, 2);
  await later.resize(1440, 900);
  expect(await widthOfSidebar()).toBeCloseTo(usual, 0);
});

test('the details of a fact stand beside it, and go by their button', async ({ launch }) => {
  const app = await launch();
  await app.resize(1440, 900);
  await app.runToTheEnd();
  const row = app.wire.labels.filter({ hasText: 'end of stream' }).first();
  await row.click();
  await expect(app.wire.chosen).toContainText('end of stream');
  const card = await app.wire.chosen.boundingBox();
  const label = await row.boundingBox();
  if (card === null || label === null) throw new Error('nothing was chosen');
  // Whole, in the picture, and not over the words of the row.
  expect(card.y + card.height).toBeLessThanOrEqual(900);
  const covers =
    card.x < label.x + label.width &&
    label.x < card.x + card.width &&
    card.y < label.y + label.height &&
    label.y < card.y + card.height;
  expect(covers).toBe(false);
  await app.shot('chosen-fact');
  await app.press('Escape');
  await expect(app.wire.chosen).toBeHidden();
});

test('all facts of a small run fit into one view, rows zoom, and time can be to scale', async ({
  launch,
}) => {
  const app = await launch();
  await app.resize(1440, 900);
  await app.runToTheEnd();
  const circles = app.wire.ladder.locator('.row circle');
  const some = await circles.count();
  const scale = app.wire.group('Scale of the picture');
  await scale.getByRole('button', { name: 'Fit' }).click();
  // The rows of all facts that have one: these have none.
  const without = ['run-started', 'ephemeral-range-read', 'host-named', 'run-ended'];
  const facts = (await app.facts()).filter(({ kind }) => !without.includes(kind));
  await expect(circles).toHaveCount(facts.length);
  expect(facts.length).toBeGreaterThan(some);
  const canvas = await app.page.locator('.wire-canvas').boundingBox();
  for (const circle of [circles.first(), circles.last()]) {
    const box = await circle.boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(canvas?.y ?? 0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual((canvas?.y ?? 0) + (canvas?.height ?? 0));
  }
  await app.shots('fit');

  for (let times = 0; times < 4; times += 1) await scale.getByRole('button', { name: 'Zoom in' }).click();
  await expect(circles).not.toHaveCount(facts.length);
  await scale.getByRole('button', { name: 'Time to scale' }).click();
  await expect(app.wire.root.getByRole('img', { name: /is \d+ pixels high/ })).toBeVisible();
  await app.press('f');
  // The server listened long before the client connected, beside what a round trip takes.
  await expect(app.wire.ladder.locator('.fold text').first()).toHaveText(/, not to scale$/);
  await app.shots('time-to-scale');
});

test('presenting: the picture alone, larger, until it is ended', async ({ launch }) => {
  const app = await launch();
  await app.resize(1440, 900);
  await app.runToTheEnd();
  await app.page.keyboard.press('Home');
  await app.press('F11');
  await expect(app.header.root).toBeHidden();
  await expect(app.sidebar.root).toBeHidden();
  await expect(app.lines.root).toBeHidden();
  await expect(app.timeBar.root).toBeVisible();
  await expect.poll(() => app.page.evaluate(() => devicePixelRatio)).toBeGreaterThan(1);
  expect(await shareOfPicture(app)).toBeGreaterThan(0.6);
  await app.shotOfWindow('presenting');
  // A presenter's remote control.
  await app.press('PageDown', 'PageDown', 'PageUp');
  await expect(app.root).toHaveAttribute('data-moving', 'false');
  await expect(app.root).not.toHaveAttribute('data-cursor', '0');
  await app.press('b');
  await expect(app.page.locator('.dark-screen')).toBeVisible();
  await app.press('b', 'Escape');
  await expect(app.page.locator('.dark-screen')).toBeHidden();
  await expect(app.sidebar.root).toBeVisible();
  await expect.poll(() => app.page.evaluate(() => devicePixelRatio)).toBe(1);
});

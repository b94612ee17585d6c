// What went wrong stands once, in the picture, and stays in sight; a notice belongs to a run and goes with it.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Locator } from '@playwright/test';

import { expect, factOf, linesFile, SEVEN_LINES, test, type SocketScope } from './app.ts';
import { holdPort } from './held-port.ts';

/** Whether all of it lies within the picture, and none of its text is cut. */
async function expectWhole(app: SocketScope, card: Locator): Promise<void> {
  await app.twoFrames();
  const canvas = await app.page.locator('.wire-canvas').boundingBox();
  const box = await card.boundingBox();
  if (canvas === null || box === null) throw new Error('the picture or its card is not drawn');
  expect(box.y).toBeGreaterThanOrEqual(canvas.y);
  expect(box.y + box.height).toBeLessThanOrEqual(canvas.y + canvas.height + 1);
  expect(await card.evaluate((element) => element.scrollHeight - element.clientHeight)).toBeLessThanOrEqual(
    1,
  );
}

test('a refusal is in sight at the end of its run, whole, in every window', async ({ launch }) => {
  const app = await launch();
  await app.sidebar.choose('Refused and in use', 'Port in use');
  await app.wire.button('Run').click();
  await app.settled(1);
  const { problem } = factOf(await app.facts(), 'failed');
  const { failure } = app.wire;
  for (const [width, height, zoom] of [
    [1440, 900, 1],
    [900, 600, 1],
    [1800, 1200, 2],
  ] as const) {
    await app.resize(width, height, zoom);
    await app.press('End');
    await expect(failure).toContainText(problem.message);
    await expectWhole(app, failure);
    await app.shotOfWindow(`refusal-${width}`);
  }
  await app.resize(1280, 800);
  await app.timeBar.scrubTo(factOf(await app.facts(), 'failed').seq);
  await expect(app.wire.now).toContainText('The second server’s listen() failed: EADDRINUSE');
  // Once: the sentence at the end and the evidence have it in other words, and no notice has it.
  await expect(
    app.page.locator('body').getByText(problem.message, { exact: true }).and(app.page.locator(':visible')),
  ).toHaveCount(1);
  await expect(app.alert).toHaveCount(0);
  await expect(app.evidence.portDoctor.root.getByRole('button')).toHaveCount(0);
  // It is meant to be refused.
  await expect(failure.getByRole('button')).toHaveCount(0);

  // What a program leaves behind keeps no other experiment from its port.
  await app.sidebar.number('Port').fill('50007');
  await app.press('Tab');
  await app.sidebar.choice('a program that has ended').check();
  await expect(app.sidebar.number('Port')).toHaveCount(0);
  await expect(app.sidebar.root).toContainText('the other experiments need port 50007');
  await app.shot('free-port-option');
});

test('a run that fails shows why where it failed, with its buttons, and nowhere else', async ({
  launch,
  folder,
}) => {
  const { holder, port } = await holdPort();
  try {
    const app = await launch({ args: [SEVEN_LINES], settings: { port } });
    await app.settled(1);
    const { failure } = app.wire;
    await expect(failure).toContainText(`Port ${port} on 127.0.0.1 is in use`);
    await expect(failure.getByRole('button')).toHaveText(['Wait and retry', 'Use a free port']);
    await expect(app.page.getByRole('button', { name: /wait and retry|free port/i })).toHaveCount(2);
    await expect(app.alert).toHaveCount(0);
    await app.shotsInSizes('failure');

    // A plot has no place for it: it stands above.
    await app.sidebar.choose('Ephemeral ports');
    await app.wire.button('Run').click();
    await app.settled(2);
    await expect(failure).toContainText(`Port ${port} on 127.0.0.1 is in use`);
    await app.shot('failure-plot');

    // A notice is about the window's last act; that of a run goes with it.
    const long = join(folder, 'long.txt');
    await writeFile(long, `one\n${'x'.repeat(200)}\n`);
    await app.call('settings:change', { port: 0, maxLineBytes: 100 });
    await app.drop(long);
    await app.settled(3);
    await expect(failure).toContainText('Line 2');
    await expect(failure.getByRole('button')).toHaveText(['Save what came back']);
    await app.sidebar.choose('Welcome');
    await expect(failure).toHaveCount(0);
  } finally {
    holder.close();
  }
});

test('where the person has stopped the cursor, a notice leads to what ended the run, and goes with it', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [await linesFile(folder, 'in-many.txt', 200_000)] });
  await app.underWay();
  await app.press('Home');
  await app.header.button('Cancel').click();
  await app.settled(1);
  await expect(app.done).toContainText('The run was cancelled.');
  await expect(app.wire.failure).toHaveCount(0);

  // Another run's picture: the notice is none of its business.
  await app.sidebar.choose('Welcome');
  await expect(app.done).toHaveCount(0);
  await app.sidebar.choose('Reverse a file');
  await app.done.getByRole('button', { name: 'Show it' }).click();
  await expect(app.wire.failure).toContainText('The run was cancelled before in-many.txt was through.');
  await expect(app.wire.failure.getByRole('button')).toHaveText(['Save what came back']);
  await app.shot('cancelled');
});

test('several notices cover neither each other nor the panels, and a question about a run goes with it', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [await linesFile(folder, 'in-many.txt', 200_000)] });
  await app.underWay();
  await app.resize(900, 600);
  await app.drop(SEVEN_LINES);
  await expect(app.alert).toContainText('in-many.txt is still running. Cancel it to run in-proj.txt');
  await app.answerOpen(join(folder, 'nothing.txt'));
  await app.header.button('Open a file').click();
  await expect(app.alert).toContainText('There is no file');
  const notices = app.page.getByRole('region', { name: 'Notices' });
  await expect(notices.getByRole('alert')).toHaveCount(2);
  await app.shot('notices');
  const box = await notices.boundingBox();
  const first = await notices.getByRole('alert').first().boundingBox();
  const last = await app.alert.boundingBox();
  const main = await app.page.getByRole('main').boundingBox();
  if (box === null || first === null || last === null || main === null) throw new Error('not drawn');
  expect(last.y).toBeGreaterThanOrEqual(first.y + first.height);
  expect(main.y).toBeGreaterThanOrEqual(box.y + box.height);

  await app.header.button('Cancel').click();
  await app.settled(1);
  await expect(app.page.getByRole('button', { name: 'Cancel it and run the new file' })).toHaveCount(0);
  await expect(notices.getByRole('alert')).toHaveCount(1);
});

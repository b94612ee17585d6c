// The runs since the start: listed, shown again, and where they were recorded.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, SEVEN_LINES, test } from './app.ts';

test('a run before the one that is shown is listed, shown again, and its result saved', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  const { runs } = app.sidebar;
  await expect(runs.button(/Reverse a file · in-proj.txt/)).toHaveText(/\d\d:\d\d:\d\d7 lines/);
  await app.sidebar.choice('upper case').check();
  await app.header.button('Run again').click();
  await app.settled(2);
  await expect(runs.root.getByRole('listitem')).toHaveCount(2);
  await app.sidebar.choose('Welcome');
  await app.header.button('Run').click();
  await app.settled(3);
  await expect(runs.root.getByRole('listitem')).toHaveCount(3);
  await expect(runs.root.locator('[aria-current]')).toContainText('Welcome');

  // The newest is on top.
  await runs.root.getByRole('listitem').nth(2).getByRole('button').first().click();
  await app.settled(1);
  await expect(runs.root.getByRole('listitem')).toHaveCount(3);
  await app.timeBar.toEnd();
  await expect(app.wire.summary).toContainText('7 lines');
  const target = join(folder, 'again.txt');
  await app.answerSave(target);
  await app.header.button('Save out-proj.txt').click();
  await expect(app.done).toContainText('Saved again.txt');
  expect((await readFile(target, 'utf8')).startsWith('OLLEH\n')).toBe(true);

  // When and where it was recorded, by the pointer and among the facts.
  await expect(app.header.root.locator('.chip-text')).toHaveAttribute(
    'title',
    /^Recorded \d+ \w+ \d{4}, \d\d:\d\d:\d\d, on .+, by SocketScope /,
  );
  await app.timeBar.scrubTo(1);
  await app.tab('Fact').click();
  await expect(app.evidence.root).toContainText(/SocketScope [\d.]+.* with Node.js/);
  await app.shot('runs');
});

test('of many runs the newest are kept, and none of their folders is left behind', async ({ launch }) => {
  const app = await launch();
  for (let run = 1; run <= 9; run += 1) {
    await app.call('run:start', { experiment: 'welcome' });
    await app.settled(run);
  }
  await expect(app.sidebar.runs.root.getByRole('listitem')).toHaveCount(8);
  await expect.poll(() => app.runFolders()).toHaveLength(8);
  const gone = await app.call('run:show-again', { run: 1 });
  expect(gone.ok ? 'shown' : gone.problem.code).toBe('run-replaced');
  const again = await app.call('run:show-again', { run: 2 });
  expect(again.ok).toBe(true);
  await app.settled(2);
  await app.close();
  expect(await app.runFolders()).toEqual([]);
});

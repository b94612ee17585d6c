// Two runs side by side: aligned, with one cursor for both, and the first difference named.

import { join } from 'node:path';

import { expect, factOf, SEVEN_LINES, test, type SocketScope } from './app.ts';

/** Runs the sample file twice, the second time with another option. */
async function runTwice(app: SocketScope): Promise<void> {
  await app.settled(1);
  await app.sidebar.choice('upper case').check();
  await app.header.button('Run again').click();
  await app.settled(2);
}

test('the first difference of two runs is named, and both ladders stand there', async ({ launch }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await runTwice(app);
  const { comparison } = app;
  await app.sidebar.runs.button(/^Compare with Reverse a file/).click();
  await expect(comparison.verdict).toHaveText(
    /^The first difference: fact \d+\. Here the server had line 1 whole and put it in upper case; there it had line 1 whole and reversed it by character\.$/,
  );
  await expect(comparison.inNumbers).toContainText('What the server does: upper case here, reverse there');
  await expect(comparison.inNumbers).toContainText(/Client port: \d+ here, \d+ there/);
  await expect(comparison.inNumbers).toContainText(/Median round trip: [\d.]+ .s here, [\d.]+ .s there/);

  await comparison.button('Go there').click();
  await expect(comparison.here.now).toContainText('put it in upper case');
  await expect(comparison.there.now).toContainText('reversed it by character');

  // One cursor moves both, by keys as ever.
  await app.press('ArrowRight');
  await expect(comparison.here.now).toContainText('The server wrote line 1: 6 bytes.');
  await expect(comparison.there.now).toContainText('The server wrote line 1: 6 bytes.');
  await app.press('ArrowRight');
  await expect(comparison.here.ladder).toContainText('HELLO⏎');
  await expect(comparison.there.ladder).toContainText('OLLEH⏎');
  await app.shots('comparison');
  await app.shotsInSizes('comparison');

  // Aligned by a line, and moved by time.
  await comparison.line.fill('3');
  await comparison.button('Align').click();
  await expect(comparison.here.now).toContainText('The client wrote line 3');
  await expect(comparison.there.now).toContainText('The client wrote line 3');
  await comparison.root.getByRole('radio', { name: 'time' }).check();
  await app.timeBar.toEnd();
  await expect(comparison.here.now).toContainText('7 of 7 lines sent came back');
  await expect(comparison.there.now).toContainText(/^fact \d+/);

  await app.press('Escape');
  await expect(comparison.root).toBeHidden();
  await expect(app.wire.ladder).toBeVisible();
});

test('a run that is the same but for ports and times is said to be so, from a saved file too', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  const saved = join(folder, 'first.socketscope');
  await app.answerSave(saved);
  await app.header.button('Save run').click();
  await expect(app.done).toContainText('Saved first.socketscope');
  await app.header.button('Run again').click();
  await app.settled(2);
  const facts = (await app.facts()).length;
  await app.answerOpen(saved);
  await app.sidebar.runs.button('Compare with a file …').click();
  const { comparison } = app;
  await expect(comparison.verdict).toHaveText(
    `The same ${facts} facts in both; only ports and times differ.`,
  );
  await expect(comparison.there.root).toContainText('Recorded run first.socketscope');
  await expect(comparison.there.root).toContainText(/, by SocketScope /);

  // The file has a number of its own. A run that begins ends the comparison, and the file's folder is removed.
  await app.header.button('Run again').click();
  await app.settled(4);
  await expect(comparison.root).toBeHidden();
  await expect.poll(() => app.runFolders()).toHaveLength(3);
  expect(factOf(await app.facts(), 'run-started').input.name).toBe('in-proj.txt');
});

// A large file: the network never waits for the window, and facts that were not pushed can be asked for.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, linesFile, reversedLines, test, valueOf } from './app.ts';

const LINES = 200_000;

test('runs 200,000 lines, counts them all, and gives the facts of any stretch', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [await linesFile(folder, 'in-large.txt', LINES)] });
  await app.settled(1);

  const seq = await app.call('run:seq-of-line', { run: 1, line: 150_000 });
  const stretch = valueOf(
    await app.call('run:facts', { run: 1, fromSeq: seq ?? 0, toSeq: (seq ?? 0) + 4_999 }),
  );
  expect(stretch[0]).toMatchObject({ seq, kind: 'wrote', side: 'client', line: 150_000 });
  expect(stretch.map((fact) => fact.seq)).toEqual(
    Array.from({ length: 5_000 }, (_, index) => (seq ?? 0) + index),
  );
  expect(await app.call('run:seq-of-line', { run: 1, line: LINES + 1 })).toBeUndefined();

  const lastSeq = Number(await app.root.getAttribute('data-last-seq'));
  const [ended] = valueOf(await app.call('run:facts', { run: 1, fromSeq: lastSeq, toSeq: lastSeq }));
  expect(ended).toMatchObject({
    kind: 'run-ended',
    outcome: 'completed',
    linesSent: LINES,
    linesReceived: LINES,
  });

  const target = join(folder, 'out-large.txt');
  await app.answerSave(target);
  await app.page.getByRole('button', { name: 'Save out-large.txt' }).click();
  await expect(app.done).toContainText('Saved out-large.txt');
  expect((await readFile(target, 'utf8')) === reversedLines(LINES)).toBe(true);
});

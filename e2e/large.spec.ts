// A large file: the network never waits for the window, and the facts of any place can be asked for.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, linesFile, reversedLines, test } from './app.ts';
import { PAGE_FACTS } from '../src/shared/trace/packed.ts';

const LINES = 200_000;

test('runs 200,000 lines, counts them all, and gives the facts of any stretch', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [await linesFile(folder, 'in-large.txt', LINES)] });
  await app.settled(1);

  const seq = await app.call('run:seq-of-line', { run: 1, line: 150_000 });
  const page = Math.floor(((seq ?? 0) - 1) / PAGE_FACTS);
  const stretch = await app.pageOfFacts(page);
  const write = stretch.find((fact) => fact.seq === seq);
  expect(write).toMatchObject({ kind: 'wrote', peer: 'client', side: 'client', line: 150_000 });
  expect(stretch.map((fact) => fact.seq)).toEqual(
    Array.from({ length: PAGE_FACTS }, (_, index) => page * PAGE_FACTS + index + 1),
  );
  expect(await app.call('run:seq-of-line', { run: 1, line: LINES + 1 })).toBeUndefined();

  const lastSeq = Number(await app.root.getAttribute('data-last-seq'));
  const ended = (await app.pageOfFacts(Math.floor((lastSeq - 1) / PAGE_FACTS))).at(-1);
  expect(ended).toMatchObject({
    kind: 'run-ended',
    outcome: 'completed',
    linesSent: LINES,
    linesReceived: LINES,
  });

  const target = join(folder, 'out-large.txt');
  await app.answerSave(target);
  await app.header.button('Save out-large.txt').click();
  await expect(app.done).toContainText('Saved out-large.txt');
  expect((await readFile(target, 'utf8')) === reversedLines(LINES)).toBe(true);
});

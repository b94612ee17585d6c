// A large file: the network never waits for the window, and the facts of any place can be asked for.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, linesFile, reversedLines, test, valueOf } from './app.ts';
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

  // A text of all of it is written by the worker: it says how far it is, and can be cancelled.
  const facts = join(folder, 'facts.jsonl');
  await app.answerSave(facts);
  const writing = app.call('run:save-part', { part: { text: 'facts' } });
  await expect(app.done).toContainText(/^Writing in-large-facts\.jsonl: \d+ %/);
  await app.done.getByRole('button', { name: 'Cancel' }).click();
  await expect(app.done).toContainText('Cancelled: in-large-facts.jsonl was not saved.');
  expect(await writing).toEqual({ ok: true });
  expect(await readdir(folder)).not.toContain('facts.jsonl');

  const transcript = join(folder, 'transcript.txt');
  await app.answerSave(transcript);
  expect(valueOf(await app.call('run:save-part', { part: { text: 'transcript' } }))).toBe(transcript);
  const printed = (await readFile(transcript, 'utf8')).split('\n');
  expect(printed.filter((line) => line.startsWith('[C]: Data received'))).toHaveLength(LINES);
  expect(printed.slice(-2)).toEqual(['Done.', '']);
});

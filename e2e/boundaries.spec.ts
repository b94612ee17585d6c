// Lost boundaries in the app: real runs, and the picture, the texts and the sentence compared with their own facts.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Locator } from '@playwright/test';

import { expect, SEVEN_LINES, type SocketScope, test } from './app.ts';

function lane(app: SocketScope, title: string): Locator {
  return app.wire.root.getByRole('group', { name: title });
}

function row(app: SocketScope, title: string, name: string): Locator {
  return lane(app, title).getByRole('group', { name, exact: true });
}

/** The accessible names of the blocks of a row, in order. */
async function names(app: SocketScope, title: string, name: string): Promise<readonly (string | null)[]> {
  const blocks = await row(app, title, name).getByRole('button').all();
  return await Promise.all(blocks.map((block) => block.getAttribute('aria-label')));
}

const EACH_READ = 'each read is a line';
const WHOLE = 'read to the end';
const NEWLINES = 'find the newlines';
const TITLES = [EACH_READ, WHOLE, NEWLINES] as const;

async function runToTheEnd(app: SocketScope): Promise<void> {
  await app.sidebar.choose('Lost boundaries');
  await app.wire.button('Run the sample').click();
  await app.settled(1);
  await app.timeBar.toEnd();
}

/** A row of the table of what came back, cell by cell. */
async function cells(app: SocketScope, line: number): Promise<readonly string[]> {
  return await app.givenBack.row(line).getByRole('cell').allInnerTexts();
}

test('a write a line, read late: one read, and only one server gives the lines back', async ({ launch }) => {
  const app = await launch();
  await runToTheEnd(app);
  for (const title of TITLES) {
    const writes = await names(app, title, 'writes');
    expect(writes).toHaveLength(5);
    expect(writes[1]).toBe('write 2: bytes 6–13, 8 bytes');
    expect(await names(app, title, 'reads')).toEqual(['read 1: bytes 0–40, 41 bytes']);
  }
  expect(await names(app, EACH_READ, 'lines')).toEqual([
    // What is written in the block comes first, where there is room for it.
    expect.stringMatching(
      /line 1 for this server: bytes 0–40, 41 bytes: no line of the input, holds 4 newlines inside$/,
    ),
  ]);
  const found = await names(app, NEWLINES, 'lines');
  expect(found).toHaveLength(5);
  expect(found[2]).toBe('line 3 for this server: bytes 14–24, 11 bytes: exactly line 3 of the input');
  await expect(lane(app, EACH_READ)).toContainText('0 of 5 lines');
  await expect(lane(app, WHOLE)).toContainText('0 of 5 lines');
  await expect(lane(app, NEWLINES)).toContainText('5 of 5 lines');

  const queues = (await app.facts()).filter((fact) => fact.kind === 'queue-examined');
  for (const title of TITLES) {
    const waiting = await names(app, title, 'in kernel');
    if (queues.length === 0) await expect(row(app, title, 'in kernel')).toContainText('not available here');
    else
      expect(waiting).toEqual([
        expect.stringMatching(
          /waiting in the kernel: bytes 0–40, 41 bytes of 5 writes, no boundary between them$/,
        ),
      ]);
  }

  expect(await cells(app, 1)).toEqual(['1', 'HELLO⏎', '✗ enil tsal⏎', '✗ enil tsal⏎', '✓ OLLEH⏎']);
  await expect(app.wire.summary).toHaveText(
    `The client wrote 5 times; the kernel ${queues.length === 0 ? 'keeps bytes' : 'kept 41 bytes'} and no boundary; each server read them in 1 read. ` +
      'Only the server that looks for newlines gave 5 lines back; the other two took all of it for one line, so the last line came first.',
  );
  await app.shotsInSizes('boundaries-late');
});

test('blocks come as the cursor passes their facts, and one that is chosen shows its fact', async ({
  launch,
}) => {
  const app = await launch();
  await runToTheEnd(app);
  const facts = await app.facts();
  const rounds = facts.filter((fact) => fact.kind === 'round-started');
  const inSecond = facts.filter(({ seq }) => seq > (rounds[1]?.seq ?? 0));
  const secondWrite = inSecond.filter((fact) => fact.kind === 'wrote' && fact.side === 'client')[1];
  const at = secondWrite?.seq ?? NaN;
  await app.timeBar.scrubTo(at);
  await expect(app.root).toHaveAttribute('data-cursor', String(at));
  expect(await names(app, WHOLE, 'writes')).toHaveLength(2);
  expect(await names(app, WHOLE, 'reads')).toEqual([]);
  expect(await names(app, NEWLINES, 'writes')).toEqual([]);
  expect(await names(app, EACH_READ, 'writes')).toHaveLength(5);
  await expect(lane(app, WHOLE)).toHaveAttribute('aria-current', 'step');
  await expect(lane(app, EACH_READ)).not.toHaveAttribute('aria-current');
  // The server that reads to the end has its own program beside the picture.
  const program = app.evidence.program('server');
  await expect(program).toContainText('text += data');
  await app.shot('boundaries-second-server');

  const block = row(app, WHOLE, 'writes').getByRole('button').first();
  await block.focus();
  await app.press('ArrowRight');
  await app.press('Enter');
  await expect(row(app, WHOLE, 'writes').getByRole('button').nth(1)).toHaveAttribute('aria-pressed', 'true');
  await app.tab('Fact').click();
  await expect(app.evidence.root).toContainText('sendall 8 B');
  await expect(app.root).toHaveAttribute('data-cursor', String(at));
});

test('split inside a character: what comes back of it is no longer text', async ({ launch }) => {
  const app = await launch({ settings: { handOver: 'inside-a-character' } });
  await app.sidebar.choose('Lost boundaries');
  // Read late, both halves would come as one.
  await expect(app.sidebar.choice('when all waits in the kernel')).toBeDisabled();
  await expect(app.sidebar.choice('after each write')).toBeChecked();
  await runToTheEnd(app);
  expect(await names(app, EACH_READ, 'writes')).toHaveLength(2);
  expect(await names(app, EACH_READ, 'reads')).toHaveLength(2);
  expect((await names(app, EACH_READ, 'lines'))[0]).toContain('ends in the middle of a line');
  await expect(row(app, EACH_READ, 'in kernel')).toContainText('each write was read at once');
  expect((await cells(app, 1))[2]).toContain('\\x9f\\xf0');
  expect((await cells(app, 3))[4]).toBe('✓ 😀 éfac⏎');
  await expect(app.wire.summary).toContainText(
    'With each read taken for a line, one ended inside a character: what came back is no longer text.',
  );
  await app.shotsInSizes('boundaries-split');
});

test('a way that is chosen in the sidebar is the one that is run', async ({ launch }) => {
  const app = await launch();
  await app.sidebar.choose('Lost boundaries');
  await app.sidebar.choice('one byte at a time').check();
  await app.sidebar.choice('after each write').check();
  await runToTheEnd(app);
  expect(await names(app, EACH_READ, 'lines')).toHaveLength(41);
  await expect(app.wire.summary).toContainText(
    'With each read taken for a line, each of 41 bytes was one, so the text came back as it was.',
  );
  expect(await cells(app, 1)).toEqual(['1', 'HELLO⏎', '✗ HELLO⏎', '✗ enil tsal⏎', '✓ OLLEH⏎']);
  await app.shotsInSizes('boundaries-bytes');
});

/** An app through whose three servers the seven lines of a dropped file have gone, to the end. */
async function sevenLinesThrough(launch: () => Promise<SocketScope>): Promise<SocketScope> {
  const app = await launch();
  await app.sidebar.choose('Lost boundaries');
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  await app.timeBar.toEnd();
  return app;
}

test('a dropped file goes to the three servers; one that is too large changes nothing', async ({
  launch,
  folder,
}) => {
  const app = await sevenLinesThrough(launch);
  await expect(lane(app, NEWLINES)).toContainText('7 of 7 lines');
  await app.shotsInSizes('boundaries-seven-lines');

  const large = join(folder, 'large.txt');
  await writeFile(large, 'line\n'.repeat(820));
  await app.drop(large);
  await expect(app.alert).toContainText(/large\.txt is 4100 bytes long; the limit here is 4096 bytes/);
  expect(await app.run()).toBe(1);
  await expect(lane(app, NEWLINES)).toContainText('7 of 7 lines');
});

test('a file in which no character can be split changes nothing, dropped or run again', async ({
  launch,
  folder,
}) => {
  const app = await sevenLinesThrough(launch);
  await app.sidebar.choice('split inside a character').check();
  const ascii = join(folder, 'ascii.txt');
  await writeFile(ascii, 'HELLO\n');
  const sentence =
    /ascii\.txt has no character of more than one byte, so that none can be split\. Choose another way to hand it over/;
  await app.drop(ascii);
  await expect(app.alert).toContainText(sentence);
  expect(await app.run()).toBe(1);
  await expect(lane(app, NEWLINES)).toContainText('7 of 7 lines');

  await writeFile(ascii, 'HELLÖ\n');
  await app.drop(ascii);
  await app.settled(2);
  await expect(app.alert).toHaveCount(0);
  await writeFile(ascii, 'HELLOO\n');
  await app.header.button('Run again').click();
  await expect(app.alert).toContainText(sentence);
  expect(await app.run()).toBe(2);
});

test('4,096 bytes fit, each server in a few dozen blocks', async ({ launch, folder }) => {
  const app = await launch({ settings: { handOver: 'byte-by-byte' } });
  await app.sidebar.choose('Lost boundaries');
  const largest = join(folder, 'most.txt');
  await writeFile(largest, 'sixteen letters\n'.repeat(256));
  await app.drop(largest);
  await app.settled(1);
  await app.timeBar.toEnd();
  await expect(lane(app, NEWLINES)).toContainText('256 of 256 lines');
  const writes = await names(app, NEWLINES, 'writes');
  expect(writes.length).toBeLessThan(100);
  expect(writes[0]).toMatch(/^\d+ blocks in bytes 0–\d+, the first: write 1: byte 0, 1 byte$/);
  expect(await names(app, NEWLINES, 'reads')).toEqual(['read 1: bytes 0–4,095, 4,096 bytes']);
  await app.shotsInSizes('boundaries-most');
});

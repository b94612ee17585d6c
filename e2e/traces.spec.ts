// A run kept as a file: saved, opened again without any network, and refused where it is damaged or something else.

import { once } from 'node:events';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { expect, factOf, linesFile, SEVEN_LINES, test, type SocketScope } from './app.ts';
import { formatFact } from '../src/shared/trace/json-lines.ts';
import { PAGE_FACTS } from '../src/shared/trace/packed.ts';

async function saveRun(app: SocketScope, path: string): Promise<void> {
  await app.answerSave(path);
  await app.header.button('Save run').click();
  await expect(app.done).toContainText('Saved ');
}

test('opens a saved run in another start and gives the same facts, without any network', async ({
  launch,
  folder,
}) => {
  const first = await launch({ args: [SEVEN_LINES] });
  await first.settled(1);
  const recorded = await first.facts();
  const path = join(folder, 'in-proj.socketscope');
  await saveRun(first, path);
  expect(await first.offeredPath()).toBe(join(SEVEN_LINES, '..', 'in-proj.socketscope'));
  await first.close();

  // Anything that connects to the recorded port or listens on it would be seen.
  const { local } = factOf(recorded, 'listening');
  const guard = createServer();
  let connections = 0;
  guard.on('connection', () => (connections += 1));
  guard.listen(local.port, local.address);
  await once(guard, 'listening');
  try {
    const app = await launch({ args: [path] });
    await app.settled(1);
    expect(await app.facts()).toEqual(recorded);
    await expect(app.alert).toHaveCount(0);
    const answer = await app.call('result:save');
    expect(answer.ok ? 'saved' : answer.problem.code).toBe('nothing-to-save');
  } finally {
    guard.close();
  }
  expect(connections).toBe(0);
});

test('shows a run by its content, whatever its name, and keeps it apart from the input', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  const path = join(folder, 'in-proj.socketscope');
  await saveRun(app, path);
  const renamed = join(folder, 'renamed.txt');
  await copyFile(path, renamed);
  const recorded = await app.facts();
  await app.drop(renamed);
  await app.settled(2);
  expect(await app.facts()).toEqual(recorded);
  await app.header.button('Run again').click();
  await app.settled(3);
  expect(factOf(await app.facts(), 'run-started').input.name).toBe('in-proj.txt');
});

test('refuses a foreign or damaged file, says what is wrong with it, and goes on showing what it showed', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  const path = join(folder, 'whole.socketscope');
  await saveRun(app, path);
  const packed = await readFile(path);
  const lines = [...(await app.facts()).map(formatFact), ''];

  async function refuses(name: string, content: string | Buffer, sentence: string | RegExp): Promise<void> {
    const damaged = join(folder, name);
    await writeFile(damaged, content);
    await app.drop(damaged);
    await expect(app.alert).toContainText(sentence);
  }
  await refuses('foreign.socketscope', '%PDF-1.7\n', 'foreign.socketscope is not a SocketScope run');
  await refuses('empty.socketscope', '', 'empty.socketscope is not a SocketScope run');
  await refuses(
    'bytes.socketscope',
    Buffer.alloc(100_000, 0xff),
    'bytes.socketscope is not a SocketScope run',
  );
  const headless = Buffer.from(packed);
  headless[1] = 0;
  await refuses(
    'headless.socketscope',
    headless,
    'headless.socketscope is damaged at byte 0: its first bytes are not those of a run',
  );
  await refuses(
    'missing.socketscope',
    lines.filter((_line, index) => index !== 3).join('\n'),
    'Line 4 of missing.socketscope is damaged',
  );
  await refuses(
    'wrong.socketscope',
    lines
      .map((line, index) => (index === 4 ? line.replace(/"kind":"[^"]*"/, '"kind":"__proto__"') : line))
      .join('\n'),
    'Line 5 of wrong.socketscope',
  );
  await refuses(
    'torn.socketscope',
    lines.join('\n').slice(0, -30),
    /Line \d+ of torn\.socketscope is damaged/,
  );
  // Of a packed run, a byte of its facts is another one.
  const flipped = Buffer.from(packed);
  flipped[200] = 255 - (packed[200] ?? 0);
  await refuses('flipped.socketscope', flipped, 'flipped.socketscope is damaged');
  await refuses(
    'newer.socketscope',
    lines.join('\n').replace('"format":2', '"format":3'),
    'newer.socketscope cannot be opened: it is of trace format 3, from a newer SocketScope; this one reads formats up to 2',
  );
  expect(await app.run()).toBe(1);
  expect(factOf(await app.facts(), 'run-ended').outcome).toBe('completed');
});

test('opens a run of 20,000 lines: the first in detail, the rest counted and there when asked for', async ({
  launch,
  folder,
}) => {
  const first = await launch({ args: [await linesFile(folder, 'in-many.txt', 20_000)] });
  await first.settled(1);
  const path = join(folder, 'in-many.socketscope');
  await saveRun(first, path);
  const lastSeq = await first.root.getAttribute('data-last-seq');
  await first.close();
  const app = await launch({ args: [path] });
  await app.settled(1);
  await expect(app.root).toHaveAttribute('data-last-seq', lastSeq ?? '');
  const seq = await app.call('run:seq-of-line', { run: 1, line: 19_999 });
  const fact = await app.call('run:fact', { run: 1, seq: seq ?? 0 });
  expect(fact).toMatchObject({
    ok: true,
    value: { kind: 'wrote', peer: 'client', side: 'client', line: 19_999 },
  });
});

test('a run of which one chunk is damaged can be watched before and behind it, and says where it cannot', async ({
  launch,
  folder,
}) => {
  const first = await launch({ args: [await linesFile(folder, 'in-many.txt', 3_000)] });
  await first.settled(1);
  const path = join(folder, 'in-many.socketscope');
  await saveRun(first, path);
  await first.close();
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  const cut = join(folder, 'cut.socketscope');
  await writeFile(cut, bytes.subarray(0, middle));
  bytes[middle] = 255 - (bytes[middle] ?? 0);
  await writeFile(path, bytes);

  const app = await launch({ args: [path] });
  await app.settled(1);
  const pages = [0, 1, 2, 3, 4];
  const read = await Promise.all(pages.map((page) => app.call('run:page', { run: 1, page })));
  const damaged = read.findIndex((answer) => !answer.ok);
  expect(read.filter((answer) => !answer.ok)).toHaveLength(1);

  await app.timeBar.scrubTo(damaged * PAGE_FACTS + 2_000);
  await expect(app.alert).toContainText('in-many.socketscope is damaged at byte');
  await expect(app.wire.now).toContainText('The facts of this place are not here.');
  // Playing comes to the edge, and does not leap over what cannot be read.
  const edge = damaged * PAGE_FACTS;
  await app.timeBar.scrubTo(edge - 3);
  await app.timeBar.speed.selectOption({ label: 'fast: 30 facts a second' });
  await app.press('Space');
  await expect(app.root).toHaveAttribute('data-moving', 'false');
  await expect(app.root).toHaveAttribute('data-cursor', String(edge));
  await app.timeBar.scrubTo(edge + PAGE_FACTS + 100);
  await expect(app.wire.now).toContainText(/(client|server).* fact \d+,\d{3} · \d/);

  // One that was cut off opens as far as it goes, and says so.
  await app.drop(cut);
  await app.settled(2);
  const words = 'This run was cut off: it has no end, and what was recorded until then is shown.';
  await expect(app.done).toHaveText(words);
  await expect(app.alert).toHaveCount(0);
  await app.timeBar.toEnd();
  await expect(app.wire.summary).toHaveText(words);
});

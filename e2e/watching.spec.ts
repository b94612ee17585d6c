// What a person sees and does with the picture: watch, pause, step, scrub, read. Everything is found by role and name;
// what is on the screen is compared with the facts of the trace.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Locator } from '@playwright/test';

import { expect, factOf, linesFile, reversedLines, SEVEN_LINES, type SocketScope, test } from './app.ts';
import { PAGE_FACTS } from '../src/shared/trace/packed.ts';

function wire(app: SocketScope): Locator {
  return app.page.getByRole('region', { name: 'Wire' });
}

function now(app: SocketScope): Locator {
  return app.page.getByRole('status', { name: 'Now' });
}

/** The ladder diagram: its texts are real text. */
function ladder(app: SocketScope): Locator {
  return app.page.getByRole('img', { name: /^Ladder diagram/ });
}

function state(app: SocketScope): Locator {
  return app.page.getByRole('status', { name: 'State' });
}

async function press(app: SocketScope, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await app.page.keyboard.press(key);
}

/** One step forward, and the glide to its end. */
async function step(app: SocketScope): Promise<void> {
  const before = await app.root.getAttribute('data-cursor');
  await press(app, 'ArrowRight');
  await expect(app.root).not.toHaveAttribute('data-cursor', before ?? '');
  await expect(app.root).toHaveAttribute('data-moving', 'false');
}

/** Steps forward until the fact's sentence is there. */
async function stepTo(app: SocketScope, sentence: string | RegExp): Promise<void> {
  for (let steps = 0; steps < 40; steps += 1) {
    await step(app);
    const text = await now(app).innerText();
    if (typeof sentence === 'string' ? text.includes(sentence) : sentence.test(text)) return;
  }
  throw new Error(`no step came to ${String(sentence)}`);
}

async function atTheEnd(app: SocketScope): Promise<void> {
  await press(app, 'End');
  await expect(state(app)).toHaveText('at the end');
}

test('the first minute: one large button, one drop target, and the picture plays by itself', async ({
  launch,
}) => {
  const app = await launch();
  await expect(app.page.getByText('Drop in-proj.txt anywhere')).toBeVisible();
  await expect(state(app)).toHaveText('ready');
  await app.shot('empty');

  await app.page.getByRole('button', { name: 'Run the sample' }).click();
  await app.settled(1);
  // The run is through; the picture plays it from its first fact.
  await expect(state(app)).toHaveText('playing the recording');
  await expect(app.page.getByRole('button', { name: 'Save out-proj.txt' })).toBeEnabled();
  await expect(now(app)).toContainText('The server asks for any free port on 127.0.0.1.');
  await press(app, 'Space');
  await expect(state(app)).toHaveText('paused');
  await press(app, 'Space');
  await expect(state(app)).toHaveText('playing the recording');
});

test('steps through listen, connect, the inferred handshake and accept, with both ports', async ({
  launch,
}) => {
  const app = await launch();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  const facts = await app.facts();
  const clientPort = factOf(facts, 'connected').local.port;
  const serverPort = factOf(facts, 'listening').local.port;
  const range = factOf(facts, 'ephemeral-range-read');

  await press(app, 'Home');
  await expect(now(app)).toContainText('Nothing has happened yet.');
  const client = wire(app).getByRole('group', { name: 'client' });
  const server = wire(app).getByRole('group', { name: 'server' });
  await expect(client).toContainText('no port yet');

  await stepTo(app, 'The server listens on');
  await expect(server).toContainText(`127.0.0.1:${serverPort}`);
  await expect(server).toContainText('listening');
  await expect(client).toContainText(`the kernel will pick one from ${range.from}–${range.to}`);

  await stepTo(app, 'The client calls connect()');
  await expect(ladder(app).getByText('connect()', { exact: true })).toBeVisible();
  await expect(ladder(app).getByText('SYN', { exact: true })).toBeHidden();

  await stepTo(app, /is connected|accepted the connection/);
  for (const name of ['SYN', 'SYN, ACK', 'ACK']) {
    await expect(ladder(app).getByText(name, { exact: true })).toBeVisible();
  }
  // They are not seen: each is dashed and says from what it is inferred.
  const dashed = ladder(app).locator('.inferred');
  await expect(dashed).toHaveCount(3);
  await expect(dashed.first().locator('title')).toHaveText(/inferred from connect\(\)/);
  await expect(wire(app).getByText('inferred, not seen')).toBeVisible();

  await stepTo(app, /is connected|accepted the connection/);
  await expect(client).toContainText(`127.0.0.1:${clientPort}`);
  await expect(client).toContainText(`the kernel picked it from ${range.from}–${range.to}`);
  const evidence = app.page.getByRole('complementary', { name: 'Evidence' });
  await expect(evidence).toContainText(`${clientPort}, picked by the kernel`);
  for (const colorScheme of ['dark', 'light'] as const) {
    await app.page.emulateMedia({ colorScheme });
    await app.shot(`handshake-${colorScheme}`);
  }

  await press(app, 'ArrowLeft', 'ArrowLeft');
  await expect(ladder(app).getByText('SYN', { exact: true })).toBeHidden();
  await expect(client).toContainText('no port yet');
});

test('shows a line leaving, arriving, reversed and returning, its letters at their mirrored places', async ({
  launch,
}) => {
  const app = await launch();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  await press(app, 'Home');
  const row = app.page.getByRole('table', { name: 'Lines' }).getByRole('row').nth(1);

  await stepTo(app, 'The client wrote line 1: 6 bytes.');
  await expect(row).toContainText('on its way');
  await stepTo(app, 'The server read 6 bytes in one read.');
  await expect(row).toContainText('at the server');
  await expect(ladder(app).getByText('HELLO⏎', { exact: true })).toBeVisible();

  await press(app, 'ArrowRight');
  // Half-way: the letters are between their places, and no text says that the line is reversed.
  await expect(ladder(app).locator('.letter').first()).toBeVisible();
  await expect(now(app)).toContainText('reversed it by character');
  const letters = ladder(app).locator('.stage .letter');
  const places = await letters.evaluateAll((marks) =>
    marks.map((mark) => ({ text: mark.textContent, x: Number(mark.getAttribute('x')) })),
  );
  expect(
    [...places]
      .sort((a, b) => a.x - b.x)
      .map((letter) => letter.text)
      .join(''),
  ).toBe('OLLEH⏎');
  await app.shot('reversal');

  await stepTo(app, 'The server wrote line 1: 6 bytes.');
  await stepTo(app, 'The client read 6 bytes in one read.');
  await expect(ladder(app).getByText('OLLEH⏎', { exact: true })).toBeVisible();
  await stepTo(app, 'Line 1 is back at the client.');
  await expect(row).toContainText('OLLEH');
  await expect(row).toContainText('1 → 1');
  await expect(row).toContainText(/[µm]s$/);
  await expect(app.page.getByRole('table', { name: 'Lines' }).getByRole('row').nth(2)).toContainText(
    'waiting',
  );
});

test('ends with the close from both ends and a sentence made of the trace’s own numbers', async ({
  launch,
}) => {
  const app = await launch();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  await atTheEnd(app);
  const facts = await app.facts();
  const clientPort = factOf(facts, 'connected').local.port;
  const serverPort = factOf(facts, 'listening').local.port;
  await expect(wire(app)).toContainText('The run is complete: 7 of 7 lines sent came back.');
  await expect(wire(app)).toContainText(`The kernel gave the client port ${clientPort}`);
  await expect(wire(app)).toContainText(String(serverPort));
  await expect(ladder(app).getByText('closed', { exact: true })).toHaveCount(2);
  await expect(ladder(app).getByText('FIN', { exact: true }).first()).toBeVisible();
  await expect(wire(app).getByRole('group', { name: 'client' })).toContainText('closed');

  const table = app.page.getByRole('table', { name: 'Lines' });
  await expect(table.getByRole('row').last()).toContainText('enil tsal eht si 7 enil');
  await app.page.getByRole('tab', { name: 'Transcript' }).click();
  const transcript = app.page.getByRole('log', { name: 'Transcript' });
  await expect(transcript).toContainText('[C]: Data received from server: enil tsal eht si 7 enil');
  await expect(transcript).toContainText('Done.');
  await transcript.evaluate((element) => {
    element.scrollTop = 0;
  });
  await expect(transcript).toContainText('[S]: Server socket created');
  await expect(transcript).toContainText(`('127.0.0.1', ${clientPort})`);
  await app.shot('end');
});

test('plays to the end by itself, and play begins again from there', async ({ launch }) => {
  const app = await launch();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  await app.page
    .getByRole('combobox', { name: 'Speed' })
    .selectOption({ label: 'very fast: 300 facts a second' });
  await expect(state(app)).toHaveText('at the end');
  await press(app, 'Space');
  await expect(state(app)).toHaveText('playing the recording');
});

test('the time bar scrubs to any fact and back', async ({ launch }) => {
  const app = await launch();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  const facts = await app.facts();
  const slider = app.page.getByRole('slider', { name: 'Time' });
  for (const part of [0.5, 0.25, 0.9]) {
    const seq = Math.round(facts.length * part);
    await slider.fill(String(seq));
    await expect(app.root).toHaveAttribute('data-cursor', String(seq));
    await expect(slider).toHaveAttribute('aria-valuetext', new RegExp(`^fact ${seq} of ${facts.length}`));
  }
  await app.page.getByRole('button', { name: 'To the start' }).click();
  await expect(app.root).toHaveAttribute('data-cursor', '0');
});

test('saves by the button and by the key, and the bytes are those that came back', async ({
  launch,
  folder,
}) => {
  const app = await launch();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  const saved = join(folder, 'out-proj.txt');
  await app.answerSave(saved);
  await app.page.getByRole('button', { name: 'Save out-proj.txt' }).click();
  await expect(app.done).toContainText('out-proj.txt');
  const original = await readFile(SEVEN_LINES, 'utf8');
  const expected = original.split('\n').map((line) => line.split('').reverse().join(''));
  expect(await readFile(saved, 'utf8')).toBe(expected.join('\n'));

  const again = join(folder, 'again.txt');
  await app.answerSave(again);
  await press(app, 'ControlOrMeta+s');
  await expect(app.done).toContainText('again.txt');
  expect(await readFile(again)).toEqual(await readFile(saved));
});

test('a saved run is shown again as it was', async ({ launch, folder }) => {
  const app = await launch();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  await atTheEnd(app);
  const sentence = await wire(app).locator('.summary').innerText();
  const saved = join(folder, 'lesson.socketscope');
  await app.answerSave(saved);
  await app.page.getByRole('button', { name: 'Save run' }).click();
  await expect(app.done).toContainText('lesson.socketscope');

  const later = await launch({ args: [saved] });
  await later.settled(1);
  await expect(later.page.getByText('Recorded run lesson.socketscope')).toBeVisible();
  await expect(state(later)).toHaveText('playing the saved run');
  await atTheEnd(later);
  expect(await wire(later).locator('.summary').innerText()).toBe(sentence);
});

test('the window lights up under a dragged file and says what will happen', async ({ launch }) => {
  const app = await launch();
  const session = await app.page.context().newCDPSession(app.page);
  const drag = async (type: 'dragEnter' | 'dragOver' | 'drop', files: readonly string[]): Promise<void> => {
    await session.send('Input.dispatchDragEvent', {
      type,
      x: 450,
      y: 300,
      data: { items: [], files: [...files], dragOperationsMask: 1 },
    });
  };
  await drag('dragEnter', [SEVEN_LINES]);
  await drag('dragOver', [SEVEN_LINES]);
  await expect(app.page.getByText('Drop a file to run it')).toBeVisible();
  await app.shot('drop');
  await drag('drop', [SEVEN_LINES]);
  await expect(app.page.getByText('Drop a file to run it')).toBeHidden();
  await app.settled(1);
});

test('reverses by character, code point or byte as chosen, and shows the difference before', async ({
  launch,
  folder,
}) => {
  const app = await launch();
  const difference = app.page.getByRole('table', { name: 'The difference' });
  await app.page.getByRole('textbox', { name: 'Try it on' }).fill('ae\u0301');
  await expect(difference.getByRole('row', { name: 'character' }).getByRole('cell')).toHaveText('e\u0301a');
  await expect(difference.getByRole('row', { name: 'code point' }).getByRole('cell')).toHaveText('\u0301ea');
  await expect(difference.getByRole('row', { name: 'byte' }).getByRole('cell')).toHaveText('no longer UTF-8');

  await app.page.getByRole('radio', { name: 'code point' }).check();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  expect(factOf(await app.facts(), 'run-started').options.by).toBe('codepoint');
  await app.answerSave(join(folder, 'out.txt'));
  await app.page.getByRole('button', { name: 'Save out-proj.txt' }).click();
  await expect(app.done).toBeVisible();
});

test('an option that does not fit says so and changes nothing', async ({ launch }) => {
  const app = await launch({ settings: { port: 0 } });
  const port = app.page.getByRole('spinbutton', { name: 'Port' });
  await port.fill('70000');
  await expect(app.page.getByText('A whole number from 0 to 65535.')).toBeVisible();
  await port.blur();
  await expect(port).toHaveValue('0');
});

test('shows the keys and the versions', async ({ launch }) => {
  const app = await launch();
  await press(app, '?');
  const keys = app.page.getByRole('dialog', { name: 'Keys' });
  await expect(keys.getByRole('row', { name: /Space/ })).toContainText('Play or pause');
  await press(app, 'Escape');
  await expect(keys).toBeHidden();

  // As the menu does it.
  await app.electron.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((menu) => menu.submenu?.items ?? []) ?? [];
    items.find((item) => item.label.startsWith('About'))?.click();
  });
  const about = app.page.getByRole('dialog', { name: 'About SocketScope' });
  const electron = await app.electron.evaluate(() => process.versions.electron);
  await expect(about.getByRole('row', { name: 'Electron' })).toContainText(electron);
});

test('a long file: the first lines in detail, the rest counted, and any line shown when scrolled to', async ({
  launch,
  folder,
}) => {
  const app = await launch();
  await app.drop(await linesFile(folder, 'long.txt', 20_000));
  await app.settled(1);
  await atTheEnd(app);
  const table = app.page.getByRole('table', { name: 'Lines' });
  await expect(table).toHaveAttribute('aria-rowcount', '20001');
  // The end is shown with the facts of the last lines, which were only counted before.
  await expect(table.getByRole('row').last()).toContainText('19999 abc');

  await table.getByRole('rowgroup', { name: 'Lines, scrollable' }).evaluate((element) => {
    element.scrollTop = 30 * 12_000;
  });
  const line = table.getByRole('row').filter({ hasText: '12004 abc' });
  await expect(line).toContainText('40021');
  await line.click();
  await expect(now(app)).toContainText('Line 12,005 is back at the client.');
  await expect(ladder(app).getByText('line 12,005 is back', { exact: true })).toBeVisible();

  // On the wire the facts between are shown as counted, and come when asked for.
  await app.page.getByRole('slider', { name: 'Time' }).fill('40000');
  await expect(now(app)).not.toContainText('counted');
  await expect(app.root).toHaveAttribute('data-cursor', '40000');
  await app.shot('long-file');
});

test('stays with a run that goes on, says how far it is, and cancelling keeps what came back', async ({
  launch,
  folder,
}) => {
  const app = await launch();
  await app.drop(await linesFile(folder, 'longer.txt', 400_000));
  await app.underWay();
  await app.page.getByRole('button', { name: 'To the end' }).click();
  await expect(state(app)).toHaveText('live');
  // Each fact can be drawn, also far behind the first page.
  await expect(now(app)).toContainText(/fact \d+,\d{3},\d{3} .* line \d/);
  await expect(app.page.getByRole('group', { name: 'Progress' })).toContainText(/lines\/s · .* left/);
  await app.shot('live');
  await press(app, 'Space');
  await expect(state(app)).toHaveText('paused');
  await app.page.getByRole('button', { name: 'Cancel' }).click();
  await app.settled(1);
  await expect(app.done).toContainText('can be saved');
  const part = join(folder, 'part.txt');
  await app.answerSave(part);
  await app.page.getByRole('banner').getByRole('button', { name: 'Save what came back' }).click();
  await expect(app.done).toContainText('part.txt');
  const back = await readFile(part, 'utf8');
  expect(back.length).toBeGreaterThan(0);
  expect(reversedLines(400_000).startsWith(back)).toBe(true);
});

test('with reduced motion marks appear where they end', async ({ launch }) => {
  const app = await launch();
  await app.page.emulateMedia({ reducedMotion: 'reduce' });
  await app.page.reload();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  await press(app, 'Home');
  await stepTo(app, 'The client wrote line 1');
  await press(app, 'ArrowRight');
  await expect(now(app)).toContainText('The server read 6 bytes');
  await expect(ladder(app).locator('.travelling')).toHaveCount(0);
});

for (const colorScheme of ['dark', 'light'] as const) {
  for (const [width, height] of [
    [1440, 900],
    [900, 600],
  ] as const) {
    test(`looks right in ${colorScheme} at ${width} × ${height}`, async ({ launch }) => {
      const app = await launch();
      await app.page.emulateMedia({ colorScheme });
      await app.electron.evaluate(
        ({ BrowserWindow }, size) => {
          BrowserWindow.getAllWindows()[0]?.setContentSize(size[0], size[1]);
        },
        [width, height] as const,
      );
      await expect.poll(async () => await app.page.evaluate(() => innerWidth)).toBe(width);
      await app.drop(SEVEN_LINES);
      await app.settled(1);
      const arrived = (await app.facts()).filter((fact) => fact.kind === 'read' && fact.side === 'server')[1];
      await app.page.getByRole('slider', { name: 'Time' }).fill(String(arrived?.seq));
      await expect(now(app)).toContainText('The server read 19 bytes');
      // Nothing that a person needs lies outside the window.
      for (const name of [
        'Open a file',
        'Run again',
        'Save run',
        'Save out-proj.txt',
        'Play',
        'To the end',
      ]) {
        await expect(app.page.getByRole('button', { name })).toBeInViewport({ ratio: 1 });
      }
      for (const side of ['client', 'server']) {
        await expect(wire(app).getByRole('group', { name: side })).toBeInViewport({ ratio: 1 });
      }
      await expect(wire(app).getByText('inferred, not seen')).toBeInViewport({ ratio: 1 });
      await app.page.keyboard.press('ArrowRight');
      await expect(ladder(app).locator('.stage .letter').first()).toBeVisible();
      await app.shot(`wire-${colorScheme}-${width}`);
      await expect(now(app)).toContainText('reversed it');
    });
  }
}

test('goes from one page of facts to the next without a seam', async ({ launch, folder }) => {
  const app = await launch();
  await app.drop(await linesFile(folder, 'long.txt', 3_000));
  await app.settled(1);
  await app.page.emulateMedia({ reducedMotion: 'reduce' });
  /** The labels and chips in the picture, from top to bottom. */
  const seen = (): Promise<readonly (string | null)[]> =>
    ladder(app).evaluate((element) =>
      [...element.querySelectorAll('.row text, .chip text')]
        .map((text) => ({ text: text.textContent, y: text.getBoundingClientRect().y }))
        .sort((a, b) => a.y - b.y)
        .map(({ text }) => text),
    );
  // Lines that are on their way across the edge of a page, from both of its sides.
  for (const seq of [PAGE_FACTS - 2, PAGE_FACTS - 1, PAGE_FACTS, PAGE_FACTS + 1]) {
    await app.page.getByRole('slider', { name: 'Time' }).fill(String(seq));
    await expect(now(app)).toContainText(`fact ${seq.toLocaleString('en')} `);
    const before = await seen();
    await press(app, 'ArrowRight');
    await expect(now(app)).toContainText(`fact ${(seq + 1).toLocaleString('en')} `);
    const after = await seen();
    expect(before.length).toBeGreaterThan(6);
    // One more mark at the end at most, and as many less at the top: what is between is the same.
    const kept = before.slice(-4);
    expect(after.join('|')).toContain(kept.slice(0, 3).join('|'));
  }
  await app.shot('edge-of-a-page');
});

// What a person sees and does with the picture: watch, pause, step, scrub, read. Everything is found by role and name;
// what is on the screen is compared with the facts of the trace.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, factOf, linesFile, reversedLines, SEVEN_LINES, type SocketScope, test } from './app.ts';
import { PAGE_FACTS } from '../src/shared/trace/packed.ts';

/** One step forward, and the glide to its end. */
async function step(app: SocketScope): Promise<void> {
  const before = await app.root.getAttribute('data-cursor');
  await app.press('ArrowRight');
  await expect(app.root).not.toHaveAttribute('data-cursor', before ?? '');
  await expect(app.root).toHaveAttribute('data-moving', 'false');
}

/** Steps forward until the fact's sentence is there. */
async function stepTo(app: SocketScope, sentence: string | RegExp): Promise<void> {
  for (let steps = 0; steps < 40; steps += 1) {
    await step(app);
    const text = await app.wire.now.innerText();
    if (typeof sentence === 'string' ? text.includes(sentence) : sentence.test(text)) return;
  }
  throw new Error(`no step came to ${String(sentence)}`);
}

async function atTheEnd(app: SocketScope): Promise<void> {
  await app.press('End');
  await expect(app.header.state).toHaveText('at the end');
}

test('the first minute: one large button, one drop target, and the picture plays by itself', async ({
  launch,
}) => {
  const app = await launch();
  await expect(app.page.getByText('Drop in-proj.txt anywhere')).toBeVisible();
  await expect(app.header.state).toHaveText('ready');
  await app.shot('empty');

  await app.wire.button('Run the sample').click();
  await app.settled(1);
  // The run is through; the picture plays it from its first fact.
  await expect(app.header.state).toHaveText('playing the recording');
  await expect(app.header.button('Save out-proj.txt')).toBeEnabled();
  await expect(app.wire.now).toContainText('The server asks for any free port on 127.0.0.1.');
  await app.press('Space');
  await expect(app.header.state).toHaveText('paused');
  await app.press('Space');
  await expect(app.header.state).toHaveText('playing the recording');
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

  await app.press('Home');
  await expect(app.wire.now).toContainText('Nothing has happened yet.');
  const { client, server } = app.wire;
  await expect(client).toContainText('no port yet');

  await stepTo(app, 'The server listens on');
  await expect(server).toContainText(`127.0.0.1:${serverPort}`);
  await expect(server).toContainText('listening');
  await expect(client).toContainText(`the kernel will pick one from ${range.from}–${range.to}`);

  await stepTo(app, 'The client calls connect()');
  await expect(app.wire.onLadder('connect()')).toBeVisible();
  await expect(app.wire.onLadder('SYN')).toBeHidden();

  await stepTo(app, /is connected|accepted the connection/);
  for (const name of ['SYN', 'SYN, ACK', 'ACK']) {
    await expect(app.wire.onLadder(name)).toBeVisible();
  }
  // They are not seen: each is dashed and says from what it is inferred.
  await expect(app.wire.inferred).toHaveCount(3);
  await expect(app.wire.inferred.first().locator('title')).toHaveText(/inferred from connect\(\)/);
  await expect(app.wire.root.getByText('inferred, not seen')).toBeVisible();

  await stepTo(app, /is connected|accepted the connection/);
  await expect(client).toContainText(`127.0.0.1:${clientPort}`);
  await expect(client).toContainText(`the kernel picked it from ${range.from}–${range.to}`);
  await app.tab('Ports').click();
  await expect(app.evidence.root).toContainText(`${clientPort}, picked by the kernel`);
  await app.shots('handshake');

  await app.press('ArrowLeft', 'ArrowLeft');
  await expect(app.wire.onLadder('SYN')).toBeHidden();
  await expect(client).toContainText('no port yet');
});

test('shows a line leaving, arriving, reversed and returning, its letters at their mirrored places', async ({
  launch,
}) => {
  const app = await launch();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  await app.press('Home');
  const row = app.lines.row(1);

  await stepTo(app, 'The client wrote line 1: 6 bytes.');
  await expect(row).toContainText('on its way');
  await stepTo(app, 'The server read 6 bytes in one read.');
  await expect(row).toContainText('at the server');
  await expect(app.wire.onLadder('HELLO⏎')).toBeVisible();

  await app.press('ArrowRight');
  // Half-way: the letters are between their places, and no text says that the line is reversed.
  await expect(app.wire.letters.first()).toBeVisible();
  await expect(app.wire.now).toContainText('reversed it by character');
  expect(await app.wire.readLetters()).toBe('OLLEH⏎');
  await app.shot('reversal');

  await stepTo(app, 'The server wrote line 1: 6 bytes.');
  await stepTo(app, 'The client read 6 bytes in one read.');
  await expect(app.wire.onLadder('OLLEH⏎')).toBeVisible();
  await stepTo(app, 'Line 1 is back at the client.');
  await expect(row).toContainText('OLLEH');
  await expect(row).toContainText('1 → 1');
  await expect(row).toContainText(/[µm]s$/);
  await expect(app.lines.row(2)).toContainText('waiting');
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
  await expect(app.wire.root).toContainText('The run is complete: 7 of 7 lines sent came back.');
  await expect(app.wire.root).toContainText(`The kernel gave the client port ${clientPort}`);
  await expect(app.wire.root).toContainText(String(serverPort));
  await expect(app.wire.onLadder('closed')).toHaveCount(2);
  await expect(app.wire.onLadder('FIN').first()).toBeVisible();
  await expect(app.wire.client).toContainText('closed');

  await expect(app.lines.rows.last()).toContainText('enil tsal eht si 7 enil');
  await app.tab('Transcript').click();
  const { transcript } = app;
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
  await app.timeBar.speed.selectOption({ label: 'very fast: 300 facts a second' });
  await expect(app.header.state).toHaveText('at the end');
  await app.press('Space');
  await expect(app.header.state).toHaveText('playing the recording');
});

test('the time bar scrubs to any fact and back', async ({ launch }) => {
  const app = await launch();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  const facts = await app.facts();
  for (const part of [0.5, 0.25, 0.9]) {
    const seq = Math.round(facts.length * part);
    await app.timeBar.scrubTo(seq);
    await expect(app.timeBar.slider).toHaveAttribute(
      'aria-valuetext',
      new RegExp(`^fact ${seq} of ${facts.length}`),
    );
  }
  await app.timeBar.button('To the start').click();
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
  await app.header.button('Save out-proj.txt').click();
  await expect(app.done).toContainText('out-proj.txt');
  const original = await readFile(SEVEN_LINES, 'utf8');
  const expected = original.split('\n').map((line) => line.split('').reverse().join(''));
  expect(await readFile(saved, 'utf8')).toBe(expected.join('\n'));

  const again = join(folder, 'again.txt');
  await app.answerSave(again);
  await app.press('ControlOrMeta+s');
  await expect(app.done).toContainText('again.txt');
  expect(await readFile(again)).toEqual(await readFile(saved));
});

test('a saved run is shown again as it was', async ({ launch, folder }) => {
  const app = await launch();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  await atTheEnd(app);
  const sentence = await app.wire.summary.innerText();
  const saved = join(folder, 'lesson.socketscope');
  await app.answerSave(saved);
  await app.header.button('Save run').click();
  await expect(app.done).toContainText('lesson.socketscope');

  const later = await launch({ args: [saved] });
  await later.settled(1);
  await expect(later.header.root.getByText('Recorded run lesson.socketscope')).toBeVisible();
  await expect(later.header.state).toHaveText('playing the saved run');
  await atTheEnd(later);
  expect(await later.wire.summary.innerText()).toBe(sentence);
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
  await app.sidebar.text('Try it on').fill('ae\u0301');
  await expect(difference.getByRole('row', { name: 'character' }).getByRole('cell')).toHaveText('e\u0301a');
  await expect(difference.getByRole('row', { name: 'code point' }).getByRole('cell')).toHaveText('\u0301ea');
  await expect(difference.getByRole('row', { name: 'byte' }).getByRole('cell')).toHaveText('no longer UTF-8');

  await app.sidebar.choice('code point').check();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  expect(factOf(await app.facts(), 'run-started').options.by).toBe('codepoint');
  await app.answerSave(join(folder, 'out.txt'));
  await app.header.button('Save out-proj.txt').click();
  await expect(app.done).toBeVisible();
});

test('an option that does not fit says so and changes nothing', async ({ launch }) => {
  const app = await launch({ settings: { port: 0 } });
  const port = app.sidebar.number('Port');
  await port.fill('70000');
  await expect(app.page.getByText('A whole number from 0 to 65535.')).toBeVisible();
  await port.blur();
  await expect(port).toHaveValue('0');
});

test('shows the keys and the versions', async ({ launch }) => {
  const app = await launch();
  await app.press('?');
  const keys = app.dialog('Keys');
  await expect(keys.getByRole('row', { name: /Space/ })).toContainText('Play or pause');
  await app.press('Escape');
  await expect(keys).toBeHidden();

  await app.chooseInMenu('About SocketScope');
  const about = app.dialog('About SocketScope');
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
  await expect(app.lines.root).toHaveAttribute('aria-rowcount', '20001');
  // The end is shown with the facts of the last lines, which were only counted before.
  await expect(app.lines.rows.last()).toContainText('19999 abc');

  await app.lines.body.evaluate((element) => {
    element.scrollTop = 30 * 12_000;
  });
  const line = app.lines.rows.filter({ hasText: '12004 abc' });
  await expect(line).toContainText('40021');
  await line.click();
  await expect(app.wire.now).toContainText('Line 12,005 is back at the client.');
  await expect(app.wire.onLadder('line 12,005 is back')).toBeVisible();

  // On the wire the facts between are shown as counted, and come when asked for.
  await app.timeBar.scrubTo(40_000);
  await expect(app.wire.now).not.toContainText('counted');
  await app.shot('long-file');
});

test('stays with a run that goes on, says how far it is, and cancelling keeps what came back', async ({
  launch,
  folder,
}) => {
  const app = await launch();
  await app.drop(await linesFile(folder, 'longer.txt', 1_500_000));
  await app.underWay();
  await app.timeBar.toEnd();
  await expect(app.header.state).toHaveText('live');
  // Each fact can be drawn, also far behind the first page.
  await expect(app.wire.now).toContainText(/[Ll]ine \d.* fact \d+,\d{3},\d{3}/);
  await expect(app.header.progress).toContainText(/lines\/s · .* left/);
  await app.shot('live');
  await app.press('Space');
  await expect(app.header.state).toHaveText('paused');
  await app.header.button('Cancel').click();
  await app.settled(1);
  await expect(app.done).toContainText('The run was cancelled.');
  const part = join(folder, 'part.txt');
  await app.answerSave(part);
  await app.header.button('Save what came back').click();
  await expect(app.done).toContainText('part.txt');
  const back = await readFile(part, 'utf8');
  expect(back.length).toBeGreaterThan(0);
  expect(reversedLines(1_500_000).startsWith(back)).toBe(true);
});

test('with reduced motion marks appear where they end', async ({ launch }) => {
  const app = await launch();
  await app.page.emulateMedia({ reducedMotion: 'reduce' });
  await app.page.reload();
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  await app.press('Home');
  await stepTo(app, 'The client wrote line 1');
  await app.press('ArrowRight');
  await expect(app.wire.now).toContainText('The server read 6 bytes');
  await expect(app.wire.ladder.locator('.travelling')).toHaveCount(0);
});

for (const colorScheme of ['dark', 'light'] as const) {
  for (const [width, height] of [
    [1440, 900],
    [900, 600],
  ] as const) {
    test(`looks right in ${colorScheme} at ${width} × ${height}`, async ({ launch }) => {
      const app = await launch();
      await app.page.emulateMedia({ colorScheme });
      await app.resize(width, height);
      await app.drop(SEVEN_LINES);
      await app.settled(1);
      const arrived = (await app.facts()).filter((fact) => fact.kind === 'read' && fact.side === 'server')[1];
      await app.timeBar.scrubTo(arrived?.seq ?? NaN);
      await expect(app.wire.now).toContainText('The server read 19 bytes');
      // Nothing that a person needs lies outside the window.
      for (const name of [
        'Open a file',
        'Run again',
        'Save run',
        'Save out-proj.txt',
        'Play',
        'To the end',
      ]) {
        await expect(app.button(name)).toBeInViewport({ ratio: 1 });
      }
      for (const end of [app.wire.client, app.wire.server]) {
        await expect(end).toBeInViewport({ ratio: 1 });
      }
      await expect(app.wire.root.getByText('inferred, not seen')).toBeInViewport({ ratio: 1 });
      await app.press('ArrowRight');
      await expect(app.wire.letters.first()).toBeVisible();
      await app.shot(`wire-${colorScheme}-${width}`);
      await expect(app.wire.now).toContainText('reversed it');
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
    app.wire.ladder.evaluate((element) =>
      [...element.querySelectorAll('.row text, .chip text')]
        .map((text) => ({ text: text.textContent, y: text.getBoundingClientRect().y }))
        .sort((a, b) => a.y - b.y)
        .map(({ text }) => text),
    );
  // Lines that are on their way across the edge of a page, from both of its sides.
  for (const seq of [PAGE_FACTS - 2, PAGE_FACTS - 1, PAGE_FACTS, PAGE_FACTS + 1]) {
    await app.page.getByRole('slider', { name: 'Time' }).fill(String(seq));
    await expect(app.wire.now).toContainText(`fact ${seq.toLocaleString('en')} `);
    const before = await seen();
    await app.press('ArrowRight');
    await expect(app.wire.now).toContainText(`fact ${(seq + 1).toLocaleString('en')} `);
    const after = await seen();
    expect(before.length).toBeGreaterThan(6);
    // One more mark at the end at most, and as many less at the top: what is between is the same.
    const kept = before.slice(-4);
    expect(after.join('|')).toContain(kept.slice(0, 3).join('|'));
  }
  await app.shot('edge-of-a-page');
});

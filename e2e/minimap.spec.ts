// The time bar of a long run: what stands out is shown at its place without its page, and led to by pointer and by keys.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, SEVEN_LINES, test, type SocketScope } from './app.ts';
import { runEnded, runStarted } from '../src/shared/trace/facts-for-tests.ts';
import { formatFact } from '../src/shared/trace/json-lines.ts';
import type { Fact } from '../src/shared/trace/fact.ts';

const LINES = 10_000;
/** Facts before the first line, and a line. */
const OPENING = 6;
const A_LINE = 6;
const LAST = OPENING + LINES * A_LINE + 4;

const seen = { seenBy: 'program', connection: 1 } as const;
const client = { ...seen, peer: 'client', side: 'client' } as const;
const server = { ...seen, peer: 'server', side: 'server' } as const;
const address = { address: '127.0.0.1', port: 50_007 };
const clientAddress = { address: '127.0.0.1', port: 40_000 };

function lineFacts(line: number): readonly Fact[] {
  const span = { offset: (line - 1) * 2, bytes: 2 };
  const data = { bytes: new Uint8Array([0x61, 0x0a]) };
  const whole = { ...seen, ...span, bytes: 1, line };
  return [
    { kind: 'wrote', ...client, ...span, data, line },
    { kind: 'read', ...server, ...span },
    { kind: 'line-transformed', ...whole, peer: 'server', by: 'grapheme', validUtf8: true },
    { kind: 'wrote', ...server, ...span, data, line },
    { kind: 'read', ...client, ...span },
    { kind: 'line-received', ...whole, peer: 'client' },
  ];
}

/** The facts of a run of 10,000 lines: 5 s pass before line 2,001, and the client fails behind line 6,000. */
function longRun(): readonly Fact[] {
  const lines = Array.from({ length: LINES }, (_, index) => lineFacts(index + 1));
  const message = 'The connection was reset.';
  const failed: Fact = {
    kind: 'failed',
    ...client,
    problem: { code: 'connection-reset', message, detail: {} },
  };
  return [
    runStarted('file', { input: { name: 'long.txt', bytes: LINES * 2 } }),
    { kind: 'listen-called', seenBy: 'program', peer: 'server', requested: address },
    { kind: 'listening', seenBy: 'program', peer: 'server', local: address },
    { kind: 'connect-called', seenBy: 'program', peer: 'client', remote: address },
    { kind: 'accepted', ...seen, peer: 'server', local: address, remote: clientAddress },
    { kind: 'connected', ...seen, peer: 'client', local: clientAddress, remote: address },
    ...lines.slice(0, 6_000).flat(),
    failed,
    ...lines.slice(6_000).flat(),
    { kind: 'end-called', ...client },
    { kind: 'end-received', ...server },
    { ...runEnded('completed'), linesSent: LINES, linesReceived: LINES },
  ];
}

const ERROR = OPENING + 6_000 * A_LINE + 1;
const AFTER_WAIT = OPENING + 2_000 * A_LINE + 1;

async function openLongRun(folder: string): Promise<string> {
  const path = join(folder, 'long.socketscope');
  const text = longRun().map((fact, index) => {
    const seq = index + 1;
    const atUs = seq * 10 + (seq >= AFTER_WAIT ? 5_000_000 : 0);
    return `${formatFact({ ...fact, seq, atUs })}\n`;
  });
  await writeFile(path, text.join(''));
  return path;
}

async function cursorOf(app: SocketScope): Promise<number> {
  return Number(await app.root.getAttribute('data-cursor'));
}

/** How far a mark's middle is from where the axis has that fact, in pixels. */
async function awayFrom(app: SocketScope, mark: string, seq: number): Promise<number> {
  const frame = await app.timeBar.minimap.boundingBox();
  const box = await app.timeBar.minimap.locator(mark).boundingBox();
  if (frame === null || box === null) throw new Error('It is not there');
  return Math.abs(box.x + box.width / 2 - frame.x - (seq / LAST) * frame.width);
}

test('a long run shows its errors, waits and chapters without their pages, and leads to them', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [await openLongRun(folder)] });
  await app.settled(1);
  await app.press('Home');
  await expect(app.root).toHaveAttribute('data-last-seq', String(LAST));
  const { chapters, minimap, slider } = app.timeBar;

  await expect(minimap.locator('rect.bad')).toHaveCount(1);
  expect(await awayFrom(app, 'rect.bad', ERROR)).toBeLessThan(2);
  await expect(minimap.locator('line.wait')).toHaveCount(1);
  expect(await awayFrom(app, 'line.wait', AFTER_WAIT)).toBeLessThan(2);
  for (const name of ['Handshake', 'Error', '5 s', 'Line 4,000', 'Close']) {
    await expect(chapters.getByRole('button', { name, exact: true })).toBeVisible();
  }
  await app.shots('minimap');

  await chapters.getByRole('button', { name: 'Line 4,000' }).click();
  await expect(app.root).toHaveAttribute('data-cursor', String(OPENING + 3_999 * A_LINE + 1));
  await expect(app.wire.now).toContainText('The client wrote line 4,000');

  // What is under the pointer is said; a click near a mark means the mark.
  const frame = await minimap.boundingBox();
  if (frame === null) throw new Error('There is no minimap');
  const x = (seq: number): number => frame.x + (seq / LAST) * frame.width;
  const y = frame.y + frame.height / 2;
  await app.page.mouse.move(x(50_000), y);
  await expect(app.timeBar.readout).toContainText(/^fact 50,\d{3} · 5\.5\d\d s/);
  await expect(app.timeBar.readout).toContainText(/client \d+, server \d+/);
  await app.page.mouse.move(x(ERROR) + 3, y);
  await expect(app.timeBar.readout).toContainText('1 error');
  await app.shot('minimap-readout');
  await app.page.mouse.click(x(ERROR) + 3, y);
  await expect(app.root).toHaveAttribute('data-cursor', String(ERROR));

  // The same by keys: the chapters are one stop, and the arrow keys go from one to the next.
  await chapters.getByRole('button', { name: 'Handshake' }).focus();
  await app.press('End', 'Enter');
  await expect(app.root).toHaveAttribute('data-cursor', String(LAST - 2));
  await expect(slider).toHaveAttribute(
    'aria-valuetext',
    new RegExp(`^fact ${LAST - 2} of ${LAST}, .*ends its side`),
  );
});

test('a stretch that is brushed or magnified has the whole time bar, until the whole run is asked for', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [await openLongRun(folder)] });
  await app.settled(1);
  await app.press('Home');
  const { minimap, slider } = app.timeBar;
  const wholeRun = app.timeBar.button('Whole run');
  const frame = await minimap.boundingBox();
  if (frame === null) throw new Error('There is no minimap');
  const y = frame.y + frame.height / 2;
  const drag = async (from: number, to: number): Promise<void> => {
    await app.page.mouse.move(frame.x + from * frame.width, y);
    await app.page.mouse.down();
    await app.page.mouse.move(frame.x + to * frame.width, y, { steps: 3 });
    await app.page.mouse.up();
  };
  const covers = async (part: 'min' | 'max'): Promise<number> => Number(await slider.getAttribute(part));

  await drag(0.5, 0.75);
  await expect(wholeRun).toBeVisible();
  expect(await covers('min')).toBeCloseTo(LAST / 2, -2.5);
  expect(await covers('max')).toBeCloseTo(LAST * 0.75, -2.5);
  // The error stands in the stretch where it is in it; the cursor was in front of it and is now where it begins.
  await expect(minimap.locator('rect.bad')).toHaveCount(1);
  await app.shots('minimap-stretch');
  await app.press('Escape');
  await expect(wholeRun).toBeHidden();
  expect(await covers('max')).toBe(LAST);

  // By keys: around the cursor, again, and back.
  await app.timeBar.scrubTo(30_000);
  await app.press('z', 'z');
  await expect
    .poll(() => covers('max').then(async (to) => to - (await covers('min'))))
    .toBeLessThan(LAST / 15);
  expect(await covers('min')).toBeLessThan(30_000);
  expect(await covers('max')).toBeGreaterThan(30_000);
  // The stretch goes with the cursor.
  await app.press('Shift+Period');
  await expect(app.root).toHaveAttribute('data-cursor', String(ERROR));
  expect(await covers('min')).toBeLessThanOrEqual(ERROR);
  expect(await covers('max')).toBeGreaterThanOrEqual(ERROR);
  await expect(minimap.locator('rect.bad')).toHaveCount(1);
  await wholeRun.click();
  expect([await covers('min'), await covers('max')]).toEqual([0, LAST]);
});

test('keys go to the next fact on the lane, of the line, and to the next error', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [await openLongRun(folder)] });
  await app.settled(1);
  await app.press('Home');
  const goes = async (key: string, to: number): Promise<void> => {
    await app.press(key);
    await expect(app.root, key).toHaveAttribute('data-cursor', String(to));
  };
  await goes('Shift+Period', ERROR);
  await goes('Shift+Comma', ERROR);

  // Line 700 begins near the end of the first page: its server's facts are 2 to 4 of it.
  const begins = OPENING + 699 * A_LINE + 1;
  await app.timeBar.scrubTo(begins);
  await goes('Alt+Period', begins + 1);
  await goes('Alt+Period', begins + 2);
  await goes('Alt+Comma', begins + 1);
  await goes('Period', begins + 2);
  await goes('Period', begins + 3);
  await goes('Period', begins + 7);
  await goes('Comma', begins + 3);
  // Over the edge of a page, and not beyond the line.
  await app.timeBar.scrubTo(4_096);
  await goes('Period', 4_100);
  await goes('Comma', 4_096);
  await app.timeBar.slider.focus();
  await goes('ArrowUp', 4_097);
  await goes('ArrowDown', 4_096);
  await app.timeBar.scrubTo(begins + 5);
  await app.press('Alt+Period', 'Shift+Slash');
  const keys = app.dialog('Keys');
  await expect(keys.getByRole('row', { name: /^Shift\+\./ })).toContainText('next error');
  await app.press('Escape');
  expect(await cursorOf(app)).toBe(begins + 5);
});

test('plays the whole run in a minute, also over the edges of pages', async ({ launch, folder }) => {
  const app = await launch({ args: [await openLongRun(folder)] });
  await app.settled(1);
  await app.press('Home');
  await app.timeBar.speed.selectOption({ label: 'run in a minute: 1,000 facts a second' });
  await expect(app.timeBar.speed).toHaveAttribute('title', /in a minute: on average 11 times slower/);
  await app.timeBar.scrubTo(2_000);
  const { facts, seconds } = await app.page.evaluate<{
    facts: number;
    seconds: number;
  }>(`new Promise((resolve) => {
    const { dataset } = document.documentElement;
    const from = Number(dataset.cursor);
    const beganMs = performance.now();
    window.dispatchEvent(new KeyboardEvent('keydown', { key: ' ' }));
    requestAnimationFrame(function look() {
      const facts = Number(dataset.cursor) - from;
      if (facts < 5000) requestAnimationFrame(look);
      else resolve({ facts, seconds: (performance.now() - beganMs) / 1000 });
    });
  })`);
  expect(facts / seconds).toBeGreaterThan(850);
  expect(facts / seconds).toBeLessThan(1_150);
});

/** Where in a picture of the slider the thumb's middle is, and where its fill ends, in CSS pixels. */
async function thumbAndFill(app: SocketScope): Promise<{ readonly thumb: number; readonly fill: number }> {
  await app.page.emulateMedia({ colorScheme: 'dark' });
  await app.page.mouse.move(0, 0);
  const picture = await app.timeBar.slider.screenshot({ scale: 'css' });
  return await app.page.evaluate<{ thumb: number; fill: number }>(`(async () => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(picture.toString('base64'))}), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const row = (y) => context.getImageData(0, y, bitmap.width, 1).data;
    const isBlue = (data, x) => data[4 * x + 2] > 180 && data[4 * x] < 90;
    const isWhite = (data, x) => data[4 * x] > 240 && data[4 * x + 1] > 240;
    const middle = row(Math.floor(bitmap.height / 2));
    const white = [];
    for (let x = 0; x < bitmap.width; x += 1) if (isWhite(middle, x)) white.push(x);
    const edge = row(Math.floor(bitmap.height / 2) - 2);
    let fill = 0;
    // What the thumb covers is no fill.
    for (let x = 0; x < bitmap.width; x += 1) if (isBlue(edge, x)) fill = x;
    return { thumb: (white[0] + white.at(-1)) / 2, fill };
  })()`);
}

test('the thumb, the fill and the playhead are at one place, also between two facts', async ({ launch }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  const { slider, minimap } = app.timeBar;
  // Half-way between two facts there are some ten pixels to each.
  await expect
    .poll(
      async () => {
        const value = Number(await slider.inputValue());
        return value > 8 && Math.abs(value - Math.floor(value) - 0.6) < 0.25;
      },
      { intervals: [5] },
    )
    .toBe(true);
  await app.press('Space');
  await expect(app.root).toHaveAttribute('data-moving', 'false');
  const { thumb, fill } = await thumbAndFill(app);
  // The thumb's ring is blue, too, and eight pixels wide at most.
  expect(Math.abs(fill - thumb)).toBeLessThanOrEqual(9);
  const frame = await minimap.boundingBox();
  const bar = await slider.boundingBox();
  const playhead = await minimap.locator('.playhead').boundingBox();
  if (frame === null || bar === null || playhead === null) throw new Error('They are not there');
  expect(Math.abs(playhead.x - (bar.x + thumb))).toBeLessThanOrEqual(1.5);
  const part = Number(await slider.inputValue()) / Number(await slider.getAttribute('max'));
  expect(Math.abs(playhead.x - frame.x - part * frame.width)).toBeLessThanOrEqual(1);
});

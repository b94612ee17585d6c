// The picture out of the window: as SVG and PNG files, on the clipboard; and a run as a page that any browser plays.

import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { expect, linesFile, SEVEN_LINES, test, type SocketScope } from './app.ts';

const SHOTS = join(import.meta.dirname, 'output', 'shots');

/** Opens the file in a window of its own, as a browser does. */
async function inBrowser(app: SocketScope, path: string): Promise<Page> {
  const opened = app.electron.waitForEvent('window');
  await app.electron.evaluate(async ({ BrowserWindow }, file) => {
    await new BrowserWindow({ width: 1_100, height: 800 }).loadFile(file);
  }, path);
  return await opened;
}

async function choose(app: SocketScope, entry: string): Promise<void> {
  await app.wire.button('Export').click();
  await app.page.getByRole('menuitem', { name: entry }).click();
}

async function exportTo(app: SocketScope, entry: string, path: string): Promise<void> {
  await app.answerSave(path);
  await choose(app, entry);
  await expect(app.done).toContainText('Saved');
  await app.button('Dismiss').last().click();
}

/** What axe finds in what is shown now, or in a part of it. */
async function findings(page: Page, part = 'html'): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().include(part).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** The number of different colours in a picture, and its size. */
async function looksOf(
  app: SocketScope,
  png: Buffer,
): Promise<{ width: number; height: number; colours: number }> {
  return await app.electron.evaluate(({ nativeImage }, base64) => {
    const image = nativeImage.createFromBuffer(Buffer.from(base64, 'base64'));
    const pixels = image.toBitmap();
    const colours = new Set<number>();
    for (let at = 0; at + 3 < pixels.length; at += 4) colours.add(pixels.readUInt32LE(at));
    return { ...image.getSize(), colours: colours.size };
  }, png.toString('base64'));
}

test('the picture is saved as SVG and PNG and copied, as it stands in the window', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  await app.timeBar.scrubTo(18);
  // All facts at once: the handshake, which is inferred, is in sight as well.
  await app.wire.button('Fit').click();
  await app.twoFrames();
  expect(await app.wire.inferred.count()).toBeGreaterThan(0);

  const svg = join(folder, 'picture.svg');
  await exportTo(app, 'Save as SVG', svg);
  expect(await app.offeredPath()).toMatch(/in-proj-18\.svg$/);
  const text = await readFile(svg, 'utf8');
  expect(text).not.toMatch(/<script|<foreignObject|href|style=|url\(/);
  const page = await inBrowser(app, svg);
  for (const words of [
    'The server read 19 bytes in one read.',
    'Welcome to CS 352!⏎',
    'OLLEH⏎',
    (await app.wire.ladder.locator('.row.now text').textContent()) ?? '',
    'connected',
  ]) {
    await expect(page.getByText(words, { exact: true }).first()).toBeVisible();
  }
  await expect(page.getByText(/^Reverse a file: in-proj\.txt, 95 B · recorded /).last()).toBeVisible();
  // The cursor's own line besides.
  const dashed = await app.wire.inferred.count();
  await expect(page.locator('line[stroke-dasharray]')).toHaveCount(dashed + 1);
  await page.screenshot({ path: join(SHOTS, 'export-svg.png') });
  await page.close();

  const png = join(folder, 'picture.png');
  await exportTo(app, 'Save as PNG', png);
  const size = await app.wire.root.evaluate((wire) => ({
    width: wire.clientWidth,
    height: wire.clientHeight,
  }));
  const looks = await looksOf(app, await readFile(png));
  await copyFile(png, join(SHOTS, 'export-png.png'));
  expect(Math.abs(looks.width - 2 * size.width)).toBeLessThanOrEqual(2);
  expect(looks.height).toBeGreaterThan(1.9 * size.height);
  expect(looks.colours).toBeGreaterThan(100);

  await choose(app, 'Copy picture');
  await expect(app.done).toContainText('Copied the picture');
  const copied = await app.electron.evaluate(async ({ clipboard }) => {
    const availableFormats: unknown = Reflect.get(clipboard, 'availableFormats');
    const formats: unknown =
      typeof availableFormats === 'function'
        ? Reflect.apply(availableFormats, clipboard, [])
        : (await clipboard.read()).flatMap(({ types }) => types);
    return String(formats);
  });
  expect(copied).toContain('image/png');
});

test('the plots and the blocks are exported as they are drawn, with what their marks mean', async ({
  launch,
  folder,
}) => {
  const app = await launch({ settings: { rounds: 12, runs: 4, startAfterMs: 0 } });
  for (const [entry, kind, marks, words] of [
    ['Refused and in use', 'Race', 'rect, path, circle', /clients were refused.*dashed: inferred/],
    ['Refused and in use', 'Port in use', 'circle', /EADDRINUSE.*dashed: inferred/],
    [
      'Lost boundaries',
      undefined,
      'svg path[stroke-width="3"]',
      /5 lines as one.*striped: no line of the input/,
    ],
    ['Ephemeral ports', undefined, 'circle, path', /4 runs got.*by SocketScope [^·]*$/],
  ] as const) {
    await app.sidebar.choose(entry, kind);
    await app.runToTheEnd();
    const svg = join(folder, `${kind ?? entry}.svg`);
    await exportTo(app, 'Save as SVG', svg);
    const page = await inBrowser(app, svg);
    expect(await page.locator(marks).count()).toBeGreaterThan(1);
    expect((await page.locator('svg').first().textContent())?.replace(/\s+/g, ' ').trim()).toMatch(words);
    await page.screenshot({
      path: join(SHOTS, `export-${(kind ?? entry).toLowerCase().replaceAll(' ', '-')}.png`),
    });
    await page.close();

    const html = join(folder, `${kind ?? entry}.html`);
    await exportTo(app, 'Save as HTML replay', html);
    const replay = await inBrowser(app, html);
    await replay.keyboard.press('End');
    await expect(replay.locator('.summary')).toHaveText((await app.wire.summary.textContent()) ?? '');
    await replay.close();
  }
});

test('the menu is worked by keys, and a click leaves the keys what they mean', async ({ launch, folder }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  await app.timeBar.scrubTo(18);
  await app.answerSave(join(folder, 'picture.svg'));
  await app.wire.button('Export').focus();
  await app.press('Enter');
  await expect(app.page.getByRole('menu')).toBeVisible();
  expect(await findings(app.page, '.export-menu')).toEqual([]);
  await app.press('ArrowDown', 'Home', 'Enter');
  await expect(app.done).toContainText('Saved picture.svg');
  await expect(app.wire.button('Export')).toBeFocused();
  await expect(app.root).toHaveAttribute('data-cursor', '18');

  await choose(app, 'Copy picture');
  await expect(app.done).toContainText('Copied the picture');
  await expect(app.wire.button('Export')).not.toBeFocused();
  await app.press('ArrowRight');
  await expect(app.root).toHaveAttribute('data-cursor', '19');

  // All buttons of the row have room in the smallest window.
  const size = await app.page.evaluate(() => [innerWidth, innerHeight] as const);
  await app.resize(900, 600);
  const row = app.wire.root.locator('.wire-head');
  expect(await row.evaluate((head) => head.scrollWidth - head.clientWidth)).toBe(0);
  await app.shot('export-900');
  await app.resize(...size);

  // From the palette, while the picture is presented alone.
  await app.press('F11', 'ControlOrMeta+Shift+p');
  const presented = join(folder, 'presented.png');
  await app.answerSave(presented);
  await app.page.keyboard.type('save as png');
  await app.press('Enter');
  await expect(app.done).toContainText('Saved presented.png');
  await copyFile(presented, join(SHOTS, 'export-presented.png'));
  expect((await looksOf(app, await readFile(presented))).colours).toBeGreaterThan(100);
});

test('an exported picture goes only where the person chose, and never over the input', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  await app.answerSave(undefined);
  await choose(app, 'Save as SVG');
  await app.answerSave(SEVEN_LINES);
  const before = await readFile(SEVEN_LINES);
  await choose(app, 'Save as PNG');
  await expect(app.alert).toContainText('is the input file itself');
  expect(await readFile(SEVEN_LINES)).toEqual(before);
  await app.answerSave(join(folder, 'missing', 'picture.png'));
  await choose(app, 'Save as PNG');
  await expect(app.alert).toContainText(join(folder, 'missing'));

  app.errorsAreExpected = true;
  for (const call of [
    `socketScope.call('picture:save-svg', { text: '<html></html>', fact: 1 })`,
    `socketScope.call('picture:save-svg', { text: '<svg xmlns="http://www.w3.org/2000/svg"><script></script></svg>', fact: 1 })`,
    `socketScope.call('picture:save-png', { png: new Uint8Array([60, 61, 62]), fact: 1 })`,
    `socketScope.call('picture:save-svg', { text: 1, fact: 1, path: '/tmp/x' })`,
  ]) {
    await expect(app.page.evaluate(call)).rejects.toThrow('does not have the shape');
  }
});

test('a replay plays the run in a browser, as the app shows it', async ({ launch, folder }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  const path = join(folder, 'in-proj.html');
  await exportTo(app, 'Save as HTML replay', path);
  expect(await app.offeredPath()).toMatch(/in-proj\.html$/);
  expect((await stat(path)).size).toBeLessThan(450_000);

  const page = await inBrowser(app, path);
  const problems: string[] = [];
  page.on('console', (message) => problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => problems.push(request.url()));
  const now = page.getByRole('status', { name: 'Now' });
  for (const each of [app.page, page]) await each.emulateMedia({ reducedMotion: 'reduce' });
  await expect(page.getByRole('heading', { name: 'Reverse a file: in-proj.txt' })).toBeVisible();
  await page.getByRole('button', { name: 'To the start' }).click();
  await app.press('Home');
  for (let step = 0; step < 12; step += 1) {
    await app.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect(now).toHaveText(await settledText(app));
  }
  const slider = page.getByRole('slider', { name: 'Time' });
  await slider.fill('18');
  await app.timeBar.scrubTo(18);
  await expect(now).toHaveText(await settledText(app));
  await expect(page.getByText('Welcome to CS 352!⏎')).toBeVisible();
  await expect(page.getByRole('row', { name: /^1 HELLO OLLEH/ })).toBeVisible();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(SHOTS, `export-replay-${colorScheme}.png`) });
  }
  expect(await findings(page)).toEqual([]);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('facts-300');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await app.timeBar.toEnd();
  await expect(page.locator('.summary')).toHaveText((await app.wire.summary.textContent()) ?? '');
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.summary')).toHaveCount(0);
  expect(problems).toEqual([]);
});

/** The app's sentence and the time, when the cursor has come to rest. */
async function settledText(app: SocketScope): Promise<string> {
  await expect(app.root).toHaveAttribute('data-moving', 'false');
  return (await app.wire.now.textContent()) ?? '';
}

const MARKUP = '</script><script>window.harmed=1</script><img src=x onerror="window.harmed=1">';

test('what a hostile run holds does nothing in what is exported of it', async ({ launch, folder }) => {
  const given = join(folder, `hostile.txt`);
  await writeFile(given, `${MARKUP}\n]]>&#60;\u2028${MARKUP}\n`);
  const app = await launch({ args: [given] });
  await app.settled(1);
  const replay = join(folder, 'replay.html');
  await exportTo(app, 'Save as HTML replay', replay);
  await app.wire.button('Fit').click();
  await app.timeBar.toEnd();
  const svg = join(folder, 'picture.svg');
  await exportTo(app, 'Save as SVG', svg);
  for (const path of [replay, svg]) {
    const page = await inBrowser(app, path);
    await page.keyboard.press('End');
    await expect(page.getByText(/^<\/script><script>window/).first()).toBeVisible();
    expect(await page.evaluate<string>('typeof window.harmed')).toBe('undefined');
    expect(await page.locator('#root script, img, svg script').count()).toBe(0);
    await page.close();
  }
});

test('of a long run a replay has the facts around the cursor, and says so', async ({ launch, folder }) => {
  const app = await launch({ args: [await linesFile(folder, 'long.txt', 6_000)] });
  await app.settled(1);
  await app.timeBar.scrubTo(20_000);
  const path = join(folder, 'long.html');
  await exportTo(app, 'Save as HTML replay', path);
  const page = await inBrowser(app, path);
  await expect(page.getByText(/This file has the facts 12,289 to 24,576 of 3\d,\d{3}\./)).toBeVisible();
  const now = page.getByRole('status', { name: 'Now' });
  await expect(now).toHaveText(await settledText(app));
  await page.keyboard.press('Home');
  await expect(now).toContainText('fact 12,289 ·');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('End');
  await expect(now).toContainText('fact 24,576 ·');
  await page.keyboard.press(' ');
  await expect(now).toContainText(/fact 12,29\d ·/);
});

// What a person needs who does not see well, does not use a mouse or does not like things to move: axe finds nothing in
// any view, everything is done by keys, and a large zoom loses nothing. One app for many views: a start is dear.

import { AxeBuilder } from '@axe-core/playwright';
import type { Locator } from '@playwright/test';

import { expect, type SocketScope, test } from './app.ts';

/** WCAG 2.2 up to AA, and what axe's makers hold for good besides. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

/** Small runs: how a view is built does not depend on how often. */
const FEW = { rounds: 12, runs: 8, startAfterMs: 0 };

function sidebar(app: SocketScope): Locator {
  return app.page.getByRole('navigation', { name: 'Experiments' });
}

function header(app: SocketScope): Locator {
  return app.page.getByRole('banner');
}

async function resize(app: SocketScope, width: number, height: number, factor = 1): Promise<void> {
  await app.electron.evaluate(
    ({ BrowserWindow }, size) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height);
    },
    { width, height },
  );
  await expect
    .poll(() => app.page.evaluate(() => [innerWidth, innerHeight]))
    .toEqual([width / factor, height / factor]);
  // What measures itself has done so when the frame after the next one comes.
  await app.page.evaluate(
    () =>
      new Promise<void>((done) => {
        requestAnimationFrame(() => {
          requestAnimationFrame(() => {
            done();
          });
        });
      }),
  );
}

/** Chooses an experiment: its entry, and where several share one, which. */
async function choose(app: SocketScope, entry: string, kind?: string): Promise<void> {
  await sidebar(app).getByRole('button', { name: entry }).click();
  if (kind !== undefined) await sidebar(app).getByRole('radio', { name: kind }).check();
}

async function runToTheEnd(app: SocketScope): Promise<void> {
  const run = (await app.run()) + 1;
  await header(app).getByRole('button', { name: /^Run/ }).click();
  await app.settled(run);
  await app.page.getByRole('button', { name: 'To the end' }).click();
  await expect(app.root).toHaveAttribute('data-moving', 'false');
}

/**
 * What axe finds in what is shown now, a line each; in both themes, of which only the colours differ. A block of the
 * boundaries may be smaller than a target should be: its width is the bytes it stands for and its row is one of fifteen
 * over the same ruler. The table below has the same lines, and the time bar every fact, in full size.
 */
async function findings(app: SocketScope, view: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await app.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Legacy mode: Electron opens no second page for axe to put its parts together in.
    const axe = new AxeBuilder({ page: app.page }).setLegacyMode().options({ resultTypes: ['violations'] });
    const { violations } = await (
      colorScheme === 'dark' ? axe.withTags(TAGS) : axe.withRules(['color-contrast'])
    ).analyze();
    for (const { id, nodes } of violations) {
      for (const { target, html, failureSummary } of nodes) {
        if (id === 'target-size' && html.includes('class="block ')) continue;
        found.push(`${view}, ${colorScheme}: ${id} at ${target.join(' ')}: ${failureSummary ?? ''}`);
      }
    }
  }
  return found;
}

/** Runs in the page: texts of which no scrolling shows a part, and that have no title with the whole. */
function cutTexts(): readonly string[] {
  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() !== null) {
    const parent = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent?.trim() ?? '';
    if (parent === null || text === '' || !parent.checkVisibility()) continue;
    if (parent.closest('.visually-hidden, [title], option, title') !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    // An element of an SVG knows into what length its text is drawn; a range does not.
    const box = (parent instanceof SVGElement ? parent : range).getBoundingClientRect();
    let { left, right, top, bottom } = box;
    const cut = (edge: DOMRect, across: boolean, down: boolean): boolean =>
      (across && (left < edge.left - 1.5 || right > edge.right + 1.5)) ||
      (down && (top < edge.top - 1.5 || bottom > edge.bottom + 1.5));
    for (let around: Element | null = parent; around !== null; around = around.parentElement) {
      if (box.width === 0 || left >= right || top >= bottom) break;
      const { overflowX, overflowY, display } = getComputedStyle(around);
      if (display === 'inline' || display === 'contents') continue;
      const edge = around.getBoundingClientRect();
      const root = around === document.body;
      // The ladder is longer than its view: the cursor moves it up and down.
      const moves = around.matches('.wire-canvas svg');
      const hides = (overflow: string): boolean => root || overflow === 'hidden' || overflow === 'clip';
      if (cut(edge, hides(overflowX), hides(overflowY) && !moves)) {
        found.push(`"${text.slice(0, 40)}" in ${around.tagName} ${around.getAttribute('class') ?? ''}`);
        break;
      }
      if (root) break;
      if (overflowX !== 'visible') [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
      if (overflowY !== 'visible') [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
      if (around.tagName === 'DIALOG') break;
    }
  }
  return found;
}

/** Runs in the page: controls that the focus does not bring into sight, or that something else lies over. */
function hiddenControls(): readonly string[] {
  const found: string[] = [];
  const root = document.querySelector('dialog[open]') ?? document.body;
  const controls = root.querySelectorAll<HTMLElement>('button, input, select, summary, [tabindex]');
  for (const control of controls) {
    if (control.tabIndex < 0 || control.matches(':disabled') || !control.checkVisibility()) continue;
    control.focus();
    const { left, right, top, bottom, height } = control.getBoundingClientRect();
    const at = document.elementFromPoint((left + right) / 2, top + Math.min(height / 2, 20));
    const seen = at !== null && (control.contains(at) || at.contains(control));
    if (!seen || left < -1 || right > innerWidth + 1 || top < -1 || top + Math.min(height, 24) > innerHeight + 1) {
      const name = control.getAttribute('aria-label') ?? control.textContent ?? '';
      const place = [left, top, right, bottom].map(Math.round).join(' ');
      found.push(`${control.tagName} "${name.slice(0, 40)}" at ${place} below ${at?.className ?? 'nothing'}`);
    }
  }
  return found;
}

/** What a view loses at the window's size, a line each. */
async function losses(app: SocketScope, view: string): Promise<readonly string[]> {
  const lost = [...(await app.page.evaluate(cutTexts)), ...(await app.page.evaluate(hiddenControls))];
  return lost.map((what) => `${view}: ${what}`);
}

const EXPERIMENTS = [
  ['Welcome'],
  ['Refused and in use', 'Client too early'],
  ['Refused and in use', 'Port in use'],
  ['Refused and in use', 'Race'],
  ['Reverse a string'],
  ['Reverse a file'],
  ['Lost boundaries'],
  ['Ephemeral ports'],
] as const;

async function zoom(app: SocketScope, factor: number): Promise<void> {
  await app.electron.evaluate(({ BrowserWindow }, to) => {
    BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(to);
  }, factor);
}

const SIZES = [
  { name: '900x600', width: 900, height: 600, factor: 1 },
  { name: '1280x800 at 200 %', width: 1280, height: 800, factor: 2 },
] as const;

test('axe finds nothing in any experiment, before a run and after it', async ({ launch }) => {
  const app = await launch({ settings: FEW });
  await resize(app, 1280, 800);
  const found: string[] = [];
  for (const [entry, kind] of EXPERIMENTS) {
    const name = (kind ?? entry).toLowerCase();
    await choose(app, entry, kind);
    found.push(...(await findings(app, `${name} before`)));
    await runToTheEnd(app);
    found.push(...(await findings(app, `${name} after`)));
  }
  expect(found).toEqual([]);
});

test('a small window and a zoom of 200 % lose nothing', async ({ launch }) => {
  const app = await launch({ settings: FEW });
  await app.page.emulateMedia({ reducedMotion: 'reduce' });
  const lost: string[] = [];
  const lookAt = async (view: string): Promise<void> => {
    for (const { name, width, height, factor } of SIZES) {
      await zoom(app, factor);
      await resize(app, width, height, factor);
      lost.push(...(await losses(app, `${view}, ${name}`)));
      await app.page.evaluate('document.querySelector(".app").scrollTo(0, 0)');
      await app.shotOfWindow(`accessible-${view}-${width}`.replaceAll(' ', '-'));
    }
    await zoom(app, 1);
    await resize(app, 1280, 800);
  };
  for (const [entry, kind] of EXPERIMENTS) {
    const name = (kind ?? entry).toLowerCase();
    await choose(app, entry, kind);
    await lookAt(`${name} before`);
    await runToTheEnd(app);
    await lookAt(`${name} after`);
  }
  expect(lost).toEqual([]);
});

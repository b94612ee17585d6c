// Accessibility: axe finds nothing in any view, everything is done by keys, and a large zoom loses nothing. One app serves
// many views, because a start is slow.

import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { AxeBuilder } from '@axe-core/playwright';
import type { Locator } from '@playwright/test';

import { expect, factOf, SEVEN_LINES, type SocketScope, test } from './app.ts';
import { holdPort } from './held-port.ts';
import { formatFact } from '../src/shared/trace/json-lines.ts';

/** WCAG 2.2 up to AA, and axe's own best practices. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

/** Small runs: how a view is built does not depend on how often. */
const FEW = { rounds: 12, runs: 8, startAfterMs: 0 };

/**
 * What axe finds in what is shown now, a line each; in both themes, of which only the colours differ. A block of the
 * boundaries may be smaller than a target should be: its width is the bytes it stands for and its row is one of fifteen
 * over the same ruler. The table below has the same lines, and the time bar every fact, in full size.
 */
async function findings(app: SocketScope, view: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await app.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The injected half megabyte stays in the page: otherwise it would be injected twice for each check.
    const isThere = await app.page.evaluate(() => 'axe' in globalThis);
    const axe = new AxeBuilder({ page: app.page, ...(isThere ? { axeSource: '0;' } : {}) })
      // Electron opens no second page for axe to put its parts together in.
      .setLegacyMode()
      .options({ resultTypes: ['violations'] });
    const { violations } = await (
      colorScheme === 'dark' ? axe.withTags(TAGS) : axe.withRules(['color-contrast'])
    ).analyze();
    for (const { id, nodes } of violations) {
      for (const { target, html, failureSummary } of nodes) {
        if (id === 'target-size' && html.includes('class="block ')) continue;
        if (id === 'target-size' && (await hasLargeLabel(app, target.join(' ')))) continue;
        found.push(`${view}, ${colorScheme}: ${id} at ${target.join(' ')}: ${failureSummary ?? ''}`);
      }
    }
  }
  return found;
}

/** Whether a click is not meant for the box alone: its label around it is a target of its own, and large enough. */
async function hasLargeLabel(app: SocketScope, selector: string): Promise<boolean> {
  return await app.page
    .locator(selector)
    .evaluate((control) => (control.closest('label')?.getBoundingClientRect().height ?? 0) >= 24);
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
    // An element of an SVG reports the length of its drawn text; a range does not.
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
      const moves = around.matches('.wire-canvas svg, .compared-ladder svg');
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

/** Runs in the page: parts of it that are wider than the window, so that it would be moved from side to side. */
function tooWide(): readonly string[] {
  const found: string[] = [];
  for (const part of document.querySelectorAll('.app, .app > *, main > *, dialog[open]')) {
    const { right, width } = part.getBoundingClientRect();
    if (part.scrollWidth > part.clientWidth + 1 || (width > 1 && right > innerWidth + 1)) {
      found.push(`${part.tagName} ${part.className} is ${part.scrollWidth} px wide`);
    }
  }
  return found;
}

/**
 * Runs in the page: controls that the focus does not bring into sight, or that something else lies over; of all, or of the
 * one that has the focus. Of a button or a field all has to be seen, of what is higher or wider a part: it may be larger
 * than the room for it.
 */
function hiddenControls(onlyFocused: boolean): readonly string[] {
  const found: string[] = [];
  const root = document.querySelector('dialog[open]') ?? document.body;
  const controls = onlyFocused
    ? [document.activeElement]
    : root.querySelectorAll('button, input, select, summary, [tabindex]');
  for (const control of controls) {
    if (!(control instanceof HTMLElement) || control === document.body) continue;
    if (control.tabIndex < 0 || control.matches(':disabled') || !control.checkVisibility()) continue;
    if (!onlyFocused) control.focus();
    const { left, right, top, bottom, height } = control.getBoundingClientRect();
    const middle = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
    const isSeen = (y: number): boolean => {
      const hit = document.elementFromPoint(middle, y);
      return hit !== null && (control.contains(hit) || hit.contains(control));
    };
    const isHigh = height > 60;
    const isWide = right - left > 240;
    const heights = Array.from({ length: Math.ceil(height / 20) }, (_, index) => top + index * 20 + 4);
    const seen = isHigh ? heights.some(isSeen) : [top + height / 2, bottom - 4].every(isSeen);
    if (!seen || (!isWide && (left < -1 || right > innerWidth + 1))) {
      const name = control.getAttribute('aria-label') ?? control.textContent;
      const place = [left, top, right, bottom].map(Math.round).join(' ');
      const over = document.elementFromPoint(middle, (top + bottom) / 2)?.className ?? 'nothing';
      found.push(`${control.tagName} "${name.slice(0, 40)}" at ${place} below ${over}`);
    }
  }
  return found;
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

const SIZES = [
  { name: '900x600', width: 900, height: 600, factor: 1 },
  { name: '1280x800 at 200 %', width: 1280, height: 800, factor: 2 },
  { name: '900x600 at 200 %', width: 900, height: 600, factor: 2 },
] as const;

/**
 * Checks a view in every way there is: in both themes, in a small window and at a large zoom. `nothingOver` is false where
 * something lies over the view for a while.
 */
async function faults(app: SocketScope, view: string, nothingOver = true): Promise<readonly string[]> {
  const found = [...(await findings(app, view))];
  await app.shots(`view-${view} 1280x800`.replaceAll(' ', '-'));
  for (const { name, width, height, factor } of SIZES) {
    await app.resize(width, height, factor);
    const lost = [
      ...(await app.page.evaluate(tooWide)),
      ...(await app.page.evaluate(cutTexts)),
      ...(nothingOver ? await app.page.evaluate(hiddenControls, false) : []),
    ];
    found.push(...lost.map((what) => `${view}, ${name}: ${what}`));
    await app.page.evaluate('document.querySelector(".app").scrollTo(0, 0)');
    if (factor === 1) await app.shots(`view-${view} ${name}`.replaceAll(' ', '-'));
    else await app.shotOfWindow(`view-${view}-${name}`.replace(' %', '').replaceAll(' ', '-'));
  }
  await app.resize(1280, 800);
  return found;
}

// Each checks some thirty views, four times each.
test.describe.configure({ timeout: 180_000 });

test('no experiment has a fault, before a run or after it', async ({ launch }) => {
  const app = await launch({ settings: FEW });
  await app.resize(1280, 800);
  const found: string[] = [];
  for (const [entry, kind] of EXPERIMENTS) {
    const name = (kind ?? entry).toLowerCase();
    await app.sidebar.choose(entry, kind);
    found.push(...(await faults(app, `${name} before`)));
    await app.runToTheEnd();
    found.push(...(await faults(app, `${name} after`)));
  }
  // The ports of earlier runs stand where a run of them would begin.
  await app.sidebar.choose('Welcome');
  await app.runToTheEnd();
  await app.sidebar.choose('Ephemeral ports');
  await expect(app.wire.ports).toBeVisible();
  found.push(...(await faults(app, 'earlier ports')));
  expect(found).toEqual([]);
});

test('no tab, dialog, notice, guide or replay has a fault', async ({ launch, folder }) => {
  const app = await launch({ settings: { ...FEW, guideDone: false } });
  await app.resize(1280, 800);
  const found = [...(await faults(app, 'guide'))];
  await app.runToTheEnd();
  await app.guide.button('Skip the guide').click();
  await app.tab('Transcript').click();
  found.push(...(await faults(app, 'transcript')));
  await app.tab('Numbers').click();
  await expect(app.numbers.root.getByText(/^median/)).toBeVisible();
  found.push(...(await faults(app, 'numbers')));
  await app.tab('Lines').click();
  await app.press('Control+f');
  await app.find.field.fill('Welcome');
  await expect(app.find.hits).toContainText('hits');
  found.push(...(await faults(app, 'find', false)));
  await app.find.field.fill('took');
  await expect(app.find.help).toContainText('Say how long');
  found.push(...(await faults(app, 'find what is wrong', false)));
  await app.press('Escape');

  for (const [name, open] of [
    ['Why?', () => app.wire.button('Why?').click()],
    ['Settings', () => app.sidebar.button('Settings').click()],
    ['Keys', () => app.press('?')],
    ['About SocketScope', () => app.chooseInMenu('About SocketScope')],
    ['Commands', () => app.press('ControlOrMeta+Shift+P')],
  ] as const) {
    await open();
    const dialog = app.dialog(name);
    await expect(dialog).toBeVisible();
    found.push(...(await faults(app, `dialog ${name.replace('?', '')}`)));
    await app.press('Escape');
    await expect(dialog).toBeHidden();
  }

  // A dialog that replaces another one stays.
  await app.sidebar.button('Settings').click();
  await app.chooseInMenu('Keys');
  await expect(app.settings.root).toBeHidden();
  await app.twoFrames();
  await expect(app.dialog('Keys')).toBeVisible();
  await app.press('Escape');

  const saved = join(folder, 'run.socketscope');
  await app.answerSave(saved);
  await app.header.button('Save run').click();
  await expect(app.done).toBeVisible();
  await app.answerOpen(join(folder, 'nothing.txt'));
  await app.header.button('Open a file').click();
  await expect(app.alert).toBeVisible();
  found.push(...(await faults(app, 'notices', false)));
  // The menu of the place that has the focus.
  await app.press('Escape');
  await app.lines.row(1).click({ button: 'right' });
  await expect(app.contextMenu).toBeVisible();
  found.push(...(await findings(app, 'context menu')));
  await app.press('Escape');
  await app.header.button('Open a file').click();
  await expect(app.alert).toBeVisible();
  // A key sends them away and leaves the focus where it is.
  await app.header.button('Open a file').focus();
  await app.press('Escape');
  await expect(app.alert).toHaveCount(0);
  await expect(app.header.button('Open a file')).toBeFocused();

  const drag = await app.page.context().newCDPSession(app.page);
  const data = { items: [], files: [SEVEN_LINES], dragOperationsMask: 1 };
  await drag.send('Input.dispatchDragEvent', { type: 'dragEnter', x: 450, y: 300, data });
  await expect(app.page.getByText('Drop a file to run it')).toBeVisible();
  found.push(...(await findings(app, 'drop')));
  await drag.send('Input.dispatchDragEvent', { type: 'dragOver', x: 450, y: 300, data });
  await drag.send('Input.dispatchDragEvent', { type: 'drop', x: 450, y: 300, data });
  await app.settled(2);

  await app.answerOpen(saved);
  await app.header.button('Open a file').click();
  await app.settled(3);
  await app.timeBar.toEnd();
  found.push(...(await faults(app, 'replay')));
  await app.tab('Notes').click();
  await app.noteList.button('Add note').click();
  await app.notes.editor.getByRole('radio', { name: 'Question' }).check();
  found.push(...(await faults(app, 'note editor', false)));
  await app.notes.write('Question', 'At the end', 'What comes next?');
  // A narrow window has had it elsewhere.
  await app.tab('Notes').click();
  await app.noteList.button(/^Question/).click();
  await expect(app.notes.card).toContainText('What comes next?');
  found.push(...(await faults(app, 'question', false)));
  await app.answerQuestions(1);

  // Of a run that a slow disk did not keep whole.
  const kept = (await app.facts()).filter(({ seq }) => seq < 20 || seq > 30);
  const leftOut = {
    kind: 'detail-left-out',
    seenBy: 'program',
    reason: 'the disk was full',
    lines: 1,
  } as const;
  const withGap = kept.map((fact) =>
    fact.seq === 31 ? { ...leftOut, facts: 11, seq: fact.seq, atUs: fact.atUs } : fact,
  );
  const gapped = join(folder, 'gap.socketscope');
  await writeFile(gapped, withGap.map((fact) => `${formatFact(fact)}\n`).join(''));
  await app.drop(gapped);
  await app.settled(4);
  await app.timeBar.scrubTo(31);
  await expect(app.page.getByText('11 facts counted, not drawn', { exact: true })).toBeVisible();
  found.push(...(await faults(app, 'counted facts')));
  expect(found).toEqual([]);
});

test('two runs side by side have no fault', async ({ launch }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  await app.sidebar.choose('Welcome');
  await app.runToTheEnd();
  await app.resize(1280, 800);
  await app.sidebar.runs.button(/^Compare with Reverse a file/).click();
  await expect(app.comparison.verdict).toContainText('The first difference');
  const found = [...(await faults(app, 'two experiments side by side'))];
  await app.sidebar.runs.button(/^Reverse a file/).click();
  await app.settled(1);
  await app.header.button('Run again').click();
  await app.settled(3);
  await app.timeBar.toEnd();
  await app.sidebar.runs.button(/^Compare with Reverse a file/).click();
  await expect(app.comparison.verdict).toContainText('The same');
  found.push(...(await faults(app, 'two runs side by side')));
  expect(found).toEqual([]);
});

test('no evidence beside a small window’s lines, warning or port that is taken has a fault', async ({
  launch,
}) => {
  const { holder, port } = await holdPort();
  try {
    const app = await launch({ args: [SEVEN_LINES], settings: { ...FEW, openToNetwork: true, port } });
    await app.settled(1);
    await app.press('End');
    await expect(app.wire.failure).toBeVisible();
    const found = [...(await evidenceFaults(app, 'port taken'))];

    await app.wire.button('Wait and retry').click();
    await expect(app.header.progress).toHaveText(`waits for port ${port}`);
    await app.press('End');
    found.push(...(await evidenceFaults(app, 'port awaited')));
    holder.close();
    await app.settled(2);
    await app.press('End');
    found.push(...(await evidenceFaults(app, 'evidence')));

    // The header has warned all the while; this is where it leads to.
    const warning = app.header.network.getByRole('button');
    await warning.click();
    const option = app.settings.network;
    await expect(option).toBeFocused();
    await expect(option).toBeInViewport();
    found.push(...(await faults(app, 'network setting')));
    await app.press('Escape');
    await warning.focus();
    await app.press('Enter');
    await expect(option).toBeFocused();
    await app.press('Escape');
    await expect(warning).toBeFocused();
    expect(found).toEqual([]);
  } finally {
    holder.close();
  }
});

test('a port in TIME_WAIT and its countdown have no fault', async ({ launch }) => {
  test.skip(
    process.platform !== 'linux' || spawnSync('python3', ['--version']).status !== 0,
    'needs Linux, and python3, whose server does not set SO_REUSEADDR',
  );
  const app = await launch();
  await app.sidebar.choose('Refused and in use', 'Port in use');
  await app.sidebar.choice('a program that has ended').check();
  await app.runToTheEnd();
  await expect(app.evidence.countdown).toBeVisible();
  expect(await evidenceFaults(app, 'time-wait')).toEqual([]);
});

/** The evidence as a tab below the wire, as it is in a small window, and then in every other way. */
async function evidenceFaults(app: SocketScope, view: string): Promise<readonly string[]> {
  await app.resize(900, 600);
  await app.tab('Evidence').click();
  await expect(app.page.getByRole('tabpanel', { name: 'Evidence' })).toContainText('The programs');
  const found = [...(await findings(app, `${view} in a tab`))];
  await app.resize(1280, 800);
  found.push(...(await faults(app, view)));
  return found;
}

/** The control that has the focus. */
function focused(app: SocketScope): Locator {
  return app.page.locator(':focus');
}

/** Presses Tab until it comes to `goal`. Every control on the way must be seen to have the focus. */
async function tabTo(app: SocketScope, goal: Locator): Promise<void> {
  for (let stops = 0; stops < 80; stops += 1) {
    await app.press('Tab');
    const stop = focused(app);
    if ((await stop.count()) === 0) continue;
    const outline = await stop.evaluate((element) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return `${outlineStyle} ${outlineWidth}`;
    });
    expect(outline, await stop.evaluate((element) => element.outerHTML.slice(0, 120))).toBe('solid 2px');
    if (await goal.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab does not come to ${String(goal)}`);
}

/**
 * Presses Tab until it has reached all that can have the focus. Returns what it did not reach and where the focus could not
 * be seen.
 */
async function tabThrough(app: SocketScope, view: string): Promise<readonly string[]> {
  const found: string[] = [];
  const count = await app.page.evaluate(() => {
    const root = document.querySelector('dialog[open]') ?? document.body;
    const stops = [
      ...root.querySelectorAll<HTMLElement>('button, input, select, summary, [tabindex]'),
    ].filter(
      (control) =>
        control.tabIndex >= 0 &&
        !control.matches(':disabled, [type="radio"]:not(:checked)') &&
        control.checkVisibility(),
    );
    Reflect.set(globalThis, 'stops', stops);
    return stops.length;
  });
  const been = new Set<number>();
  for (let presses = 0; been.size < count && presses < 2 * count + 20; presses += 1) {
    await app.press('Tab');
    const stop = await app.page.evaluate(() => {
      const stops: unknown = Reflect.get(globalThis, 'stops');
      return Array.isArray(stops) ? stops.indexOf(document.activeElement) : -1;
    });
    if (stop < 0 || been.has(stop)) continue;
    been.add(stop);
    const hidden = await app.page.evaluate(hiddenControls, true);
    found.push(...hidden.map((what) => `${view}: ${what}`));
  }
  const missed = await app.page.evaluate(
    (indices) => {
      const stops: unknown = Reflect.get(globalThis, 'stops');
      const all: readonly unknown[] = Array.isArray(stops) ? stops : [];
      return all.flatMap((stop, index) =>
        stop instanceof HTMLElement && !indices.includes(index) ? [stop.outerHTML.slice(0, 120)] : [],
      );
    },
    [...been],
  );
  return [...found, ...missed.map((control) => `${view}: Tab does not come to ${control}`)];
}

/** Moves the picture from side to side by the arrow keys until it shows its end, as far as it is wider than the window. */
async function moveAlong(app: SocketScope, key: 'ArrowLeft' | 'ArrowRight'): Promise<void> {
  const picture = app.wire.group(/^Picture, scrollable/);
  await picture.focus();
  await expect(async () => {
    await app.press(key);
    const left = await picture.evaluate(
      ({ scrollLeft, scrollWidth, clientWidth }, to) =>
        to === 'ArrowLeft' ? scrollLeft : scrollWidth - clientWidth - scrollLeft,
      key,
    );
    expect(left).toBeLessThan(1);
  }).toPass({ intervals: [20] });
}

/** Runs in the page: whether nothing of it is left or right of the window. */
function isBetweenTheEdges(element: Element): boolean {
  const { left, right } = element.getBoundingClientRect();
  return left >= 0 && right <= innerWidth;
}

test('a window of 900 × 600 at 200 %: every experiment is chosen, run and read by keys, and nothing is lost', async ({
  launch,
}) => {
  const app = await launch({ settings: FEW });
  await app.page.emulateMedia({ reducedMotion: 'reduce' });
  await app.resize(900, 600, 2);
  const fold = app.sidebar.button('Experiments and options');
  const found: string[] = [];
  let run = 0;
  for (const [entry, kind] of EXPERIMENTS) {
    const view = kind ?? entry;
    await fold.focus();
    await app.press('Enter');
    await app.sidebar.entry(entry).focus();
    await app.press('Enter');
    if (kind !== undefined) {
      await app.sidebar.root.locator('input[type="radio"]:checked').first().focus();
      const choice = app.sidebar.choice(kind);
      while (!(await choice.isChecked())) await app.press('ArrowDown');
    }
    found.push(...(await tabThrough(app, `${view}, options`)));
    found.push(...(await app.page.evaluate(tooWide)).map((what) => `${view}, options: ${what}`));
    found.push(...(await app.page.evaluate(cutTexts)).map((what) => `${view}, options: ${what}`));
    await fold.focus();
    await app.shotOfWindow(`zoomed-${view}-options`.toLowerCase().replaceAll(' ', '-'));
    await app.press('Enter');

    // The large button is what the empty picture is for.
    await app.wire.button(/^Run/).focus();
    await app.shotOfWindow(`zoomed-${view}-ready`.toLowerCase().replaceAll(' ', '-'));
    await app.press('Enter');
    run += 1;
    await app.settled(run);
    await app.press('End');
    await expect(app.root).toHaveAttribute('data-moving', 'false');
    found.push(...(await tabThrough(app, `${view}, run`)));
    found.push(...(await app.page.evaluate(tooWide)).map((what) => `${view}, run: ${what}`));

    const end = await cursor(app);
    await moveAlong(app, 'ArrowRight');
    await app.shotOfWindow(`zoomed-${view}-picture-end`.toLowerCase().replaceAll(' ', '-'));
    const { server, client } = app.wire;
    if ((await server.count()) > 0) expect(await server.evaluate(isBetweenTheEdges)).toBe(true);
    await moveAlong(app, 'ArrowLeft');
    await app.shotOfWindow(`zoomed-${view}-picture`.toLowerCase().replaceAll(' ', '-'));
    if ((await client.count()) > 0) expect(await client.evaluate(isBetweenTheEdges)).toBe(true);
    // These keys moved the picture and nothing else.
    expect(await cursor(app)).toBe(end);
  }

  for (const [name, open] of [
    ['Why?', () => app.wire.button('Why?').press('Enter')],
    ['Settings', () => app.press('ControlOrMeta+,')],
    ['Keys', () => app.press('?')],
    ['About SocketScope', () => app.chooseInMenu('About SocketScope')],
  ] as const) {
    await open();
    const dialog = app.dialog(name);
    await expect(dialog).toBeVisible();
    found.push(...(await tabThrough(app, name)));
    for (const to of [0, 100_000]) {
      await dialog.evaluate((element, top) => {
        element.scrollTo(0, top);
      }, to);
      const close = dialog.getByRole('button', { name: 'Close' });
      await expect(close).toBeInViewport({ ratio: 1 });
      const isOnTop = await close.evaluate((button) => {
        const { left, right, top, bottom } = button.getBoundingClientRect();
        return button.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
      });
      expect(isOnTop, `the close button of ${name}`).toBe(true);
    }
    await app.shotOfWindow(`zoomed-dialog-${name.replace('?', '')}`.toLowerCase().replaceAll(' ', '-'));
    await app.press('Escape');
    await expect(dialog).toBeHidden();
  }
  expect(found).toEqual([]);
});

async function cursor(app: SocketScope): Promise<number> {
  return Number(await app.root.getAttribute('data-cursor'));
}

test('every action is done by keys, in the order of the window, and dialogs give the focus back', async ({
  launch,
}) => {
  const app = await launch({ settings: FEW });
  await app.resize(1280, 800);
  await app.page.emulateMedia({ reducedMotion: 'reduce' });

  // From top to bottom: what is above comes first.
  await tabTo(app, app.header.button('Open a file'));
  await tabTo(app, app.sidebar.entry('Refused and in use'));
  await app.press('Enter');
  await tabTo(app, app.sidebar.choice('Client too early'));
  await app.press('ArrowDown');
  await app.press('ArrowDown');
  await expect(app.sidebar.choice('Race')).toBeChecked();

  const settings = app.sidebar.button('Settings');
  await tabTo(app, settings);
  await app.press('Enter');
  await expect(app.settings.root).toBeVisible();
  for (let stops = 0; stops < 60; stops += 1) {
    await app.press('Tab');
    const outside = await app.page.evaluate(
      () => document.activeElement !== document.body && document.activeElement?.closest('dialog') === null,
    );
    expect(outside, 'the focus has left the dialog').toBe(false);
  }
  await app.press('Escape');
  await expect(settings).toBeFocused();

  await tabTo(app, app.wire.button('Why?'));
  await app.press('Enter');
  await expect(app.dialog('Why?')).toBeVisible();
  await app.press('Escape');
  await expect(app.wire.button('Why?')).toBeFocused();

  await tabTo(app, app.wire.button('Run'));
  await app.press('Enter');
  await app.settled(1);
  await app.press('Home');
  await expect(app.root).toHaveAttribute('data-cursor', '0');

  await tabTo(app, app.wire.rounds);
  await app.press('ArrowRight');
  await app.press('ArrowRight');
  await expect(app.wire.rounds.getByRole('option', { name: /^round 2:/ })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  const afterTwo = await cursor(app);

  await tabTo(app, app.tab('Rounds'));
  await tabTo(app, app.rounds.body);
  await app.press('ArrowDown');
  await expect(app.rounds.current).toHaveText(/^3/);
  expect(await cursor(app)).toBeGreaterThan(afterTwo);
  await app.press('Home');
  await expect(app.rounds.current).toHaveText(/^1(?!\d)/);

  await tabTo(app, app.evidence.programOfBoth);
  const stepForward = app.timeBar.button('Step forward');
  await tabTo(app, stepForward);
  const before = await cursor(app);
  await app.press('Enter');
  await expect.poll(() => cursor(app)).toBeGreaterThan(before);
  await tabTo(app, app.timeBar.slider);
  await tabTo(app, app.timeBar.speed);
});

test('the lines of a file and of lost boundaries are gone through by keys', async ({ launch, folder }) => {
  const app = await launch({ args: [SEVEN_LINES], settings: FEW });
  await app.resize(1280, 800);
  await app.settled(1);
  await app.press('Home');
  await tabTo(app, app.lines.body);
  const facts = await app.facts();
  for (const line of [1, 2]) {
    await app.press('ArrowDown');
    const back = facts.find((fact) => fact.kind === 'line-received' && fact.line === line);
    await expect(app.root).toHaveAttribute('data-cursor', String(back?.seq));
    await expect(app.lines.current).toHaveText(new RegExp(`^${line}`));
  }
  // What cannot be dragged by keys is saved by them.
  const saved = join(folder, 'out-proj.txt');
  await app.answerSave(saved);
  await app.button(/^Drag out-proj\.txt/).focus();
  await app.press('Enter');
  await expect(app.done).toContainText('out-proj.txt');

  await app.sidebar.choose('Lost boundaries');
  await app.runToTheEnd();
  const end = await cursor(app);
  await app.wire
    .button(/^write 1:/)
    .first()
    .focus();
  await app.press('ArrowRight');
  await expect(focused(app)).toHaveAccessibleName(/^write 2:/);
  await app.press('Enter');
  await expect(focused(app)).toHaveAttribute('aria-pressed', 'true');
  await app.givenBack.body.focus();
  await app.press('ArrowDown');
  await app.press('ArrowDown');
  await app.press('ArrowRight');
  await expect(focused(app)).toHaveClass(/back/);
  await app.press('Enter');
  await expect.poll(() => cursor(app)).toBeLessThan(end);
});

test('the facts are a list that goes with the cursor, and nothing is announced while the recording plays', async ({
  launch,
}) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  await app.press('Home');
  const list = app.page.getByRole('list', { name: 'The facts up to here' });
  const { now } = app.wire;
  const facts = await app.facts();
  await expect(list.getByRole('listitem')).toHaveCount(0);
  await expect(now).toHaveAttribute('aria-live', 'polite');
  const connected = factOf(facts, 'connected').seq;
  for (const seq of [connected, facts.length]) {
    await app.timeBar.scrubTo(seq);
    await expect(list.locator('[aria-current="step"]')).toContainText(`Fact ${seq},`);
    expect(await list.getByRole('listitem').count()).toBeLessThanOrEqual(20);
  }
  await app.press('ArrowLeft');
  await expect(list.locator('[aria-current="step"]')).not.toContainText(`Fact ${facts.length},`);
  await app.timeBar.scrubTo(connected);
  await expect(list).toContainText('SYN from the client to the server: inferred from');
  await app.press('Space');
  await expect(app.root).toHaveAttribute('data-moving', 'true');
  await expect(now).toHaveAttribute('aria-live', 'off');
});

// The numbers of a run, and its lines in the order of their round trips.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { formatFact } from '../src/shared/trace/json-lines.ts';
import { expect, linesFile, SEVEN_LINES, test } from './app.ts';

test('shows how long the lines took, the slowest of them, and sorts the table by round trip', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [await linesFile(folder, 'in-many.txt', 5_000)] });
  await app.settled(1);
  await app.timeBar.toEnd();
  const answer = await app.call('run:numbers', { run: 1, order: 'slowest', lines: 3 });
  expect(answer.ok).toBe(true);

  await app.tab('Numbers').click();
  const { numbers } = app;
  const number = String.raw`\d[\d.]* (µs|ms|s)`;
  const sentence = `Round trips of 5,000 lines: median ${number}, 95 % were faster than ${number}, the slowest took ${number}`;
  await expect(numbers.root.getByRole('img', { name: new RegExp(sentence) })).toBeVisible();
  await expect(
    numbers.root.getByRole('img', { name: /^Lines per second over the .* on average/ }),
  ).toBeVisible();
  await expect(numbers.root.getByText(/^median \d/)).toBeVisible();
  await expect(numbers.root.getByText(/^95 % were faster than \d/)).toBeVisible();
  await app.shots('numbers');
  await app.shotsInSizes('numbers');
  await app.resize(1440, 900);
  // A slow line leads to its reply.
  const slowest = numbers.root.getByRole('listitem').first();
  await expect(numbers.root.getByRole('listitem')).toHaveCount(10);
  const line = /line ([\d,]+)/.exec(await slowest.innerText())?.[1] ?? '';
  await slowest.getByRole('button').click();
  await expect(app.wire.now).toContainText(`Line ${line} is back at the client.`);

  await app.tab('Lines').click();
  await app.lines.button('round trip').click();
  const column = app.lines.root.getByRole('columnheader', { name: 'round trip' });
  await expect(column).toHaveAttribute('aria-sort', 'descending');
  await expect(app.lines.root).toContainText(
    'The 1,000 slowest of 5,000 lines that came back in the whole run.',
  );
  await expect(app.lines.row(1)).toContainText(line);
  // Its text is there, though its page may not be.
  await expect(app.lines.row(1)).toContainText(/abcdefghijklmnopqrstuvwxyz\s*zyxwvutsrqponmlkjihgfedcba/);
  await app.shots('lines-by-round-trip');
  await app.lines.button('round trip').click();
  await expect(column).toHaveAttribute('aria-sort', 'ascending');
  await expect(app.lines.root).toContainText('The 1,000 fastest of 5,000 lines');
  await app.lines.button('#').click();
  await app.lines.button('#').click();
  await expect(app.lines.root.getByRole('columnheader', { name: '#' })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  await app.timeBar.toEnd();
  await expect(app.lines.row(1)).toContainText('5,000');
});

test('counts the lines up to the cursor, and the current line keeps its tint below the pointer', async ({
  launch,
}) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  const facts = await app.facts();
  const second = facts.find((fact) => fact.kind === 'wrote' && fact.side === 'client' && fact.line === 2);
  await app.timeBar.scrubTo(second?.seq ?? 0);
  const lower = app.root.getByRole('region', { name: 'Lines' });
  await expect(lower).toContainText('1 of 2 lines sent so far has come back');
  const background = (): Promise<string> =>
    app.lines.current.evaluate((row) => getComputedStyle(row).backgroundColor);
  const tint = await background();
  expect(tint).not.toBe('rgba(0, 0, 0, 0)');
  await app.lines.current.hover();
  expect(await background()).toBe(tint);
  await app.timeBar.toEnd();
  await expect(lower).toContainText('7 of 7 lines sent came back');
  await app.tab('Numbers').click();
  await app.shots('numbers-of-seven');
});

test('the table reaches every line of a run of ten million, by keys, by the wheel and by its scroll bar', async ({
  launch,
  folder,
}) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  // Of ten million lines only some were kept.
  const LAST = 10_000_000;
  const facts = (await app.facts()).map((fact) => {
    if (fact.kind === 'run-ended') return { ...fact, linesSent: LAST, linesReceived: LAST };
    return 'line' in fact && fact.line === 7 ? { ...fact, line: LAST } : fact;
  });
  const path = join(folder, 'huge.socketscope');
  await writeFile(path, facts.map((fact) => `${formatFact(fact)}\n`).join(''));
  await app.drop(path);
  await app.settled(2);
  await app.timeBar.toEnd();
  await expect(app.lines.root).toHaveAttribute('aria-rowcount', String(LAST + 1));
  await expect(app.lines.rows.last()).toContainText('10,000,000');
  await expect(app.lines.current).toContainText('10,000,000');
  const shown = async (): Promise<number> => {
    const numbers = await app.lines.root.locator('.number').allInnerTexts();
    return Number(numbers[8]?.replaceAll(',', ''));
  };
  // A turn of the wheel moves the rows by its own pixels, not by thousands of lines.
  await app.twoFrames();
  const before = await shown();
  await app.lines.body.hover();
  await app.page.mouse.wheel(0, -300);
  await expect.poll(shown).toBe(before - 10);
  await app.lines.body.focus();
  await app.press('PageUp');
  const isAPageUp = (line: number): boolean => line < before - 10 && line > before - 100;
  await expect.poll(async () => isAPageUp(await shown())).toBe(true);
  // Half-way down the scroll bar is half-way through the run.
  await app.lines.body.evaluate((element) => {
    element.scrollTop = (element.scrollHeight - element.clientHeight) / 2;
  });
  await expect.poll(async () => Math.abs((await shown()) - 5_000_000) < 100).toBe(true);
  await app.twoFrames();
  const middle = await shown();
  await app.page.mouse.wheel(0, 300);
  await expect.poll(shown).toBe(middle + 10);
  await app.press('Home');
  await expect(app.lines.row(1)).toContainText('HELLO');
});

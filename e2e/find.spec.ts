// Find and go to: one field over the picture, for the whole run.

import { expect, factOf, linesFile, SEVEN_LINES, test, valueOf } from './app.ts';

test('finds a text by key, goes from hit to hit, dims the rest and gives the focus back', async ({
  launch,
}) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  await app.timeBar.scrubTo(1);
  const button = app.header.button('Run again');
  await button.focus();
  await app.press('Control+f');
  await expect(app.find.field).toBeFocused();
  await expect(app.find.help).toContainText('took is the round trip of a line');
  await app.shots('find-help');

  await app.page.keyboard.type('hello');
  await expect(app.find.hits).toHaveText('2 hits');
  const facts = await app.facts();
  const write = facts.find((fact) => fact.kind === 'wrote' && fact.side === 'client');
  await app.press('Enter');
  await expect(app.root).toHaveAttribute('data-cursor', String(write?.seq));
  await expect(app.find.hits).toHaveText('1 of 2');
  await app.press('Enter');
  await expect(app.find.hits).toHaveText('2 of 2');
  const read = facts.find((fact) => fact.kind === 'read' && fact.side === 'server');
  await expect(app.root).toHaveAttribute('data-cursor', String(read?.seq));
  // What does not match stays in its place, in the picture and in the table.
  await expect(app.wire.ladder.locator(`[data-fact="${String(read?.seq)}"]`)).not.toHaveClass(/dimmed/);
  await expect(app.wire.ladder.locator('.row.dimmed').first()).toBeAttached();
  await expect(app.lines.row(1)).not.toHaveClass(/dimmed/);
  await expect(app.lines.row(2)).toHaveClass(/dimmed/);
  await app.shots('find-text');
  await app.press('Shift+Enter', 'Shift+Enter');
  await expect(app.find.hits).toHaveText('from the end: 2 of 2');
  // The same key again selects the text: it is replaced.
  await app.press('Control+f', 'x', 'Control+f', 'y');
  await expect(app.find.field).toHaveValue('y');
  await app.press('Escape');
  await expect(app.find.root).toHaveCount(0);
  await expect(app.wire.ladder.locator('.dimmed')).toHaveCount(0);
  await expect(button).toBeFocused();
});

test('goes to a line, a fact, a kind and what took long, and says what can be asked', async ({ launch }) => {
  const app = await launch();
  // Before there is a run, the menu's entry says so.
  await app.chooseInMenu('Find…');
  await app.find.field.fill('hello');
  await expect(app.find.help).toContainText('There is no run to look through');
  await app.press('Escape');
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  await app.timeBar.toEnd();
  await app.wire.button('Find in the run').click();
  await expect(app.find.field).toBeFocused();
  await app.press('Escape');
  const facts = await app.facts();
  await app.press('Control+g');
  await expect(app.find.field).toHaveValue('line ');
  await app.press('5', 'Enter');
  const fifth = facts.find((fact) => fact.kind === 'wrote' && fact.line === 5);
  await expect(app.root).toHaveAttribute('data-cursor', String(fifth?.seq));
  await expect(app.find.hits).toHaveText('from the start: 1 of 4');
  await app.find.field.fill('#12');
  await app.press('Enter');
  await expect(app.root).toHaveAttribute('data-cursor', '12');
  await app.find.field.fill('accepted');
  await app.press('Enter');
  await expect(app.root).toHaveAttribute('data-cursor', String(factOf(facts, 'accepted').seq));
  await app.find.field.fill('took >= 0 µs');
  await expect(app.find.hits).toHaveText('9 hits');

  await app.find.field.fill('error');
  await expect(app.find.hits).toHaveText('no hit');
  await app.find.field.fill('took > 5');
  await expect(app.find.help).toHaveText('Say the unit, µs, ms, s or min: took > 5 ms.');
  await expect(app.find.field).toHaveAttribute('aria-invalid', 'true');
  await app.shots('find-wrong');
});

test('searches a run of 20,000 lines to its end, while pages are still read', async ({ launch, folder }) => {
  const app = await launch({ args: [await linesFile(folder, 'in-many.txt', 20_000)] });
  await app.settled(1);
  await app.timeBar.toEnd();
  await app.press('Control+f');
  // The last line, as it came back.
  await app.find.field.fill('"zyxwvutsrqponmlkjihgfedcba 99991"');
  await app.press('Enter');
  await expect(app.find.hits).toHaveText(/1 of 2/);
  const at = Number(await app.root.getAttribute('data-cursor'));
  const fact = valueOf(await app.call('run:fact', { run: 1, seq: at }));
  expect(fact).toMatchObject({ kind: 'wrote', side: 'server', line: 20_000 });
});

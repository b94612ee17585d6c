// The options: what the server does with a line, the names of sample and result, all settings on one screen.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, factOf, test } from './app.ts';

/** CRLF, an empty line, letters that grow, bytes that are no UTF-8, and a last line without LF. */
const INPUT = Buffer.concat([
  Buffer.from('Straße in Köln\r\n\nŉ ab\n'),
  Buffer.from([0x61, 0xe9, 0x5a, 0x0a]),
  Buffer.from('The End'),
]);

const RESULTS = [
  {
    name: 'upper case',
    result: ['STRASSE IN KÖLN\r\n\nʼN AB\n', [0x41, 0xe9, 0x5a, 0x0a], 'THE END'],
    label: 'line 1 in upper case',
    column: 'upper case by server',
    program: '    reply = upper(line)',
    letters: 'STRASSE␣IN␣KÖLN\\r⏎',
  },
  {
    name: 'swap case',
    result: ['sTRASSE IN kÖLN\r\n\nʼN AB\n', [0x41, 0xe9, 0x7a, 0x0a], 'tHE eND'],
    label: 'line 1 with its case swapped',
    column: 'case swapped by server',
    program: '    reply = swap_case(line)',
    letters: 'sTRASSE␣IN␣kÖLN\\r⏎',
  },
] as const;

for (const { name, result, label, column, program, letters } of RESULTS) {
  test(`${name}: each line comes back so, and everything beside it says so`, async ({ launch, folder }) => {
    const path = join(folder, 'in-proj.txt');
    await writeFile(path, INPUT);
    const app = await launch();
    await app.sidebar.choice(name).check();
    await expect(app.page.getByRole('radiogroup', { name: 'Reverse by' })).toHaveCount(0);
    await app.drop(path);
    await app.settled(1);

    const target = join(folder, 'out-proj.txt');
    await app.answerSave(target);
    await app.header.button('Save out-proj.txt').click();
    const expected = Buffer.concat(result.map((part) => Buffer.from(part)));
    await expect(app.done).toContainText(`Saved out-proj.txt, ${expected.length} bytes`);
    expect(await readFile(target)).toEqual(expected);

    const transformed = (await app.facts()).find((fact) => fact.kind === 'line-transformed');
    await app.timeBar.scrubTo(transformed?.seq ?? 0);
    await expect(app.wire.root.locator('.stage-name')).toHaveText(label);
    expect((await app.wire.letters.allTextContents()).join('')).toBe(letters);
    await expect(app.page.getByRole('columnheader', { name: column })).toBeVisible();
    await expect(app.evidence.call('server')).toHaveText(program);
    await app.shot(`transform-${name.replace(' ', '-')}`);
    await app.timeBar.toEnd();
    await expect(app.wire.summary).toContainText(
      '1 line was not valid UTF-8 and changed by byte, ASCII letters alone.',
    );
    await expect(app.root).not.toContainText('reversed by');
  });
}

test('several lines are on their way at once, in the picture, the programs and the result', async ({
  launch,
  folder,
}) => {
  const app = await launch();
  await app.sidebar.moreOptions();
  const field = app.sidebar.number('Lines on their way');
  await field.fill('1001');
  await expect(app.page.getByText('A whole number from 1 to 1000.')).toBeVisible();
  await field.fill('4');
  await expect(
    app.page.getByText('So many lines may be sent before the first of them has come back.'),
  ).toBeVisible();
  await app.wire.button('Run the sample').click();
  await app.settled(1);
  const facts = await app.facts();
  expect(factOf(facts, 'run-started').options.inFlight).toBe(4);
  const fourth = facts.filter((fact) => fact.kind === 'wrote' && fact.side === 'client')[3];
  const firstBack = facts.find((fact) => fact.kind === 'line-received');
  expect(fourth?.seq ?? Infinity).toBeLessThan(firstBack?.seq ?? 0);

  await app.timeBar.scrubTo(fourth?.seq ?? 0);
  await expect(app.evidence.program('client')).toContainText('if len(on_their_way) == 4:');
  await app.shot('four-lines-on-their-way');
  await app.timeBar.scrubTo((firstBack?.seq ?? 0) + 3);
  await expect(app.lines.row(/HELLO/)).toContainText('OLLEH');
  await app.shot('four-lines-some-back');
  await app.timeBar.toEnd();
  const target = join(folder, 'out-proj.txt');
  await app.answerSave(target);
  await app.header.button('Save out-proj.txt').click();
  await expect(app.done).toContainText('Saved out-proj.txt, 95 bytes');
  expect(await readFile(target, 'utf8')).toMatch(/^OLLEH\n/);
});

test('a typed text comes back in upper case, longer than it was sent', async ({ launch }) => {
  const app = await launch({ settings: { transform: 'upper-case', text: 'Weiß' } });
  await app.sidebar.choose('Reverse a string');
  await expect(app.wire.root).toContainText('How does one text come back in upper case?');
  await app.wire.button('Run').click();
  await app.settled(1);
  await app.timeBar.toEnd();
  await app.tab('Transcript').click();
  await expect(app.transcript).toContainText('[C]: Data received from server: WEISS');
});

test('sample and result have the names that were given, and still have them at the next start', async ({
  launch,
  folder,
}) => {
  const app = await launch();
  await app.sidebar.moreOptions();
  const input = app.sidebar.text('Name of the sample');
  const output = app.sidebar.text('Name of the result');
  await input.fill('week/1.txt');
  await expect(app.page.getByText('leave out slashes')).toBeVisible();
  await input.fill('homework.txt');
  await expect(app.wire.root).toContainText('Drop homework.txt anywhere');
  await output.fill('homework.txt');
  await expect(app.page.getByText('As the input is called')).toBeVisible();
  await output.fill('CON');
  await expect(app.page.getByText('a device’s name on Windows')).toBeVisible();
  // One name for both is possible: they lie in folders of their own until they are saved.
  await output.fill('homework.txt');
  await app.wire.button('Run the sample').click();
  await app.settled(1);
  expect(factOf(await app.facts(), 'run-started').input.name).toBe('homework.txt');
  const target = join(folder, 'homework.txt');
  await app.answerSave(target);
  await app.header.button('Save homework.txt').click();
  await expect(app.done).toContainText('Saved homework.txt, 95 bytes');
  expect(await app.offeredPath()).toMatch(/homework\.txt$/);
  expect(await readFile(target, 'utf8')).toMatch(/^OLLEH\n/);
  await app.close();

  const later = await launch({ userData: app.userData });
  await expect(later.wire.root).toContainText('Drop homework.txt anywhere');
  await later.sidebar.moreOptions();
  await expect(later.sidebar.text('Name of the result')).toHaveValue('homework.txt');
});

test('a result that is called as its input is cannot be saved over it', async ({ launch, folder }) => {
  const path = join(folder, 'in-proj.txt');
  await writeFile(path, 'HELLO\n');
  const app = await launch({ args: [path], settings: { outputName: 'in-proj.txt' } });
  await app.settled(1);
  await app.answerSave(path);
  await app.header.button('Save in-proj.txt').click();
  await expect(app.alert).toContainText(path);
  expect(await app.offeredPath()).toBe(path);
  expect(await readFile(path, 'utf8')).toBe('HELLO\n');
});

test('a run that is cut off keeps a result of any name', async ({ launch, folder }) => {
  const path = join(folder, 'long.txt');
  await writeFile(path, 'HELLO\n'.repeat(400_000));
  const app = await launch({ args: [path], settings: { outputName: 'run.socketscope' } });
  await app.underWay();
  await app.closeWindow();
  const later = await launch({ userData: app.userData });
  await expect(later.alert).toContainText('The window was closed while long.txt was running');
  const target = join(folder, 'part.txt');
  await later.answerSave(target);
  await later.alert.getByRole('button', { name: 'Save what came back' }).click();
  await expect(later.done).toContainText('Saved part.txt');
  expect(await readFile(target, 'utf8')).toMatch(/^(OLLEH\n)+$/);
});

test('all settings are on one screen; a reset can be undone, and what holds is kept over a restart', async ({
  launch,
}) => {
  const app = await launch({ settings: { port: 4_711, greeting: 'Guten Tag', transform: 'swap-case' } });
  await app.press('ControlOrMeta+,');
  const { settings } = app;
  const port = settings.number('Port');
  await expect(port).toHaveValue('4711');
  await expect(settings.choice('swap case')).toBeChecked();
  await app.shot('settings');

  await port.fill('65536');
  await expect(settings.root.getByText('A whole number from 0 to 65535.')).toBeVisible();
  expect((await app.call('settings:change', {})).port).toBe(4_711);
  await port.fill('4712');
  await settings.number('Rounds').fill('12');

  await settings.button('Reset everything').click();
  await expect(settings.resetDone).toHaveText('Everything is as it was at the first start.');
  await expect(port).toHaveValue('50007');
  await expect(settings.text('Greeting')).toHaveValue('Welcome to CS 352!');
  await settings.button('Undo').click();
  await expect(port).toHaveValue('4712');
  await expect(settings.text('Greeting')).toHaveValue('Guten Tag');
  await expect(settings.button('Undo')).toHaveCount(0);

  // A change after a reset is what the person wants: the undo is gone.
  await settings.button('Reset everything').click();
  await expect(port).toHaveValue('50007');
  await settings.number('Runs').fill('7');
  await expect(settings.button('Undo')).toHaveCount(0);
  await app.press('Escape');
  await expect(settings.root).toBeHidden();
  await app.close();

  const later = await launch({ userData: app.userData });
  const restored = await later.call('settings:change', {});
  expect(restored).toMatchObject({
    port: 50_007,
    runs: 7,
    greeting: 'Welcome to CS 352!',
    transform: 'reverse',
  });
  await later.sidebar.button('Settings').click();
  await expect(later.settings.root).toBeVisible();
});

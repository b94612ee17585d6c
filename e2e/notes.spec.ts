// A teacher annotates a run and saves it; a student opens it, and it plays as it was prepared. Links to a moment.

import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { encodeNotes } from '../src/engine/recording/trace-file.ts';
import { expect, linesFile, SEVEN_LINES, test, type SocketScope } from './app.ts';

async function saveRun(app: SocketScope, path: string): Promise<void> {
  await app.answerSave(path);
  await app.press('Control+Shift+S');
  await expect(app.done).toContainText('Saved ');
}

async function standsAt(app: SocketScope, seq: number): Promise<void> {
  await expect(app.root).toHaveAttribute('data-cursor', String(seq));
  await expect(app.root).toHaveAttribute('data-moving', 'false');
}

/** The app with the sample's run, at its end. */
async function recorded(launch: (options: { args: readonly string[] }) => Promise<SocketScope>) {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  await app.timeBar.toEnd();
  return app;
}

test('a run that was annotated and saved stops, asks and reveals where it is opened', async ({
  launch,
  folder,
}) => {
  const teacher = await recorded(launch);
  await teacher.resize(1440, 900);
  await teacher.timeBar.scrubTo(6);
  await teacher.press('n');
  await teacher.notes.write('Chapter', 'The handshake', '');
  await teacher.timeBar.scrubTo(8);
  await teacher.press('n');
  await teacher.notes.write('Bookmark', '', 'Look at the port.\nThe kernel chose it.');
  await teacher.timeBar.scrubTo(10);
  await teacher.tab('Notes').click();
  await teacher.noteList.button('Add note').click();
  await teacher.notes.editor.getByRole('radio', { name: 'Question' }).check();
  await teacher.notes.editor.getByRole('spinbutton', { name: 'Facts of the answer' }).fill('2');
  await teacher.shots('notes-editor');
  await teacher.notes.write('Question', 'Before you look', 'What does the server see next?');
  await expect(teacher.noteList.root.getByRole('listitem')).toHaveCount(3);
  await teacher.shots('notes-list');

  // They are asked about before they are lost, and stay where the person has changed their mind.
  await teacher.answerQuestions(2);
  await teacher.header.button(/^Run/).click();
  await expect.poll(() => teacher.questions()).toEqual(['The notes on in-proj.txt are not saved.']);
  await teacher.clickClose();
  await expect.poll(async () => (await teacher.questions()).length).toBe(2);
  expect((await teacher.lastQuestion()).buttons).toEqual(['Save run…', 'Lose the notes', 'Cancel']);
  expect(await teacher.run()).toBe(1);
  await expect(teacher.alert).toHaveCount(0);
  // Saved by the answer.
  const path = join(folder, 'lecture.socketscope');
  await teacher.answerSave(path);
  await teacher.answerQuestions(0);
  await teacher.header.button(/^Run/).click();
  await teacher.settled(2);
  await teacher.close();

  const student = await launch({ args: [path] });
  await student.resize(1440, 900);
  await standsAt(student, 8);
  await expect(student.notes.card).toContainText('Look at the port.');
  await expect(student.notes.card).toContainText('not a fact');
  await student.shots('notes-card');
  await student.press('Enter');
  await standsAt(student, 10);
  await expect(student.notes.card).toContainText('What does the server see next?');
  await student.shots('notes-question');
  // What comes next stays hidden.
  await student.press('Space', 'ArrowRight');
  await standsAt(student, 10);
  await expect(student.notes.answer).toHaveCount(0);
  await student.notes.button('Reveal').click();
  await expect(student.notes.answer).toHaveCount(2);
  const answer = await student.notes.answer.allTextContents();
  await student.press('Space');
  await student.shots('notes-answer');
  // The answer is what was seen.
  await student.timeBar.scrubTo(11);
  await expect(student.wire.now).toContainText(answer[0] ?? 'no answer');
  await student.timeBar.scrubTo(12);
  await expect(student.wire.now).toContainText(answer[1] ?? 'no answer');

  // So does a fast run of the facts, and a step; turned off, nothing does.
  await student.timeBar.speed.selectOption('facts-300');
  await student.press('Home', 'Space');
  await standsAt(student, 8);
  await student.timeBar.scrubTo(7);
  await student.press('ArrowRight');
  await standsAt(student, 8);
  await expect(student.notes.card).toContainText('Look at the port.');
  await student.tab('Notes').click();
  await student.noteList.root.getByRole('checkbox', { name: /^Play notes/ }).uncheck();
  await expect(student.notes.card).toHaveCount(0);
  await student.press('Home', 'Space');
  await expect(student.root).toHaveAttribute(
    'data-cursor',
    (await student.root.getAttribute('data-last-seq')) ?? '',
  );
});

test('a link to a moment opens the run there, in this start and by a second one', async ({
  launch,
  folder,
}) => {
  const first = await recorded(launch);
  await first.timeBar.scrubTo(9);
  await first.resize(1440, 900);
  await first.tab('Notes').click();
  await first.noteList.button('Copy link to this moment').click();
  await expect(first.alert).toContainText('save the run first');
  const path = join(folder, 'moment.socketscope');
  await saveRun(first, path);
  await first.noteList.button('Copy link to this moment').click();
  await expect(first.done).toContainText('Copied the link');
  const link = await first.electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(link).toBe(`${path}#fact=9`);
  await first.close();

  const app = await launch({ args: [link] });
  await app.settled(1);
  await standsAt(app, 9);
  await expect(app.wire.now).toContainText('fact 9');
  // Notes on a run that was opened are saved over it, and no fact is written again.
  const before = await readFile(path);
  await app.press('n');
  await app.notes.write('Bookmark', 'Here', 'It is decided.');
  await saveRun(app, path);
  expect(await app.offeredPath()).toBe(path);
  const after = await readFile(path);
  expect(after.length).toBeGreaterThan(before.length);
  expect(after.subarray(0, before.length).equals(before)).toBe(true);

  await app.startAgain(link);
  await app.settled(2);
  await standsAt(app, 9);
  await expect(app.notes.card).toContainText('It is decided.');
  await app.startAgain(`${path}#fact=12`);
  await app.settled(3);
  await standsAt(app, 12);
  // A fact that is not there.
  await app.startAgain(`${path}#fact=900`);
  await app.settled(4);
  await expect(app.alert).toContainText('There is no fact 900 in moment.socketscope');
  // A file of that very name.
  const named = `${path}#fact=3`;
  await copyFile(path, named);
  await app.startAgain(named);
  await app.settled(5);
  await expect(app.notes.card).toContainText('It is decided.');
  await standsAt(app, 9);
});

test('notes of anybody are text, and damage to them costs no fact', async ({ launch, folder }) => {
  const first = await recorded(launch);
  const path = join(folder, 'plain.socketscope');
  await saveRun(first, path);
  await first.close();
  const run = await readFile(path);
  const notes = [
    { seq: 2, kind: 'chapter', title: '\u202egnp.\u001b[31m<b>bold</b>', text: '' },
    { seq: 3, kind: 'bookmark', title: '<img src=x onerror=alert(1)>', text: 'x'.repeat(2_000) },
    { seq: 9_007_199_254_740_991, kind: 'question', title: '', text: '\n'.repeat(2_000), answerFacts: 10 },
  ];
  const hostile = join(folder, 'hostile.socketscope');
  const json = Buffer.from(JSON.stringify(notes));
  const tail = encodeNotes(json, notes.length, run.length);
  await writeFile(hostile, Buffer.concat([run, tail]));
  const app = await launch({ args: [hostile] });
  await app.resize(1280, 800);
  await standsAt(app, 3);
  await expect(app.notes.card).toContainText('<img src=x onerror=alert(1)>');
  await app.tab('Notes').click();
  await expect(app.noteList.root).toContainText('\\u202egnp.\\x1b[31m<b>bold</b>');
  await expect(app.noteList.root.locator('img, b')).toHaveCount(0);
  await app.shot('notes-hostile');
  await expect(app.noteList.button(/^Question/)).toBeDisabled();

  tail[200] = (tail[200] ?? 0) ^ 0xff;
  await writeFile(hostile, Buffer.concat([run, tail]));
  await app.drop(hostile);
  await app.settled(2);
  await expect(app.alert).toContainText('The notes in hostile.socketscope are damaged and not shown');
  await expect(app.noteList.root.getByRole('listitem')).toHaveCount(0);
});

test('notes on a run that closing the window cuts off are there at the next start', async ({
  launch,
  folder,
}) => {
  const first = await launch({ args: [await linesFile(folder, 'long.txt', 200_000)] });
  await first.underWay();
  await first.timeBar.scrubTo(5);
  await first.press('n');
  await first.notes.write('Bookmark', '', 'It listens.');
  await first.closeWindow();

  const app = await launch({ userData: first.userData });
  await standsAt(app, 5);
  await expect(app.notes.card).toContainText('It listens.');
});

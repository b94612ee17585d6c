// The experiments without a file through the bridge: started by name, shown as what they are, saved whole as a run and
// never as a result.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, factOf, SEVEN_LINES, test, valueOf } from './app.ts';
import { holdPort } from './held-port.ts';

test('a welcome and a string are runs of their own, with the settings of now', async ({ launch }) => {
  const app = await launch({ settings: { greeting: 'Salve', by: 'codepoint' } });
  expect(valueOf(await app.call('run:start', { experiment: 'welcome' }))).toMatchObject({
    origin: 'live',
    experiment: 'welcome',
    inputName: 'greeting',
    inputBytes: 5,
    sample: false,
  });
  await app.settled(1);
  expect(factOf(await app.facts(), 'text-received').bytes).toBe(5);

  await app.call('settings:change', { text: 'e\u0301x' });
  expect(valueOf(await app.call('run:start', { experiment: 'string' }))).toMatchObject({
    experiment: 'string',
    inputName: 'string',
    inputBytes: 4,
  });
  await app.settled(2);
  expect(factOf(await app.facts(), 'line-transformed').by).toBe('codepoint');

  expect(valueOf(await app.call('run:start', {}))).toMatchObject({ experiment: 'file', sample: true });
  await app.settled(3);
});

test('a run without a file is saved as a run, opened as what it was, and has no result', async ({
  launch,
  folder,
}) => {
  const app = await launch();
  for (const [run, experiment, title] of [
    [1, 'welcome', 'Welcome'],
    [2, 'string', 'Reverse a string'],
  ] as const) {
    valueOf(await app.call('run:start', { experiment }));
    await app.settled(run);
    expect(await app.call('result:save')).toMatchObject({
      ok: false,
      problem: {
        code: 'nothing-to-save',
        message: `${title} has no file to save; Save run keeps all of it.`,
      },
    });
    const target = join(folder, `${experiment}.socketscope`);
    await app.answerSave(target);
    valueOf(await app.call('trace:save'));
    expect(await app.offeredPath()).toMatch(new RegExp(`/${experiment}\\.socketscope$`));
  }
  const saved = await readFile(join(folder, 'welcome.socketscope'), 'utf8');
  expect(saved).toContain('"experiment":"welcome"');
  await app.drop(join(folder, 'welcome.socketscope'));
  await app.settled(3);
  expect(factOf(await app.facts(), 'text-received').side).toBe('client');
  expect(await app.call('result:save')).toMatchObject({ problem: { code: 'nothing-to-save' } });

  // Whatever was run before: what is dropped is a file.
  await app.drop(SEVEN_LINES);
  await app.settled(4);
  expect(factOf(await app.facts(), 'run-started').experiment).toBe('file');
});

test('a port that is taken is examined, and the port of one run can be another', async ({ launch }) => {
  const { holder, port } = await holdPort();
  try {
    const app = await launch({ settings: { port } });
    valueOf(await app.call('run:start', { experiment: 'welcome' }));
    await app.settled(1);
    const facts = await app.facts();
    expect(factOf(facts, 'failed').problem.code).toBe('port-in-use');
    if (process.platform === 'linux') {
      expect(factOf(facts, 'port-examined').holder).toMatchObject({ what: 'listener', pid: process.pid });
    }
    valueOf(await app.call('run:start', { experiment: 'string', port: 0 }));
    await app.settled(2);
    expect(factOf(await app.facts(), 'run-ended').outcome).toBe('completed');
  } finally {
    holder.close();
  }
});

test('a greeting or text that cannot be sent is no setting', async ({ launch }) => {
  const app = await launch();
  app.errorsAreExpected = true;
  for (const change of [{ text: '' }, { text: 'a\nb' }, { greeting: '' }, { greeting: 'é'.repeat(501) }]) {
    await expect(app.call('settings:change', change)).rejects.toThrow('does not have the shape');
  }
  expect(await app.call('settings:change', {})).toMatchObject({
    greeting: 'Welcome to CS 352!',
    text: 'HELLO',
  });
});

// The programs beside the picture as files: saved where the person says, run there, and copied.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { AS_ROOT, expect, test } from './app.ts';
import { freePort } from '../src/engine/system/port-for-tests.ts';

const run = promisify(execFile);

/** What the app itself gives for its sample. */
const RESULT =
  'OLLEH\n!253 SC ot emocleW\nygolonhceT tenretnI\ntrop laremehpe na\n\nracecar\nenil tsal eht si 7 enil';

test('the programs that are shown are saved as files, and give what the app gives', async ({
  launch,
  folder,
}) => {
  const port = await freePort();
  const app = await launch({ settings: { port } });
  await app.wire.button('Run the sample').click();
  await app.settled(1);
  const target = join(folder, 'programs');
  await mkdir(target);
  const copyAsFiles = app.evidence.button('Copy as files');
  await app.answerOpen(target);
  await copyAsFiles.click();
  await expect(app.done).toContainText(`Saved client.py, server.py and in-proj.txt in ${target}`);
  await expect(app.done).toContainText('python3 server.py, then python3 client.py');
  expect((await readdir(target)).sort()).toEqual(['client.py', 'in-proj.txt', 'server.py']);

  const server = spawn('python3', ['server.py'], { cwd: target });
  const ended = once(server, 'exit');
  try {
    // The server may not listen yet: then the client is refused, and started again.
    await expect(async () => {
      await run('python3', ['client.py'], { cwd: target, timeout: 10_000 });
    }).toPass();
    expect(await ended).toEqual([0, null]);
  } finally {
    server.kill();
  }
  expect(await readFile(join(target, 'out-proj.txt'), 'utf8')).toBe(RESULT);
  await app.answerSave(join(folder, 'out-of-the-app.txt'));
  await app.header.button('Save out-proj.txt').click();
  await expect(app.done).toContainText('Saved out-of-the-app.txt, 95 bytes');
  expect(await readFile(join(folder, 'out-of-the-app.txt'), 'utf8')).toBe(RESULT);
  await app.shots('programs');

  // What is there is replaced only where the person says so.
  await writeFile(join(target, 'server.py'), '# mine\n');
  await app.answerQuestions(1);
  await copyAsFiles.click();
  await expect.poll(() => app.lastQuestion()).toMatchObject({ byDefault: 'Cancel', dismissed: 'Cancel' });
  expect((await app.lastQuestion()).text).toContain('Replace client.py, server.py and in-proj.txt?');
  expect(await readFile(join(target, 'server.py'), 'utf8')).toBe('# mine\n');
  await app.answerQuestions(0);
  await copyAsFiles.click();
  await expect.poll(() => readFile(join(target, 'server.py'), 'utf8')).toContain('ss.listen(1)');

  // A folder that cannot be written to is named, and nothing is lost.
  const closed = AS_ROOT ? '/sys' : join(folder, 'closed');
  if (!AS_ROOT) await mkdir(closed, { mode: 0o555 });
  await app.answerOpen(closed);
  await copyAsFiles.click();
  await expect(app.alert).toContainText(closed);

  await app.evidence.root.getByRole('radio', { name: 'Node' }).check();
  await app.evidence.button('Copy server.mjs').click();
  await expect(app.done).toContainText('Copied server.mjs');
  const copied = await app.electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toContain(`ss.listen(${port}, '127.0.0.1');\n`);
  await app.shot('programs-node');
});

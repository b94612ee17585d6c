import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import {
  deleteInterruptedRun,
  saveInterruptedRun,
  newestInterruptedRun,
  setInterruptedRunAside,
  type InterruptedRunNote,
} from './interrupted-runs.ts';

const NOTE: InterruptedRunNote = {
  inputName: 'in-proj.txt',
  inputPath: '/home/ada/in-proj.txt',
  resultName: 'out-proj.txt',
  resultBytes: 6,
  linesReceived: 1,
};

let folder: string;
let root: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  root = join(folder, 'kept-runs');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function cutOffRun(text: string): Promise<{ tracePath: string; resultPath: string }> {
  const tracePath = join(folder, 'in-proj.socketscope');
  const resultPath = join(folder, 'out-proj.txt');
  await writeFile(tracePath, `${text} trace\n`);
  await writeFile(resultPath, `${text}\n`);
  return { tracePath, resultPath };
}

it('finds nothing where no run was interrupted', async () => {
  expect(await newestInterruptedRun(root)).toBeUndefined();
});

it('moves trace and result below its folder and finds them again', async () => {
  await saveInterruptedRun(root, { ...(await cutOffRun('OLLEH')), note: NOTE });
  expect(await readdir(folder)).toEqual(['kept-runs']);
  const found = await newestInterruptedRun(root);
  if (found?.kind !== 'readable') throw new Error('nothing was found');
  expect(found.run.note).toEqual(NOTE);
  expect(basename(found.run.resultPath ?? '')).toBe('out-proj.txt');
  expect(await readFile(found.run.resultPath ?? '', 'utf8')).toBe('OLLEH\n');
  expect(await readFile(found.run.tracePath, 'utf8')).toBe('OLLEH trace\n');
});

it.each(['run.socketscope', 'kept.json'])(
  'keeps trace and result apart where the result is called %s',
  async (resultName) => {
    await saveInterruptedRun(root, { ...(await cutOffRun('OLLEH')), note: { ...NOTE, resultName } });
    const found = await newestInterruptedRun(root);
    if (found?.kind !== 'readable') throw new Error('nothing was found');
    expect(await readFile(found.run.resultPath ?? '', 'utf8')).toBe('OLLEH\n');
    expect(await readFile(found.run.tracePath, 'utf8')).toBe('OLLEH trace\n');
  },
);

it('saves a run without replies without a result', async () => {
  const { tracePath } = await cutOffRun('');
  await saveInterruptedRun(root, { tracePath, note: { ...NOTE, resultBytes: 0 } });
  const found = await newestInterruptedRun(root);
  expect(found?.kind === 'readable' && found.run.resultPath).toBeUndefined();
});

it('shows the newest first and the one before it when that was dropped: nothing unseen goes', async () => {
  const older = await saveInterruptedRun(root, { ...(await cutOffRun('older')), note: NOTE });
  const newer = await saveInterruptedRun(root, {
    ...(await cutOffRun('newer')),
    note: { ...NOTE, linesReceived: 2 },
  });
  expect(newer > older).toBe(true);
  const first = await newestInterruptedRun(root);
  if (first?.kind !== 'readable') throw new Error('nothing was found');
  expect(first.run.folder).toBe(newer);
  await deleteInterruptedRun(first.run);
  const second = await newestInterruptedRun(root);
  expect(second?.kind === 'readable' && second.run.folder).toBe(older);
});

it.each([
  ['no note', undefined],
  ['a note that is no JSON', '{'],
  ['a note whose result would lie elsewhere', JSON.stringify({ ...NOTE, resultName: '../../etc/passwd' })],
  ['a note of files that are gone', JSON.stringify(NOTE)],
])('sets a folder with %s aside, once, and deletes none of it', async (_what, note) => {
  const kept = join(root, '2026-01-01T00-00-00.000Z');
  await mkdir(kept, { recursive: true });
  await writeFile(join(kept, 'something'), 'of value');
  if (note !== undefined) await writeFile(join(kept, 'kept.json'), note);
  const found = await newestInterruptedRun(root);
  if (found?.kind !== 'unreadable') throw new Error('it was taken for readable');
  expect(await readFile(join(found.folder, 'something'), 'utf8')).toBe('of value');
  expect(await newestInterruptedRun(root)).toBeUndefined();
});

it('sets a run aside whose trace turned out to be damaged', async () => {
  await saveInterruptedRun(root, { ...(await cutOffRun('OLLEH')), note: NOTE });
  const found = await newestInterruptedRun(root);
  if (found?.kind !== 'readable') throw new Error('nothing was found');
  const aside = await setInterruptedRunAside(root, found.run);
  expect(await readFile(join(aside, 'result', 'out-proj.txt'), 'utf8')).toBe('OLLEH\n');
  expect(await newestInterruptedRun(root)).toBeUndefined();
});

// What a person deletes under a run: nothing is lost, and what is where is said in one line.

import { access, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { traceIn } from '../engine/recording/trace-for-tests.ts';
import { isLeftToThePerson } from '../engine/runs/run-folder.ts';
import { COMMAND, ended, expectOneLine, startIn } from './start-for-tests.ts';

const LINES = 20_000;

let folder = '';
let temporary = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  temporary = join(folder, 'tmp');
  await mkdir(temporary);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('says that the folder in which it was started is gone', async () => {
  const gone = join(folder, 'gone');
  await mkdir(gone);
  const script = 'cd "$0" && rmdir "$0" && exec "$@"';
  const run = startIn(
    temporary,
    ['-c', script, gone, process.execPath, ...COMMAND, 'run', 'file', 'in', 'out'],
    { program: 'sh' },
  );
  expect(expectOneLine(await ended(run))).toBe(
    'The folder in which this was started is gone. Go to another one and start again.',
  );
});

it('names the saved result and where the trace is, when the folder of the trace is gone at the end', async () => {
  const input = join(folder, 'in-proj.txt');
  const output = join(folder, 'out-proj.txt');
  const traces = join(folder, 'traces');
  await mkdir(traces);
  await writeFile(input, 'HELLO\n'.repeat(LINES));
  const run = startIn(temporary, [
    ...COMMAND,
    'run',
    'file',
    '--port',
    '0',
    '--trace',
    join(traces, 't'),
    input,
    output,
  ]);
  // The transcript of so many lines is more than a pipe holds: the run cannot end before it is read.
  while ((await readdir(temporary)).length === 0) await new Promise((resolve) => setImmediate(resolve));
  await rm(traces, { recursive: true });
  const line = expectOneLine(await ended(run));

  expect(line).toContain(`there is no folder ${traces}`);
  expect(line).toContain(`${output} is saved.`);
  expect(await readFile(output, 'utf8')).toBe('OLLEH\n'.repeat(LINES));
  const trace = /The trace is in (\S+)\.$/.exec(line)?.[1] ?? '';
  expect(await isLeftToThePerson(dirname(trace))).toBe(true);
  const opened = await traceIn(trace);
  expect(opened.counts.linesReceived).toBe(LINES);
  await opened.close();
  await expect(access(join(dirname(trace), 'out-proj.txt'))).rejects.toMatchObject({ code: 'ENOENT' });
});

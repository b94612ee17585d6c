// The terminal command as one file: it is copied alone into an empty folder and does there all that it can do.

import { execFile } from 'node:child_process';
import { access, copyFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import manifest from '../../package.json' with { type: 'json' };
import { EXPERIMENT_NAMES } from '../shared/experiments/definitions.ts';
import { HELP } from './help.ts';
import { COMMAND } from './start-for-tests.ts';

let folder = '';
let command = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  command = join(folder, 'socketscope.mjs');
  await copyFile(COMMAND[0], command);
  await writeFile(join(folder, 'in-proj.txt'), 'né\nHELLO\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Fails unless the command exits with 0. */
async function run(...args: string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const env = { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder, NODE_PATH: '', NODE_OPTIONS: '' };
  return await promisify(execFile)(process.execPath, [command, ...args], { cwd: folder, env });
}

/** What each experiment is given, and what it prints at its end. */
const RUNS: Record<(typeof EXPERIMENT_NAMES)[number], readonly [args: readonly string[], end: RegExp]> = {
  file: [['in-proj.txt', 'out-proj.txt'], /^Done\.$/m],
  string: [['HELLO'], /^\[C\]: Data received from server: OLLEH$/m],
  welcome: [[], /^\[C\]: Data received from server: Welcome to CS 352!$/m],
  refused: [[], /^ECONNREFUSED \(errno -?\d+\): /m],
  'in-use': [[], /^EADDRINUSE \(errno -?\d+\): /m],
  race: [['--rounds', '3'], /^round 3: /m],
  boundaries: [['in-proj.txt'], /gave each line back in 4 of 4 ways/],
  ports: [['--runs', '2'], /\b2\b/],
};

describe('the one file of the terminal command', () => {
  it.each(EXPERIMENT_NAMES)('runs %s with nothing beside it', async (experiment) => {
    const [args, end] = RUNS[experiment];
    const { stdout, stderr } = await run('--experiment', experiment, '--port', '0', ...args);
    expect(stderr).toBe('');
    expect(stdout).toMatch(end);
  });

  it('leaves a port in TIME_WAIT behind with the Python program that is inside of it', async () => {
    const { stdout } = await run('--experiment', 'in-use', '--taken-by', 'time-wait', '--port', '0');
    expect(stdout).toMatch(/^\[P\]: Python \S+ started/m);
    expect(stdout).toMatch(/^EADDRINUSE \(errno \d+\): /m);
  });

  it('saves the result and a trace that names the version it was built as', async () => {
    await run('--port', '0', '--quiet', '--trace', 'run.jsonl', 'in-proj.txt', 'out-proj.txt');
    expect(await readFile(join(folder, 'out-proj.txt'), 'utf8')).toBe('én\nOLLEH\n');
    expect(await readFile(join(folder, 'run.jsonl'), 'utf8')).toContain(`"app":"${manifest.version}"`);
    expect((await readdir(folder)).sort()).toEqual([
      'in-proj.txt',
      'out-proj.txt',
      'run.jsonl',
      'socketscope.mjs',
    ]);
  });

  it('prints its help', async () => {
    expect((await run('--help')).stdout).toBe(HELP);
  });

  it('asks for no package: there is none above the folder that it was copied to', async () => {
    for (let above = folder; above !== dirname(above); above = dirname(above)) {
      await expect(access(join(above, 'node_modules'))).rejects.toMatchObject({ code: 'ENOENT' });
    }
    const imports = (await readFile(command, 'utf8')).matchAll(
      /^import .* from "(.*)";$|\bimport\("(.*?)"\)/gm,
    );
    const asked = Array.from(imports, ([, from, later]) => from ?? later);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((name) => name?.startsWith('node:') !== true)).toEqual([]);
  });
});

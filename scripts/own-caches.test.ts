import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { field } from './test-counts.mjs';

const PROJECT = path.resolve(import.meta.dirname, '..');
const TYPESCRIPT = pathToFileURL(path.join(PROJECT, 'scripts', 'typescript.mjs')).href;
const OWN_CACHES = pathToFileURL(path.join(PROJECT, 'scripts', 'own-caches.mjs')).href;

let folder = '';
let temporary = '';
let program = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'own-caches-'));
  temporary = path.join(folder, 'tmp');
  await mkdir(temporary);
  program = path.join(folder, 'program.ts');
  await writeFile(program, "const said: string = 'ours';\nconsole.log(said);\n");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs Node with an empty folder for temporary files and without any of our settings. */
async function node(...args: string[]): Promise<string> {
  const env: NodeJS.ProcessEnv = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  for (const name of ['TSX_DISABLE_CACHE', 'NODE_DISABLE_COMPILE_CACHE', 'PWTEST_CACHE_DIR']) {
    Reflect.deleteProperty(env, name);
  }
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: PROJECT, env });
  return stdout;
}

async function leftBehind(): Promise<readonly string[]> {
  return await readdir(temporary, { recursive: true });
}

/** Changes the text in everything that tsx keeps of the program. */
async function poison(): Promise<void> {
  const entries = await readdir(temporary, { recursive: true, withFileTypes: true });
  const kept = entries.filter((entry) => entry.isFile());
  for (const { parentPath, name } of kept) {
    const file = path.join(parentPath, name);
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('ours', 'theirs'));
  }
}

describe('the folder for temporary files', () => {
  it('has nothing of tsx in it when TypeScript was run', async () => {
    expect(await node('--import', TYPESCRIPT, program)).toBe('ours\n');
    expect(await leftBehind()).toEqual([]);
  });

  it('runs no code that another user put there under the name that tsx reads', async () => {
    await node('--import', 'tsx', program);
    await poison();
    // The attack itself: without our settings, tsx runs what lies there.
    expect(await node('--import', 'tsx', program)).toBe('theirs\n');
    expect(await node('--import', TYPESCRIPT, program)).toBe('ours\n');
  });

  it('has nothing of tsx in it when a thread of the race was started from the sources', async () => {
    const thread = path.join(PROJECT, 'src/engine/experiments/run/race/racer-from-sources.mjs');
    const start = `
      const { Worker } = require('node:worker_threads');
      new Worker(${JSON.stringify(thread)}).on('error', (error) => console.log(error.message));
    `;
    const said = await node('--eval', start);
    expect(said).toBe('This is a thread of the race and no program of its own\n');
    expect(await leftBehind()).toEqual([]);
  });

  it('has nothing of Playwright in it when the end-to-end tests were read', async () => {
    const cli = path.join(PROJECT, 'node_modules', '@playwright', 'test', 'cli.js');
    const config = path.join('e2e', 'playwright.config.ts');
    const listed = await node('--import', OWN_CACHES, cli, 'test', '--config', config, '--list');
    expect(listed).toMatch(/^Total: \d+ tests/m);
    expect((await leftBehind()).filter((name) => name.includes('cache'))).toEqual([]);
  });
});

describe('the scripts of package.json', () => {
  it('start each tool that keeps compiled code so that it keeps none in the folder for temporary files', async () => {
    const manifest: unknown = JSON.parse(await readFile(path.join(PROJECT, 'package.json'), 'utf8'));
    const scripts = field(manifest, 'scripts');
    const all = typeof scripts === 'object' && scripts !== null ? Object.values(scripts).map(String) : [];
    const programs = all.flatMap((script) => script.split(' && ')).map((line) => line.split(' '));
    expect(programs.length).toBeGreaterThan(10);
    const unguarded = programs.filter(
      ([name = '', ...args]) =>
        ['eslint', 'prettier', 'tsc', 'tsx', 'vite'].includes(name) || args.includes('tsx'),
    );
    expect(unguarded).toEqual([]);
  });
});

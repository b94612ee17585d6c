// When the terminal command is built, in a small project of its own.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ensureTerminal } from './terminal-build.mjs';

let project = '';
let file = '';

async function write(name: string, content: string): Promise<void> {
  await mkdir(path.dirname(path.join(project, name)), { recursive: true });
  await writeFile(path.join(project, name), content);
}

async function said(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  return stdout;
}

beforeEach(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'terminal-build-'));
  file = path.join(project, 'dist', 'socketscope.mjs');
  await write('package.json', '{ "version": "1.2.3" }');
  await write('src/engine/word.ts', "export const word: string = 'first';\n");
  await write('src/shared/empty.ts', '');
  await write(
    'src/cli/index.ts',
    "import { version } from '../../package.json';\nimport { word } from '../engine/word.ts';\nconsole.log(version, word);\n",
  );
});

afterEach(async () => {
  await rm(project, { recursive: true });
});

describe('the terminal command', () => {
  it('is built as one program that includes the version', async () => {
    expect(await ensureTerminal(project)).toEqual({ ok: true, value: file });
    await write('package.json', '');
    expect(await said()).toBe('1.2.3 first\n');
    expect(await readdir(path.dirname(file))).toEqual(['socketscope.mjs']);
    expect((await readFile(file, 'utf8')).startsWith('#!/usr/bin/env node\n')).toBe(true);
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o100).toBe(0o100);
  });

  it('is not built while its sources are the same, and built again when one of them has changed', async () => {
    await ensureTerminal(project);
    const { ino } = await stat(file);
    await write('src/engine/word.test.ts', 'a test');
    await ensureTerminal(project);
    expect((await stat(file)).ino).toBe(ino);
    await write('src/engine/word.ts', "export const word: string = 'second';\n");
    await ensureTerminal(project);
    expect(await said()).toBe('1.2.3 second\n');
  });

  it('is built again where it was cut short', async () => {
    await ensureTerminal(project);
    const whole = await readFile(file, 'utf8');
    await writeFile(file, whole.slice(0, -10));
    await ensureTerminal(project);
    expect(await readFile(file, 'utf8')).toBe(whole);
  });

  it('reports what is wrong where the sources cannot be built, and keeps the present file', async () => {
    await ensureTerminal(project);
    await write('src/engine/word.ts', 'export const = ;\n');
    const built = await ensureTerminal(project);
    if (built.ok) throw new Error('It was built.');
    expect(built.message).toContain('word.ts');
    expect(await said()).toBe('1.2.3 first\n');
  });

  it('reports which folder cannot be written', async () => {
    await write('dist', 'a file');
    const built = await ensureTerminal(project);
    if (built.ok) throw new Error('It was built.');
    expect(built.message).toContain(`${path.join(project, 'dist')} cannot be written (`);
  });
});

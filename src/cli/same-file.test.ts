// INPUT, OUTPUT and --trace are never one file, whatever their paths look like.

import { once } from 'node:events';
import { link, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { COMMAND, ended, expectOneLine, startIn } from './start-for-tests.ts';
import type { CommandResult } from './start-for-tests.ts';

let folder = '';
let temporary = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  temporary = join(folder, 'tmp');
  await mkdir(temporary);
  await mkdir(at('results'));
  await symlink('results', at('latest'));
  await writeFile(at('results/in'), 'HELLO\nWelcome');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function at(path: string): string {
  return join(folder, path);
}

function exchange(...args: string[]): Promise<CommandResult> {
  return ended(startIn(temporary, [...COMMAND, '--port', '0', ...args]));
}

/** Refused before anything was done. */
function expectRefused(end: CommandResult, sentence: string): void {
  expect(expectOneLine(end)).toContain(sentence);
  expect(end.stdout).toBe('');
}

describe('before the run', () => {
  it('the trace is OUTPUT through a linked folder, where neither is there yet', async () => {
    const trace = at('results/out');
    expectRefused(
      await exchange('--trace', trace, at('results/in'), at('latest/out')),
      `${trace} is also OUTPUT.`,
    );
    expect(await readdir(at('results'))).toEqual(['in']);
    expect(await readdir(temporary)).toEqual([]);
  });

  it('the trace is OUTPUT through a link that leads to nothing yet', async () => {
    await symlink('latest/out', at('link'));
    expectRefused(
      await exchange('--trace', at('link'), at('results/in'), at('results/out')),
      `${at('link')} is also OUTPUT.`,
    );
    expect(await readdir(at('results'))).toEqual(['in']);
  });

  it('the trace is OUTPUT as a hard link of it', async () => {
    await writeFile(at('out'), 'old');
    await link(at('out'), at('trace'));
    expectRefused(
      await exchange('--trace', at('trace'), at('results/in'), at('out')),
      `${at('trace')} is also OUTPUT.`,
    );
    expect(await readFile(at('out'), 'utf8')).toBe('old');
  });

  it.each(['latest/in', 'hard', 'soft'])('OUTPUT or the trace is INPUT, as %s', async (name) => {
    await link(at('results/in'), at('hard'));
    await symlink('latest/in', at('soft'));
    const refusal = `${at(name)} is the input file itself.`;
    expectRefused(await exchange(at('results/in'), at(name)), refusal);
    expectRefused(await exchange('--trace', at(name), at('results/in'), at('out')), refusal);
    expectRefused(
      await exchange('--experiment', 'boundaries', '--trace', at(name), at('results/in')),
      refusal,
    );
    expect(await readFile(at('results/in'), 'utf8')).toBe('HELLO\nWelcome');
  });

  it('files of one name in two folders are two', async () => {
    expect(await exchange('--quiet', '--trace', at('out'), at('results/in'), at('latest/out'))).toMatchObject(
      { status: 0, stderr: '' },
    );
    expect(await readFile(at('results/out'), 'utf8')).toBe('OLLEH\nemocleW');
    expect(await readFile(at('out'), 'utf8')).toMatch(/^\{"seq":1,/);
  });
});

describe('what becomes one file while the run goes on', () => {
  /** A run that waits for its standard output to be read; `meanwhile` is done while it waits. */
  async function heldBack(
    args: readonly string[],
    meanwhile: () => Promise<unknown>,
  ): Promise<CommandResult> {
    await writeFile(at('results/in'), `${'x'.repeat(1_000)}\n`.repeat(5_000));
    const child = startIn(temporary, [...COMMAND, '--port', '0', ...args]);
    if (child.stdout === null || child.stderr === null) throw new Error('no pipes');
    const stderr = text(child.stderr);
    await once(child.stdout, 'readable');
    await meanwhile();
    const exit: Promise<unknown[]> = once(child, 'exit');
    const stdout = await text(child.stdout);
    const [status] = await exit;
    return { status: typeof status === 'number' ? status : null, stdout, stderr: await stderr };
  }

  it('the trace does not replace the result', async () => {
    const end = await heldBack(
      ['--trace', at('trace'), at('results/in'), at('out')],
      // As on a file system that ignores case: only with the result there do both names lead to one file.
      () => symlink('results/../out', at('trace')),
    );
    expect(expectOneLine(end)).toContain(`${at('trace')} is also OUTPUT.`);
    expect(await readFile(at('out'), 'utf8')).toBe(`${'x'.repeat(1_000)}\n`.repeat(5_000));
  });

  it('the result does not replace the input', async () => {
    const end = await heldBack([at('results/in'), at('out')], () => symlink('latest/in', at('out')));
    expect(expectOneLine(end)).toContain(`${at('out')} is the input file itself.`);
    expect((await stat(at('results/in'))).size).toBe(5_000 * 1_001);
  });
});

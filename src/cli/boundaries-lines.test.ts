import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { runBoundariesExperiment } from '../engine/experiments/run/boundaries.ts';
import type { Fact, HandOver, ReadWhen } from '../shared/trace/fact.ts';
import { boundariesLines } from './boundaries-lines.ts';
import { COMMAND } from './start-for-tests.ts';

/** One read of everything is certain only where the kernel reports its queue. */
const kernelReports = process.platform === 'linux' || process.platform === 'darwin';

let folder = '';
let inputPath = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  inputPath = join(folder, 'in-proj.txt');
});
afterEach(() => rm(folder, { recursive: true }));

async function printed(
  input: string,
  handOvers: readonly HandOver[],
  readWhen: ReadWhen,
  signal = new AbortController().signal,
  onFact: (fact: Fact) => void = () => undefined,
): Promise<string[]> {
  await writeFile(inputPath, input);
  const linesOf = boundariesLines(handOvers);
  const lines: string[] = [];
  const runtime = { app: '0.1.0', node: process.version, platform: process.platform, arch: process.arch };
  await runBoundariesExperiment(
    {
      host: '127.0.0.1',
      port: 0,
      by: 'grapheme',
      maxLineBytes: 1_000,
      runtime,
      inputPath,
      handOvers,
      readWhen,
    },
    (fact) => {
      lines.push(...linesOf(fact));
      onFact(fact);
    },
    signal,
  );
  return lines;
}

describe('what is printed of lost boundaries', () => {
  it.runIf(kernelReports)(
    'shows that only the third server gives each line back, where one read has all',
    async () => {
      expect(await printed('HELLO\nnaïve\n\nlast', ['a-write-a-line'], 'late')).toEqual([
        'in-proj.txt: 18 bytes, 4 lines. The servers read when all bytes wait in the kernel.',
        '',
        'a write a line: 4 writes',
        '  WRONG  each read is a line          1 read: the last line first, all of it reversed at once',
        '           | tsal',
        '           |',
        '           | evïan',
        '           | OLLEH',
        '  WRONG  all until the end is a line  1 read: the last line first, all of it reversed at once',
        '           | tsal',
        '           |',
        '           | evïan',
        '           | OLLEH',
        '  right  a newline ends a line        1 read: each line reversed, in its place',
        '           | OLLEH',
        '           | evïan',
        '           |',
        '           | tsal',
        '',
        'The server that looks for newlines gave each line back in 1 of 1 way, the one that takes each read for a line in 0, the one that reads to the end in 0: TCP keeps the bytes and their order, and not where a write ended.',
      ]);
    },
  );

  it('shows what came of each write, where each is read at once, and escapes what is no text', async () => {
    const lines = await printed('HELLO\né\x1b\n', ['byte-by-byte', 'inside-a-character'], 'after-each-write');
    expect(lines.filter((line) => !line.startsWith('           |'))).toEqual([
      'in-proj.txt: 10 bytes, 2 lines. The servers read after each write.',
      '',
      'one byte at a time: 10 writes',
      '  WRONG  each read is a line          10 reads: nothing reversed, as it was sent',
      '  WRONG  all until the end is a line  10 reads: the last line first, all of it reversed at once',
      '  right  a newline ends a line        10 reads: each line reversed, in its place',
      '',
      'split inside a character: 2 writes, each read before the next',
      '  WRONG  each read is a line          2 reads: 0 of 2 lines reversed in its place',
      '  WRONG  all until the end is a line  2 reads: the last line first, all of it reversed at once',
      '  right  a newline ends a line        2 reads: each line reversed, in its place',
      '',
      expect.stringMatching(/gave each line back in 2 of 2 ways, .* in 0, .* in 0: /),
    ]);
    expect(lines).toContain('           | \\x1b\\xa9');
    expect(lines).toContain('           | \\x1bé');
  });

  it('finds all three right where there is one line and no newline, for there is no boundary to lose', async () => {
    const lines = await printed('HELLO', ['all-at-once'], 'late');
    expect(lines.filter((line) => line.startsWith('  right'))).toHaveLength(3);
    expect(lines.at(-1)).toMatch(/in 1 of 1 way, .* in 1, .* in 1: /);
  });

  it('names the way that was left out', async () => {
    const lines = await printed('HELLO\n', ['all-at-once', 'inside-a-character'], 'after-each-write');
    expect(lines.at(-2)).toBe(
      'split inside a character: left out, because the file has no character of more than one byte, such as é.',
    );
  });

  it('has what was shown until then, and no sentence, where the run was cancelled', async () => {
    const controller = new AbortController();
    const lines = await printed('HELLO\n', ['all-at-once'], 'late', controller.signal, (fact) => {
      if (fact.kind === 'round-started' && fact.round === 2) controller.abort();
    });
    expect(lines.filter((line) => line.includes(' read: '))).toEqual([
      '  WRONG  each read is a line          1 read: the last line first, all of it reversed at once',
    ]);
    expect(lines.at(-1)?.startsWith('           |')).toBe(true);
  });
});

describe('the terminal command', () => {
  const exchange = (...args: string[]) =>
    promisify(execFile)(process.execPath, [...COMMAND, '--experiment', 'boundaries', ...args]);

  it('prints every way that the file allows, keeps the file, and writes the trace', async () => {
    await writeFile(inputPath, 'né\nHELLO\n');
    const trace = join(folder, 'run.jsonl');
    const { stdout, stderr } = await exchange('--port', '0', '--trace', trace, inputPath);
    expect(stderr).toBe('');
    expect(stdout.match(/^\S.*: \d+ writes?/gm)).toHaveLength(4);
    expect(stdout).not.toContain('[S]');
    expect(stdout.split('\n').at(-2)).toMatch(/gave each line back in 4 of 4 ways/);
    expect((await readFile(trace, 'utf8')).match(/"kind":"round-started"/g)).toHaveLength(12);
    await expect(exchange('--port', '0', '--trace', inputPath, inputPath)).rejects.toMatchObject({
      code: 1,
      stdout: '',
    });
    expect(await readFile(inputPath, 'utf8')).toBe('né\nHELLO\n');
  });

  it('reports in one line why a file cannot be split, and exits with 1', async () => {
    await writeFile(inputPath, 'HELLO\n');
    await expect(
      exchange('--port', '0', '--hand-over', 'inside-a-character', inputPath),
    ).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: `${inputPath} has no character of more than one byte, so that none can be split. Choose another way to hand it over, or a file with a character such as é.\n`,
    });
  });
});

import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, open, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openInput } from './input-file.ts';
import type { InputFile } from './input-file.ts';

const LIMIT = 1024 * 1024;
let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  path = join(folder, 'in-proj.txt');
});
afterEach(() => rm(folder, { recursive: true }));

async function opened(): Promise<InputFile> {
  const input = await openInput(path);
  if (!input.ok) throw new Error(input.problem.message);
  return input.value;
}

async function read(input: InputFile, maxLineBytes = LIMIT): Promise<string[]> {
  const lines: string[] = [];
  for await (const { line, bytes, terminated } of input.lines(maxLineBytes)) {
    lines.push(`${line}:${bytes.toString()}${terminated ? '|' : ''}`);
  }
  await input.close();
  return lines;
}

/** Does `work` as a user who is not root: only so can a file be unreadable where tests run as root. */
async function asOrdinaryUser<Value>(work: () => Promise<Value>): Promise<Value> {
  if (process.geteuid?.() !== 0 || process.seteuid === undefined) return work();
  process.seteuid('nobody');
  try {
    return await work();
  } finally {
    process.seteuid(0);
  }
}

describe('an input file', () => {
  it.each([
    ['nothing', '', []],
    ['lines', 'a\nb\n', ['1:a|', '2:b|']],
    ['a last line without LF', 'a\nb', ['1:a|', '2:b']],
    ['empty lines, CRs and NULs', '\n\r\n\0\n', ['1:|', '2:\r|', '3:\0|']],
  ])('of %s gives its lines, numbered', async (_name, content, lines) => {
    await writeFile(path, content);
    const input = await opened();
    expect(input.name).toBe('in-proj.txt');
    expect(input.bytes).toBe(content.length);
    expect(await read(input)).toEqual(lines);
    expect(input.problem()).toBeUndefined();
  });

  it('gives lines that lie across the chunks it is read in', async () => {
    const lines = Array.from({ length: 5_000 }, (_, line) => 'x'.repeat(line % 997) + String(line));
    await writeFile(path, lines.join('\n'));
    const input = await opened();
    expect(await read(input)).toEqual(
      lines.map((line, index) => `${index + 1}:${line}${index === lines.length - 1 ? '' : '|'}`),
    );
  });

  it('reports the full length of a line over the limit, after the lines before it', async () => {
    await writeFile(path, `ok\n${'x'.repeat(3_000_000)}\nafter\n`);
    const input = await opened();
    expect(await read(input)).toEqual(['1:ok|']);
    expect(input.problem()).toMatchObject({
      code: 'line-too-long',
      message: `Line 2 of ${path} is 3000000 bytes long; the limit is 1048576 bytes. Raise the limit or split the line.`,
      detail: { line: 2, bytes: 3_000_000, limitBytes: LIMIT },
    });
  });

  it('measures a line over the limit that ends with the file', async () => {
    await writeFile(path, 'x'.repeat(1_000));
    const input = await opened();
    expect(await read(input, 999)).toEqual([]);
    expect(input.problem()?.detail).toMatchObject({ line: 1, bytes: 1_000, limitBytes: 999 });
  });

  it('gives the first lines of a file of 3 GiB at once, for it is never held whole', async () => {
    const handle = await open(path, 'w');
    await handle.write('first\nsecond\n');
    // Sparse: it takes no room on the disk. Reading all of it would take ten seconds and is not done here.
    await handle.truncate(3 * 1024 ** 3);
    await handle.close();
    const input = await opened();
    expect(input.bytes).toBe(3 * 1024 ** 3);
    const lines: string[] = [];
    for await (const { bytes } of input.lines(LIMIT)) {
      lines.push(bytes.toString());
      if (lines.length === 2) break;
    }
    await input.close();
    expect(lines).toEqual(['first', 'second']);
  });
});

describe('a file that changes while it is read', () => {
  const content = `${'a line\n'.repeat(100_000)}the last`;

  it.each([
    ['is cut short', () => truncate(path, 300_000)],
    ['grows', () => appendFile(path, 'more\n')],
    [
      'is written over with as many bytes',
      async () => {
        const handle = await open(path, 'r+');
        await handle.write('b', 650_000);
        await handle.close();
        // A clock tick of the file system may be longer than this test.
        await utimes(path, new Date(), new Date(Date.now() + 5_000));
      },
    ],
  ])('is noticed when it %s', async (_name, change) => {
    await writeFile(path, content);
    const input = await opened();
    const lines: string[] = [];
    for await (const { bytes } of input.lines(LIMIT)) {
      if (lines.length === 0) await change();
      lines.push(bytes.toString());
    }
    await input.close();
    expect(input.problem()).toMatchObject({ code: 'file-changed', detail: { path } });
    expect(input.problem()?.message).toContain(path);
    // What may be half a line is not given as a line.
    expect(lines).not.toContain('the last');
    expect(lines.every((line) => line.length === 'a line'.length)).toBe(true);
  });
});

describe('what is not a readable file is refused by name', () => {
  const problemOf = async (what: string) => {
    const input = await openInput(what);
    return input.ok ? undefined : input.problem;
  };

  it('a missing file and a file in a missing folder', async () => {
    expect(await problemOf(path)).toEqual({
      code: 'file-missing',
      message: `There is no file ${path}. Check the name and the folder.`,
      detail: { errorCode: 'ENOENT', errno: 2, syscall: 'open', path },
    });
    expect(await problemOf(join(path, 'x'))).toMatchObject({ code: 'file-missing' });
    await writeFile(path, '');
    expect(await problemOf(join(path, 'x'))).toMatchObject({ code: 'file-missing' });
  });

  it('a folder', async () => {
    await mkdir(path);
    expect(await problemOf(path)).toMatchObject({
      code: 'is-a-folder',
      message: `${path} is a folder. Choose a file in it.`,
    });
  });

  it('a FIFO, at once, though it has no writer', async () => {
    execFileSync('mkfifo', [path]);
    expect(await problemOf(path)).toMatchObject({
      code: 'not-a-regular-file',
      message: `${path} is a named pipe (FIFO) and no regular file. Choose a regular file.`,
    });
  });

  it('a device', async () => {
    expect(await problemOf('/dev/zero')).toMatchObject({ code: 'not-a-regular-file' });
    expect((await problemOf('/dev/zero'))?.message).toContain('/dev/zero is a device');
  });

  it('a socket', async () => {
    const server = createServer().listen(path);
    await new Promise((resolve) => server.once('listening', resolve));
    expect(await problemOf(path)).toMatchObject({ code: 'not-a-regular-file' });
    await new Promise((resolve) => server.close(resolve));
  });

  it('a file that this user may not read', async () => {
    chmodSync(folder, 0o755);
    writeFileSync(path, 'secret\n', { mode: 0o000 });
    const problem = await asOrdinaryUser(() => problemOf(path));
    expect(problem).toMatchObject({ code: 'not-readable', detail: { errorCode: 'EACCES', path } });
    expect(problem?.message).toContain(path);
  });
});

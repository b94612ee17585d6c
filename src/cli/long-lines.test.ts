// Of a very long line its beginning is printed, and it costs no more than that.

import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Fact } from '../shared/trace/fact.ts';
import { newTranscript, transcriptOf } from '../shared/trace/transcript.ts';
import { transcriptLines } from './printer.ts';
import { COMMAND, ended, startIn } from './start-for-tests.ts';

let folder = '';
let temporary = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  temporary = join(folder, 'tmp');
  await mkdir(temporary);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function factsOf(line: Buffer): readonly Fact[] {
  const seen = { seenBy: 'program', connection: 1, offset: 0, bytes: line.length, line: 1 } as const;
  const client = { address: '127.0.0.1', port: 41_794 };
  const server = { address: '127.0.0.1', port: 50_007 };
  return [
    { kind: 'connected', peer: 'client', seenBy: 'program', connection: 1, local: client, remote: server },
    { kind: 'wrote', peer: 'client', ...seen, side: 'client', data: { bytes: line } },
    { kind: 'line-transformed', peer: 'server', ...seen, by: 'byte', validUtf8: true },
  ];
}

function printed(line: Buffer): string {
  return factsOf(line).flatMap(transcriptLines()).join('\n');
}

describe('what is printed of a line', () => {
  it.each(['x', '\x1b', 'é', '東', '\u{1F600}', '\xff'])(
    'is all of 64 KiB of %j, as it always was',
    (unit) => {
      const bytes = Buffer.from(unit, unit === '\xff' ? 'latin1' : 'utf8');
      const line = Buffer.concat([Buffer.alloc(65_536 - (65_536 % bytes.length), bytes), Buffer.from('\n')]);
      const state = newTranscript();
      expect(printed(line)).toBe(
        factsOf(line)
          .flatMap((fact) => transcriptOf(fact, state))
          .join('\n'),
      );
    },
  );

  it('is the beginning of a longer one, and how much more there is', () => {
    const words = '[S]: Data received from client: ';
    expect(printed(Buffer.from(`${'x'.repeat(70_000)}\n`))).toBe(
      `${words}${'x'.repeat(65_537)} … (4464 bytes more)`,
    );
    expect(printed(Buffer.alloc(70_000, 0xff))).toBe(`${words}${'\\xff'.repeat(65_537)} … (4463 bytes more)`);
  });

  it('takes little memory for 60 MB that all have to be escaped', { timeout: 60_000 }, async () => {
    const bytes = 60_000_000;
    const input = join(folder, 'in-proj.txt');
    const output = join(folder, 'out-proj.txt');
    await writeFile(input, Buffer.alloc(bytes, 0xff));
    // The line and its reply, as facts carry them, are 120 MB. Escaped they would be half a gigabyte, and an
    // array of their bytes more than this heap.
    const end = await ended(
      startIn(temporary, [
        '--max-old-space-size=512',
        ...[...COMMAND, '--port', '0', '--max-line', '67108864', input, output],
      ]),
    );
    expect(end).toMatchObject({ status: 0, stderr: '' });
    expect((await stat(output)).size).toBe(bytes);
    const rest = `${'\\xff'.repeat(65_537)} … (${bytes + 1 - 65_537} bytes more)`;
    expect(end.stdout.split('\n').slice(-4)).toEqual([
      `[S]: Data received from client: ${rest}`,
      `[C]: Data received from server: ${rest}`,
      'Done.',
      '',
    ]);
  });
});

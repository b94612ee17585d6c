// How the command ends by a signal, whether its output is read or not. It names the partial result, which exists.

import { execFileSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { isLeftToThePerson } from '../engine/runs/run-folder.ts';
import { portOf } from '../engine/system/port-for-tests.ts';
import { COMMAND, expectOneLine, partNamedIn, startIn } from './start-for-tests.ts';

/** The result is written in pieces; when the first one is written, more of it is printed than a full pipe holds. */
const PART_BYTES = 250_000;

let folder = '';
let temporary = '';
let input = '';
let output = '';
const descriptors: number[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  temporary = join(folder, 'tmp');
  await mkdir(temporary);
  input = join(folder, 'in-proj.txt');
  output = join(folder, 'out-proj.txt');
});
afterEach(async () => {
  // Where a test has failed they may still be there.
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const descriptor of descriptors.splice(0)) closeSync(descriptor);
  await rm(folder, { recursive: true, force: true });
});

/** A pipe that is full and is not read. */
function stalledPipe(): number {
  const path = join(folder, `pipe-${descriptors.length}`);
  execFileSync('mkfifo', [path]);
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  descriptors.push(descriptor);
  try {
    for (;;) writeSync(descriptor, Buffer.alloc(4_096, '.'));
  } catch {
    // EAGAIN: nothing more goes into it.
  }
  return descriptor;
}

/** The bytes in the pipe after those that filled it. */
function writtenInto(descriptor: number): string {
  const bytes = Buffer.alloc(1024 * 1024);
  return bytes.toString('utf8', 0, readSync(descriptor, bytes)).replace(/^\.+/, '');
}

function start(args: readonly string[], options: Parameters<typeof startIn>[2]): ChildProcess {
  const child = startIn(temporary, args, options);
  children.push(child);
  return child;
}

/** A run of lines that cannot end, because its standard output is not read. */
async function stalledRun(
  stdout: number,
  stderr: number | 'pipe',
  ...options: readonly string[]
): Promise<ChildProcess> {
  await writeFile(input, `${'x'.repeat(1_000)}\n`.repeat(5_000));
  return start([...COMMAND, '--port', '0', ...options, input, output], { stdio: ['ignore', stdout, stderr] });
}

/** Waits until that much of a run has come back that what is printed of it cannot all be held. */
async function underWay(): Promise<void> {
  for (;;) {
    const [run] = await readdir(temporary);
    const part = run === undefined ? undefined : await sizeOf(join(temporary, run, 'out-proj.txt'));
    if (part !== undefined && part >= PART_BYTES) return;
    await nextTurn();
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}

async function appears(path: string): Promise<void> {
  while ((await sizeOf(path)) === undefined) await nextTurn();
}

interface ErrorEnd {
  readonly status: number | null;
  readonly stderr: string;
}

async function errorEnd(child: ChildProcess): Promise<ErrorEnd> {
  const exit: Promise<unknown[]> = once(child, 'exit');
  const stderr = child.stderr === null ? '' : await text(child.stderr);
  const [status] = await exit;
  return { status: typeof status === 'number' ? status : null, stderr };
}

async function expectPart(path: string): Promise<void> {
  const part = await readFile(path, 'utf8');
  expect(part.length).toBeGreaterThanOrEqual(PART_BYTES);
  expect(`${'x'.repeat(1_000)}\n`.repeat(5_000).startsWith(part)).toBe(true);
  // The app, which removes stale folders, must leave this one.
  expect(await isLeftToThePerson(dirname(path))).toBe(true);
  await expect(access(output)).rejects.toMatchObject({ code: 'ENOENT' });
}

describe('one signal ends a run whose output is not read', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s, and the part is named', async (signal) => {
    const child = await stalledRun(stalledPipe(), 'pipe', '--trace', join(folder, 'trace'));
    await underWay();
    child.kill(signal);
    const line = expectOneLine(await errorEnd(child));
    // The run of a person who has seen enough is not lost, and they are told where it is.
    expect(line).toContain(`The exchange was cancelled by ${signal}. ${join(folder, 'trace')} is saved.`);
    const path = partNamedIn(line, temporary);
    await expectPart(path);
    expect(line).toContain(`What came back, ${(await stat(path)).size} bytes, is in `);
    expect(await readFile(join(folder, 'trace'), 'utf8')).toMatch(/"kind":"run-ended".*"cancelled".*\n$/);
    // What is saved is not left a second time beside the part.
    expect((await readdir(dirname(path))).filter((name) => name.endsWith('.socketscope'))).toEqual([]);
  });

  it('where standard error is not read either', async () => {
    const stderr = stalledPipe();
    const child = await stalledRun(stalledPipe(), stderr);
    await underWay();
    child.kill('SIGTERM');
    expect((await errorEnd(child)).status).toBe(1);
    const [run = ''] = await readdir(temporary);
    await expectPart(join(temporary, run, 'out-proj.txt'));
    expect(writtenInto(stderr)).toBe('');
  });

  it('that has completed: everything is saved, and it reports that', async () => {
    await writeFile(input, 'HELLO\nWelcome');
    const child = start([...COMMAND, '--port', '0', input, output], {
      stdio: ['ignore', stalledPipe(), 'pipe'],
    });
    await appears(output);
    child.kill('SIGTERM');
    expect(expectOneLine(await errorEnd(child))).toBe(
      `SIGTERM ended the printing. The exchange was through and ${output} is saved.`,
    );
    expect(await readFile(output, 'utf8')).toBe('OLLEH\nemocleW');
    expect(await readdir(temporary)).toEqual([]);
  });

  it('that was to end with the error it is for', async () => {
    const trace = join(folder, 'trace');
    const child = start([...COMMAND, '--experiment', 'refused', '--port', '0', '--trace', trace], {
      stdio: ['ignore', stalledPipe(), 'pipe'],
    });
    await appears(trace);
    child.kill('SIGTERM');
    expect(expectOneLine(await errorEnd(child))).toBe(
      `SIGTERM ended the printing. The exchange was through and ${trace} is saved.`,
    );
    expect(await readdir(temporary)).toEqual([]);
  });
});

describe('a second signal', () => {
  /** Sends the signal again and again, until the command has ended. */
  async function insist(child: ChildProcess): Promise<ErrorEnd> {
    child.kill('SIGTERM');
    const again = setInterval(() => child.kill('SIGTERM'), 50);
    const end = await errorEnd(child);
    clearInterval(again);
    return end;
  }

  it('names the file with the part', async () => {
    const child = await stalledRun(stalledPipe(), 'pipe');
    await underWay();
    const line = expectOneLine(await insist(child));
    expect(line).toContain('The exchange was cancelled by SIGTERM. What came back, ');
    const path = partNamedIn(line, temporary);
    await expectPart(path);
    expect(line).toContain(`, ${(await stat(path)).size} bytes, is in `);
  });

  it('keeps the part where standard error is not read either', async () => {
    const child = await stalledRun(stalledPipe(), stalledPipe());
    await underWay();
    expect((await insist(child)).status).toBe(1);
    const [run = ''] = await readdir(temporary);
    await expectPart(join(temporary, run, 'out-proj.txt'));
  });

  it('leaves nothing where nothing had come back', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const port = portOf(holder.address());
    const trace = join(folder, 'trace');
    await writeFile(input, 'HELLO\n');
    const child = start([...COMMAND, '--port', String(port), '--wait', '--trace', trace, input, output], {
      stdio: ['ignore', stalledPipe(), 'pipe'],
    });
    // Created when the run begins: from now on signals are handled.
    for (let made = 0; made === 0;) {
      await nextTurn();
      const [run] = await readdir(temporary);
      if (run !== undefined) made = (await readdir(join(temporary, run))).length;
    }
    const line = expectOneLine(await insist(child));
    holder.close();
    // Where the second one comes before the trace is saved, it is not named.
    expect(line).toMatch(/^The exchange was cancelled by SIGTERM\.( \S+\/trace is saved\.)?$/);
    if (line.endsWith('is saved.')) expect(await sizeOf(trace)).toBeDefined();
    expect(await readdir(temporary)).toEqual([]);
  });
});

/**
 * Runs the command on a pseudo-terminal of its own, until lines are printed on it; then does `end`, and prints the exit
 * code (below zero for a signal). Needs python3: Node has no pseudo-terminals.
 */
const ON_TERMINAL = `
import fcntl, os, pty, signal, subprocess, sys, termios
end, errors, *command = sys.argv[1:]
master, slave = pty.openpty()
def lead():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
child = subprocess.Popen(command, stdin=slave, stdout=slave,
    stderr=slave if errors == 'terminal' else None, preexec_fn=lead)
os.close(slave)
seen = b''
while b'Data received' not in seen:
    seen += os.read(master, 4096)
print('printing', flush=True)
sys.stdin.readline()
if end == 'close':
    os.close(master)
else:
    child.send_signal(signal.SIGTERM)
print(child.wait(), flush=True)
`;

describe('on a terminal', () => {
  async function onTerminal(end: 'close' | 'stall', errors: 'terminal' | 'pipe'): Promise<ErrorEnd> {
    await writeFile(input, `${'x'.repeat(1_000)}\n`.repeat(5_000));
    const command = [process.execPath, ...COMMAND, '--port', '0', input, output];
    const python = start(['-c', ON_TERMINAL, end, errors, ...command], {
      program: 'python3',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    if (python.stdin === null || python.stdout === null) throw new Error('no pipes');
    const printed = text(python.stdout);
    const stderr = errorEnd(python);
    await underWay();
    python.stdin.end('go on\n');
    const [printing, code] = (await printed).split('\n');
    expect(printing).toBe('printing');
    return { status: Number(code), stderr: (await stderr).stderr };
  }

  it.each(['close', 'stall'] as const)('that is gone (%s), with standard error elsewhere', async (end) => {
    const line = expectOneLine(await onTerminal(end, 'pipe'));
    const signal = end === 'close' ? 'SIGHUP' : 'SIGTERM';
    expect(line).toContain(`The exchange was cancelled by ${signal}.`);
    await expectPart(partNamedIn(line, temporary));
  });

  it.each(['close', 'stall'] as const)('that is gone (%s), with all its output', async (end) => {
    expect(await onTerminal(end, 'terminal')).toEqual({ status: 1, stderr: '' });
    const [run = ''] = await readdir(temporary);
    await expectPart(join(temporary, run, 'out-proj.txt'));
  });
});

import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findFreePort } from '../engine/net/free-port.ts';
import { isLeftToThePerson } from '../engine/runs/run-folder.ts';
import { portOf } from '../engine/system/port-for-tests.ts';
import { allFactsOf, traceIn } from '../engine/recording/trace-for-tests.ts';
import { HELP } from './help.ts';
import { COMMAND, ended, expectOneLine, partNamedIn, PROJECT, startIn } from './start-for-tests.ts';
import type { CommandResult } from './start-for-tests.ts';

let folder = '';
let temporary = '';
let input = '';
let output = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  temporary = join(folder, 'tmp');
  await mkdir(temporary);
  input = join(folder, 'in-proj.txt');
  output = join(folder, 'out-proj.txt');
  await writeFile(input, 'HELLO\nWelcome');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function start(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  program = process.execPath,
): ChildProcess {
  return startIn(temporary, args, { env, program });
}

const exchange = (...args: string[]): Promise<CommandResult> => ended(start([...COMMAND, ...args]));

describe('the terminal command', () => {
  it("prints the exchange in the course's words, saves the result and leaves nothing behind", async () => {
    const end = await exchange('--port', '0', input, output);
    expect(end.stderr).toBe('');
    expect(end.status).toBe(0);
    expect(await readFile(output, 'utf8')).toBe('OLLEH\nemocleW');
    const lines = end.stdout.split('\n');
    expect(lines[0]).toBe('[S]: Server socket created');
    expect(lines[1]).toMatch(/^\[S\]: Server host name is \S+$/);
    expect(lines.slice(-6)).toEqual([
      '[S]: Data received from client: HELLO',
      '[C]: Data received from server: OLLEH',
      '[S]: Data received from client: Welcome',
      '[C]: Data received from server: emocleW',
      'Done.',
      '',
    ]);
    expect(end.stdout).toMatch(/^\[S\]: Got a connection request from a client at \('127\.0\.0\.1', \d+\)$/m);
    expect(end.stdout).toContain('[C]: Client socket created\n');
    expect(await readdir(temporary)).toEqual([]);
  });

  it('saves each line in upper case where that is asked for', async () => {
    await writeFile(input, 'Straße\n\nwelcome');
    const end = await exchange('--port', '0', '--transform', 'upper-case', input, output);
    expect(end).toMatchObject({ status: 0, stderr: '' });
    expect(await readFile(output, 'utf8')).toBe('STRASSE\n\nWELCOME');
    expect(end.stdout).toContain('[C]: Data received from server: STRASSE\n');
  });

  it('accepts paths relative to where npm was called, prints nothing with --quiet, and writes the trace', async () => {
    const child = spawn(
      'npm',
      [
        'run',
        '-s',
        '--prefix',
        PROJECT,
        'exchange',
        '--',
        '--quiet',
        '--port=0',
        '--trace',
        'run.jsonl',
        'in-proj.txt',
        'o.txt',
      ],
      { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TMPDIR: temporary } },
    );
    const end = await ended(child);
    expect(end).toMatchObject({ status: 0, stdout: '' });
    expect(await readFile(join(folder, 'o.txt'), 'utf8')).toBe('OLLEH\nemocleW');
    const facts = (await readFile(join(folder, 'run.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    for (const [index, fact] of facts.entries()) {
      expect(fact).toMatchObject({ seq: index + 1 });
      expect(fact).toHaveProperty('atUs');
      expect(fact).toHaveProperty('kind');
    }
    expect(facts[0]).toMatchObject({
      kind: 'run-started',
      runtime: { app: '0.1.0', node: process.versions.node },
    });
    expect(facts.at(-1)).toMatchObject({ kind: 'run-ended', outcome: 'completed' });
    const opened = await traceIn(join(folder, 'run.jsonl'));
    expect(opened.counts).toMatchObject({ linesReceived: 2 });
    await opened.close();
  });

  it('prints the whole help with --help', async () => {
    expect(await exchange('--help')).toEqual({ status: 0, stdout: HELP, stderr: '' });
  });

  it('reverses as it is asked to', async () => {
    await writeFile(input, 'e\u0301x\n');
    await exchange('--port', '0', '--quiet', '--by', 'codepoint', input, output);
    expect(await readFile(output, 'utf8')).toBe('x\u0301e\n');
  });

  it("prints the welcome as the course's first program does, and makes no file", async () => {
    const trace = join(folder, 'welcome.jsonl');
    const end = await exchange('--experiment', 'welcome', '--port', '0', '--trace', trace);
    expect(end).toMatchObject({ status: 0, stderr: '' });
    expect(end.stdout).toMatch(
      /^\[S\]: Server socket created\n\[S\]: Server host name is \S+\n(?:\[S\]: Server IP address is \S+\n)?Done\.\n\[C\]: Client socket created\n\[S\]: Got a connection request from a client at \('127\.0\.0\.1', \d+\)\n\[C\]: Data received from server: Welcome to CS 352!\n$/,
    );
    const opened = await traceIn(trace);
    expect(opened.first).toMatchObject({ experiment: 'welcome', input: { name: 'greeting', bytes: 18 } });
    await opened.close();
    expect((await readdir(folder)).sort()).toEqual(['in-proj.txt', 'tmp', 'welcome.jsonl']);
    expect(await readdir(temporary)).toEqual([]);
  });

  it('greets with the given text, and prints nothing with --quiet', async () => {
    const greeting = ['--experiment', 'welcome', '--port', '0', '--greeting', 'Salve\x1b, 東京!'];
    const end = await exchange(...greeting);
    expect(end.stdout.split('\n').at(-2)).toBe('[C]: Data received from server: Salve\\x1b, 東京!');
    expect(await exchange(...greeting, '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('listens on every address where it is opened to the network, and warns of that first', async () => {
    const trace = join(folder, 'run.socketscope');
    const end = await exchange(
      ...['--experiment', 'string', '--port', '0', '--open-to-network', '--quiet', '--trace', trace, 'HELLO'],
    );
    expect(end.status).toBe(0);
    expect(end.stdout).toBe('');
    expect(end.stderr).toMatch(
      /^Warning: open to the network\. While it runs, anybody who reaches this machine.* can connect to the server on a free port\.\n$/,
    );
    const facts = await readFile(trace, 'utf8');
    expect(facts).toMatch(/"kind":"listening",[^\n]*"address":"0\.0\.0\.0"/);
    expect(facts).toMatch(/"kind":"connect-called",[^\n]*"address":"127\.0\.0\.1"/);
  });

  it('reverses a string and prints it last', async () => {
    const end = await exchange('--experiment', 'string', '--port', '0', 'né 👨‍👩‍👧 東京');
    expect(end).toMatchObject({ status: 0, stderr: '' });
    expect(end.stdout.split('\n').slice(-4)).toEqual([
      '[S]: Data received from client: né 👨‍👩‍👧 東京',
      '[C]: Data received from server: 京東 👨‍👩‍👧 én',
      'Done.',
      '',
    ]);
    expect(await readdir(temporary)).toEqual([]);
  });

  it('ends with the error that refused is for, its number and its sentence', async () => {
    const trace = join(folder, 'refused.jsonl');
    const end = await exchange(
      '--experiment',
      'refused',
      '--start-after',
      '-20',
      '--port',
      '0',
      '--trace',
      trace,
    );
    expect(end).toMatchObject({ status: 0, stderr: '' });
    const lines = end.stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('[C]: Client socket created');
    const { ECONNREFUSED } = constants.errno;
    const prefix = `ECONNREFUSED (errno ${ECONNREFUSED}): `;
    expect(lines.at(-1)?.startsWith(prefix)).toBe(true);
    expect(lines[1]).toBe(`[C]: ${lines.at(-1)?.slice(prefix.length) ?? ''}`);
    expect(lines).toContain('[S]: Server socket created');
    const opened = await traceIn(trace);
    expect(opened.first).toMatchObject({ experiment: 'refused' });
    await opened.close();
    expect(await readdir(temporary)).toEqual([]);
  });

  it('greets the client of refused that starts late, which is no error', async () => {
    const end = await exchange('--experiment', 'refused', '--start-after', '10', '--port', '0');
    expect(end).toMatchObject({ status: 0, stderr: '' });
    expect(end.stdout.split('\n').at(-2)).toBe('[C]: Data received from server: Welcome to CS 352!');
  });

  it('ends with the error that in-use is for, and names what holds the port', async () => {
    const end = await exchange('--experiment', 'in-use', '--port', '0');
    expect(end).toMatchObject({ status: 0, stderr: '' });
    const lines = end.stdout.trimEnd().split('\n');
    expect(lines).toContain('[S2]: Server socket created');
    const { EADDRINUSE } = constants.errno;
    const prefix = `EADDRINUSE (errno ${EADDRINUSE}): `;
    const verdict = lines.findIndex((line) => line.startsWith(`${prefix}Port `));
    expect(lines).toContain(`[S2]: ${lines[verdict]?.slice(prefix.length) ?? ''}`);
    expect(lines[verdict - 1]).toBe('Done.');
    if (process.platform !== 'linux') return;
    expect(lines).toHaveLength(verdict + 2);
    expect(lines.at(-1)).toMatch(/^Port \d+ is held by a program that listens on it: \S+ \(process \d+\)\.$/);
  });

  it('waits for a port that is taken with --wait, and prints how long that took', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const port = portOf(holder.address());
    const child = start([...COMMAND, '--port', String(port), '--wait', input, output]);
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes(`[S]: Waiting for port ${port}\n`)) holder.close();
    });
    const end = await ended(child);
    expect(end).toMatchObject({ status: 0, stderr: '' });
    const lines = end.stdout.split('\n');
    const waiting = lines.indexOf(`[S]: Waiting for port ${port}`);
    expect(lines[waiting - 2]).toContain(`[S]: Port ${port} on 127.0.0.1 is in use by another program.`);
    expect(lines[waiting - 1]).toContain(`Port ${port} is held by a program that listens on it`);
    expect(lines[waiting + 1]).toBe(`[S]: Server got port ${port}`);
    expect(lines[waiting + 2]).toMatch(
      new RegExp(`^Port ${port} was free at \\d\\d:\\d\\d:\\d\\d, after \\d+\\.\\d s\\.$`),
    );
    expect(await readFile(output, 'utf8')).toBe('OLLEH\nemocleW');
  });

  it('names at the end the clients of other programs that came to its server', async () => {
    const free = await findFreePort('127.0.0.1');
    if (!free.ok) throw new Error(free.problem.message);
    const port = String(free.value);
    const child = start([...COMMAND, 'run', 'refused', '--start-after', '500', '--port', port]);
    const sockets: Socket[] = [];
    child.stdout?.on('data', (chunk: Buffer) => {
      // It is about to listen.
      if (!chunk.includes('[S]: Server IP address') || sockets.length > 0) return;
      const tryToConnect = (): void => {
        const socket = connect(free.value, '127.0.0.1');
        sockets[0] = socket;
        socket.once('error', tryToConnect);
      };
      tryToConnect();
    });
    const end = await ended(child);
    const [socket] = sockets;
    expect(end).toMatchObject({ status: 0, stderr: '' });
    expect(end.stdout).toContain(`Another client connected, too: 127.0.0.1:${socket?.localPort ?? 0}.\n`);
    socket?.destroy();
  });

  it('is cancelled while it waits for a port, and leaves nothing behind', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const port = portOf(holder.address());
    const child = start([...COMMAND, '--port', String(port), '--wait', input, output]);
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('[S]: Waiting for port')) child.kill('SIGINT');
    });
    const end = await ended(child);
    holder.close();
    expect(expectOneLine(end)).toBe('The exchange was cancelled by SIGINT.');
    expect(await readdir(temporary)).toEqual([]);
  });

  it('names the TIME_WAIT that python3 left for in-use, and for how long', async () => {
    const end = await exchange('--experiment', 'in-use', '--taken-by', 'time-wait', '--port', '0');
    expect(end).toMatchObject({ status: 0, stderr: '' });
    const lines = end.stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^\[P\]: Python 3\.\S+ started \(process \d+\)$/);
    expect(lines).toContain('[C]: Data received from server: Welcome to CS 352!');
    expect(lines.at(-2)).toMatch(
      new RegExp(
        `^EADDRINUSE \\(errno ${constants.errno.EADDRINUSE}\\): Port \\d+ on 127\\.0\\.0\\.1 is in use by`,
      ),
    );
    expect(lines.at(-1)).toMatch(
      /^Port \d+ is still kept by a connection that has ended \(TIME_WAIT\): free again in about \d\d s\.$/,
    );
  });

  it('reports what to do without python3', async () => {
    const end = await ended(
      start([...COMMAND, '--experiment', 'in-use', '--taken-by', 'time-wait', '--port', '0'], {
        PATH: temporary,
      }),
    );
    expect(expectOneLine(end)).toMatch(
      /^python3 is not on this machine, and here it is needed: .* Install python3, or choose a server that listens \(--taken-by listener\)\.$/,
    );
  });

  it.each(['refused', 'in-use'])('prints nothing of %s with --quiet', async (experiment) => {
    const end = await exchange('--experiment', experiment, '--port', '0', '--quiet');
    expect(end).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('goes on when its output is no longer read, and saves everything', async () => {
    await writeFile(input, 'HELLO\n'.repeat(20_000));
    const child = start([...COMMAND, '--port', '0', input, output]);
    if (child.stdout === null || child.stderr === null) throw new Error('no pipes');
    const stderr = text(child.stderr);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await stderr).toBe('');
    expect(await readFile(output, 'utf8')).toBe('OLLEH\n'.repeat(20_000));
  });

  it('waits for a slow reader', async () => {
    await writeFile(input, `${'x'.repeat(1_000)}\n`.repeat(5_000));
    const child = start([...COMMAND, '--port', '0', input, output]);
    const out = child.stdout;
    if (out === null) throw new Error('no pipe');
    await once(out, 'readable');
    // The pipe and the command's own buffer hold a part: while it is not read, the exchange cannot end.
    for (let turn = 0; turn < 2_000; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(child.exitCode).toBeNull();
    const printed = await text(out);
    expect(printed.endsWith('Done.\n')).toBe(true);
    expect(printed.match(/^\[C\]: Data received from server: x{1000}$/gm)).toHaveLength(5_000);
  });
});

/** Connects as soon as a server listens there. */
async function connectedTo(port: number): Promise<Socket> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const came = await Promise.race([
      once(socket, 'connect').then(() => true),
      new Promise<false>((resolve) => {
        socket.once('close', () => {
          resolve(false);
        });
      }),
    ]).catch(() => false);
    if (came) return socket;
  }
}

describe('beside another client that sends lines without end', () => {
  /** Each line of theirs is at least two facts of a hundred bytes: these are more than is recorded of others. */
  const THEIRS = 200_000;

  it(
    'the command says that it leaves them out, how many they were, and writes our lines alone',
    { timeout: 60_000 },
    async () => {
      const found = await findFreePort('127.0.0.1');
      if (!found.ok) throw new Error(found.problem.message);
      const port = found.value;
      const trace = join(folder, 'flooded.socketscope');
      // More than the pipe and the command's own buffer hold: the exchange waits for a reader.
      await writeFile(input, `${'x'.repeat(1_000)}\n`.repeat(3_000));
      const child = start([...COMMAND, '--port', String(port), '--trace', trace, input, output]);
      const out = child.stdout;
      if (out === null) throw new Error('no pipe');
      await once(out, 'readable');

      const socket = await connectedTo(port);
      let back = 0;
      const allBack = new Promise<void>((resolve) => {
        socket.on('data', (chunk) => {
          back += chunk.length;
          if (back === 2 * THEIRS) resolve();
        });
      });
      socket.write(Buffer.from([0xff, 0x0a]).toString('latin1').repeat(THEIRS), 'latin1');
      await allBack;
      socket.destroy();
      const printed = await text(out);
      expect(await readFile(output, 'utf8')).toBe(`${'x'.repeat(1_000)}\n`.repeat(3_000));

      const lines = printed.trimEnd().split('\n');
      expect(lines.at(-1)).toBe('Done.');
      const [leftOut, howMany, ...more] = lines.filter((line) => line.includes('ther clients'));
      expect(more).toEqual([]);
      expect(leftOut).toMatch(/^\[S\]: Other clients have had their share of the record: /);
      expect(howMany).toMatch(
        /^\[S\]: \d+ facts about other clients were counted and left out, with \d+ bytes /,
      );
      expect(lines.filter((line) => line.startsWith('[C]: Data received from server: '))).toHaveLength(3_000);

      const opened = await traceIn(trace);
      expect(opened.counts).toMatchObject({ linesReceived: 3_000, linesTransformed: 3_000, linesByByte: 0 });
      await opened.close();
      expect((await stat(trace)).size).toBeLessThan(64 * 1024 ** 2);
    },
  );
});

describe('a failure of the terminal command is one line', () => {
  it.each<[string, () => string[], string]>([
    ['an option that is not known', () => ['--prot', '1', input, output], "Unknown option '--prot'."],
    ['a missing file', () => [join(folder, 'missing'), output], 'There is no file FOLDER/missing.'],
    ['a folder as input', () => [folder, output], 'FOLDER is a folder.'],
    [
      'a FIFO as input',
      () => [join(folder, 'fifo'), output],
      'FOLDER/fifo is a named pipe (FIFO) and no regular file.',
    ],
    ['a device as input', () => ['/dev/zero', output], '/dev/zero is a device and no regular file.'],
    ['an empty string', () => ['--experiment', 'string', ''], 'There is nothing to send: type at least'],
    [
      'a trace of a welcome in a missing folder',
      () => ['--experiment', 'welcome', '--trace', join(folder, 'a/b')],
      'FOLDER/a/b cannot be written: there is no folder FOLDER/a.',
    ],
    ['the input as output', () => [input, join(folder, 'link')], 'FOLDER/link is the input file itself.'],
    ['a folder as output', () => [input, folder], 'FOLDER is a folder.'],
    ['a device as output', () => [input, '/dev/null'], '/dev/null is a device and no regular file.'],
    [
      'an output in a missing folder',
      () => [input, join(folder, 'a/b')],
      'FOLDER/a/b cannot be written: there is no folder FOLDER/a.',
    ],
    [
      'the input as trace',
      () => ['--trace', input, input, output],
      'FOLDER/in-proj.txt is the input file itself.',
    ],
    ['the output as trace', () => ['--trace', output, input, output], 'FOLDER/out-proj.txt is also OUTPUT.'],
    [
      'a name that would break the line',
      () => [join(folder, 'a\nb\x1b[2J'), output],
      'There is no file FOLDER/a\\x0ab\\x1b[2J.',
    ],
  ])('for %s', async (_what, args, sentence) => {
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    await symlink(input, join(folder, 'link'));
    const end = await exchange('--port', '0', ...args());
    expect(expectOneLine(end)).toContain(sentence.replaceAll('FOLDER', folder));
    expect(end.stdout).toBe('');
    expect(await readdir(temporary)).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(['fifo', 'in-proj.txt', 'link', 'tmp']);
    expect(await readFile(input, 'utf8')).toBe('HELLO\nWelcome');
  });

  it('for a port that is taken, with what to do about it, and the trace is written', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const port = portOf(holder.address());
    const trace = join(folder, 'run.jsonl');
    const end = await exchange('--port', String(port), '--trace', trace, input, output);
    holder.close();
    expect(expectOneLine(end)).toBe(
      `Port ${port} on 127.0.0.1 is in use by another program. Choose another port or let the system pick a free one (--port N, or --port 0 for any free one), or wait for this one (--wait). ${trace} is saved.`,
    );
    const opened = await traceIn(trace);
    const facts = await allFactsOf(opened);
    await opened.close();
    const kinds = facts.map(({ kind }) => kind);
    // The holder of the port is recorded where the system reports it.
    expect(kinds.filter((kind) => kind !== 'port-examined').slice(-3)).toEqual([
      'failed',
      'server-closed',
      'run-ended',
    ]);
    if (process.platform === 'linux') expect(kinds.at(-3)).toBe('port-examined');
    await expect(stat(output)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(temporary)).toEqual([]);
  });

  it('for refused where another program accepts the client and then releases the port', async () => {
    const holder = createServer((socket) => {
      holder.close();
      socket.on('error', () => undefined).end('Hi');
    }).listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const port = portOf(holder.address());
    const end = await exchange('--experiment', 'refused', '--port', String(port));
    expect(expectOneLine(end)).toBe(
      'The client was not refused: another program took it in. Choose another port (--port N, or --port 0 for any free one).',
    );
    expect(await readdir(temporary)).toEqual([]);
  });

  it.each(['refused', 'in-use'])('for %s where another program keeps the port', async (experiment) => {
    const holder = createServer((socket) => {
      socket.on('error', () => undefined).end('Hi');
    }).listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const port = portOf(holder.address());
    const end = await exchange('--experiment', experiment, '--port', String(port));
    holder.close();
    expect(expectOneLine(end)).toContain(`Port ${port} on 127.0.0.1 is in use by another program.`);
    expect(end.stdout).not.toContain('EADDRINUSE');
  });

  it('for a line over the limit, naming the line and the file with the part', async () => {
    await writeFile(input, 'one\ntwo\nthree is long\n');
    await writeFile(output, 'old');
    const end = await exchange('--port', '0', '--max-line', '5', input, output);
    const line = expectOneLine(end);
    expect(line).toContain(`Line 3 of ${input} is 13 bytes long; the limit is 5 bytes.`);
    expect(line).toContain('(--max-line BYTES)');
    expect(line).toContain('What came back, 8 bytes, is in ');
    const part = partNamedIn(line, temporary);
    expect(await readFile(part, 'utf8')).toBe('eno\nowt\n');
    expect(await readFile(output, 'utf8')).toBe('old');
    // The app, which removes stale folders, must leave this one.
    expect(await isLeftToThePerson(dirname(part))).toBe(true);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('for %s, naming the file with the part', async (signal) => {
    await writeFile(input, 'HELLO\n'.repeat(300_000));
    const trace = join(folder, 'run.jsonl');
    const child = start([...COMMAND, '--port', '0', '--trace', trace, input, output]);
    let signalled = false;
    child.stdout?.on('data', (chunk: Buffer) => {
      // Lines are under way when the first large piece of them is printed. Twice, as npm and a terminal do it.
      if (signalled || !chunk.includes('Data received')) return;
      signalled = child.kill(signal) && child.kill(signal);
    });
    const line = expectOneLine(await ended(child));
    expect(line).toContain(`The exchange was cancelled by ${signal}.`);
    const part = await readFile(partNamedIn(line, temporary), 'utf8');
    expect(part).toBe('OLLEH\n'.repeat(part.length / 6));
    const opened = await traceIn(trace);
    const last = await opened.fact(opened.counts.facts);
    expect(last).toMatchObject({
      value: { kind: 'run-ended', outcome: 'cancelled', resultBytes: part.length },
    });
    await opened.close();
    await expect(stat(output)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

/**
 * Runs the command in a mount namespace of its own with a file system of `kib` KiB at `place`; `first` is done in it
 * before, `last` after it. Needs unshare (util-linux) and leave to use it: a disk cannot be full otherwise.
 */
function onSmallDisk(
  place: string,
  kib: number,
  first: string,
  last: string,
  args: readonly string[],
): Promise<CommandResult> {
  const script = `mount -t tmpfs -o size=${kib}k tmpfs "$0" && cd "$0" && ${first}; cd "$PWD"; cd ${JSON.stringify(PROJECT)}; "$@"; status=$?; cd "$0" && ${last}; exit $status`;
  const own = process.geteuid?.() === 0 ? ['-m'] : ['-rm'];
  return ended(
    start([...own, 'sh', '-c', script, place, process.execPath, ...COMMAND, ...args], {}, 'unshare'),
  );
}

/** Runs the command with a host name of its own that no hosts file and no name server knows. */
async function onUnknownHost(hostName: string, args: readonly string[]): Promise<CommandResult> {
  const script = `echo ${hostName} > /proc/sys/kernel/hostname && mount --bind "$0" /etc/nsswitch.conf && exec "$@"`;
  const own = process.geteuid?.() === 0 ? ['-mu'] : ['-rmu'];
  const names = join(folder, 'nsswitch.conf');
  await writeFile(names, 'hosts: files\n');
  return ended(
    start([...own, 'sh', '-c', script, names, process.execPath, ...COMMAND, ...args], {}, 'unshare'),
  );
}

describe('on a machine whose own name does not resolve', () => {
  it('the exchange goes on over the loopback address, and the transcript says what to do', async () => {
    const end = await onUnknownHost('nowhere', ['--experiment', 'welcome', '--port', '0']);
    expect(end).toMatchObject({ status: 0, stderr: '' });
    const lines = end.stdout.split('\n');
    expect(lines.slice(1, 3)).toEqual([
      '[S]: Server host name is nowhere',
      '[S]: nowhere does not resolve to an address; the exchange goes on over 127.0.0.1. An entry for it in the hosts file would make it resolve.',
    ]);
    expect(lines.at(-2)).toBe('[C]: Data received from server: Welcome to CS 352!');
  });
});

describe('on a full disk', () => {
  it("of the run's folder, the part that fits is kept and named, and the trace says how it ended", async () => {
    await writeFile(input, 'HELLO WORLD\n'.repeat(20_000));
    const trace = join(folder, 'run.jsonl');
    const kept = join(folder, 'kept');
    const end = await onSmallDisk(temporary, 128, 'true', `cp */out-proj.txt ${kept}`, [
      '--quiet',
      '--port',
      '0',
      '--trace',
      trace,
      input,
      output,
    ]);
    const line = expectOneLine(end);
    expect(line).toContain('There is no space left for ');
    const part = partNamedIn(line, temporary);
    expect(part.endsWith('/out-proj.txt')).toBe(true);
    const back = await readFile(kept, 'utf8');
    expect(line).toContain(`What came back, ${back.length} bytes, is in `);
    expect(back).toBe('DLROW OLLEH\n'.repeat(20_000).slice(0, back.length));
    await expect(stat(output)).rejects.toMatchObject({ code: 'ENOENT' });
    const opened = await traceIn(trace);
    const last = await opened.fact(opened.counts.facts);
    expect(last).toMatchObject({ value: { kind: 'run-ended', outcome: 'failed', resultBytes: back.length } });
    await opened.close();
  });

  it('where the result is to be saved, the old one stays, nothing is beside it, and the result is kept', async () => {
    await writeFile(input, 'HELLO WORLD\n'.repeat(20_000));
    const small = join(folder, 'small');
    await mkdir(small);
    const seen = join(folder, 'seen');
    const end = await onSmallDisk(
      small,
      64,
      'printf old > out-proj.txt',
      `{ ls -A; cat out-proj.txt; } > ${seen}`,
      ['--quiet', '--port', '0', input, join(small, 'out-proj.txt')],
    );
    const line = expectOneLine(end);
    expect(line).toContain(`There is no space left for ${small}/out-proj.txt.`);
    expect(await readFile(seen, 'utf8')).toBe('out-proj.txt\nold');
    expect(await readFile(partNamedIn(line, temporary), 'utf8')).toBe('DLROW OLLEH\n'.repeat(20_000));
  });

  it('where the trace is to be saved, the result is saved all the same', async () => {
    await appendFile(input, '\nmore'.repeat(1_000));
    const small = join(folder, 'small');
    await mkdir(small);
    const seen = join(folder, 'seen');
    const end = await onSmallDisk(small, 64, 'true', `ls -A > ${seen}`, [
      '--quiet',
      '--port',
      '0',
      '--trace',
      join(small, 'run.jsonl'),
      input,
      output,
    ]);
    expect(expectOneLine(end)).toContain(`There is no space left for ${small}/run.jsonl.`);
    expect(await readFile(seen, 'utf8')).toBe('');
    expect((await stat(output)).size).toBe((await stat(input)).size);
  });
});

describe('many rounds', () => {
  it('of a race are a line each, and one sentence at the end says that it is a race', async () => {
    const trace = join(folder, 'race.socketscope');
    const end = await exchange('--experiment', 'race', '--rounds', '4', '--port', '0', '--trace', trace);
    expect(end.stderr).toBe('');
    expect(end.status).toBe(0);
    const lines = end.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    for (const [at, line] of lines.slice(0, 4).entries()) {
      expect(line).toMatch(
        new RegExp(
          `^round ${at + 1}: (connected from port \\d+(; .*)?|refused: ECONNREFUSED \\(errno \\d+\\))$`,
        ),
      );
    }
    expect(lines[4]).toMatch(/ a race\b/);
    const opened = await traceIn(trace);
    expect(opened.first).toMatchObject({ experiment: 'race', options: { rounds: 4, pauseMs: 0 } });
    await opened.close();
    expect(await readdir(temporary)).toEqual([]);
  });

  it('of the ephemeral ports are a line each, and one sentence at the end counts the even ones', async () => {
    const end = await exchange('--experiment', 'ports', '--runs', '3', '--port', '0');
    expect(end.stderr).toBe('');
    expect(end.status).toBe(0);
    const lines = end.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    const [, port = ''] = /server port (\d+)$/.exec(lines[0] ?? '') ?? [];
    for (const [at, line] of lines.slice(0, 3).entries()) {
      expect(line).toMatch(new RegExp(`^run ${at + 1}: client port \\d+, server port ${port}$`));
    }
    expect(lines[3]).toContain(`the server stayed at ${port}.`);
  });

  it.each(['race', 'ports'])(
    'of %s fail at once where the port is in use, and name what holds it',
    async (name) => {
      const server = createServer();
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const port = portOf(server.address());
      try {
        const end = await exchange('--experiment', name, '--port', String(port));
        expect(expectOneLine(end)).toContain(`Port ${port} on 127.0.0.1 is in use by another program.`);
        if (process.platform === 'linux') expect(end.stdout).toContain(`process ${process.pid}`);
      } finally {
        server.close();
      }
    },
  );
});

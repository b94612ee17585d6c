import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { createInterface } from 'node:readline';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { portOf } from '../../system/port-for-tests.ts';
import { examinePort, holderIn } from './port-doctor.ts';
import type { SocketRow } from './socket-table.ts';
import { readSocketTable } from './socket-table.ts';

const running: ChildProcess[] = [];
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  for (const child of running.splice(0)) {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
});

/** A Python program that listens as a student's does (no SO_REUSEADDR) and prints its port, process id and name. */
const LISTENS = `
import os, socket, sys
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(1)
`;
const TELLS = `
print(server.getsockname()[1], os.getpid(), open("/proc/self/comm").read(), flush=True)
`;
const STAYS = `
sys.stdin.read()
`;
/** It closes first: TIME_WAIT comes to the server's side, on the server's port. */
const CLOSES_FIRST = `
connection, _ = server.accept()
connection.close()
server.close()
sys.stdin.read()
`;
/** As another user's program, whose open files an ordinary user cannot see (prctl(2), PR_SET_DUMPABLE 0). */
const HIDES = `
import ctypes
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
`;

async function python(program: string): Promise<{ port: number; pid: number; program: string }> {
  const child = spawn('python3', ['-c', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const [port, pid, ...name] = line.split(' ');
    return { port: Number(port), pid: Number(pid), program: name.join(' ') };
  }
  throw new Error('python3 printed no port');
}

async function listen(address: string): Promise<{ server: Server; port: number }> {
  const server = createServer();
  open.push(server);
  server.listen(0, address);
  await once(server, 'listening');
  return { server, port: portOf(server.address()) };
}

/** The error code of a server that listens on the port, '' if it succeeds. */
async function bindFailure(port: number): Promise<string> {
  const server = createServer();
  const outcome = new Promise<string>((resolve) => {
    server.once('error', (error) => {
      resolve('code' in error ? String(error.code) : error.message);
    });
    server.once('listening', () => {
      server.close();
      resolve('');
    });
  });
  server.listen(port, '127.0.0.1');
  return outcome;
}

describe('the port doctor', () => {
  it('finds a listener of this program, by process id and name', async () => {
    const { port } = await listen('127.0.0.1');
    const processName = (await readFile('/proc/self/comm', 'utf8')).trim();
    expect(await bindFailure(port)).toBe('EADDRINUSE');
    const examined = await examinePort(port, '127.0.0.1');
    expect(examined?.holder).toEqual({
      what: 'listener',
      local: { address: '127.0.0.1', port },
      pid: process.pid,
      program: processName,
    });
    expect(examined?.source).toBe('/proc/net/tcp, /proc/net/tcp6');
  });

  it('finds a listener of another program, by process id and name', async () => {
    const { port, pid, program } = await python(LISTENS + TELLS + STAYS);
    expect(await bindFailure(port)).toBe('EADDRINUSE');
    const examined = await examinePort(port, '127.0.0.1');
    expect(examined?.holder).toEqual({
      what: 'listener',
      local: { address: '127.0.0.1', port },
      pid,
      program,
    });
    expect(program).toMatch(/^python/);
  });

  it('finds a listener whose process this user may not see, and names none', async () => {
    const { port } = await python(LISTENS + HIDES + TELLS + STAYS);
    const examined = await asOrdinaryUser(() => examinePort(port, '127.0.0.1'));
    expect(examined?.holder).toEqual({ what: 'listener', local: { address: '127.0.0.1', port } });
  });

  it.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '127.0.0.1'],
    ['::', '::1'],
    ['127.0.0.1', '0.0.0.0'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', 'localhost'],
  ])('counts a listener on %s as holding the port of %s', async (held, asked) => {
    const { port } = await listen(held);
    expect((await examinePort(port, asked))?.holder).toMatchObject({
      what: 'listener',
      local: { port },
      pid: process.pid,
    });
  });

  it.each([
    ['127.0.0.2', '127.0.0.1'],
    ['::1', '127.0.0.1'],
    ['0.0.0.0', '::1'],
  ])('does not count a listener on %s as holding the port of %s', async (held, asked) => {
    const { port } = await listen(held);
    // It is free; or in TIME_WAIT after a connection of another test, to which the kernel may have given this port.
    expect(['unknown', 'time-wait']).toContain((await examinePort(port, asked))?.holder.what);
  });

  it('finds TIME_WAIT that a server left which closed first, and its countdown', async () => {
    const { port } = await python(LISTENS + TELLS + CLOSES_FIRST);
    const client = connect(port, '127.0.0.1');
    await once(client, 'connect');
    const remote = { address: '127.0.0.1', port: portOf(client.address()) };
    client.resume();
    await once(client, 'close');

    const first = await vi.waitFor(async () => {
      const holder = (await examinePort(port, '127.0.0.1'))?.holder;
      if (holder?.what !== 'time-wait') throw new Error(`it is ${String(holder?.what)}`);
      return holder;
    });
    expect(first).toMatchObject({ local: { address: '127.0.0.1', port }, remote });
    const { secondsLeft = 0 } = first;
    expect(Number.isInteger(secondsLeft)).toBe(true);
    // Linux keeps it for 60 s (TCP_TIMEWAIT_LEN).
    expect(secondsLeft).toBeGreaterThan(50);
    expect(secondsLeft).toBeLessThanOrEqual(60);
    expect(await bindFailure(port)).toBe('EADDRINUSE');

    const untilSeconds = secondsLeft - 1;
    await vi.waitFor(
      async () => {
        const table = await readSocketTable(port, new AbortController().signal);
        expect(table?.rows[0]?.timerSeconds).toBeLessThanOrEqual(untilSeconds);
      },
      { timeout: 10_000 },
    );
    const second = (await examinePort(port, '127.0.0.1'))?.holder;
    expect(second).toMatchObject({ what: 'time-wait', remote });
    if (second?.what === 'time-wait') expect(second.secondsLeft).toBeLessThan(secondsLeft);
  });

  it('finds the outgoing connection whose local port it is, and its process', async () => {
    const { port: remotePort } = await listen('127.0.0.1');
    const free = await listen('127.0.0.1');
    free.server.close();
    await once(free.server, 'close');
    const client = connect({ port: remotePort, host: '127.0.0.1', localPort: free.port });
    open.push({ close: () => client.destroy() });
    await once(client, 'connect');
    expect((await examinePort(free.port, '127.0.0.1'))?.holder).toMatchObject({
      what: 'connection',
      local: { address: '127.0.0.1', port: free.port },
      remote: { address: '127.0.0.1', port: remotePort },
      pid: process.pid,
    });
  });

  it('finds no holder of a free port', async () => {
    const { server, port } = await listen('127.0.0.1');
    server.close();
    await once(server, 'close');
    expect(await examinePort(port, '127.0.0.1')).toEqual({
      holder: { what: 'unknown', why: `Nobody can be seen on port ${port} any more: try again.` },
      source: '/proc/net/tcp, /proc/net/tcp6',
    });
  });
});

describe('the holder of the port, from the table alone', () => {
  const asked = '127.0.0.1';
  const at = (state: SocketRow['state'], more: Partial<SocketRow> = {}): SocketRow => ({
    local: { address: '127.0.0.1', port: 50_007 },
    remote: { address: '127.0.0.1', port: 41_794 },
    state,
    ...more,
  });
  const holderOf = (...rows: SocketRow[]) => holderIn({ rows, source: 'table' }, 50_007, asked).holder;

  it('is the listener before TIME_WAIT, and TIME_WAIT before an open connection', () => {
    const ended = at('TIME_WAIT', { timerSeconds: 12 });
    expect(holderOf(at('ESTABLISHED'), ended, at('LISTEN')).what).toBe('listener');
    expect(holderOf(at('ESTABLISHED'), ended).what).toBe('time-wait');
    expect(holderOf(at('ESTABLISHED')).what).toBe('connection');
  });

  it('is the listener on the very address before one on all addresses', () => {
    const all = at('LISTEN', { local: { address: '::', port: 50_007 } });
    expect(holderOf(all, at('LISTEN'))).toMatchObject({ local: { address: '127.0.0.1' } });
  });

  it('is the TIME_WAIT that lasts longest, its seconds rounded up', () => {
    const rows = [12.5, 41.09, 3].map((timerSeconds) => at('TIME_WAIT', { timerSeconds }));
    expect(holderOf(...rows)).toMatchObject({ what: 'time-wait', secondsLeft: 42 });
  });

  it('is TIME_WAIT without its seconds where the system does not report how long it lasts', () => {
    expect(holderOf(at('TIME_WAIT'))).toEqual({
      what: 'time-wait',
      local: { address: '127.0.0.1', port: 50_007 },
      remote: { address: '127.0.0.1', port: 41_794 },
    });
  });

  it('is unknown, and why, while a connection is being closed', () => {
    expect(holderOf(at('FIN_WAIT2'))).toEqual({
      what: 'unknown',
      why: 'Port 50007 is kept by a connection with 127.0.0.1:41794 that is not closed yet (FIN_WAIT2): try again.',
    });
  });

  it('is unknown, and why, where a socket has the port without listening', () => {
    expect(holderOf(at('CLOSE', { remote: { address: '0.0.0.0', port: 0 } }))).toEqual({
      what: 'unknown',
      why: 'Port 50007 is kept by a socket that does not listen (CLOSE): end its program or choose another port.',
    });
  });

  it('is unknown, and why, where the table could not be read', () => {
    const table = { rows: [], source: 'netstat -ano', unread: 'netstat -ano: it took too long' };
    expect(holderIn(table, 50_007, asked).holder).toEqual({
      what: 'unknown',
      why: 'Who has port 50007 cannot be seen, because the socket table could not be read (netstat -ano: it took too long). Choose another port.',
    });
  });
});

/** Does `work` as a user who is not root: from root no process can hide its files. */
async function asOrdinaryUser<Value>(work: () => Promise<Value>): Promise<Value> {
  if (process.geteuid?.() !== 0 || process.seteuid === undefined) return work();
  process.seteuid('nobody');
  try {
    return await work();
  } finally {
    process.seteuid(0);
  }
}

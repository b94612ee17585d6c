import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Problem } from '../../../shared/result.ts';
import type { Endpoint, Fact, FactKind } from '../../../shared/trace/fact.ts';
import { createConnections } from '../connections.ts';
import { createLineFramer } from '../line-framer.ts';
import { freePort } from '../../system/port-for-tests.ts';
import { sourceOf } from '../line-source-for-tests.ts';
import { runLineClient } from './line-client.ts';
import type { ClientOutcome, LineSource, LineToSend } from './line-client.ts';
import { startLineServer } from './line-server.ts';
import type { RunningServer } from '../listen.ts';

const HOST = '127.0.0.1';
const PYTHON = join(import.meta.dirname, '../../../../e2e/fixtures/python');
const LIMIT = 1024 * 1024;

let facts: Fact[] = [];
let controller = new AbortController();
const emit = (fact: Fact): void => void facts.push(fact);
let cleanUp: (() => unknown)[] = [];

beforeEach(() => {
  facts = [];
  controller = new AbortController();
  cleanUp = [];
});
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step();
});

async function serve(options: { port?: number; maxLineBytes?: number } = {}): Promise<RunningServer> {
  const started = await startLineServer(
    {
      requested: { address: HOST, port: options.port ?? 0 },
      by: 'grapheme',
      maxLineBytes: options.maxLineBytes ?? LIMIT,
      connections,
    },
    emit,
    controller.signal,
  );
  if (!started.ok) throw new Error(started.problem.message);
  cleanUp.push(() => started.value.close());
  return started.value;
}

let connections = createConnections();
beforeEach(() => {
  connections = createConnections();
});

function linesOf(whole: Buffer): LineToSend[] {
  const framer = createLineFramer(LIMIT);
  const lines = [...framer.push(whole)];
  const last = framer.end();
  return last === undefined ? lines : [...lines, last];
}

/** Sends a whole file's content and returns the content of a file of the replies. */
async function send(
  remote: Endpoint,
  whole: Buffer,
  onReply?: (line: number) => Promise<Problem | undefined> | undefined,
  inFlight = 1,
): Promise<{ outcome: ClientOutcome; result: Buffer }> {
  const replies: Buffer[] = [];
  let line = 0;
  const outcome = await runLineClient(
    {
      remote,
      lines: sourceOf(linesOf(whole)),
      onReply(reply, { terminated }) {
        line += 1;
        replies.push(reply);
        if (terminated) replies.push(Buffer.from('\n'));
        return onReply?.(line);
      },
      maxLineBytes: LIMIT,
      connections,
      inFlight,
    },
    emit,
    controller.signal,
  );
  return { outcome, result: Buffer.concat(replies) };
}

/** A server that treats each connection as the test defines; its sockets are destroyed at the end. */
async function serveBadly(behave: (socket: Socket) => void): Promise<Endpoint> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    // The peer may reset the connection: the client is what is tested.
    socket.on('error', () => undefined);
    cleanUp.push(() => socket.destroy());
    behave(socket);
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  cleanUp.push(() => server.close());
  return endpointOf(server.address());
}

function endpointOf(address: ReturnType<ReturnType<typeof createServer>['address']>): Endpoint {
  if (address === null || typeof address === 'string') throw new Error('no address');
  return { address: address.address, port: address.port };
}

async function open(remote: Endpoint): Promise<Socket> {
  const socket = connect({ host: remote.address, port: remote.port, allowHalfOpen: true });
  cleanUp.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.resume();
  await once(socket, 'end');
  return Buffer.concat(chunks);
}

function of<Kind extends FactKind>(kind: Kind): Extract<Fact, { kind: Kind }>[] {
  return facts.filter((fact): fact is Extract<Fact, { kind: Kind }> => fact.kind === kind);
}

/** Waits until a fact of the kind is there; the facts come from sockets, so waiting a turn of the loop is enough. */
async function until(kind: FactKind, times = 1): Promise<void> {
  while (of(kind).length < times) await new Promise((resolve) => setImmediate(resolve));
}

describe('our client with our server', () => {
  it('sends each line, gets it back reversed, and records which side saw what', async () => {
    const server = await serve();
    const { outcome, result } = await send(server.local, Buffer.from('HELLO\nWorld'));
    await server.close();

    expect(result.toString()).toBe('OLLEH\ndlroW');
    expect(outcome).toMatchObject({ linesSent: 2, linesReceived: 2, problem: undefined });
    expect(facts.map((fact) => fact.kind).filter((kind) => kind !== 'read')).toEqual([
      'server-created',
      'listen-called',
      'listening',
      'client-created',
      'connect-called',
      ...facts.slice(5, 7).map((fact) => fact.kind),
      'wrote',
      'line-transformed',
      'wrote',
      'line-received',
      'wrote',
      'line-transformed',
      'wrote',
      'line-received',
      'end-called',
      'end-received',
      'end-called',
      ...facts.slice(-4).map((fact) => fact.kind),
    ]);
    expect(
      facts
        .slice(5, 7)
        .map((fact) => fact.kind)
        .sort(),
    ).toEqual(['accepted', 'connected']);
    expect(
      facts
        .slice(-4)
        .map((fact) => fact.kind)
        .sort(),
    ).toEqual(['closed', 'closed', 'end-received', 'server-closed']);
    expect(facts.at(-1)?.kind).toBe('server-closed');
  });

  it('gives both ends of a connection the same number, address and port', async () => {
    const server = await serve();
    const { outcome } = await send(server.local, Buffer.from('a\n'));
    const [accepted] = of('accepted');
    const [connected] = of('connected');
    expect(accepted?.connection).toBe(1);
    expect(connected?.connection).toBe(1);
    expect(accepted?.remote).toEqual(connected?.local);
    expect(accepted?.local).toEqual(connected?.remote);
    expect(outcome.local).toEqual(connected?.local);
  });

  it('records the place of the bytes in each stream, and leaves out the data that the peer recorded', async () => {
    const server = await serve();
    await send(server.local, Buffer.from('ab\r\n\ncdé'));
    const wrote = of('wrote').filter((fact) => fact.side === 'client');
    expect(wrote.map(({ offset, bytes, line, data }) => ({ offset, bytes, line, data }))).toEqual([
      { offset: 0, bytes: 4, line: 1, data: { bytes: Buffer.from('ab\r\n') } },
      { offset: 4, bytes: 1, line: 2, data: { bytes: Buffer.from('\n') } },
      { offset: 5, bytes: 5, line: 3, data: { bytes: Buffer.from('cdé\n') } },
    ]);
    expect(of('line-transformed').map(({ offset, bytes, line }) => [line, offset, bytes])).toEqual([
      [1, 0, 3],
      [2, 4, 0],
      [3, 5, 4],
    ]);
    expect(of('line-received').map(({ offset, bytes, line }) => [line, offset, bytes])).toEqual([
      [1, 0, 3],
      [2, 4, 0],
      [3, 5, 4],
    ]);
    expect(of('read').every((fact) => fact.data === undefined)).toBe(true);
    for (const side of ['client', 'server'] as const) {
      const total = (list: readonly { side: string; bytes: number }[]): number =>
        list.filter((fact) => fact.side === side).reduce((sum, fact) => sum + fact.bytes, 0);
      expect([total(of('wrote')), total(of('read'))]).toEqual([10, 10]);
    }
  });

  it.each([
    ['nothing', '', ''],
    ['an empty line', '\n', '\n'],
    ['CRLF', 'ab\r\ncd\r\n', 'ba\r\ndc\r\n'],
    ['a BOM', '\uFEFFab\ncd\n', '\uFEFFba\ndc\n'],
    ['NULs', 'a\0b\n\0c\n', 'b\0a\nc\0\n'],
    ['a CR as last line without LF', 'ab\n\r', 'ba\n\r'],
  ])('handles %s', async (_name, input, expected) => {
    const server = await serve();
    const { result } = await send(server.local, Buffer.from(input));
    expect(result.toString()).toBe(expected);
  });

  it('reverses by byte what is not valid UTF-8, records its bytes and marks it', async () => {
    const server = await serve();
    const { result } = await send(server.local, Buffer.from([0x61, 0xff, 0x0a]));
    expect(result).toEqual(Buffer.from([0xff, 0x61, 0x0a]));
    expect(of('line-transformed')[0]).toMatchObject({ by: 'byte', validUtf8: false });
    expect(of('wrote')[0]?.data).toEqual({ bytes: Buffer.from([0x61, 0xff, 0x0a]) });
  });

  it('moves lines of the limit of 1 MiB, which take many reads', async () => {
    const server = await serve();
    const line = Buffer.alloc(LIMIT, 'ab');
    const { result } = await send(server.local, Buffer.concat([line, Buffer.from('\n'), line]));
    const back = Buffer.alloc(LIMIT, 'ba');
    expect(result.equals(Buffer.concat([back, Buffer.from('\n'), back]))).toBe(true);
    expect(of('read').length).toBeGreaterThan(4);
  });

  it('holds the next line back until the reply is handled', async () => {
    const server = await serve();
    let letGo = (): void => undefined;
    const held = new Promise<undefined>((resolve) => {
      letGo = () => {
        resolve(undefined);
      };
    });
    const sending = send(server.local, Buffer.from('a\nb\n'), (line) => (line === 1 ? held : undefined));
    await until('line-received');
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(of('wrote').filter((fact) => fact.side === 'client')).toHaveLength(1);
    letGo();
    expect((await sending).outcome.linesReceived).toBe(2);
  });

  it('ends in order when a reply cannot be handled, and returns the reason', async () => {
    const server = await serve();
    const full: Problem = { code: 'disk-full', message: 'There is no space left.', detail: {} };
    const { outcome } = await send(server.local, Buffer.from('a\nb\n'), () => Promise.resolve(full));
    expect(outcome).toMatchObject({ linesSent: 1, linesReceived: 1, problem: full });
    expect(of('end-received')).toHaveLength(2);
    expect(of('failed')).toEqual([]);
  });
});

describe('the server', () => {
  it('names port and address when the port is taken, with the numbers of the system', async () => {
    const first = await serve();
    const second = await startLineServer(
      { requested: first.local, by: 'grapheme', maxLineBytes: LIMIT, connections },
      emit,
      controller.signal,
    );
    expect(second).toMatchObject({
      ok: false,
      problem: {
        code: 'port-in-use',
        message: `Port ${first.local.port} on 127.0.0.1 is in use by another program. Choose another port or let the system pick a free one.`,
        detail: {
          errorCode: 'EADDRINUSE',
          errno: constants.errno.EADDRINUSE,
          syscall: 'listen',
          address: HOST,
          port: first.local.port,
        },
      },
    });
    expect(of('failed')).toHaveLength(1);
    expect(of('failed')[0]).toMatchObject({ peer: 'server' });
    expect(facts.at(-1)?.kind).toBe('server-closed');
  });

  it('reverses a line that arrives in two reads split inside a character', async () => {
    const server = await serve();
    const socket = await open(server.local);
    const line = Buffer.from('né!\n');
    socket.write(line.subarray(0, 2));
    await until('read');
    socket.end(line.subarray(2));
    expect((await readAll(socket)).toString()).toBe('!én\n');
    expect(of('read').map((fact) => fact.data)).toEqual([
      { bytes: line.subarray(0, 2) },
      { bytes: line.subarray(2) },
    ]);
  });

  it('answers a last line without LF without LF', async () => {
    const server = await serve();
    const socket = await open(server.local);
    socket.end('one\ntwo');
    expect((await readAll(socket)).toString()).toBe('eno\nowt');
  });

  it('answers all of many lines that arrive at once to a client that has ended its side', async () => {
    const server = await serve();
    const socket = await open(server.local);
    socket.end('ab\n'.repeat(10_000));
    expect((await readAll(socket)).toString()).toBe('ba\n'.repeat(10_000));
  });

  it('reads no more while its answers are not read, and goes on when they are', async () => {
    const server = await serve();
    const socket = await open(server.local);
    socket.pause();
    const lines = Buffer.from(`${'x'.repeat(1023)}\n`.repeat(1024));
    const total = 24;
    let taken = 0;
    // More than loopback absorbs in both directions.
    for (let at = 0; at < total; at += 1) socket.write(lines, () => (taken += 1));
    socket.end();
    let before = -1;
    while (before !== of('read').length) {
      before = of('read').length;
      for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(taken).toBeLessThan(total);
    const readBytes = of('read').reduce((sum, fact) => sum + fact.bytes, 0);
    expect(readBytes).toBeLessThan((total / 2) * lines.length);
    const answer = await readAll(socket);
    expect(answer.length).toBe(total * lines.length);
  });

  it('ends only the connection whose line is over the limit, and names the line and the client', async () => {
    const server = await serve({ maxLineBytes: 8 });
    const other = await open(server.local);
    const socket = await open(server.local);
    socket.on('error', () => undefined);
    socket.resume();
    socket.on('end', () => socket.end());
    const closed = once(socket, 'close');
    socket.write('short\nmuch too long');
    await closed;
    expect(of('failed')).toHaveLength(1);
    expect(of('failed')[0]).toMatchObject({
      peer: 'server',
      connection: 2,
      problem: { code: 'line-too-long', detail: { line: 2, bytes: 13, limitBytes: 8 } },
    });
    other.end('still\n');
    expect((await readAll(other)).toString()).toBe('llits\n');
  });

  it('outlives a client that resets, one that closes half-way and one that sends nothing', async () => {
    const server = await serve();
    const silent = await open(server.local);
    const resetting = await open(server.local);
    resetting.write('abc\nhalf a li');
    await until('read');
    resetting.resetAndDestroy();
    const leaving = await open(server.local);
    leaving.write('half a li');
    await until('read', 2);
    leaving.destroy();
    await until('closed', 2);

    const { result } = await send(server.local, Buffer.from('ok\n'));
    expect(result.toString()).toBe('ko\n');
    expect(of('failed').some((fact) => fact.problem.code === 'connection-reset')).toBe(true);

    silent.on('error', () => undefined);
    const gone = once(silent, 'close');
    silent.resume();
    silent.on('end', () => silent.end());
    await server.close();
    await gone;
    expect(of('accepted').map((fact) => fact.connection)).toEqual([1, 2, 3, 4]);
    expect(of('connected').map((fact) => fact.connection)).toEqual([4]);
    expect(of('closed').filter((fact) => fact.side === 'server')).toHaveLength(4);
    expect(facts.at(-1)?.kind).toBe('server-closed');
  });

  it('closes everything when the run is cancelled', async () => {
    const server = await serve();
    const socket = await open(server.local);
    socket.on('error', () => undefined);
    socket.resume();
    socket.on('end', () => socket.end());
    const closed = once(socket, 'close');
    controller.abort();
    await closed;
    await server.close();
    expect(facts.at(-1)?.kind).toBe('server-closed');
    const again = connect(server.local.port, HOST);
    await expect(once(again, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('the client', () => {
  it('reports that nothing listens, with the numbers of the system', async () => {
    const server = await serve();
    const { local } = server;
    await server.close();
    const { outcome } = await send(local, Buffer.from('a\n'));
    expect(outcome).toMatchObject({
      local: undefined,
      linesSent: 0,
      problem: {
        code: 'connection-refused',
        detail: {
          errorCode: 'ECONNREFUSED',
          errno: constants.errno.ECONNREFUSED,
          syscall: 'connect',
          address: HOST,
          port: local.port,
        },
      },
    });
    expect(outcome.problem?.message).toContain(`127.0.0.1:${local.port}`);
    expect(of('failed')).toEqual([
      { kind: 'failed', peer: 'client', seenBy: 'program', problem: outcome.problem },
    ]);
  });

  it('names the line that was not answered when the server closes early, and keeps what came back', async () => {
    const remote = await serveBadly((socket) => {
      let lines = 0;
      socket.on('data', () => {
        lines += 1;
        if (lines === 3) socket.end();
        else socket.write(`answer ${lines}\n`);
      });
    });
    const { outcome, result } = await send(remote, Buffer.from('a\nb\nc\nd\n'));
    expect(result.toString()).toBe('answer 1\nanswer 2\n');
    expect(outcome).toMatchObject({
      linesSent: 3,
      linesReceived: 2,
      problem: { code: 'server-closed-early', detail: { line: 3, port: remote.port } },
    });
    expect(outcome.problem?.message).toContain('line 3');
    expect(of('failed')).toHaveLength(1);
    expect(of('closed')).toHaveLength(1);
  });

  it('does not send a line to a server that has already ended', async () => {
    const remote = await serveBadly((socket) => {
      socket.once('data', () => socket.end('answer\n'));
    });
    const { outcome, result } = await send(remote, Buffer.from('a\nb\n'), () =>
      until('end-received').then(() => undefined),
    );
    expect(result.toString()).toBe('answer\n');
    expect(outcome).toMatchObject({
      linesSent: 1,
      problem: { code: 'server-closed-early', detail: { line: 2 } },
    });
  });

  it('names the line at which the server reset the connection', async () => {
    const remote = await serveBadly((socket) => {
      let lines = 0;
      socket.on('data', () => {
        lines += 1;
        if (lines === 2) socket.resetAndDestroy();
        else socket.write('answer\n');
      });
    });
    const { outcome, result } = await send(remote, Buffer.from('a\nb\n'));
    expect(result.toString()).toBe('answer\n');
    expect(outcome).toMatchObject({
      problem: {
        code: 'connection-reset',
        detail: { line: 2, errorCode: 'ECONNRESET', errno: constants.errno.ECONNRESET, port: remote.port },
      },
    });
    expect(of('closed')).toEqual([
      { kind: 'closed', peer: 'client', seenBy: 'program', side: 'client', connection: 1, hadError: true },
    ]);
  });

  it('accepts a reply that comes byte by byte and one that comes with the next', async () => {
    const remote = await serveBadly((socket) => {
      socket.setNoDelay(true);
      let first = true;
      socket.on('data', () => {
        if (first) for (const byte of 'one\ntwo\n') socket.write(byte);
        first = false;
      });
      socket.on('end', () => socket.end());
    });
    const { outcome, result } = await send(remote, Buffer.from('a\nb\n'));
    expect(outcome.problem).toBeUndefined();
    expect(result.toString()).toBe('one\ntwo\n');
    expect(of('read').map((fact) => fact.data !== undefined)).not.toContain(false);
  });

  it('ends although the server sends more than it was asked for', async () => {
    const remote = await serveBadly((socket) => {
      socket.once('data', () => socket.write('one\ntwo\nthree\nfour\n'));
      socket.on('end', () => socket.end('five\n'));
    });
    const { outcome, result } = await send(remote, Buffer.from('a\n'));
    expect(outcome.problem).toBeUndefined();
    expect(result.toString()).toBe('one\n');
  });

  it('refuses a reply over the limit', async () => {
    const remote = await serveBadly((socket) => {
      socket.on('data', () => socket.write(Buffer.alloc(2 * LIMIT, 'x')));
    });
    const { outcome } = await send(remote, Buffer.from('a\n'));
    expect(outcome.problem).toMatchObject({ code: 'line-too-long', detail: { line: 1, limitBytes: LIMIT } });
    expect(outcome.problem?.message).toContain('The reply to line 1');
  });

  it('returns the reason of the abort as the problem when it is cancelled half-way', async () => {
    const server = await serve();
    const reason: Problem = { code: 'window-closed', message: 'The window was closed.', detail: {} };
    const { outcome } = await send(server.local, Buffer.from('a\nb\nc\n'), (line) => {
      if (line === 2) controller.abort(reason);
      return undefined;
    });
    expect(outcome).toMatchObject({ linesReceived: 2, problem: reason });
    await server.close();
    expect(of('closed')).toHaveLength(2);
  });

  it('rejects with what the lines throw, with its socket closed', async () => {
    const server = await serve();
    let asked = 0;
    const broken: LineSource = {
      next() {
        asked += 1;
        if (asked > 1) throw new Error('a mistake of the program');
        return { bytes: Buffer.from('a'), terminated: true };
      },
    };
    const sending = runLineClient(
      { remote: server.local, lines: broken, onReply: () => undefined, maxLineBytes: LIMIT, connections },
      emit,
      controller.signal,
    );
    await expect(sending).rejects.toThrow('a mistake of the program');
    expect(of('closed').some((fact) => fact.side === 'client')).toBe(true);
  });
});

describe('our client with several lines in flight', () => {
  const whole = Buffer.from(`${Array.from({ length: 2_000 }, (_, line) => `line ${line}`).join('\n')}\nlast`);
  const reversed = whole
    .toString()
    .split('\n')
    .map((line) => line.split('').reverse().join(''))
    .join('\n');

  /** The most lines that were sent and not answered at any time. */
  function mostOnTheirWay(): number {
    let now = 0;
    let most = 0;
    for (const fact of facts) {
      if (fact.kind === 'wrote' && fact.side === 'client') now += 1;
      if (fact.kind === 'line-received') now -= 1;
      most = Math.max(most, now);
    }
    return most;
  }

  it.each([1, 2, 7, 1_000, 5_000])(
    'gets each line back in its place, with at most %i on their way',
    async (inFlight) => {
      const server = await serve();
      const { outcome, result } = await send(server.local, whole, undefined, inFlight);
      expect(outcome).toMatchObject({ problem: undefined, linesSent: 2_001, linesReceived: 2_001 });
      expect(result.toString()).toBe(reversed);
      expect(mostOnTheirWay()).toBe(Math.min(inFlight, 2_001));
    },
  );

  it('sends on while a reply is being handled, and handles one at a time', async () => {
    const server = await serve();
    let handled = 0;
    const { outcome, result } = await send(
      server.local,
      whole,
      async () => {
        handled += 1;
        const before = handled;
        await new Promise((resolve) => setImmediate(resolve));
        expect(handled).toBe(before);
        return undefined;
      },
      10,
    );
    expect(outcome.problem).toBeUndefined();
    expect(result.toString()).toBe(reversed);
    expect(mostOnTheirWay()).toBe(10);
  });

  it('sends no more than the kernel accepts, however many lines may be in flight', async () => {
    let unread: Socket | undefined;
    const remote = await serveBadly((socket) => {
      socket.pause();
      unread = socket;
    });
    const line = `${'x'.repeat(LIMIT / 2 - 1)}\n`;
    const sending = send(remote, Buffer.from(line.repeat(100)), undefined, 1_000);
    // A write that the kernel did not accept is the last one.
    await until('wrote', 3);
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(of('wrote').length).toBeLessThan(100);
    unread?.resetAndDestroy();
    expect((await sending).outcome.problem?.code).toBe('connection-reset');
  });

  it('names the line that was not answered where the server ends between two', async () => {
    const remote = await serveBadly((socket) => {
      socket.once('data', () => socket.end('enil\nenil\n'));
    });
    const { outcome, result } = await send(remote, whole, undefined, 50);
    expect(outcome.problem).toMatchObject({ code: 'server-closed-early', detail: { line: 3 } });
    expect(outcome.linesReceived).toBe(2);
    expect(result.toString()).toBe('enil\nenil\n');
  });

  it('handles every reply that came before the server ended, however long one takes', async () => {
    const remote = await serveBadly((socket) => {
      socket.once('data', () => socket.end('enil\nenil\nenil\n'));
    });
    const { outcome, result } = await send(
      remote,
      whole,
      async (line) => {
        // The end has come when the first of them is handled.
        if (line === 1) await until('end-received');
        return undefined;
      },
      50,
    );
    expect(outcome.problem).toMatchObject({ code: 'server-closed-early', detail: { line: 4 } });
    expect(outcome.linesReceived).toBe(3);
    expect(result.toString()).toBe('enil\nenil\nenil\n');
  });

  it('ends with the problem of a reply that could not be kept', async () => {
    const server = await serve();
    const full: Problem = { code: 'disk-full', message: 'The disk is full.', detail: {} };
    const { outcome } = await send(
      server.local,
      whole,
      (line) => (line === 3 ? Promise.resolve(full) : undefined),
      50,
    );
    expect(outcome).toMatchObject({ problem: full, linesReceived: 3 });
    await server.close();
    expect(of('closed')).toHaveLength(2);
  });
});

/** Starts one of the course's programs. Needs Python: without it these tests fail with that reason. */
async function python(...args: string[]): Promise<ChildProcess> {
  const child = spawn('python3', args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PYTHONUNBUFFERED: '1' },
  });
  cleanUp.push(() => child.kill());
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new Error('python3 is needed for the interop tests and could not be started', { cause: error });
  }
  return child;
}

describe("the course's Python programs", () => {
  // Their lines are decoded as UTF-8 and reversed by code point; none of these has more than one a cluster.
  const content = Buffer.from(
    `HELLO\n\nWelcome to CS 352!\nnaïve Größe 東京\n${'x'.repeat(70_000)}y\n${Array.from({ length: 500 }, (_, line) => `line ${line}`).join('\n')}\nthe last, with no LF`,
  );
  const expected = Buffer.from(
    content
      .toString()
      .split('\n')
      .map((line) => Array.from(line).reverse().join(''))
      .join('\n'),
  );

  it('our client gets from server2.py what our own server would have answered, byte for byte', async () => {
    const port = await freePort();
    const server = await python(join(PYTHON, 'server2.py'), String(port));
    const exited = once(server, 'exit');
    // It serves one connection, so it cannot be probed: a refused connect is tried again until it listens.
    let sent = await send({ address: HOST, port }, content);
    while (sent.outcome.problem?.code === 'connection-refused' && server.exitCode === null) {
      sent = await send({ address: HOST, port }, content);
    }
    expect(sent.outcome.problem).toBeUndefined();
    expect(sent.result.equals(expected)).toBe(true);
    expect(of('read').every((fact) => fact.side === 'client' && fact.data !== undefined)).toBe(true);
    expect(await exited).toEqual([0, null]);
  });

  it('client2.py gets from our server what it gets from server2.py, byte for byte', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
    cleanUp.push(() => rm(folder, { recursive: true }));
    const source = join(folder, 'in-proj.txt');
    const target = join(folder, 'out-proj.txt');
    await writeFile(source, content);
    const server = await serve();
    const client = await python(join(PYTHON, 'client2.py'), String(server.local.port), HOST, source, target);
    expect(await once(client, 'exit')).toEqual([0, null]);
    // client2.py frames each line with an LF and writes each answer as it came: the last one has its LF too.
    expect((await readFile(target)).equals(Buffer.concat([expected, Buffer.from('\n')]))).toBe(true);
    expect(of('line-transformed')).toHaveLength(content.toString().split('\n').length);
    expect(of('read').every((fact) => fact.side === 'server' && fact.data !== undefined)).toBe(true);
    expect(of('failed')).toEqual([]);
  });
});

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Result } from '../../../shared/result.ts';
import type { Endpoint, Fact, FactKind } from '../../../shared/trace/fact.ts';
import { portOf } from '../../system/port-for-tests.ts';
import type { ClientEnd } from '../connect.ts';
import { createConnections } from '../connections.ts';
import { findFreePort } from '../free-port.ts';
import { runGreetingClient } from './greeting-client.ts';
import { startGreetingServer } from './greeting-server.ts';
import type { RunningServer } from '../listen.ts';
import type { ExaminePort } from '../port-wait.ts';
import { startLineServer } from './line-server.ts';
import { runStringClient } from './string-client.ts';
import type { StringOutcome } from './string-client.ts';

const HOST = '127.0.0.1';
const PYTHON = join(import.meta.dirname, '../../../../e2e/fixtures/python');

let facts: Fact[] = [];
let controller = new AbortController();
let connections = createConnections();
let cleanUp: (() => unknown)[] = [];
const emit = (fact: Fact): void => void facts.push(fact);

beforeEach(() => {
  facts = [];
  controller = new AbortController();
  connections = createConnections();
  cleanUp = [];
});
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step();
});

function of<Kind extends FactKind>(kind: Kind): Extract<Fact, { kind: Kind }>[] {
  return facts.filter((fact): fact is Extract<Fact, { kind: Kind }> => fact.kind === kind);
}

/** Waits until a fact of the kind is there; the facts come from sockets, so waiting a turn of the loop is enough. */
async function until(kind: FactKind): Promise<void> {
  while (of(kind).length === 0) await new Promise((resolve) => setImmediate(resolve));
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
  return { address: HOST, port: portOf(server.address()) };
}

async function running(start: Promise<Result<RunningServer>>): Promise<RunningServer> {
  const started = await start;
  if (!started.ok) throw new Error(started.problem.message);
  cleanUp.push(() => started.value.close());
  return started.value;
}

const reversal = (): Promise<RunningServer> =>
  running(
    startLineServer(
      { requested: { address: HOST, port: 0 }, by: 'grapheme', maxLineBytes: 1_048_576, connections },
      emit,
      controller.signal,
    ),
  );

const greeter = (greeting: string): Promise<RunningServer> =>
  running(
    startGreetingServer(
      { requested: { address: HOST, port: 0 }, greeting: Buffer.from(greeting), connections },
      emit,
      controller.signal,
    ),
  );

const send = (remote: Endpoint, text: string): Promise<StringOutcome> =>
  runStringClient({ remote, connections, text: Buffer.from(text) }, emit, controller.signal);

const listenTo = (remote: Endpoint): Promise<ClientEnd> =>
  runGreetingClient({ remote, connections }, emit, controller.signal);

describe('one string', () => {
  it.each([
    ['HELLO', 'OLLEH'],
    ['x', 'x'],
    ['é👨‍👩‍👧 אב', 'בא 👨‍👩‍👧é'],
    ['\ufeffab', '\ufeffba'],
    [`${'x'.repeat(65_535)}y`, `y${'x'.repeat(65_535)}`],
  ])(
    'goes to our server without an LF and comes back as the last line of a file does (%#)',
    async (text, reversed) => {
      const server = await reversal();
      const outcome = await send(server.local, text);
      await server.close();
      expect(outcome.problem).toBeUndefined();
      expect(outcome.reply.toString()).toBe(reversed);
      const bytes = Buffer.byteLength(text);
      expect(of('wrote')).toMatchObject([
        { side: 'client', line: 1, bytes, data: { bytes: Buffer.from(text) } },
        { side: 'server', line: 1, bytes },
      ]);
      expect(of('line-received')).toMatchObject([{ line: 1, offset: 0, bytes }]);
      expect(of('failed')).toEqual([]);
    },
  );

  it('is complete as soon as as many bytes came back as were sent; further bytes are discarded', async () => {
    const remote = await serveBadly((socket) => {
      socket.resume().on('end', () => {
        socket.write('OL');
        setImmediate(() => socket.end('LEH\nBYE\n'));
      });
    });
    const outcome = await send(remote, 'HELLO');
    expect(outcome.problem).toBeUndefined();
    expect(outcome.reply.toString()).toBe('OLLEH');
    expect(of('line-received')).toMatchObject([{ bytes: 5 }]);
    const order = facts.map(({ kind }) => kind);
    expect(order.indexOf('line-received')).toBeLessThan(order.indexOf('end-received'));
    expect(of('read').reduce((sum, { bytes }) => sum + bytes, 0)).toBe(10);
  });

  it('is what came until the end where the server sends less', async () => {
    const remote = await serveBadly((socket) => {
      socket.resume().on('end', () => socket.end('OL'));
    });
    const outcome = await send(remote, 'HELLO');
    expect(outcome.problem).toBeUndefined();
    expect(outcome.reply.toString()).toBe('OL');
    expect(of('line-received')).toMatchObject([{ bytes: 2 }]);
  });

  it('has no reply where the server closes without one', async () => {
    const remote = await serveBadly((socket) => {
      socket.resume().on('end', () => socket.end());
    });
    const outcome = await send(remote, 'HELLO');
    expect(outcome.problem).toMatchObject({ code: 'server-closed-early', detail: { line: 1 } });
    expect(of('line-received')).toEqual([]);
    expect(of('failed')).toMatchObject([{ peer: 'client' }]);
  });

  it('reports that the connection broke at line 1 where the server resets it', async () => {
    const remote = await serveBadly((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    });
    const { problem } = await send(remote, 'HELLO');
    expect(problem).toMatchObject({ code: 'connection-reset', detail: { line: 1, errorCode: 'ECONNRESET' } });
    expect(of('closed')).toMatchObject([{ side: 'client' }]);
  });

  it('can be cancelled while the server sends nothing', async () => {
    const remote = await serveBadly((socket) => socket.resume());
    const outcome = send(remote, 'HELLO');
    await until('end-called');
    controller.abort();
    expect(await outcome).toMatchObject({ problem: { code: 'cancelled' } });
    expect(of('closed')).toHaveLength(1);
  });
});

describe('a greeting', () => {
  it('comes from our server to our client, and both ends close in order', async () => {
    const server = await greeter('Welcome to CS 352!');
    const client = await listenTo(server.local);
    if (client.connection !== undefined) await server.over(client.connection);
    await server.close();
    expect(client.problem).toBeUndefined();
    expect(of('wrote')).toEqual([
      {
        kind: 'wrote',
        peer: 'server',
        seenBy: 'program',
        side: 'server',
        connection: 1,
        offset: 0,
        bytes: 18,
        data: { bytes: Buffer.from('Welcome to CS 352!') },
      },
    ]);
    expect(of('text-received')).toEqual([
      {
        kind: 'text-received',
        peer: 'client',
        seenBy: 'program',
        side: 'client',
        connection: 1,
        offset: 0,
        bytes: 18,
      },
    ]);
    expect(of('end-received').map(({ side }) => side)).toEqual(['client', 'server']);
    expect(of('closed').every(({ hadError }) => !hadError)).toBe(true);
    expect(of('closed')).toHaveLength(2);
    expect(facts.at(-1)?.kind).toBe('server-closed');
  });

  it('reaches every client, also one that sends first', async () => {
    const server = await greeter('Grüß Gott\n');
    const heard = await Promise.all(
      ['', 'GET / HTTP/1.1\r\n\r\n', 'x'.repeat(100_000)].map((words) => {
        const socket = connect({ host: HOST, port: server.local.port });
        cleanUp.push(() => socket.destroy());
        socket.end(words);
        return textOf(socket);
      }),
    );
    expect(heard).toEqual(['Grüß Gott\n', 'Grüß Gott\n', 'Grüß Gott\n']);
    expect(of('failed')).toEqual([]);
  });

  it('is all that came until the end, however it was split', async () => {
    const remote = await serveBadly((socket) => {
      socket.setNoDelay(true);
      socket.write('Welcome ');
      setImmediate(() => socket.end('to CS 352!'));
    });
    expect((await listenTo(remote)).problem).toBeUndefined();
    expect(of('text-received')).toMatchObject([{ bytes: 18 }]);
    // Bytes of another program are in the facts of our reads.
    const read = of('read').map(({ data }) => data?.bytes ?? Buffer.alloc(0));
    expect(Buffer.concat(read).toString()).toBe('Welcome to CS 352!');
  });

  it('is incomplete where the server resets the connection', async () => {
    const remote = await serveBadly((socket) => {
      socket.write('Welc');
      void until('read').then(() => socket.resetAndDestroy());
    });
    expect(await listenTo(remote)).toMatchObject({ problem: { code: 'connection-reset' } });
    expect(of('text-received')).toEqual([]);
  });

  it('is no longer waited for when the patience is aborted, and what came until then does not count as one', async () => {
    const patience = new AbortController();
    const remote = await serveBadly((socket) => {
      socket.resume().write('Wel');
    });
    const client = await runGreetingClient(
      { remote, connections, patience: patience.signal },
      (fact) => {
        emit(fact);
        if (fact.kind === 'read') patience.abort();
      },
      controller.signal,
    );
    expect(client.problem).toBeUndefined();
    expect(facts.map(({ kind }) => kind).slice(-3)).toEqual(['read', 'end-called', 'closed']);
    expect(of('text-received')).toEqual([]);
  });

  it('is not received where no server listens', async () => {
    const remote = await serveBadly(() => undefined);
    await cleanUp.pop()?.();
    expect(await listenTo(remote)).toMatchObject({
      connection: undefined,
      problem: { code: 'connection-refused' },
    });
  });

  it.each<FactKind>(['accepted', 'wrote', 'connected', 'text-received'])(
    'can be cancelled at %s, and all is closed',
    async (kind) => {
      const server = await running(
        startGreetingServer(
          { requested: { address: HOST, port: 0 }, greeting: Buffer.from('x'), connections },
          (fact) => {
            emit(fact);
            if (fact.kind === kind) controller.abort();
          },
          controller.signal,
        ),
      );
      await runGreetingClient(
        { remote: server.local, connections },
        (fact) => {
          emit(fact);
          if (fact.kind === kind) controller.abort();
        },
        controller.signal,
      );
      await server.close();
      expect(of('closed').filter(({ side }) => side === 'server')).toHaveLength(of('accepted').length);
      expect(facts.at(-1)?.kind).toBe('server-closed');
    },
  );
});

describe('a free port', () => {
  it('has no holder, and a server can listen on it', async () => {
    const found = await findFreePort(HOST);
    if (!found.ok) throw new Error(found.problem.message);
    const refused = await listenTo({ address: HOST, port: found.value });
    expect(refused.problem).toMatchObject({ code: 'connection-refused' });
    const server = await running(
      startGreetingServer(
        { requested: { address: HOST, port: found.value }, greeting: Buffer.from('x'), connections },
        emit,
        controller.signal,
      ),
    );
    expect(server.local).toEqual({ address: HOST, port: found.value });
  });

  it('cannot be found on an address that is not of this machine', async () => {
    // 192.0.2.0/24 is for documentation alone (RFC 5737).
    expect(await findFreePort('192.0.2.1')).toMatchObject({ ok: false, problem: { code: 'listen-failed' } });
  });
});

describe('a server whose port is in use', () => {
  async function startOnTakenPort(examinePort: ExaminePort): Promise<number> {
    const taken = createServer().listen(0, HOST);
    await once(taken, 'listening');
    cleanUp.push(() => taken.close());
    const port = portOf(taken.address());
    const started = await startGreetingServer(
      { requested: { address: HOST, port }, greeting: Buffer.from('x'), connections, examinePort },
      emit,
      controller.signal,
    );
    expect(started).toMatchObject({ ok: false, problem: { code: 'port-in-use' } });
    return port;
  }

  const lastKinds = (): FactKind[] => facts.map(({ kind }) => kind).slice(2);

  it('records what holds it, between the failure and the close', async () => {
    const asked: unknown[] = [];
    const port = await startOnTakenPort((...about) => {
      asked.push(about);
      const holder = { what: 'unknown', why: 'Nobody tells.' } as const;
      return Promise.resolve({ holder, source: '/proc/net/tcp' });
    });
    expect(asked).toEqual([[port, HOST]]);
    expect(lastKinds()).toEqual(['failed', 'port-examined', 'server-closed']);
    expect(of('port-examined')).toEqual([
      {
        kind: 'port-examined',
        peer: 'server',
        seenBy: 'kernel',
        port,
        holder: { what: 'unknown', why: 'Nobody tells.' },
        source: '/proc/net/tcp',
      },
    ]);
  });

  it.each<[string, ExaminePort]>([
    ['nothing can be known', () => Promise.resolve(undefined)],
    ['it fails', () => Promise.reject(new Error('no /proc'))],
    ['it never answers', () => new Promise(() => undefined)],
  ])('closes all the same where %s, within about a second', async (_what, examinePort) => {
    const beginMs = performance.now();
    await startOnTakenPort(examinePort);
    expect(performance.now() - beginMs).toBeLessThan(3_000);
    expect(lastKinds()).toEqual(['failed', 'server-closed']);
  });

  it('does not wait for the answer once it is cancelled', async () => {
    const beginMs = performance.now();
    await startOnTakenPort(() => {
      setImmediate(() => {
        controller.abort();
      });
      return new Promise(() => undefined);
    });
    expect(performance.now() - beginMs).toBeLessThan(900);
    expect(lastKinds()).toEqual(['failed', 'server-closed']);
  });
});

async function python(...args: string[]): Promise<ChildProcess> {
  const child = spawn('python3', args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONUNBUFFERED: '1', PYTHONIOENCODING: 'utf-8' },
  });
  cleanUp.push(() => child.kill());
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new Error('python3 is needed for the interop tests and could not be started', { cause: error });
  }
  return child;
}

function printed(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no pipe');
  return textOf(child.stdout);
}

describe("the course's Python programs of step 4", () => {
  it.each(['HELLO', 'naïve Größe 東京'])('server1.py gives our client %s back reversed', async (text) => {
    const holder = createServer().listen(0);
    await once(holder, 'listening');
    const port = portOf(holder.address());
    holder.close();
    await once(holder, 'close');
    const server = await python(join(PYTHON, 'server1.py'), String(port));
    const said = printed(server);
    // It serves one connection, so it cannot be probed: a refused connect is tried again until it listens.
    const remote = { address: HOST, port };
    let outcome = await send(remote, text);
    while (outcome.problem?.code === 'connection-refused' && server.exitCode === null) {
      outcome = await send(remote, text);
    }
    expect(outcome.problem).toBeUndefined();
    expect(outcome.reply.toString()).toBe(Array.from(text).reverse().join(''));
    expect(await said).toContain(`[S]: Data received from client: ${text}\n`);
  });

  it('client1.py gets its line back reversed from our server', async () => {
    const server = await reversal();
    const client = await python(
      join(PYTHON, 'client1.py'),
      'naïve Größe 東京\n',
      String(server.local.port),
      HOST,
    );
    expect(await printed(client)).toBe('[C]: Data received from server: 京東 eßörG evïan\n\n');
    expect(of('failed')).toEqual([]);
  });

  it('client1.py waits for ever where it sends no LF and does not end its side: nothing marks the end of its text', async () => {
    const server = await reversal();
    const client = await python(join(PYTHON, 'client1.py'), 'HELLO', String(server.local.port), HOST);
    await until('read');
    expect(of('read')).toMatchObject([{ side: 'server', bytes: 5, data: { bytes: Buffer.from('HELLO') } }]);
    expect(of('line-transformed')).toEqual([]);
    expect(client.exitCode).toBeNull();
    const said = printed(client);
    await server.close();
    expect(await said).toBe('[C]: Data received from server: \n');
  });
});

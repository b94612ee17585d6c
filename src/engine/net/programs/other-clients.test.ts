// Other clients on the server of a run: what they do is recorded, and the run's own client is served.

import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { NO_COUNTS, count } from '../../../shared/trace/counts.ts';
import type { Fact, FactKind } from '../../../shared/trace/fact.ts';
import { sourceOf } from '../line-source-for-tests.ts';
import { createConnections } from '../connections.ts';
import { runLineClient } from './line-client.ts';
import type { ClientOutcome } from './line-client.ts';
import type { RunningServer } from '../listen.ts';
import { startLineServer } from './line-server.ts';

const HOST = '127.0.0.1';
const LIMIT = 1024 * 1024;
/** The most clients that a server accepts. */
const MOST = 100;

let facts: Fact[] = [];
let connections = createConnections();
let server: RunningServer;
let otherClients: Socket[] = [];
/** Their ports, in the order in which they were connected. */
let ports: (number | undefined)[] = [];
const emit = (fact: Fact): void => void facts.push(fact);

beforeEach(async () => {
  facts = [];
  connections = createConnections();
  otherClients = [];
  ports = [];
  const started = await startLineServer(
    { requested: { address: HOST, port: 0 }, by: 'grapheme', maxLineBytes: LIMIT, connections },
    emit,
    new AbortController().signal,
  );
  if (!started.ok) throw new Error(started.problem.message);
  server = started.value;
});
afterEach(async () => {
  for (const socket of otherClients) socket.destroy();
  await server.close();
});

/** Another client, which ignores errors of its connection. */
function otherClient(): Socket {
  const socket = connect({ host: server.local.address, port: server.local.port });
  socket.on('error', () => undefined);
  socket.once('connect', () => ports.push(socket.localPort));
  socket.resume();
  otherClients.push(socket);
  return socket;
}

function gone(socket: Socket): Promise<undefined> {
  return new Promise((resolve) => {
    socket.once('close', () => {
      resolve(undefined);
    });
  });
}

function of<Kind extends FactKind>(kind: Kind): Extract<Fact, { kind: Kind }>[] {
  return facts.filter((fact): fact is Extract<Fact, { kind: Kind }> => fact.kind === kind);
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

/** The run's own exchange; `afterLine` is called after each reply. */
async function exchange(
  lines: number,
  afterLine: (line: number) => Promise<undefined> | undefined = () => undefined,
): Promise<{ outcome: ClientOutcome; replies: string[] }> {
  const replies: string[] = [];
  const outcome = await runLineClient(
    {
      remote: server.local,
      lines: sourceOf(
        Array.from({ length: lines }, (_, index) => ({
          bytes: Buffer.from(`abc${index}`),
          terminated: true,
        })),
      ),
      onReply(reply) {
        replies.push(reply.toString());
        return afterLine(replies.length);
      },
      maxLineBytes: LIMIT,
      connections,
    },
    emit,
    new AbortController().signal,
  );
  return { outcome, replies };
}

/** The expected replies. */
function reversed(lines: number): string[] {
  return Array.from({ length: lines }, (_, index) => `${String(index).split('').reverse().join('')}cba`);
}

describe('other clients on the server of a run', () => {
  it('are served up to a hundred at once; the others are turned away and named, and the run goes on', async () => {
    let came: Promise<unknown> | undefined;
    const { outcome, replies } = await exchange(300, (line) => {
      if (line !== 5) return undefined;
      came = Promise.all(Array.from({ length: 200 }, otherClient).map((socket) => once(socket, 'connect')));
      return came
        .then(() => until(() => of('accepted').length + of('failed').length === 201))
        .then(() => undefined);
    });
    expect(came).toBeDefined();
    expect(replies).toEqual(reversed(300));
    expect(outcome.problem).toBeUndefined();

    // One of its clients is the run's own.
    expect(of('accepted')).toHaveLength(MOST);
    const turnedAway = of('failed');
    expect(turnedAway).toHaveLength(200 - (MOST - 1));
    const accepted = of('accepted').map(({ remote }) => remote.port);
    const named = turnedAway.map(({ problem }) => problem.detail.port);
    expect([...accepted, ...named].sort()).toEqual([outcome.local?.port, ...ports].sort());
    expect(turnedAway[0]).toMatchObject({
      peer: 'server',
      problem: { code: 'too-many-clients', detail: { address: HOST } },
    });
    expect(turnedAway[0]?.problem.message).toMatch(
      /^The server has 100 clients and takes no more: 127\.0\.0\.1:\d+ was turned away\. /,
    );
    // Each has a number of its own, which no accepted connection has.
    const numbers = facts.flatMap((fact) =>
      fact.kind === 'accepted' || fact.kind === 'failed' ? [fact.connection] : [],
    );
    expect(new Set(numbers).size).toBe(201);
  });

  it('leave room for others when they close', async () => {
    for (let count = 0; count < MOST; count += 1) otherClient();
    await until(() => of('accepted').length === MOST);
    otherClients[0]?.destroy();
    await until(() => of('closed').length === 1);
    expect((await exchange(3)).replies).toEqual(reversed(3));
    expect(of('failed')).toEqual([]);
  });

  it('can keep the run’s own client out, which reports it, and the server reports why', async () => {
    for (let count = 0; count < MOST; count += 1) otherClient();
    await until(() => of('accepted').length === MOST);
    const { outcome } = await exchange(3);
    expect(['connection-reset', 'server-closed-early']).toContain(outcome.problem?.code);
    const turnedAway = of('failed').filter(({ problem }) => problem.code === 'too-many-clients');
    expect(turnedAway.map(({ problem }) => problem.detail.port)).toEqual([outcome.local?.port]);
  });

  it('lose their connection at 10 MB without a newline, of which no more than the limit is held', async () => {
    const whole = Buffer.alloc(10 * 1024 * 1024, 'x');
    const { outcome, replies } = await exchange(100, (line) => {
      if (line !== 50) return undefined;
      const socket = otherClient();
      socket.end(whole);
      return gone(socket);
    });
    expect(replies).toEqual(reversed(100));
    expect(outcome.problem).toBeUndefined();
    const connection = of('accepted')[1]?.connection;
    expect(of('failed').find(({ problem }) => problem.code === 'line-too-long')).toMatchObject({
      peer: 'server',
      connection,
      problem: { detail: { line: 1, limitBytes: LIMIT } },
    });
    const readBytes = of('read').reduce(
      (sum, fact) => (fact.connection === connection ? sum + fact.bytes : sum),
      0,
    );
    // At most one read beyond the limit is read of it.
    expect(readBytes).toBeLessThan(LIMIT + 128 * 1024);
  });

  it('may send anything: bytes that are no text, terminal escapes, markup', async () => {
    const sent = Buffer.concat([
      Buffer.from('\u001b]0;title\u0007\u001b[2J<img src=x onerror=alert(1)>\n__proto__\n'),
      Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0xc3, 0x28, 0x0a]),
    ]);
    const { outcome, replies } = await exchange(20, (line) => {
      if (line !== 10) return undefined;
      const socket = otherClient();
      socket.end(sent);
      return gone(socket);
    });
    expect(replies).toEqual(reversed(20));
    expect(outcome.problem).toBeUndefined();
    const connection = of('accepted')[1]?.connection;
    // Only our server read their bytes: they are in its facts, byte for byte.
    const reads = of('read').filter((fact) => fact.connection === connection);
    const bytes = reads.map(({ data }) => {
      if (data === undefined) throw new Error('a read of another client without its data');
      return data.bytes;
    });
    expect(Buffer.concat(bytes)).toEqual(sent);
  });

  it('are in none of the run’s counts, with the lines they send before our client, beside it and after it', async () => {
    const notText = Buffer.from([0xff, 0xfe, 0x0a]);
    let sent = 0;
    const sendLines = async (lines: number): Promise<undefined> => {
      const socket = otherClient();
      socket.write(Buffer.concat(Array.from({ length: lines }, () => notText)));
      sent += lines;
      await until(() => of('line-transformed').filter(({ validUtf8 }) => !validUtf8).length === sent);
      return undefined;
    };
    await sendLines(3);
    await exchange(4, (line) => (line === 2 ? sendLines(50) : undefined));
    await sendLines(7);
    const counts = { ...NO_COUNTS };
    for (const fact of facts) count(counts, fact, 0);
    const bytes = 4 * 'abc0\n'.length;
    expect(counts).toMatchObject({
      facts: facts.length,
      linesSent: 4,
      linesTransformed: 4,
      linesReceived: 4,
      bytesSent: bytes,
      bytesReceived: bytes,
      linesByByte: 0,
    });
  });
});

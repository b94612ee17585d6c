import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import type { Endpoint, Side } from '../../../shared/trace/fact.ts';
import { portOf } from '../../system/port-for-tests.ts';
import { examineTimeWait } from './time-wait.ts';

const NEITHER = { source: '/proc/net/tcp, /proc/net/tcp6' };

let cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanUp) clean();
  cleanUp = [];
});

interface Connected {
  readonly client: Socket;
  readonly server: Socket;
  readonly ends: Readonly<Record<Side, Endpoint>>;
}

async function connection(): Promise<Connected> {
  const listener = createServer({ allowHalfOpen: true });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  cleanUp.push(() => listener.close());
  const port = portOf(listener.address());
  const client = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  const accepted = new Promise<Socket>((resolve) => listener.once('connection', resolve));
  await once(client, 'connect');
  const server = await accepted;
  for (const socket of [client, server]) {
    socket.resume();
    cleanUp.push(() => socket.destroy());
  }
  return {
    client,
    server,
    ends: {
      client: { address: '127.0.0.1', port: client.localPort ?? 0 },
      server: { address: '127.0.0.1', port },
    },
  };
}

/** `first` ends its side, the other one when it has received the end; then both are closed. */
async function close(first: Socket, second: Socket): Promise<void> {
  const closed = [once(first, 'close'), once(second, 'close')];
  const received = once(second, 'end');
  first.end();
  await received;
  second.end();
  await Promise.all(closed);
}

/** Elsewhere the system's own commands are run, which may be missing. */
describe.runIf(process.platform === 'linux')('the end that stays in TIME_WAIT', () => {
  it("is the server's where the server closes first", async () => {
    const { client, server, ends } = await connection();
    await close(server, client);
    const examined = await examineTimeWait(ends);
    expect(examined?.found).toMatchObject({ side: 'server', local: ends.server, remote: ends.client });
    expect(examined?.found?.secondsLeft).toBeGreaterThan(50);
    expect(examined?.found?.secondsLeft).toBeLessThanOrEqual(60);
    expect(examined?.source).toContain('/proc/net/tcp');
  });

  it("is the client's where the client closes first", async () => {
    const { client, server, ends } = await connection();
    await close(client, server);
    const examined = await examineTimeWait(ends);
    expect(examined?.found).toMatchObject({ side: 'client', local: ends.client, remote: ends.server });
  });

  it('is neither while the connection is open, nor after a reset', async () => {
    const { client, server, ends } = await connection();
    expect(await examineTimeWait(ends)).toEqual(NEITHER);
    server.on('error', () => undefined);
    const closed = new Promise((resolve) => server.once('close', resolve));
    client.resetAndDestroy();
    await closed;
    expect(await examineTimeWait(ends)).toEqual(NEITHER);
  });
});

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import type { Endpoint } from '../../../shared/trace/fact.ts';
import { portOf } from '../../system/port-for-tests.ts';
import { readReceiveQueue } from './receive-queue.ts';

let cleanUp: (() => unknown)[] = [];
afterEach(() => {
  for (const step of cleanUp.reverse()) step();
  cleanUp = [];
});

interface Ends {
  readonly server: Endpoint;
  readonly client: Endpoint;
  readonly atServer: Socket;
  readonly atClient: Socket;
}

/** A connection whose server reads nothing. */
async function heldBack(host: string, bound = host): Promise<Ends> {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }).listen(0, bound);
  cleanUp.push(() => server.close());
  await once(server, 'listening');
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const port = portOf(server.address());
  const atClient = connect({ port, host, allowHalfOpen: true });
  cleanUp.push(() => atClient.destroy());
  await once(atClient, 'connect');
  const atServer = await accepted;
  cleanUp.push(() => atServer.destroy());
  return {
    atServer,
    atClient,
    server: { address: atServer.localAddress ?? '', port },
    client: { address: atServer.remoteAddress ?? '', port: atServer.remotePort ?? 0 },
  };
}

const kernelReports = process.platform === 'linux' || process.platform === 'darwin';

describe('the receive queue of a connection', () => {
  it.runIf(kernelReports).each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['127.0.0.1', '::'],
  ])('has what %s wrote to a server on %s until it is read', async (host, bound) => {
    const { atServer, atClient, server, client } = await heldBack(host, bound);
    expect(await readReceiveQueue(server, client)).toMatchObject({ bytes: 0 });
    for (const [text, bytes] of [
      ['HELLO\n', 6],
      ['né', 9],
    ] as const) {
      atClient.write(text);
      let queue = await readReceiveQueue(server, client);
      while (queue?.bytes !== bytes) queue = await readReceiveQueue(server, client);
    }
    const read = once(atServer, 'data');
    atServer.resume();
    expect(await read).toEqual([Buffer.from('HELLO\nné')]);
    expect(await readReceiveQueue(server, client)).toMatchObject({ bytes: 0 });
  });

  it.runIf(process.platform === 'linux')('is read from the table of its own family', async () => {
    const four = await heldBack('127.0.0.1');
    expect((await readReceiveQueue(four.server, four.client))?.source).toBe('/proc/net/tcp');
    const six = await heldBack('::1');
    expect((await readReceiveQueue(six.server, six.client))?.source).toBe('/proc/net/tcp6');
  });

  it('is not known of a connection that is not there, nor of one whose peer has ended', async () => {
    const { atClient, atServer, server, client } = await heldBack('127.0.0.1');
    expect(await readReceiveQueue(server, { ...client, port: 1 })).toBeUndefined();
    const ended = once(atServer, 'end');
    atClient.end();
    atServer.resume();
    await ended;
    expect(await readReceiveQueue(server, client)).toBeUndefined();
  });
});

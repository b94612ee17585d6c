// Asks the kernel for a free port, for a client that must know the port before its server listens.

import { once } from 'node:events';
import { createServer } from 'node:net';

import type { Result } from '../../shared/result.ts';
import { failed, succeeded } from '../../shared/result.ts';
import { listenProblem } from './problems.ts';

/**
 * A port of `address` that was free a moment ago; another program may bind it before it is used. Records no facts: it
 * runs before the exchange begins.
 */
export async function findFreePort(address: string): Promise<Result<number>> {
  const requested = { address, port: 0 };
  const server = createServer();
  try {
    server.listen({ host: address, port: 0 });
    await once(server, 'listening');
  } catch (error) {
    return { ok: false, problem: listenProblem(error, requested) };
  }
  const got = server.address();
  const closed = once(server, 'close');
  server.close();
  await closed;
  return typeof got === 'object' && got !== null
    ? succeeded(got.port)
    : failed(
        'listen-failed',
        `The system gave no free port on ${address}: choose a port from 1024 to 65535.`,
      );
}

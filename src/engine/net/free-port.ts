// Asks the kernel for a free port, for a client that must know the port before its server listens, and whether a server of
// ours could listen on one.

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import type { Result } from '../../shared/result.ts';
import { failed, succeeded } from '../../shared/result.ts';
import type { Endpoint } from '../../shared/trace/fact.ts';
import { listenProblem } from './problems.ts';

/**
 * A port of `address` that was free a moment ago; another program may bind it before it is used. Records no facts: it
 * runs before the exchange begins.
 */
export async function findFreePort(address: string): Promise<Result<number>> {
  const bound = await listenOnce({ address, port: 0 });
  if (!bound.ok) return bound;
  const { value: got } = bound;
  return typeof got === 'object' && got !== null
    ? succeeded(got.port)
    : failed(
        'listen-failed',
        `The system gave no free port on ${address}: choose a port from 1024 to 65535.`,
      );
}

/**
 * Whether a server of ours could listen there a moment ago. Node sets SO_REUSEADDR: a TIME_WAIT that a server left which
 * had set it as well does not count. Records no facts, as `findFreePort`.
 */
export async function canListen(requested: Endpoint): Promise<boolean> {
  return (await listenOnce(requested)).ok;
}

/** Listens and closes; returns the address that it had. */
async function listenOnce(requested: Endpoint): Promise<Result<AddressInfo | string | null>> {
  const server = createServer();
  try {
    server.listen({ host: requested.address, port: requested.port });
    await once(server, 'listening');
  } catch (error) {
    return { ok: false, problem: listenProblem(error, requested) };
  }
  const got = server.address();
  const closed = once(server, 'close');
  server.close();
  await closed;
  return succeeded(got);
}

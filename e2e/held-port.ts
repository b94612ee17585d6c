// A port that another program has: this test's own, which is not the app.

import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

import { portOf } from '../src/engine/system/port-for-tests.ts';

/** A server of this process on a free port of the loopback interface. The caller closes it. */
export async function holdPort(): Promise<{ readonly holder: Server; readonly port: number }> {
  const holder = createServer();
  holder.listen(0, '127.0.0.1');
  await once(holder, 'listening');
  return { holder, port: portOf(holder.address()) };
}

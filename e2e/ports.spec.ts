// The port: one that is taken, and one given with --port.

import { once } from 'node:events';

import { expect, factOf, SEVEN_LINES, test } from './app.ts';
import { holdPort } from './held-port.ts';

test('names the port and address that are taken, keeps the facts, and runs on a free port when asked', async ({
  launch,
}) => {
  const { holder, port } = await holdPort();
  try {
    const app = await launch({ args: [SEVEN_LINES], settings: { port } });
    await app.settled(1);
    await expect(app.wire.failure).toContainText(`Port ${port} on 127.0.0.1 is in use`);
    await expect(app.alert).toHaveCount(0);
    const failure = await app.facts();
    expect(factOf(failure, 'failed')).toMatchObject({
      peer: 'server',
      problem: { code: 'port-in-use', detail: { port, errorCode: 'EADDRINUSE', syscall: 'listen' } },
    });
    await app.wire.button('Use a free port').click();
    await app.settled(2);
    const facts = await app.facts();
    expect(factOf(facts, 'run-ended').outcome).toBe('completed');
    expect(factOf(facts, 'listening').local.port).not.toBe(port);
    await expect(app.wire.failure).toHaveCount(0);
    // For this run alone: the setting is the person's.
    expect((await app.call('settings:change', {})).port).toBe(port);
  } finally {
    holder.close();
  }
});

test('listens on the port given with --port, for this start', async ({ launch }) => {
  const { holder, port } = await holdPort();
  holder.close();
  await once(holder, 'close');
  const app = await launch({ args: ['--port', String(port), SEVEN_LINES] });
  await app.settled(1);
  expect(factOf(await app.facts(), 'listening').local).toEqual({ address: '127.0.0.1', port });
});

test('says that --port was given something that is no port, and runs the file', async ({ launch }) => {
  const app = await launch({ args: ['--port=http'] });
  await expect(app.alert).toContainText('--port http is not a port');
});

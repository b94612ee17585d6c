// Another program connects to the server of a run: it has a lane of its own, drawn from what the server saw of it.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { expect, factOf, linesFile, test, valueOf } from './app.ts';
import { freePort } from '../src/engine/system/port-for-tests.ts';
import { PAGE_FACTS } from '../src/shared/trace/packed.ts';

test('another client has a lane of its own, drawn from what the server saw', async ({ launch, folder }) => {
  const app = await launch({ args: [await linesFile(folder, 'in-many.txt', 200_000)] });
  await app.underWay();
  const { local } = factOf(await app.pageOfFacts(0), 'listening');
  const socket = connect(local.port, local.address);
  await once(socket, 'connect');
  const port = socket.localPort ?? 0;
  socket.write('other client\n');
  const read: Promise<unknown[]> = once(socket, 'data');
  const [reply] = await read;
  expect(String(reply)).toBe('tneilc rehto\n');
  // It is announced while the run goes on.
  await expect(app.done).toHaveText(`Another client connected, too: 127.0.0.1:${port}.`);
  socket.end();
  await once(socket, 'close');
  await app.header.button('Cancel').click();
  await app.settled(1);

  const landmarks = valueOf(await app.call('run:landmarks', { run: 1, from: 0 }));
  const accepted = landmarks.find((fact) => fact.kind === 'accepted' && fact.remote.port === port);
  if (accepted?.kind !== 'accepted') throw new Error('The other client was not accepted');
  const page = Math.floor((accepted.seq - 1) / PAGE_FACTS);
  const facts = [...(await app.pageOfFacts(page)), ...(await app.pageOfFacts(page + 1))];
  const itsRead = facts.find((fact) => fact.kind === 'read' && fact.connection === accepted.connection);
  if (itsRead === undefined) throw new Error('Nothing was read from the other client');

  await app.timeBar.scrubTo(itsRead.seq);
  const { wire } = app;
  await expect(wire.group(`another client 127.0.0.1:${port}`)).toContainText(
    'connected, seen from the server’s end alone',
  );
  await expect(wire.now).toContainText(`With another client 127.0.0.1:${port}: the server read 13 bytes`);
  await expect(wire.ladder).toHaveAccessibleName(/other clients of the server further right/);
  await expect(wire.ladder.getByText(/^other c/)).toBeVisible();
  await app.shot('other-client');

  // Its lane is there on every page from when it came, and before that it is not.
  const lane = wire.group(`another client 127.0.0.1:${port}`);
  await app.timeBar.scrubTo(accepted.seq - 2);
  await expect(lane).toHaveCount(0);

  // Our own exchange is what the run was about.
  await app.press('End');
  await expect(wire.client).toContainText('closed');
  await expect(lane).toContainText('closed, seen from the server’s end alone');
  await expect(wire.summary).toContainText(`Another client connected, too: 127.0.0.1:${port}.`);
});

test('another client that comes first is not taken for ours, and is named', async ({ launch }) => {
  const port = await freePort();
  const app = await launch({ settings: { port, startAfterMs: 700 } });
  await app.sidebar.choose('Refused and in use', 'Client too early');
  await app.wire.button('Run').click();
  const socket = await connectWhenItListens(port);
  await app.settled(1);
  await app.press('End');
  const name = `127.0.0.1:${socket.localPort ?? 0}`;
  const { summary } = app.wire;
  await expect(summary).toContainText(`Another client connected, too: ${name}.`);
  // Ours came 700 ms after it: its greeting took a few milliseconds, not so long.
  await expect(summary).toContainText(/was whole at the client [\d.]+ (µs|ms) after/);
  const took = /client ([\d.]+) (µs|ms) after/.exec(await summary.innerText());
  expect(took?.[2] === 'ms' ? Number(took[1]) : 0).toBeLessThan(500);
  await expect(app.wire.group(`another client ${name}`)).toBeVisible();
  await expect(app.timeBar.root.locator('.minimap-marks .other')).toHaveCount(1);
  socket.destroy();
});

/** A client of this test, as soon as something listens there. */
async function connectWhenItListens(port: number): Promise<Socket> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isConnected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    if (isConnected) {
      socket.on('error', () => undefined);
      return socket;
    }
  }
}

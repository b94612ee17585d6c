// Another program connects to the server of a run: it has a lane of its own, drawn from what the server saw of it.

import { once } from 'node:events';
import { connect } from 'node:net';

import { expect, factOf, linesFile, test, valueOf } from './app.ts';
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

  // Our own exchange is what the run was about.
  await app.press('End');
  await expect(wire.client).toContainText('closed');
});

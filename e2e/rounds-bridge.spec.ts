// The race and the ephemeral ports through the bridge: a race runs in threads of the run's own thread, and the ports of
// `ports` are remembered.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test, valueOf } from './app.ts';

test('a race runs in its own threads in the built app, and its facts come in the order of their times', async ({
  launch,
}) => {
  const app = await launch({ settings: { rounds: 8, pauseMs: 0 } });
  valueOf(await app.call('run:start', { experiment: 'race' }));
  await app.settled(1);
  const facts = await app.facts();
  expect(facts[0]).toMatchObject({
    kind: 'run-started',
    experiment: 'race',
    options: { rounds: 8, pauseMs: 0 },
  });
  expect(facts.at(-1)).toMatchObject({ kind: 'run-ended', outcome: 'completed' });
  const times = facts.map(({ atUs }) => atUs);
  expect(times).toEqual([...times].sort((one, other) => one - other));
  const outcomes = facts.filter(
    (fact) => fact.kind === 'connected' || (fact.kind === 'failed' && fact.peer === 'client'),
  );
  expect(outcomes).toHaveLength(8);

  // Cancelled while a client sleeps: the run does not wait for the end of that.
  await app.call('settings:change', { pauseMs: 5_000 });
  valueOf(await app.call('run:start', { experiment: 'race' }));
  await app.call('run:cancel');
  await app.settled(2);
  expect((await app.facts()).at(-1)).toMatchObject({ kind: 'run-ended', outcome: 'cancelled' });
});

test('a completed run of the ports is remembered over a restart, until it is forgotten', async ({
  launch,
}) => {
  const first = await launch({ settings: { runs: 4 } });
  expect(await first.call('ports:history')).toEqual([]);
  valueOf(await first.call('run:start', { experiment: 'ports' }));
  await first.settled(1);
  const facts = await first.facts();
  const clientPorts = facts.flatMap((fact) => (fact.kind === 'connected' ? [fact.local.port] : []));
  const serverPorts = facts.flatMap((fact) => (fact.kind === 'listening' ? [fact.local.port] : []));
  const history = await first.call('ports:history');
  expect(history).toMatchObject([{ serverPort: serverPorts[0], clientPorts }]);
  expect(clientPorts).toHaveLength(4);

  // A run that does not complete is not remembered.
  await first.call('settings:change', { runs: 200 });
  // Cancelled by the page itself: on a busy machine 200 runs can be over before a second call from here arrives.
  await first.page.evaluate(
    `socketScope.call('run:start', { experiment: 'ports' }).then(() => socketScope.call('run:cancel'))`,
  );
  await first.settled(2);
  expect((await first.facts()).at(-1)).toMatchObject({ kind: 'run-ended', outcome: 'cancelled' });
  expect(await first.call('ports:history')).toEqual(history);
  await first.closeWindow();

  const second = await launch({ userData: first.userData });
  expect(await second.call('ports:history')).toEqual(history);
  expect(await second.call('ports:clear')).toEqual([]);
  expect(await second.call('ports:history')).toEqual([]);
  expect(JSON.parse(await readFile(join(first.userData, 'ports.json'), 'utf8'))).toEqual([]);
});

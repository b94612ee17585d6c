// The two experiments that do the same many times: the race of step 2 and the ephemeral ports of question 6. Real runs;
// the plots, the table and the sentences are compared with the facts of the trace.

import type { Locator } from '@playwright/test';

import type { FactKind, TraceEvent } from '../src/shared/trace/fact.ts';
import { expect, factOf, type SocketScope, test } from './app.ts';

async function runToTheEnd(app: SocketScope): Promise<readonly TraceEvent[]> {
  await app.runToTheEnd();
  await expect(app.header.state).toHaveText('at the end');
  return await app.facts();
}

function roundMark(app: SocketScope, round: number): Locator {
  return app.wire.rounds.getByRole('option', { name: new RegExp(`^round ${round}:`) });
}

function allOf<Kind extends FactKind>(
  facts: readonly TraceEvent[],
  kind: Kind,
): readonly Extract<TraceEvent, { readonly kind: Kind }>[] {
  return facts.filter((fact): fact is Extract<TraceEvent, { readonly kind: Kind }> => fact.kind === kind);
}

test('race: a mark a round, counts that are those of the facts, and a sentence that compares', async ({
  launch,
}) => {
  const app = await launch({ settings: { rounds: 12 } });
  await app.sidebar.choose('Refused and in use', 'Race');
  await expect(app.sidebar.number('Rounds')).toHaveValue('12');
  await app.sidebar.moreOptions();
  await expect(app.page.getByText('Both threads start at once.')).toBeVisible();
  const facts = await runToTheEnd(app);

  expect(allOf(facts, 'round-started')).toHaveLength(12);
  const connected = allOf(facts, 'connected').length;
  const refused = allOf(facts, 'failed').filter(
    ({ problem }) => problem.code === 'connection-refused',
  ).length;
  expect(connected + refused).toBe(12);
  await expect(app.wire.group('connected')).toContainText(`${connected} connected`);
  await expect(app.wire.group('refused')).toContainText(`${refused} refused`);
  const marks = app.wire.rounds.getByRole('option');
  await expect(marks).toHaveCount(12);
  await expect(marks.filter({ has: app.page.locator('.shape.connected') })).toHaveCount(connected);
  await expect(marks.filter({ has: app.page.locator('.shape.refused') })).toHaveCount(refused);
  for (const { connection, found } of allOf(facts, 'time-wait-examined')) {
    const round = roundOf(facts, (fact) => fact.kind === 'connected' && fact.connection === connection);
    await expect(roundMark(app, round)).toHaveText(
      new RegExp(`${found === undefined ? '\\?' : found.side === 'server' ? 'S' : 'C'}$`),
    );
  }
  const { summary } = app.wire;
  if (connected > 0 && refused > 0) {
    await expect(summary).toContainText(`${refused} of 12 clients ${refused === 1 ? 'was' : 'were'} refused`);
    await expect(summary).toContainText('not a certainty, it is a race');
  } else {
    await expect(summary).toContainText('12 clients were');
  }
  await app.shotsInSizes('race');
  // In a small window the ladder still has three rows of facts, with all sentences of the end below it.
  await app.resize(900, 600);
  await expect.poll(async () => (await app.wire.ladder.boundingBox())?.height).toBeGreaterThanOrEqual(100);
  await app.resize(1280, 800);

  await expect(app.rounds.root).toHaveAttribute('aria-rowcount', '13');
  const firstPort = allOf(facts, 'connected')[0]?.local.port;
  if (firstPort !== undefined) {
    const row = roundOf(facts, (fact) => fact.kind === 'connected' && fact.local.port === firstPort);
    await roundMark(app, row).click();
    await expect(app.rounds.current).toContainText(String(firstPort));
  }
});

/** The number of the round that a fact is of. */
function roundOf(facts: readonly TraceEvent[], isIt: (fact: TraceEvent) => boolean): number {
  const index = facts.findIndex(isIt);
  const began = facts.slice(0, index + 1).findLast((fact) => fact.kind === 'round-started');
  if (index < 0 || began?.kind !== 'round-started') throw new Error('no round has such a fact');
  return began.round;
}

/** The last fact of a round. */
function endOf(facts: readonly TraceEvent[], round: number): number {
  const next = facts.find((fact) => fact.kind === 'round-started' && fact.round === round + 1);
  if (next === undefined) throw new Error(`no round behind ${round}`);
  return next.seq - 1;
}

test('race: choosing a mark, a row or a key moves the cursor to that round, and counts grow with it', async ({
  launch,
}) => {
  const app = await launch({ settings: { rounds: 12, pauseMs: 60 } });
  await app.sidebar.choose('Refused and in use', 'Race');
  await app.sidebar.moreOptions();
  await expect(app.page.getByText('The client’s thread waits so long after the server’s')).toBeVisible();
  const facts = await runToTheEnd(app);
  const connected = app.wire.group('connected');
  const portOf = (round: number): string => String(allOf(facts, 'connected')[round - 1]?.local.port);
  // With such a start the server is there in time.
  expect(allOf(facts, 'connected')).toHaveLength(12);
  await expect(app.wire.summary).toContainText('with a start of 60 ms');

  await roundMark(app, 3).click();
  await expect(app.root).toHaveAttribute('data-cursor', String(endOf(facts, 3)));
  await expect(roundMark(app, 3)).toHaveAttribute('aria-selected', 'true');
  await expect(connected).toContainText('3 connected');
  await expect(app.wire.client).toContainText(portOf(3));
  await expect(app.wire.root).toContainText('round 3 of 12');

  // The click has left the focus there, and no key: the keyboard has to come to it.
  await app.press('Tab', 'Shift+Tab');
  await expect(app.wire.rounds).toBeFocused();
  await app.press('ArrowRight');
  await expect(app.root).toHaveAttribute('data-cursor', String(endOf(facts, 4)));
  await expect(app.wire.rounds).toHaveAttribute('aria-activedescendant', 'round-mark-4');
  await app.press('Home');
  await expect(app.root).toHaveAttribute('data-cursor', String(endOf(facts, 1)));
  await expect(connected).toContainText('1 connected');
  await expect(roundMark(app, 2)).toHaveAccessibleName('round 2: not yet');

  await app.rounds.rows.filter({ hasText: /^5/ }).click();
  await expect(app.root).toHaveAttribute('data-cursor', String(endOf(facts, 5)));
  await expect(app.rounds.current).toContainText(portOf(5));

  // One round's ladder: its own handshake, and no client of another round.
  await expect(app.wire.group(/other client/)).toHaveCount(0);
  await expect(app.wire.onLadder('TIME_WAIT')).toBeVisible();
  await app.shotsInSizes('race-round-5');
});

test('race: more rounds than may be are refused in words, and 300 stay small enough to draw', async ({
  launch,
}) => {
  const app = await launch({ settings: { rounds: 300 } });
  await app.sidebar.choose('Refused and in use', 'Race');
  const rounds = app.sidebar.number('Rounds');
  await rounds.fill('501');
  await expect(app.page.getByText('A whole number from 1 to 500.')).toBeVisible();
  await rounds.blur();
  await expect(rounds).toHaveValue('300');
  await runToTheEnd(app);
  await expect(app.wire.rounds.getByRole('option')).toHaveCount(300);
  // The table draws what is in view, and says how much there is.
  await expect(app.rounds.root).toHaveAttribute('aria-rowcount', '301');
  expect(await app.rounds.rows.count()).toBeLessThan(60);
  // What is copied of it is all of it.
  await app.rounds.rows.nth(2).click();
  await app.press('ControlOrMeta+A', 'ControlOrMeta+C');
  const copied = await app.electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied.split('\n').map((row) => row.split('\t')[0])).toEqual(
    Array.from({ length: 300 }, (_, index) => String(index + 1)),
  );
  await app.shotsInSizes('race-300');
});

function portMarks(app: SocketScope, when: 'now' | 'past'): Locator {
  return app.wire.ports.locator(when === 'past' ? '.port-mark.past' : '.port-mark:not(.past)');
}

test('ports: each client’s port beside the range and the server’s, kept over a restart, forgotten when asked', async ({
  launch,
}) => {
  const app = await launch({ settings: { runs: 6 } });
  await app.sidebar.choose('Ephemeral ports');
  await expect(app.sidebar.number('Runs')).toHaveValue('6');
  const facts = await runToTheEnd(app);
  const ports = allOf(facts, 'connected').map((fact) => fact.local.port);
  const server = factOf(facts, 'listening').local.port;
  expect(ports).toHaveLength(6);

  await expect(portMarks(app, 'now')).toHaveCount(6);
  await expect(portMarks(app, 'past')).toHaveCount(0);
  for (const [index, port] of ports.entries()) {
    const name = `run ${index + 1}: port ${port}, ${port % 2 === 0 ? 'even' : 'odd'}`;
    await expect(app.wire.root.getByRole('option', { name })).toBeVisible();
  }
  const even = ports.filter((port) => port % 2 === 0).length;
  await expect(app.wire.group('Even and odd')).toHaveText(`${even} even,${6 - even} odd`);
  const { from, to } = factOf(facts, 'ephemeral-range-read');
  for (const text of [String(from), String(to), String(server)]) {
    await expect(app.wire.ports.getByText(text, { exact: true })).toBeVisible();
  }
  await expect(app.wire.summary).toContainText(`from ${from}–${to}`);
  await expect(app.wire.summary).toContainText(`the server stayed at ${server}`);
  await app.shotsInSizes('ports-first');

  await app.wire.root.getByRole('option', { name: /^run 2:/ }).click();
  await expect(app.root).toHaveAttribute('data-cursor', String(endOf(facts, 2)));
  await expect(portMarks(app, 'now')).toHaveCount(2);
  await expect(app.wire.root.getByRole('status', { name: 'Run' })).toContainText(
    `run 2: port ${ports[1] ?? ''}`,
  );
  await app.press('Tab', 'Shift+Tab');
  await expect(app.wire.ports).toBeFocused();
  await app.press('ArrowRight');
  await expect(app.root).toHaveAttribute('data-cursor', String(endOf(facts, 3)));

  // The ladder of that run, to the server that stayed.
  await app.wire.root.getByRole('radio', { name: 'Run 3' }).check();
  await expect(app.wire.client).toContainText(String(ports[2]));
  await expect(app.wire.server).toContainText(String(server));
  await app.shotsInSizes('ports-ladder');

  await app.close();
  const again = await launch({ userData: app.userData });
  await again.sidebar.choose('Ephemeral ports');
  await expect(portMarks(again, 'past')).toHaveCount(6);
  await expect(again.wire.group('Even and odd')).toHaveText(`${even} even,${6 - even} odd`);
  await again.shotsInSizes('ports-remembered');
  await runToTheEnd(again);
  await expect(portMarks(again, 'past')).toHaveCount(6);
  await expect(portMarks(again, 'now')).toHaveCount(6);
  await portMarks(again, 'past').first().hover();
  await expect(again.wire.root.getByRole('status', { name: 'Run' })).toContainText(
    new RegExp(`^run 1 of .*: port ${ports[0] ?? ''}`),
  );
  await again.shotsInSizes('ports-with-earlier');

  await again.wire.button('Forget earlier runs').click();
  await expect(again.done).toContainText('The earlier runs are forgotten.');
  await expect(portMarks(again, 'past')).toHaveCount(0);
  await expect(portMarks(again, 'now')).toHaveCount(6);
  expect(await again.call('ports:history')).toEqual([]);
});

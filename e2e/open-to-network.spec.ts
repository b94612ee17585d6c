// Servers that other machines can reach: turned on on purpose, in sight for as long as it is on, and off again.

import { once } from 'node:events';
import { connect } from 'node:net';

import type { Locator } from '@playwright/test';

import { expect, factOf, linesFile, SEVEN_LINES, type SocketScope, test, valueOf } from './app.ts';

function warning(app: SocketScope): Locator {
  return app.page.getByRole('banner').getByRole('status', { name: 'Network' });
}

function setting(app: SocketScope): Locator {
  return app.page.getByRole('checkbox', { name: 'Open to the network' });
}

function question(app: SocketScope): Locator {
  return app.page.getByRole('dialog', { name: 'Open to the network?' });
}

async function resize(app: SocketScope, width: number, height: number): Promise<void> {
  await app.electron.evaluate(
    ({ BrowserWindow }, size) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(size[0], size[1]);
    },
    [width, height] as const,
  );
  await expect.poll(() => app.page.evaluate('innerWidth')).toBe(width);
}

/** The picture for people to look at, in both themes and at both sizes. */
async function shots(app: SocketScope, name: string): Promise<void> {
  for (const [width, height] of [
    [1_280, 800],
    [900, 600],
  ] as const) {
    await resize(app, width, height);
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.page.emulateMedia({ colorScheme });
      await app.shot(`${name}-${width}-${colorScheme}`);
    }
  }
}

test('is asked about, stays in sight, is kept over a restart, and a reset turns it off', async ({
  launch,
}) => {
  const app = await launch({ settings: { port: 0 } });
  await expect(warning(app)).toBeEmpty();
  await app.page.keyboard.press('ControlOrMeta+,');
  await setting(app).click();
  await expect(question(app)).toContainText('0.0.0.0');
  const addresses = await app.call('network:addresses');
  for (const address of addresses) await expect(question(app)).toContainText(address);
  await shots(app, 'network-question');
  // Neither closing the question nor saying no turns it on.
  await app.page.keyboard.press('Escape');
  await expect(question(app)).toBeHidden();
  await expect(setting(app)).not.toBeChecked();
  await setting(app).click();
  await question(app).getByRole('button', { name: 'Keep it closed' }).click();
  await expect(setting(app)).not.toBeChecked();
  expect((await app.call('settings:change', {})).openToNetwork).toBe(false);

  await setting(app).click();
  await question(app).getByRole('button', { name: 'Open to the network' }).click();
  await expect(setting(app)).toBeChecked();
  await shots(app, 'network-setting');
  await app.page.keyboard.press('Escape');
  await expect(warning(app)).toHaveText('Open to the network');
  await app.closeWindow();

  const later = await launch({ userData: app.userData });
  await expect(warning(later)).toHaveText('Open to the network');
  await warning(later).getByRole('button').click();
  await expect(setting(later)).toBeChecked();
  await later.page.getByRole('button', { name: 'Reset everything' }).click();
  await expect(setting(later)).not.toBeChecked();
  // An undo opens nothing.
  await later.page.getByRole('button', { name: 'Undo' }).click();
  await expect(setting(later)).not.toBeChecked();
  await later.page.keyboard.press('Escape');
  await expect(warning(later)).toBeEmpty();
});

test('holds for welcome, string and file, and for no other experiment', async ({ launch }) => {
  const app = await launch({ settings: { openToNetwork: true, rounds: 2, runs: 2 } });
  let run = 0;
  for (const experiment of [
    'welcome',
    'string',
    'file',
    'refused',
    'in-use',
    'race',
    'ports',
    'boundaries',
  ] as const) {
    valueOf(await app.call('run:start', { experiment }));
    run += 1;
    await app.settled(run);
    const facts = await app.facts();
    const open = run <= 3;
    const address = open ? '0.0.0.0' : '127.0.0.1';
    expect(factOf(facts, 'run-started').requested.address).toBe(address);
    expect(factOf(facts, 'run-ended').outcome).toBe('completed');
    for (const fact of facts) {
      if (fact.kind === 'listening') expect(fact.local.address).toBe(address);
      if (fact.kind === 'connect-called') expect(fact.remote.address).toBe('127.0.0.1');
    }
    await expect(warning(app)).toHaveText('Open to the network');
    if (experiment !== 'file') continue;
    await app.page.keyboard.press('End');
    const { port } = factOf(facts, 'listening').local;
    const wire = app.page.getByRole('region', { name: 'Wire' });
    await expect(wire.getByRole('group', { name: 'server' })).toContainText(`0.0.0.0:${port}`);
    await resize(app, 1_280, 800);
    await expect(app.page.getByRole('group', { name: "The server's program" })).toContainText('"0.0.0.0"');
    await shots(app, 'network-file');
  }
});

test('lets a client in by another address, and says so until the run that began so is over', async ({
  launch,
  folder,
}) => {
  test.skip(process.platform !== 'linux', 'elsewhere a machine has no second loopback address');
  const app = await launch({
    args: [await linesFile(folder, 'in-many.txt', 40_000)],
    settings: { openToNetwork: true },
  });
  await app.underWay();
  const run = await app.run();
  const { local } = factOf(valueOf(await app.call('run:facts', { run, fromSeq: 1, toSeq: 20 })), 'listening');
  const socket = connect(local.port, '127.0.0.2');
  socket.write('stranger\n');
  const read: Promise<unknown[]> = once(socket, 'data');
  const [reply] = await read;
  expect(String(reply)).toBe('regnarts\n');
  socket.destroy();
  await resize(app, 900, 600);
  await app.shot('network-running-900');
  await resize(app, 1_280, 800);

  await app.page.keyboard.press('ControlOrMeta+,');
  await setting(app).uncheck();
  await app.page.keyboard.press('Escape');
  await expect(warning(app)).toHaveText('Open to the network');
  await app.page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await app.settled(1);
  await expect(warning(app)).toBeEmpty();
  await app.drop(SEVEN_LINES);
  await app.settled(2);
  expect(factOf(await app.facts(), 'listening').local.address).toBe('127.0.0.1');
});

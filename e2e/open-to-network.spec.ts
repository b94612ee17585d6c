// Servers that other machines can reach: opened on purpose, with a warning for as long as they are open, and closed again.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

import { expect, factOf, linesFile, SEVEN_LINES, type SocketScope, test, valueOf } from './app.ts';
import { networkAddresses } from '../src/engine/system/network-addresses.ts';

/** The buttons of the question. */
const KEEP_CLOSED = 0;
const OPEN = 1;

async function isOpen(app: SocketScope): Promise<boolean> {
  return (await app.call('settings:change', {})).openToNetwork;
}

/** The settings on the disk. */
async function savedSettings(app: SocketScope): Promise<unknown> {
  return JSON.parse(await readFile(join(app.userData, 'settings.json'), 'utf8'));
}

test('is asked about by the system, stays in sight, is kept over a restart, and a reset turns it off', async ({
  launch,
}) => {
  const app = await launch({ settings: { port: 50_123 } });
  await expect(app.header.network).toBeEmpty();
  await app.press('ControlOrMeta+,');
  await app.answerQuestions(KEEP_CLOSED);
  await app.settings.network.click();
  await expect.poll(() => app.questions()).toEqual(['Open to the network?']);
  const question = await app.lastQuestion();
  expect(question).toMatchObject({
    buttons: ['Keep it closed', 'Open to the network'],
    byDefault: 'Keep it closed',
    dismissed: 'Keep it closed',
    overTheWindow: true,
  });
  expect(question.text).toContain('0.0.0.0');
  const addresses = networkAddresses();
  for (const address of addresses) expect(question.text).toContain(`${address}:50123`);
  if (addresses.length === 0) expect(question.text).toContain('no address in a network now');
  expect(await isOpen(app)).toBe(false);
  await expect(app.settings.network).not.toBeChecked();

  await app.answerQuestions(OPEN);
  await app.settings.network.click();
  await expect(app.settings.network).toBeChecked();
  expect(await savedSettings(app)).toMatchObject({ openToNetwork: true });
  // What is on already is not asked about.
  expect((await app.call('network:open')).openToNetwork).toBe(true);
  expect(await app.questions()).toHaveLength(1);
  await app.shotsInSizes('network-setting');
  await app.press('Escape');
  await expect(app.header.network).toHaveText('Open to the network');
  await app.closeWindow();

  const later = await launch({ userData: app.userData });
  await later.answerQuestions(OPEN);
  await expect(later.header.network).toHaveText('Open to the network');
  await later.header.network.getByRole('button').click();
  await expect(later.settings.network).toBeChecked();
  await later.settings.button('Reset everything').click();
  await expect(later.settings.network).not.toBeChecked();
  // An undo opens nothing, and says so.
  await later.settings.button('Undo').click();
  await expect(later.settings.resetDone).toContainText('The network stays closed');
  await expect(later.settings.network).not.toBeChecked();
  expect(await isOpen(later)).toBe(false);
  expect(await later.questions()).toEqual([]);
  await later.shotsInSizes('network-undone');
  await later.press('Escape');
  await expect(later.header.network).toBeEmpty();
});

test('a question that is open is not asked a second time, and its answer counts for whoever asked', async ({
  launch,
}) => {
  const app = await launch();
  await app.electron.evaluate(({ dialog }) => {
    Reflect.set(globalThis, 'asked', []);
    dialog.showMessageBox = (...given: unknown[]) => {
      const asked: unknown = Reflect.get(globalThis, 'asked');
      if (Array.isArray(asked)) asked.push(given.at(-1));
      return new Promise((resolve) => {
        Reflect.set(globalThis, 'answerIt', resolve);
      });
    };
  });
  await app.page.evaluate(
    `void (window.answers = Promise.all([1, 2, 3].map(() => socketScope.call('network:open'))))`,
  );
  expect(await isOpen(app)).toBe(false);
  // A page that was loaded anew meanwhile gets the answer, too.
  await app.press('ControlOrMeta+,');
  await app.settings.network.click();
  await app.page.reload();
  await app.root.and(app.page.locator('[data-phase]')).waitFor();
  await expect(app.header.network).toBeEmpty();
  expect(await app.questions()).toEqual(['Open to the network?']);
  await app.electron.evaluate((_electron, response) => {
    const answerIt: unknown = Reflect.get(globalThis, 'answerIt');
    if (typeof answerIt === 'function') Reflect.apply(answerIt, undefined, [{ response }]);
  }, OPEN);
  await expect(app.header.network).toHaveText('Open to the network');
});

test('a window that closes takes the question away with it, and stays closed to the network', async ({
  launch,
}) => {
  const app = await launch();
  // Even if the box, once closed, were to answer yes.
  await app.electron.evaluate(({ dialog }, response) => {
    dialog.showMessageBox = (...given: unknown[]) => {
      const signal: unknown = Reflect.get(Object(given.at(-1)), 'signal');
      if (!(signal instanceof AbortSignal)) throw new Error('nothing could take the box away');
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          resolve({ response, checkboxChecked: false });
        });
      });
    };
  }, OPEN);
  await app.page.evaluate(`void socketScope.call('network:open')`);
  await app.close();
  expect(await savedSettings(app)).not.toMatchObject({ openToNetwork: true });
});

test('no call that a page can make opens a server: only the answer in the box of the system does', async ({
  launch,
}) => {
  const app = await launch({ settings: { rounds: 2, runs: 2 } });
  app.errorsAreExpected = true;
  await app.answerQuestions(KEEP_CLOSED);
  await app.answerSave(undefined);
  await app.answerOpen(undefined);
  await app.electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    // No button is down for a drag out of the window: the system would wait for its release.
    if (contents !== undefined) contents.startDrag = () => undefined;
  });
  const channels = await app.electron.evaluate(({ ipcMain }) => {
    // Not in the documented API: where Electron keeps what answers `invoke`.
    const handlers: unknown = Reflect.get(ipcMain, '_invokeHandlers');
    return handlers instanceof Map ? [...handlers.keys()].map(String) : [];
  });
  expect(channels.length).toBeGreaterThan(20);
  // Each with every argument that might open a server; most are refused, and the rest do something else.
  const opened = await app.page.evaluate<{ by: string[]; accepted: number }>(`(async () => {
    const open = { openToNetwork: true };
    const tries = [
      [], [{}], [true], [open], ['openToNetwork', true], [{ settings: open }], [{ change: open }],
      [{ ...open, port: 0 }], [{ openToNetwork: 1 }], [{ openToNetwork: 'true' }],
      [JSON.parse('{"__proto__": {"openToNetwork": true}}')], [{}, open], [open, open],
      ...['welcome', 'string', 'file'].flatMap((experiment) => [
        [{ experiment }], [{ experiment, ...open }], [{ experiment, address: '0.0.0.0' }],
        [{ experiment, host: '0.0.0.0' }], [{ experiment, settings: open }],
      ]),
    ];
    const by = [];
    let accepted = 0;
    for (const channel of ${JSON.stringify(channels)}) {
      for (const args of tries) {
        await socketScope.call(channel, ...args).then(() => { accepted += 1; }, () => undefined);
        const { openToNetwork } = await socketScope.call('settings:change', {});
        if (openToNetwork !== false) by.push(channel + ' ' + JSON.stringify(args));
      }
    }
    return { by, accepted };
  })()`);
  expect(opened.by).toEqual([]);
  // Calls without arguments and runs were accepted: the loop was not refused as a whole.
  expect(opened.accepted).toBeGreaterThan(channels.length / 2);
  expect(await savedSettings(app)).not.toMatchObject({ openToNetwork: true });
  // Each of the calls that may ask did ask, and the answer was no.
  expect(new Set(await app.questions())).toEqual(new Set(['Open to the network?']));
  await app.call('run:cancel');
  await expect(app.root).toHaveAttribute('data-phase', 'settled');
  expect(await listeningAddress(app)).toBe('127.0.0.1');

  await app.answerQuestions(OPEN);
  expect((await app.call('network:open')).openToNetwork).toBe(true);
  expect(await listeningAddress(app)).toBe('0.0.0.0');
  // To close it needs no answer.
  await app.answerQuestions(KEEP_CLOSED);
  expect((await app.call('settings:change', { openToNetwork: false })).openToNetwork).toBe(false);
  expect(await app.questions()).toEqual([]);
  expect(await listeningAddress(app)).toBe('127.0.0.1');
});

/** Runs `welcome` and returns the address its server listened on. */
async function listeningAddress(app: SocketScope): Promise<string> {
  const before = await app.run();
  valueOf(await app.call('run:start', { experiment: 'welcome', port: 0 }));
  await expect.poll(() => app.run()).toBeGreaterThan(before);
  await app.settled();
  return factOf(await app.facts(), 'listening').local.address;
}

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
    await expect(app.header.network).toHaveText('Open to the network');
    if (experiment !== 'file') continue;
    await app.press('End');
    const { port } = factOf(facts, 'listening').local;
    await expect(app.wire.server).toContainText(`0.0.0.0:${port}`);
    await app.resize(1_280, 800);
    await expect(app.evidence.program('server')).toContainText('"0.0.0.0"');
    await app.shotsInSizes('network-file');
  }
});

test('lets a client in by another address, and says so until the run that began so is over', async ({
  launch,
  folder,
}) => {
  test.skip(process.platform !== 'linux', 'elsewhere a machine has no second loopback address');
  const app = await launch({
    args: [await linesFile(folder, 'in-many.txt', 400_000)],
    settings: { openToNetwork: true },
  });
  await app.underWay();
  const { local } = factOf(await app.pageOfFacts(0), 'listening');
  const socket = connect(local.port, '127.0.0.2');
  socket.write('other client\n');
  const read: Promise<unknown[]> = once(socket, 'data');
  const [reply] = await read;
  expect(String(reply)).toBe('tneilc rehto\n');
  socket.destroy();
  await app.resize(900, 600);
  await app.shot('network-running-900');
  await app.resize(1_280, 800);

  await app.press('ControlOrMeta+,');
  await app.settings.network.uncheck();
  await app.press('Escape');
  await expect(app.header.network).toHaveText('Open to the network');
  await app.header.button('Cancel').click();
  await app.settled(1);
  await expect(app.header.network).toBeEmpty();
  await app.drop(SEVEN_LINES);
  await app.settled(2);
  expect(factOf(await app.facts(), 'listening').local.address).toBe('127.0.0.1');
});

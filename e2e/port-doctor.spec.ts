// The port doctor: what holds a port that cannot be bound, and what can be done about it: waiting for it, or another one.

import { spawnSync } from 'node:child_process';

import type { Locator } from '@playwright/test';

import { expect, factOf, SEVEN_LINES, type SocketScope, test } from './app.ts';
import { holdPort } from './held-port.ts';

test.skip(process.platform !== 'linux', 'other systems name the holder by their own commands');

function card(app: SocketScope): Locator {
  return app.page.getByRole('region', { name: 'Who has the port' });
}

function summary(app: SocketScope): Locator {
  return app.page.getByRole('region', { name: 'Wire' }).locator('.summary');
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

/** The picture for people to look at, in both themes. */
async function shots(app: SocketScope, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await app.page.emulateMedia({ colorScheme });
    await app.shot(`${name}-${colorScheme}`);
  }
}

test('a port that a program has: named, waited for, and bound when the program releases it', async ({
  launch,
}) => {
  const { holder, port } = await holdPort();
  try {
    const app = await launch({ args: [SEVEN_LINES], settings: { port } });
    await resize(app, 1280, 800);
    await app.settled(1);
    await app.page.keyboard.press('End');
    await expect(card(app)).toContainText('A program that listens');
    await expect(card(app)).toContainText(`process ${process.pid}`);
    await shots(app, 'doctor-listener');

    await card(app).getByRole('button', { name: 'Wait and retry when it is free' }).click();
    await expect(app.root).toHaveAttribute('data-run', '2');
    const progress = app.page.getByRole('group', { name: 'Progress' });
    await expect(progress).toHaveText(`waits for port ${port}`);
    await app.page.keyboard.press('End');
    await expect(card(app)).toContainText('The server waits, and asks again when the port is free.');
    await expect(card(app).getByRole('button')).toHaveCount(0);
    await shots(app, 'doctor-waiting');
    holder.close();
    await app.settled(2);

    const facts = await app.facts();
    expect(factOf(facts, 'run-ended')).toMatchObject({ outcome: 'completed', linesReceived: 7 });
    expect(factOf(facts, 'listening').local.port).toBe(port);
    await app.page.keyboard.press('End');
    await expect(summary(app)).toContainText(
      /At first the port was in use: EADDRINUSE \(errno 98\)\. Port \d+ was free again after [\d.]+ m?s; the server then listened\./,
    );
    await expect(card(app)).toContainText('after it was refused');
    await expect(card(app).getByRole('button')).toHaveCount(0);
    await expect(app.alert).toHaveCount(0);
  } finally {
    holder.close();
  }
});

test('waiting can be cancelled, begun from the notice, and given up for a free port', async ({ launch }) => {
  const { holder, port } = await holdPort();
  try {
    const app = await launch({ args: [SEVEN_LINES], settings: { port } });
    await app.settled(1);
    await app.alert.getByRole('button', { name: 'Wait and retry' }).click();
    await expect(app.page.getByRole('group', { name: 'Progress' })).toHaveText(`waits for port ${port}`);
    await app.page.getByRole('button', { name: 'Cancel' }).click();
    await app.settled(2);
    expect(factOf(await app.facts(), 'run-ended').outcome).toBe('cancelled');
    await app.page.keyboard.press('End');
    await expect(summary(app)).toContainText(
      new RegExp(`The server had waited [\\d.]+ m?s for port ${port} when the run was cancelled\\.`),
    );
    // In a narrow window the evidence is a tab below the wire.
    await resize(app, 900, 600);
    await app.page.getByRole('tab', { name: 'Evidence' }).click();
    await shots(app, 'doctor-narrow');
    await card(app).getByRole('button', { name: 'Use a free port' }).click();
    await app.settled(3);
    expect(factOf(await app.facts(), 'listening').local.port).not.toBe(port);
    await expect(card(app)).toHaveCount(0);
  } finally {
    holder.close();
  }
});

test('a recorded run says who had the port, without buttons and without a clock', async ({
  launch,
  folder,
}) => {
  const { holder, port } = await holdPort();
  try {
    const app = await launch({ args: [SEVEN_LINES], settings: { port } });
    await app.settled(1);
    const path = `${folder}/taken.socketscope`;
    await app.answerSave(path);
    await app.page.getByRole('button', { name: 'Save run' }).click();
    await expect(app.done).toContainText('Saved taken.socketscope');
    await app.drop(path);
    await app.settled(2);
    await app.page.keyboard.press('End');
    await resize(app, 1280, 800);
    await expect(card(app)).toContainText(`process ${process.pid}`);
    await expect(card(app).getByRole('button')).toHaveCount(0);
  } finally {
    holder.close();
  }
});

test('TIME_WAIT: another program leaves the port behind, and the time until it is free runs down', async ({
  launch,
}) => {
  test.skip(
    spawnSync('python3', ['--version']).status !== 0,
    'needs python3, whose server does not set SO_REUSEADDR',
  );
  const app = await launch();
  await resize(app, 1280, 800);
  const navigation = app.page.getByRole('navigation', { name: 'Experiments' });
  await navigation.getByRole('button', { name: 'Refused and in use' }).click();
  await app.page.getByRole('radio', { name: 'Port in use' }).check();
  await app.page.getByRole('radio', { name: 'a program that has ended' }).check();
  const wire = app.page.getByRole('region', { name: 'Wire' });
  await expect(wire).toContainText('Who has the port of a program that has ended?');
  await wire.getByRole('button', { name: 'Run', exact: true }).click();
  await app.settled(1);
  const facts = await app.facts();
  const program = factOf(facts, 'program-started');
  const examined = factOf(facts, 'port-examined');
  expect(examined.holder).toMatchObject({ what: 'time-wait' });

  const slider = app.page.getByRole('slider', { name: 'Time' });
  const ladder = wire.getByRole('img', { name: /^Ladder diagram/ });
  await slider.fill(String(program.seq));
  await expect(ladder.locator('.of-other-program')).toContainText('python3 started');
  // The other program's greeting and its end are inferred: its writes were not seen.
  await slider.fill(String(factOf(facts, 'end-received').seq));
  await expect(ladder.locator('.inferred').getByText('Welcome to CS 352!')).toBeVisible();
  await expect(ladder.locator('.inferred').getByText('FIN', { exact: true })).toBeVisible();
  await expect(wire.getByRole('group', { name: 'server' })).toContainText('another program');
  await shots(app, 'doctor-other-program');

  await app.page.keyboard.press('End');
  await expect(summary(app)).toContainText(
    `python3 (process ${program.pid}) had the port without SO_REUSEADDR, closed first and ended. As it should, our server got EADDRINUSE (errno 98)`,
  );
  const timer = card(app).getByRole('timer', { name: 'Until the port is free' });
  await expect(timer).toContainText('computed from the kernel’s timer at');
  await expect(timer).toHaveCSS('border-top-style', 'dashed');
  const seconds = async (): Promise<number> => Number.parseInt(await timer.innerText(), 10);
  const before = await seconds();
  expect(before).toBeGreaterThan(30);
  await expect.poll(seconds).toBeLessThan(before);
  await shots(app, 'doctor-time-wait');

  await card(app).getByRole('button', { name: 'Wait and retry when it is free' }).click();
  await expect(app.root).toHaveAttribute('data-run', '2');
  await expect(app.page.getByRole('group', { name: 'Progress' })).toHaveText(
    new RegExp(`^waits for port ${examined.port}: \\d+ s$`),
  );
  await app.page.keyboard.press('End');
  await expect(card(app)).toContainText('left by the kernel’s timer at');
  await expect(card(app).getByRole('timer')).toHaveCount(0);
  await app.page.keyboard.press('ControlOrMeta+.');
  await app.settled(2);
  expect(factOf(await app.facts(), 'run-ended').outcome).toBe('cancelled');
});

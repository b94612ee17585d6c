// The port doctor: what holds a port that cannot be bound, and what can be done about it: waiting for it, or another one.

import { spawnSync } from 'node:child_process';

import { expect, factOf, SEVEN_LINES, test } from './app.ts';
import { holdPort } from './held-port.ts';

test.skip(process.platform !== 'linux', 'other systems name the holder by their own commands');

test('a port that a program has: named, waited for, and bound when the program releases it', async ({
  launch,
}) => {
  const { holder, port } = await holdPort();
  try {
    const app = await launch({ args: [SEVEN_LINES], settings: { port } });
    const { portDoctor } = app.evidence;
    await app.resize(1280, 800);
    await app.settled(1);
    await app.press('End');
    await expect(portDoctor.root).toContainText('A program that listens');
    await expect(portDoctor.root).toContainText(`process ${process.pid}`);
    await app.shots('doctor-listener');

    await app.wire.button('Wait and retry').click();
    await expect(app.root).toHaveAttribute('data-run', '2');
    await expect(app.header.progress).toHaveText(`waits for port ${port}`);
    await app.press('End');
    await expect(portDoctor.root).toContainText('The server waits, and asks again when the port is free.');
    await expect(portDoctor.root.getByRole('button')).toHaveCount(0);
    await app.shots('doctor-waiting');
    holder.close();
    await app.settled(2);

    const facts = await app.facts();
    expect(factOf(facts, 'run-ended')).toMatchObject({ outcome: 'completed', linesReceived: 7 });
    expect(factOf(facts, 'listening').local.port).toBe(port);
    await app.press('End');
    await expect(app.wire.summary).toContainText(
      /At first the port was in use: EADDRINUSE \(errno 98\)\. Port \d+ was free again after [\d.]+ m?s; the server then listened\./,
    );
    await expect(portDoctor.root).toContainText('after it was refused');
    await expect(portDoctor.root.getByRole('button')).toHaveCount(0);
    await expect(app.alert).toHaveCount(0);
  } finally {
    holder.close();
  }
});

test('waiting can be cancelled, begun in the picture, and given up for a free port', async ({ launch }) => {
  const { holder, port } = await holdPort();
  try {
    const app = await launch({ args: [SEVEN_LINES], settings: { port } });
    const { portDoctor } = app.evidence;
    await app.settled(1);
    await app.wire.button('Wait and retry').click();
    await expect(app.header.progress).toHaveText(`waits for port ${port}`);
    await app.header.button('Cancel').click();
    await app.settled(2);
    expect(factOf(await app.facts(), 'run-ended').outcome).toBe('cancelled');
    await app.press('End');
    await expect(app.wire.summary).toContainText(
      new RegExp(`The server had waited [\\d.]+ m?s for port ${port} when the run was cancelled\\.`),
    );
    // In a narrow window the evidence is a tab below the wire.
    await app.resize(900, 600);
    await app.tab('Evidence').click();
    await app.shots('doctor-narrow');
    await app.wire.button('Use a free port').click();
    await app.settled(3);
    expect(factOf(await app.facts(), 'listening').local.port).not.toBe(port);
    await expect(portDoctor.root).toHaveCount(0);
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
    const { portDoctor } = app.evidence;
    await app.settled(1);
    const path = `${folder}/taken.socketscope`;
    await app.answerSave(path);
    await app.header.button('Save run').click();
    await expect(app.done).toContainText('Saved taken.socketscope');
    await app.drop(path);
    await app.settled(2);
    await app.press('End');
    await app.resize(1280, 800);
    await expect(portDoctor.root).toContainText(`process ${process.pid}`);
    await expect(portDoctor.root.getByRole('button')).toHaveCount(0);
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
  await app.resize(1280, 800);
  await app.sidebar.choose('Refused and in use', 'Port in use');
  await app.sidebar.choice('a program that has ended').check();
  const { wire } = app;
  const { portDoctor } = app.evidence;
  await expect(wire.root).toContainText('Who has the port of a program that has ended?');
  await wire.button('Run').click();
  await app.settled(1);
  const facts = await app.facts();
  const program = factOf(facts, 'program-started');
  const examined = factOf(facts, 'port-examined');
  expect(examined.holder).toMatchObject({ what: 'time-wait' });

  await app.timeBar.scrubTo(program.seq);
  await expect(wire.ladder.locator('.of-other-program')).toContainText('python3 started');
  // The other program's greeting and its end are inferred: its writes were not seen.
  await app.timeBar.scrubTo(factOf(facts, 'end-received').seq);
  await expect(wire.inferred.getByText('Welcome to CS 352!')).toBeVisible();
  await expect(wire.inferred.getByText('FIN', { exact: true })).toBeVisible();
  await expect(wire.server).toContainText('another program');
  await app.shots('doctor-other-program');

  await app.press('End');
  await expect(wire.summary).toContainText(
    `python3 (process ${program.pid}) had the port without SO_REUSEADDR, closed first and ended. As it should, our server got EADDRINUSE (errno 98)`,
  );
  const timer = app.evidence.countdown;
  await expect(timer).toContainText('computed from the kernel’s timer at');
  await expect(timer).toHaveCSS('border-top-style', 'dashed');
  const seconds = async (): Promise<number> => Number.parseInt(await timer.innerText(), 10);
  const before = await seconds();
  expect(before).toBeGreaterThan(30);
  await expect.poll(seconds).toBeLessThan(before);
  await app.shots('doctor-time-wait');

  await app.wire.button('Wait and retry').click();
  await expect(app.root).toHaveAttribute('data-run', '2');
  await expect(app.header.progress).toHaveText(new RegExp(`^waits for port ${examined.port}: \\d+ s$`));
  await app.press('End');
  await expect(portDoctor.root).toContainText('left by the kernel’s timer at');
  await expect(portDoctor.root.getByRole('timer')).toHaveCount(0);
  await app.press('ControlOrMeta+.');
  await app.settled(2);
  expect(factOf(await app.facts(), 'run-ended').outcome).toBe('cancelled');
});

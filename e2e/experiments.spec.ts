// The experiments of the course beside the file: chosen in the sidebar, run for real, compared with their own facts.

import type { Locator } from '@playwright/test';

import { expect, factOf, SEVEN_LINES, type SocketScope, test } from './app.ts';
import { holdPort } from './held-port.ts';

function wire(app: SocketScope): Locator {
  return app.page.getByRole('region', { name: 'Wire' });
}

function now(app: SocketScope): Locator {
  return app.page.getByRole('status', { name: 'Now' });
}

async function choose(app: SocketScope, experiment: string): Promise<void> {
  await app.page
    .getByRole('navigation', { name: 'Experiments' })
    .getByRole('button', { name: experiment })
    .click();
}

/** One of the experiments that share the entry of step 2. */
async function chooseKind(
  app: SocketScope,
  kind: 'Client too early' | 'Port in use' | 'Race',
): Promise<void> {
  await choose(app, 'Refused and in use');
  await app.page.getByRole('radio', { name: kind }).check();
}

async function toFact(app: SocketScope, seq: number): Promise<void> {
  await app.page.getByRole('slider', { name: 'Time' }).fill(String(seq));
  await expect(app.root).toHaveAttribute('data-cursor', String(seq));
}

async function transcript(app: SocketScope): Promise<string> {
  await app.page.getByRole('button', { name: 'To the end' }).click();
  await app.page.getByRole('tab', { name: 'Transcript' }).click();
  return await app.page.getByRole('log', { name: 'Transcript' }).innerText();
}

test('welcome: the server greets, and the transcript has the words of the report', async ({ launch }) => {
  const app = await launch();
  await choose(app, 'Welcome');
  await expect(wire(app)).toContainText('What does it take until a server has said hello?');
  await wire(app).getByRole('button', { name: 'Run', exact: true }).click();
  await app.settled(1);
  const facts = await app.facts();
  const { hostName, address } = factOf(facts, 'host-named');
  const client = factOf(facts, 'connected').local;

  await toFact(app, factOf(facts, 'text-received').seq);
  await expect(wire(app).getByText('Welcome to CS 352!', { exact: true })).toBeVisible();
  await expect(now(app)).toContainText(
    'The client took all 18 bytes until the end of the stream for one text.',
  );
  await app.shot('welcome');

  const lines = (await transcript(app)).split('\n').filter((line) => line !== '');
  expect(lines).toEqual([
    '[S]: Server socket created',
    `[S]: Server host name is ${hostName}`,
    ...(address === undefined ? [] : [`[S]: Server IP address is ${address}`]),
    'Done.',
    '[C]: Client socket created',
    `[S]: Got a connection request from a client at ('127.0.0.1', ${client.port})`,
    '[C]: Data received from server: Welcome to CS 352!',
  ]);
  await expect(wire(app).locator('.summary')).toContainText(
    'The greeting, 18 bytes, was whole at the client',
  );
  await expect(app.page.getByRole('button', { name: 'Save result' })).toBeDisabled();
  await expect(app.page.getByRole('button', { name: 'Save run' })).toBeEnabled();
});

test('welcome: another greeting is kept for the next start', async ({ launch }) => {
  const app = await launch();
  await choose(app, 'Welcome');
  const greeting = app.page.getByRole('textbox', { name: 'Greeting' });
  await greeting.fill('');
  await expect(app.page.getByText('Type at least one character.')).toBeVisible();
  await greeting.fill('Grüß Gott 👋');
  await greeting.press('Enter');
  await app.settled(1);
  expect(await transcript(app)).toContain('[C]: Data received from server: Grüß Gott 👋');
  await app.close();

  const later = await launch({ userData: app.userData });
  await choose(later, 'Welcome');
  await expect(later.page.getByRole('textbox', { name: 'Greeting' })).toHaveValue('Grüß Gott 👋');
});

test('string: what is typed comes back reversed, letter by letter', async ({ launch }) => {
  const app = await launch();
  await choose(app, 'Reverse a string');
  const text = app.page.getByRole('textbox', { name: 'Text to send' });
  await text.fill('step 4 🙂!');
  await text.press('Enter');
  await app.settled(1);
  const facts = await app.facts();
  await toFact(app, factOf(facts, 'line-transformed').seq);
  const letters = await wire(app)
    .locator('.stage .letter')
    .evaluateAll((marks) =>
      marks
        .map((mark) => ({ text: mark.textContent, x: Number(mark.getAttribute('x')) }))
        .sort((a, b) => a.x - b.x)
        .map((letter) => letter.text)
        .join(''),
    );
  expect(letters).toBe('!🙂␣4␣pets');
  await app.shot('string');
  const printed = await transcript(app);
  expect(printed).toContain('[S]: Data received from client: step 4 🙂!');
  expect(printed).toContain('[C]: Data received from server: !🙂 4 pets');
});

test('the programs beside the picture light the call that the cursor stands on', async ({ launch }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  const facts = await app.facts();
  const server = app.page.getByRole('group', { name: "The server's program" });
  const client = app.page.getByRole('group', { name: "The client's program" });
  await toFact(app, factOf(facts, 'accepted').seq);
  await expect(server.locator('[aria-current="step"]')).toHaveText('conn, addr = ss.accept()');
  await toFact(app, facts.find((fact) => fact.kind === 'wrote')?.seq ?? 0);
  await expect(client.locator('[aria-current="step"]')).toContainText('cs.sendall(line)');
  await app.page.getByRole('radio', { name: 'Node' }).check();
  await expect(client.locator('[aria-current="step"]')).toContainText("cs.write(line + '\\n');");
});

test('another experiment leaves the run where it is until it is run itself', async ({ launch }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  await app.page.keyboard.press('End');
  await expect(wire(app)).toContainText('7 of 7 lines sent came back');
  await choose(app, 'Welcome');
  await expect(wire(app).getByRole('button', { name: 'Run', exact: true })).toBeVisible();
  await expect(app.page.getByRole('button', { name: 'Play' })).toBeDisabled();
  await choose(app, 'Reverse a file');
  await expect(wire(app)).toContainText('7 of 7 lines sent came back');
  await expect(app.page.getByRole('button', { name: 'Save out-proj.txt' })).toBeEnabled();
  // A file that is dropped is run, whatever is shown.
  await choose(app, 'Welcome');
  await app.drop(SEVEN_LINES);
  await app.settled(2);
  await expect(wire(app)).toContainText('How does each line get to the server and back?');
});

test('a port that is taken: the kernel’s table says who has it', async ({ launch }) => {
  test.skip(process.platform !== 'linux', 'other systems name the holder by their own commands');
  const { holder, port } = await holdPort();
  try {
    const app = await launch({ settings: { port } });
    await choose(app, 'Welcome');
    await wire(app).getByRole('button', { name: 'Run', exact: true }).click();
    await app.settled(1);
    const examined = factOf(await app.facts(), 'port-examined');
    expect(examined.holder).toMatchObject({ what: 'listener', pid: process.pid });
    await app.page.keyboard.press('End');
    await expect(wire(app)).toContainText('EADDRINUSE (errno 98)');
    await expect(wire(app).locator('.summary')).toContainText(`process ${process.pid}`);
    await app.shot('port-taken');
    await app.alert.getByRole('button', { name: 'Use a free port' }).click();
    await app.settled(2);
    await expect(app.root).toHaveAttribute('data-run', '2');
  } finally {
    holder.close();
  }
});

test('why: each experiment opens its own questions, with the place where to read more', async ({
  launch,
}) => {
  const app = await launch();
  await choose(app, 'Welcome');
  await app.page.getByRole('button', { name: 'Why?' }).click();
  const why = app.page.getByRole('dialog', { name: 'Why?' });
  await expect(why.getByText('RFC 9293 section 3.5;')).toBeVisible();
  await expect(why.getByText('TIME_WAIT')).toBeHidden();
  await why.getByText('Why is a port still taken after the program has ended?').click();
  await expect(why.getByText('RFC 9293 sections 3.3.2 and 3.6.1')).toBeVisible();
  await app.shot('why');
  await app.page.keyboard.press('Escape');
  await expect(why).toBeHidden();
});

test('refused: the client comes too early, and the picture shows the real error', async ({ launch }) => {
  const app = await launch({ settings: { startAfterMs: -200 } });
  await chooseKind(app, 'Client too early');
  await expect(app.page.getByText('200 ms before the server listens')).toBeVisible();
  await wire(app).getByRole('button', { name: 'Run', exact: true }).click();
  await app.settled(1);
  const facts = await app.facts();
  const failure = factOf(facts, 'failed');
  expect(failure).toMatchObject({ peer: 'client', problem: { detail: { errorCode: 'ECONNREFUSED' } } });
  await toFact(app, failure.seq);
  const ladder = wire(app).getByRole('img', { name: /^Ladder diagram/ });
  await expect(ladder.getByText('SYN', { exact: true })).toBeVisible();
  await expect(ladder.getByText('RST', { exact: true })).toBeVisible();
  await expect(ladder.locator('.inferred')).toHaveCount(2);
  await expect(wire(app)).toContainText(/ECONNREFUSED \(errno \d+\)/);
  await app.shot('refused');
  await app.page.getByRole('button', { name: 'To the end' }).click();
  await expect(wire(app).locator('.summary')).toContainText('As it should: ECONNREFUSED');
  await expect(app.page.getByRole('status', { name: 'State' })).toHaveText('at the end');
});

test('refused: the same client a little later is greeted', async ({ launch }) => {
  const app = await launch({ settings: { startAfterMs: 300 } });
  await chooseKind(app, 'Client too early');
  const slider = app.page.getByRole('slider', { name: 'The client starts' });
  await expect(slider).toHaveAttribute('aria-valuetext', '300 ms after the server listens');
  await slider.fill('100');
  await wire(app).getByRole('button', { name: 'Run', exact: true }).click();
  await app.settled(1);
  const facts = await app.facts();
  expect(factOf(facts, 'slept')).toMatchObject({ peer: 'client', ms: 100 });
  expect(facts.some((fact) => fact.kind === 'failed')).toBe(false);
  await app.page.getByRole('button', { name: 'To the end' }).click();
  await expect(wire(app).locator('.summary')).toContainText(
    'The greeting, 18 bytes, was whole at the client',
  );
});

test('in use: a second server is refused the port, and the kernel says who has it', async ({ launch }) => {
  const app = await launch();
  await chooseKind(app, 'Port in use');
  await wire(app).getByRole('button', { name: 'Run', exact: true }).click();
  await app.settled(1);
  const facts = await app.facts();
  const failure = factOf(facts, 'failed');
  expect(failure).toMatchObject({ peer: 'server-2', problem: { detail: { errorCode: 'EADDRINUSE' } } });
  await toFact(app, failure.seq);
  await expect(wire(app)).toContainText(/EADDRINUSE \(errno \d+\) from listen\(\)/);
  // The first server goes on listening.
  await expect(wire(app).getByRole('group', { name: 'server' })).toContainText('listening');
  await app.shot('in-use');
  await app.page.getByRole('button', { name: 'To the end' }).click();
  await expect(wire(app).locator('.summary')).toContainText('As it should: EADDRINUSE');
});

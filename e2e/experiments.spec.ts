// The experiments of the course beside the file: chosen in the sidebar, run for real, compared with their own facts.

import { expect, factOf, SEVEN_LINES, type SocketScope, test } from './app.ts';
import { holdPort } from './held-port.ts';

/** The transcript at the end of the run. */
async function transcript(app: SocketScope): Promise<string> {
  await app.timeBar.toEnd();
  await app.tab('Transcript').click();
  return await app.transcript.innerText();
}

test('welcome: the server greets, and the transcript has the words of the report', async ({ launch }) => {
  const app = await launch();
  await app.sidebar.choose('Welcome');
  await expect(app.wire.root).toContainText('What does it take until a server has said hello?');
  await app.wire.button('Run').click();
  await app.settled(1);
  const facts = await app.facts();
  const { hostName, address } = factOf(facts, 'host-named');
  const client = factOf(facts, 'connected').local;

  await app.timeBar.scrubTo(factOf(facts, 'text-received').seq);
  await expect(app.wire.root.getByText('Welcome to CS 352!', { exact: true })).toBeVisible();
  await expect(app.wire.now).toContainText(
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
  await expect(app.wire.summary).toContainText('The greeting, 18 bytes, was whole at the client');
  await expect(app.header.button('Save result')).toBeDisabled();
  await expect(app.header.button('Save run')).toBeEnabled();
});

test('welcome: another greeting is kept for the next start', async ({ launch }) => {
  const app = await launch();
  await app.sidebar.choose('Welcome');
  const greeting = app.sidebar.text('Greeting');
  await greeting.fill('');
  await expect(app.page.getByText('Type at least one character.')).toBeVisible();
  await greeting.fill('Grüß Gott 👋');
  await greeting.press('Enter');
  await app.settled(1);
  expect(await transcript(app)).toContain('[C]: Data received from server: Grüß Gott 👋');
  await app.close();

  const later = await launch({ userData: app.userData });
  await later.sidebar.choose('Welcome');
  await expect(later.sidebar.text('Greeting')).toHaveValue('Grüß Gott 👋');
});

test('string: what is typed comes back reversed, letter by letter', async ({ launch }) => {
  const app = await launch();
  await app.sidebar.choose('Reverse a string');
  const text = app.sidebar.text('Text to send');
  await text.fill('step 4 🙂!');
  await text.press('Enter');
  await app.settled(1);
  const facts = await app.facts();
  await app.timeBar.scrubTo(factOf(facts, 'line-transformed').seq);
  expect(await app.wire.readLetters()).toBe('!🙂␣4␣pets');
  await app.shot('string');
  const printed = await transcript(app);
  expect(printed).toContain('[S]: Data received from client: step 4 🙂!');
  expect(printed).toContain('[C]: Data received from server: !🙂 4 pets');
});

test('the programs beside the picture light the call that the cursor stands on', async ({ launch }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  const facts = await app.facts();
  await app.timeBar.scrubTo(factOf(facts, 'accepted').seq);
  await expect(app.evidence.call('server')).toHaveText('conn, addr = ss.accept()');
  await app.timeBar.scrubTo(facts.find((fact) => fact.kind === 'wrote')?.seq ?? 0);
  await expect(app.evidence.call('client')).toContainText('cs.sendall(text + b"\\n")');
  await expect(app.wire.onLadder('sendall 6 B').first()).toBeVisible();
  await app.evidence.root.getByRole('radio', { name: 'Node' }).check();
  await expect(app.evidence.call('client')).toContainText('cs.write(');
  await expect(app.evidence.call('client')).toBeInViewport();
  await expect(app.wire.onLadder('write 6 B').first()).toBeVisible();
  await expect(app.wire.onLadder('sendall 6 B')).toHaveCount(0);
});

test('another experiment leaves the run where it is until it is run itself', async ({ launch }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  await app.press('End');
  await expect(app.wire.root).toContainText('7 of 7 lines sent came back');
  await app.sidebar.choose('Welcome');
  await expect(app.wire.button('Run')).toBeVisible();
  await expect(app.timeBar.button('Play')).toBeDisabled();
  await app.sidebar.choose('Reverse a file');
  await expect(app.wire.root).toContainText('7 of 7 lines sent came back');
  await expect(app.header.button('Save out-proj.txt')).toBeEnabled();
  // A file that is dropped is run, whatever is shown.
  await app.sidebar.choose('Welcome');
  await app.drop(SEVEN_LINES);
  await app.settled(2);
  await expect(app.wire.root).toContainText('How does each line get to the server and back?');
});

test('a port that is taken: the kernel’s table says who has it', async ({ launch }) => {
  test.skip(process.platform !== 'linux', 'other systems name the holder by their own commands');
  const { holder, port } = await holdPort();
  try {
    const app = await launch({ settings: { port } });
    await app.sidebar.choose('Welcome');
    await app.wire.button('Run').click();
    await app.settled(1);
    const examined = factOf(await app.facts(), 'port-examined');
    expect(examined.holder).toMatchObject({ what: 'listener', pid: process.pid });
    await app.press('End');
    await expect(app.wire.root).toContainText('EADDRINUSE (errno 98)');
    await expect(app.wire.summary).toContainText(`process ${process.pid}`);
    await app.shot('port-taken');
    await app.wire.button('Use a free port').click();
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
  await app.sidebar.choose('Welcome');
  await app.wire.button('Why?').click();
  const why = app.dialog('Why?');
  await expect(why.getByText('RFC 9293 section 3.5;')).toBeVisible();
  await expect(why.getByText('TIME_WAIT')).toBeHidden();
  await why.getByText('Why is a port still taken after the program has ended?').click();
  await expect(why.getByText('RFC 9293 sections 3.3.2 and 3.6.1')).toBeVisible();
  await app.shot('why');
  await app.press('Escape');
  await expect(why).toBeHidden();
});

test('refused: the client comes too early, and the picture shows the real error', async ({ launch }) => {
  const app = await launch({ settings: { startAfterMs: -200 } });
  await app.sidebar.choose('Refused and in use', 'Client too early');
  await expect(app.page.getByText('200 ms before the server listens')).toBeVisible();
  await app.wire.button('Run').click();
  await app.settled(1);
  const facts = await app.facts();
  const failure = factOf(facts, 'failed');
  expect(failure).toMatchObject({ peer: 'client', problem: { detail: { errorCode: 'ECONNREFUSED' } } });
  await app.timeBar.scrubTo(failure.seq);
  await expect(app.wire.onLadder('SYN')).toBeVisible();
  await expect(app.wire.onLadder('RST')).toBeVisible();
  await expect(app.wire.inferred).toHaveCount(2);
  await expect(app.wire.root).toContainText(/ECONNREFUSED \(errno \d+\)/);
  await app.shot('refused');
  await app.timeBar.toEnd();
  await expect(app.wire.summary).toContainText('As it should: the client’s connect() failed: ECONNREFUSED');
  await expect(app.header.state).toHaveText('at the end');
});

test('refused: the same client a little later is greeted', async ({ launch }) => {
  const app = await launch({ settings: { startAfterMs: 300 } });
  await app.sidebar.choose('Refused and in use', 'Client too early');
  const slider = app.page.getByRole('slider', { name: 'The client starts' });
  await expect(slider).toHaveAttribute('aria-valuetext', '300 ms after the server listens');
  await slider.fill('100');
  await app.wire.button('Run').click();
  await app.settled(1);
  const facts = await app.facts();
  expect(factOf(facts, 'slept')).toMatchObject({ peer: 'client', ms: 100 });
  expect(facts.some((fact) => fact.kind === 'failed')).toBe(false);
  await app.timeBar.toEnd();
  await expect(app.wire.summary).toContainText('The greeting, 18 bytes, was whole at the client');
});

test('in use: a second server is refused the port, and the kernel says who has it', async ({ launch }) => {
  const app = await launch();
  await app.sidebar.choose('Refused and in use', 'Port in use');
  await app.wire.button('Run').click();
  await app.settled(1);
  const facts = await app.facts();
  const failure = factOf(facts, 'failed');
  expect(failure).toMatchObject({ peer: 'server-2', problem: { detail: { errorCode: 'EADDRINUSE' } } });
  await app.timeBar.scrubTo(failure.seq);
  await expect(app.wire.root).toContainText(/EADDRINUSE \(errno \d+\) from listen\(\)/);
  // The first server goes on listening.
  await expect(app.wire.server).toContainText('listening');
  await app.shot('in-use');
  await app.timeBar.toEnd();
  await expect(app.wire.summary).toContainText(
    'As it should: the second server’s listen() failed: EADDRINUSE',
  );
});

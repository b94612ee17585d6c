// Hostile input: a run file that was made to do harm, and other clients that crowd a server.

import { once } from 'node:events';
import { open, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

import { EXPERIMENT_NAMES, type ExperimentName } from '../src/shared/experiments/definitions.ts';
import {
  expect,
  factOf,
  linesFile,
  reversedLines,
  SEVEN_LINES,
  test,
  valueOf,
  type SocketScope,
} from './app.ts';

const MARKUP = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>';
const ESCAPES = '\u001b]0;harmed\u0007\u001b[2J\u202etxt.exe\u0000';
const MAX_INTEGER = Number.MAX_SAFE_INTEGER;

interface Start {
  readonly name?: string;
  readonly maxLineBytes?: number;
  readonly rounds?: number;
  readonly experiment?: ExperimentName;
}

/** The first line of a run file in format 1, as this app once wrote it, with fields that a hostile sender added. */
function started(start: Start = {}): object {
  const { name = 'in-proj.txt', maxLineBytes = 1_048_576, rounds, experiment = 'file' } = start;
  return {
    kind: 'run-started',
    seenBy: 'program',
    format: 1,
    experiment,
    startedAt: '2026-99-99T99:99:99.999Z',
    runtime: { app: MARKUP, node: ESCAPES, platform: '__proto__', arch: 'constructor' },
    requested: { address: '<script>harmed=1</script>', port: 0 },
    by: 'grapheme',
    maxLineBytes,
    ...(rounds === undefined ? {} : { rounds }),
    input: { name, bytes: MAX_INTEGER },
  };
}

/** As `started`, in the format of today. */
function startedToday(start: Start = {}): object {
  const { maxLineBytes = 1_048_576, rounds = 1 } = start;
  const options = { by: 'grapheme', maxLineBytes, rounds, runs: rounds, inFlight: rounds, pauseMs: rounds };
  return { ...started(start), format: 2, options };
}

/** Facts as the lines of a run file: numbered and stamped in order unless they say otherwise. */
function linesOf(facts: readonly object[]): string {
  return facts.map((fact, index) => `${JSON.stringify({ seq: index + 1, atUs: index, ...fact })}\n`).join('');
}

const SEEN = { seenBy: 'program', connection: 1 } as const;

/** Nothing of the file has run in the page, and the page answers. */
async function isUnharmed(app: SocketScope): Promise<void> {
  expect(await app.page.evaluate<string>('typeof window.harmed')).toBe('undefined');
  expect(await app.page.evaluate<string[]>('Object.keys(Object.prototype)')).toEqual([]);
  expect(await app.page.locator('#root script, #root img, #root iframe').count()).toBe(0);
  await app.press('End');
  await app.press('ArrowLeft');
  const run = await app.run();
  await app.drop(SEVEN_LINES);
  await app.settled(run + 1);
  expect(factOf(await app.facts(), 'run-ended')).toMatchObject({ outcome: 'completed', linesReceived: 7 });
}

test('shows markup, terminal escapes and the names of prototypes in a run file as text', async ({
  launch,
  folder,
}) => {
  const path = join(folder, 'texts.socketscope');
  const remote = { address: '<script>harmed=1</script>', port: 1 };
  const facts = [
    startedToday({ name: `${MARKUP}\u202e.txt` }),
    { kind: 'server-created', seenBy: 'program', peer: 'server' },
    { kind: 'host-named', seenBy: 'program', peer: 'server', hostName: MARKUP, address: ESCAPES },
    { kind: 'listening', seenBy: 'program', peer: 'server', local: remote },
    ...[MARKUP, ESCAPES, '__proto__', 'constructor'].map((peer) => ({
      kind: 'server-created',
      seenBy: 'program',
      peer,
    })),
    { kind: 'connect-called', seenBy: 'program', peer: 'client', remote },
    { kind: 'connected', ...SEEN, peer: 'client', local: remote, remote },
    { kind: 'accepted', ...SEEN, peer: 'server', local: remote, remote },
    ...[MARKUP, ESCAPES, '__proto__', 'constructor', 'toString'].map((text, index) => ({
      kind: 'wrote',
      ...SEEN,
      peer: 'client',
      side: 'client',
      offset: 0,
      bytes: 7,
      line: index + 1,
      data: { text: `${text}\n` },
    })),
    {
      kind: 'failed',
      ...SEEN,
      peer: 'client',
      problem: { code: 'unexpected', message: `${MARKUP} ${ESCAPES}`, detail: { path: '/etc/passwd' } },
    },
    {
      kind: 'run-ended',
      seenBy: 'program',
      outcome: 'failed',
      linesSent: 5,
      linesReceived: 0,
      resultBytes: 0,
      linesByByte: 0,
    },
  ];
  // Fields that no fact has, by the names that JavaScript objects inherit.
  const polluting = linesOf(facts).replaceAll(
    '"seenBy"',
    '"__proto__":{"harmed":1},"constructor":{"prototype":{"harmed":1}},"seenBy"',
  );
  await writeFile(path, polluting);

  const app = await launch({ args: [path] });
  await app.settled(1);
  await expect(app.page.locator('body')).toContainText('<img src=x onerror=');
  expect(await app.page.title()).not.toContain('harmed');
  await app.press('Home');
  for (const fact of facts) {
    await app.press('ArrowRight');
    expect(fact).toBeDefined();
  }
  // Nothing in it reverses the direction of our own sentences: every mark that would is written out.
  await app.press('End');
  const text = await app.page.locator('body').innerText();
  expect(text).toContain('\\u202etxt.exe');
  expect(text).not.toMatch(/[\u0000\u0007\u001b\u202e]/);
  await app.shot('hostile-texts');
  await isUnharmed(app);
});

test('proposes no path out of the folder of documents to save a run from somebody else under', async ({
  launch,
  folder,
}) => {
  const path = join(folder, 'name.socketscope');
  await writeFile(path, linesOf([started({ name: '../../.config/autostart/evil.desktop' })]));
  const app = await launch({ args: [path] });
  await app.settled(1);
  await app.answerSave(undefined);
  await app.header.button('Save run').click();
  await expect
    .poll(() => app.offeredPath())
    .toBe(
      join(
        await app.electron.evaluate(({ app: running }) => running.getPath('documents')),
        '..-..-.config-autostart-evil.socketscope',
      ),
    );
});

test('opens a run file of the largest numbers there are, and does not count to them', async ({
  launch,
  folder,
}) => {
  const path = join(folder, 'numbers.socketscope');
  await writeFile(
    path,
    linesOf([
      started({ rounds: MAX_INTEGER }),
      { kind: 'round-started', seenBy: 'program', round: MAX_INTEGER },
      {
        kind: 'connected',
        ...SEEN,
        connection: MAX_INTEGER,
        local: { address: '', port: 0 },
        remote: { address: '', port: 0 },
      },
      {
        kind: 'wrote',
        ...SEEN,
        connection: MAX_INTEGER,
        side: 'client',
        offset: MAX_INTEGER,
        bytes: MAX_INTEGER,
        line: MAX_INTEGER,
        data: { text: 'x\n' },
      },
      {
        kind: 'read',
        ...SEEN,
        connection: MAX_INTEGER,
        side: 'server',
        offset: MAX_INTEGER,
        bytes: MAX_INTEGER,
      },
      {
        kind: 'line-transformed',
        ...SEEN,
        connection: MAX_INTEGER,
        line: MAX_INTEGER,
        offset: MAX_INTEGER,
        bytes: MAX_INTEGER,
        by: 'byte',
        validUtf8: false,
      },
      { kind: 'line-received', ...SEEN, connection: MAX_INTEGER, line: MAX_INTEGER, offset: 0, bytes: 0 },
      { kind: 'slept', seenBy: 'program', side: 'client', ms: MAX_INTEGER },
      // So many facts were left out that their numbers cannot be counted through one by one.
      {
        kind: 'detail-left-out',
        seenBy: 'program',
        reason: 'x',
        facts: MAX_INTEGER - 10,
        lines: MAX_INTEGER,
        seq: MAX_INTEGER - 1,
        atUs: MAX_INTEGER,
      },
      {
        kind: 'run-ended',
        seenBy: 'program',
        outcome: 'completed',
        linesSent: MAX_INTEGER,
        linesReceived: MAX_INTEGER,
        resultBytes: MAX_INTEGER,
        linesByByte: MAX_INTEGER,
        seq: MAX_INTEGER,
        atUs: MAX_INTEGER,
      },
    ]),
  );
  const app = await launch({ args: [path] });
  await app.settled(1);
  await expect(app.alert).toHaveCount(0);
  expect(await app.facts()).toHaveLength(10);
  expect(valueOf(await app.call('run:fact', { run: 1, seq: MAX_INTEGER })).kind).toBe('run-ended');
  await app.press('End');
  await expect(app.lines.root).toContainText('of 9,007,199,254,740,991: the time bar leads to the others.');
  await expect(app.lines.row('9,007,199,254,740,991')).toHaveCount(1);
  await app.shot('hostile-numbers');
  await app.press('Control+f');
  for (const [words, hits] of [
    ['line 9007199254740991', '3 hits'],
    ['#9007199254740991', '1 of 1'],
    ['took >= 0 µs', '2 hits'],
    ['"x"', '2 hits'],
  ] as const) {
    await app.find.field.fill(words);
    await expect(app.find.hits).toHaveText(hits);
  }
  await app.press('Escape');
  await app.tab('Numbers').click();
  await expect(app.numbers.root.getByText(/^median/)).toBeVisible();
  await isUnharmed(app);
});

test('opens a run of lost boundaries that claims the largest numbers there are', async ({
  launch,
  folder,
}) => {
  const path = join(folder, 'boundaries.socketscope');
  const endpoint = { address: '127.0.0.1', port: 50_007 };
  const common = { ...SEEN, side: 'client', offset: MAX_INTEGER - 1, bytes: 1 };
  await writeFile(
    path,
    linesOf([
      { ...started({ rounds: MAX_INTEGER }), experiment: 'boundaries' },
      { kind: 'round-started', seenBy: 'program', round: 1, framing: 'newlines', handOver: 'all-at-once' },
      { kind: 'connected', ...SEEN, local: endpoint, remote: endpoint },
      { kind: 'wrote', ...common, data: { text: 'x' } },
      { kind: 'wrote', ...common, side: 'server', data: { text: 'x' } },
    ]),
  );
  const app = await launch({ args: [path] });
  await app.settled(1);
  await app.press('End');
  await expect(app.wire.group('The same bytes at three servers')).toContainText('4,096 bytes');
  await expect(app.alert).toHaveCount(0);
});

test('says what other clients did that is not in the run', async ({ launch, folder }) => {
  const path = join(folder, 'flooded.socketscope');
  const leftOut = { kind: 'other-clients-left-out', seenBy: 'program' };
  await writeFile(
    path,
    linesOf([
      started(),
      { ...leftOut, facts: 0, bytes: 0 },
      { ...leftOut, facts: 12_345, bytes: 6_000_000 },
      {
        kind: 'run-ended',
        seenBy: 'program',
        outcome: 'completed',
        linesSent: 0,
        linesReceived: 0,
        resultBytes: 0,
        linesByByte: 0,
      },
    ]),
  );
  const app = await launch({ args: [path] });
  await app.settled(1);
  await app.press('End');
  await expect(app.wire.ladder.getByText('others left out')).toHaveCount(2);
  await expect(app.wire.summary).toContainText(
    '12,345 facts about other clients were counted and left out, with 6.0 MB that the server read from them.',
  );
  await app.tab('Transcript').click();
  await expect(app.transcript).toContainText('[S]: Other clients have had their share of the record');
  await isUnharmed(app);
});

test('draws a run of the largest numbers in the picture of each experiment', async ({ launch, folder }) => {
  const app = await launch();
  let run = 0;
  for (const experiment of EXPERIMENT_NAMES) {
    const path = join(folder, `${experiment}.socketscope`);
    const span = { ...SEEN, offset: MAX_INTEGER, bytes: MAX_INTEGER };
    const local = { address: '', port: 0 };
    await writeFile(
      path,
      linesOf([
        startedToday({ experiment, rounds: MAX_INTEGER }),
        { kind: 'ephemeral-range-read', seenBy: 'kernel', from: 65_535, to: 0, source: '' },
        {
          kind: 'round-started',
          seenBy: 'program',
          round: MAX_INTEGER,
          framing: 'newlines',
          handOver: 'all-at-once',
        },
        { kind: 'connected', ...SEEN, peer: 'client', local, remote: local },
        { kind: 'wrote', ...span, peer: 'client', side: 'client', data: { text: 'x\n' } },
        {
          kind: 'queue-examined',
          seenBy: 'kernel',
          peer: 'server',
          side: 'server',
          connection: 1,
          bytes: MAX_INTEGER,
          source: '',
        },
        { kind: 'read', ...span, peer: 'server', side: 'server' },
        { kind: 'text-transformed', ...span, peer: 'server', by: 'byte', validUtf8: true },
        { kind: 'wrote', ...span, peer: 'server', side: 'server', data: { base64: 'QQ==' } },
        { kind: 'text-received', ...span, peer: 'client', side: 'client' },
      ]),
    );
    await app.drop(path);
    run += 1;
    await app.settled(run);
    await app.press('End');
    await expect(app.timeBar.button('Play')).toBeVisible();
    await expect(app.failedViews, experiment).toHaveCount(0);
  }
  await isUnharmed(app);
});

test('opens a run file with no end of facts, gives the window so many, and answers', async ({
  launch,
  folder,
}) => {
  const path = join(folder, 'many.socketscope');
  const slept = { kind: 'slept', seenBy: 'program', side: 'client', ms: 1 };
  await writeFile(path, linesOf([started(), ...Array.from({ length: 200_000 }, () => slept)]));
  const app = await launch({ args: [path] });
  await app.settled(1);
  expect(valueOf(await app.call('run:fact', { run: 1, seq: 200_001 })).kind).toBe('slept');
  await isUnharmed(app);
});

test('opens a run file of 29,000 gaps and draws them as far as they can be told apart', async ({
  launch,
  folder,
}) => {
  const path = join(folder, 'gaps.socketscope');
  const leftOut = { kind: 'detail-left-out', seenBy: 'program', reason: 'x', facts: 1, lines: 0 };
  const gaps = Array.from({ length: 29_000 }, (_, index) => ({ ...leftOut, seq: 2 * index + 3 }));
  await writeFile(path, linesOf([started(), ...gaps]));
  const app = await launch({ args: [path] });
  await app.settled(1);
  await expect(app.root).toHaveAttribute('data-last-seq', '58001');
  await app.press('End');
  await expect(app.page.getByText('1 fact counted, not drawn').first()).toBeVisible();
  expect(await app.page.locator('.minimap rect').count()).toBeLessThan(2_000);
  await isUnharmed(app);
});

test('opens a run file with a line of 100 MB where it allows such lines, and refuses it where not', async ({
  launch,
  folder,
}) => {
  async function withLongLine(name: string, maxLineBytes: number): Promise<string> {
    const path = join(folder, name);
    const file = await open(path, 'w');
    const [first = '', second = ''] = linesOf([
      started({ maxLineBytes }),
      { kind: 'wrote', ...SEEN, side: 'client', offset: 0, bytes: 100_000_000, line: 1, data: { text: '' } },
    ]).split('\n');
    await file.write(`${first}\n${second.slice(0, -3)}`);
    const piece = 'x'.repeat(1_000_000);
    for (let count = 0; count < 100; count += 1) await file.write(piece);
    await file.write('"}}\n');
    await file.close();
    return path;
  }
  const app = await launch();
  await app.drop(await withLongLine('refused.socketscope', 1_048_576));
  await expect(app.alert).toContainText(
    'Line 2 of refused.socketscope is damaged: it is longer than any fact of this run',
  );
  await app.drop(await withLongLine('shown.socketscope', 64 * 1_048_576));
  await app.settled(1);
  const [, wrote] = await app.pageOfFacts(0);
  expect(wrote).toMatchObject({ data: { leftOutBytes: 100_000_000 - 4_096 } });
  const whole = valueOf(await app.call('run:fact', { run: 1, seq: 2 }));
  expect(whole).toMatchObject({ data: { leftOutBytes: 100_000_000 - 1_048_576 } });
  // Chosen, it is asked for and shown.
  await app.tab('Fact').click();
  await app.press('End');
  await expect(app.page.getByText('of 100,000,000 bytes in hex')).toHaveText(
    'The first 512 of 100,000,000 bytes in hex; above are the first 1,048,576 as text.',
  );
  await app.shot('hostile-long-line');
  await isUnharmed(app);
});

test('draws bytes that a run file gives twice, once as no text and once in base 64', async ({
  launch,
  folder,
}) => {
  const path = join(folder, 'twice.socketscope');
  const local = { address: '127.0.0.1', port: 1 };
  const twice = { text: [], base64: 'QQ==' };
  const span = { offset: 0, bytes: 1, line: 1 };
  await writeFile(
    path,
    linesOf([
      startedToday(),
      { kind: 'connected', ...SEEN, peer: 'client', local, remote: local },
      { kind: 'wrote', ...SEEN, peer: 'client', side: 'client', ...span, data: twice },
      { kind: 'read', ...SEEN, peer: 'server', side: 'server', ...span, data: twice },
      { kind: 'line-transformed', ...SEEN, peer: 'server', ...span, by: 'byte', validUtf8: true },
      { kind: 'wrote', ...SEEN, peer: 'server', side: 'server', ...span, data: twice },
      { kind: 'line-received', ...SEEN, peer: 'client', ...span },
    ]),
  );
  const app = await launch({ args: [path] });
  await app.settled(1);
  const wrote = valueOf(await app.call('run:fact', { run: 1, seq: 3 }));
  if (wrote.kind !== 'wrote') throw new Error(`the third fact is ${wrote.kind}`);
  const { data, ...fields } = wrote;
  expect(fields).toEqual({
    ...{ seq: 3, atUs: 2, kind: 'wrote', ...SEEN, peer: 'client', side: 'client', ...span },
  });
  expect(Object.keys(data)).toEqual(['bytes']);
  expect([...data.bytes]).toEqual([0x41]);
  await app.press('End');
  await expect(app.lines.row('1 A A')).toHaveCount(1);
  await expect(app.failedViews).toHaveCount(0);
  await isUnharmed(app);
});

/** Has main answer for the run shown with a fact behind its last one that no file gets past the checks. */
async function forgeLandmark(app: SocketScope, fact: object): Promise<void> {
  const run = await app.run();
  const seq = Number(await app.root.getAttribute('data-last-seq')) + 1;
  await app.electron.evaluate(
    ({ ipcMain }, [forgedRun, forged]) => {
      const handlers: unknown = Reflect.get(ipcMain, '_invokeHandlers');
      if (!(handlers instanceof Map)) throw new Error('Electron keeps its handlers elsewhere');
      const real: unknown = handlers.get('run:landmarks');
      if (typeof real !== 'function') throw new Error('run:landmarks is not answered');
      ipcMain.removeHandler('run:landmarks');
      ipcMain.handle('run:landmarks', (event, request: { readonly run: number }): unknown =>
        request.run === forgedRun
          ? { ok: true, value: [forged] }
          : Reflect.apply(real, undefined, [event, request]),
      );
    },
    [run, { ...fact, seq }] as const,
  );
  const lines = { linesSent: 7, linesTransformed: 7, linesReceived: 7, linesByByte: 0 };
  const progress = { facts: seq, atUs: 1e9, ...lines, bytesSent: 95, connection: 1, landmarks: 1_000 };
  const push = { type: 'progress', run, progress };
  await app.page.evaluate(
    `(() => {
      const { port1, port2 } = new MessageChannel();
      window.postMessage('socketscope:port', location.origin, [port2]);
      port1.postMessage(${JSON.stringify(push)});
    })()`,
  );
}

test('says in its place that a view cannot be shown, and goes on with the others until a new run', async ({
  launch,
}) => {
  const app = await launch();
  app.errorsAreExpected = true;
  await app.drop(SEVEN_LINES);
  await app.settled(1);
  const failed = app.failedViews;
  await expect(failed).toHaveCount(0);

  // Its address is missing.
  const before = await app.root.getAttribute('data-last-seq');
  await forgeLandmark(app, { kind: 'listen-called', seenBy: 'program', peer: 'server', atUs: 1e9 });
  await expect(app.root).not.toHaveAttribute('data-last-seq', before ?? '');
  await app.press('End');
  const logFolder = join(app.userData, 'logs');
  await expect(failed.filter({ hasText: 'The wire cannot be shown' })).toHaveText(
    `The wire cannot be shown: an error happened that SocketScope was not prepared for. The log in ${logFolder} says which one. Run an experiment or open another file to go on.`,
  );
  // What does not draw that fact is still there and does what it is for.
  await expect(app.sidebar.root).toBeVisible();
  await expect(app.page.getByRole('tablist', { name: 'Below the wire' })).toBeVisible();
  await expect(app.lines.rows).toHaveCount(8);
  await app.shot('failed-view');
  await app.call('log:error', { text: `${ESCAPES}\n    at a line of its own` });
  const log = await readFile(join(logFolder, 'main.log'), 'utf8');
  expect(log).toContain('In the window: The wire cannot be shown: TypeError: ');
  expect(log).toContain(
    'In the window: \\x1b]0;harmed\\x07\\x1b[2J\\u202etxt.exe\\x00\n    at a line of its own',
  );

  await app.drop(SEVEN_LINES);
  await app.settled(2);
  await expect(failed).toHaveCount(0);
  await expect(app.wire.root).toBeVisible();
  await isUnharmed(app);
});

test('refuses a line of no end of brackets and commas, and one of 400 MB, and stays alive', async ({
  launch,
  folder,
}) => {
  const first = linesOf([started({ maxLineBytes: 64 * 1_048_576 })]);
  async function withLine(name: string, beginning: string, piece: string): Promise<string> {
    const path = join(folder, name);
    const file = await open(path, 'w');
    await file.write(first + beginning);
    const megabyte = piece.repeat(1_000_000 / piece.length);
    for (let count = 0; count < 40; count += 1) await file.write(megabyte);
    await file.write('\n');
    await file.close();
    return path;
  }
  const app = await launch();
  for (const [name, beginning, piece] of [
    ['nested.socketscope', '{"seq":2,"x":', '['],
    ['objects.socketscope', '{"seq":2,"x":{', '"a":{},'.padEnd(8)],
    ['numbers.socketscope', '{"seq":2,"x":[', '0,'],
  ] as const) {
    await app.drop(await withLine(name, beginning, piece));
    await expect(app.alert).toContainText(
      `Line 2 of ${name} is damaged: it has more parts than any fact. Open another copy of the run or record it again.`,
    );
  }
  const long = await withLine('long.socketscope', '', ' ');
  const file = await open(long, 'r+');
  await file.write('\n', first.length + 400_000_000);
  await file.write('\0', first.length + 40_000_000);
  await file.close();
  await app.drop(long);
  await expect(app.alert).toContainText('Line 2 of long.socketscope is damaged: it is no JSON');
  await isUnharmed(app);
});

test('a run goes on while other clients crowd its server, send 10 MB without a newline, and garbage', async ({
  launch,
  folder,
}) => {
  const lines = 40_000;
  const app = await launch({ args: [await linesFile(folder, 'in-crowded.txt', lines)] });
  await app.underWay();
  const beginning = await app.pageOfFacts(0);
  const { local } = factOf(beginning, 'listening');
  const sockets = Array.from({ length: 200 }, () => {
    const socket = connect(local.port, local.address);
    // Turned away, ended at the limit, or closed with the server: each is expected.
    socket.on('error', () => undefined);
    return socket;
  });
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  sockets[0]?.write(Buffer.alloc(10 * 1_048_576, 'x'));
  for (const socket of sockets.slice(1, 50)) socket.write(Buffer.from([0xff, 0x00, 0x1b, 0x5b, 0x0a]));
  await app.settled(1);
  for (const socket of sockets) socket.destroy();

  await expect(app.alert).toHaveCount(0);
  await app.press('End');
  await expect(app.wire.group(/^\d+ other clients$/)).toContainText('gone');
  const target = join(folder, 'out.txt');
  await app.answerSave(target);
  await app.header.button('Save out-crowded.txt').click();
  await expect(app.done).toContainText('Saved out.txt');
  expect(await readFile(target, 'utf8')).toBe(reversedLines(lines));
  const saved = join(folder, 'crowded.socketscope');
  await app.answerSave(saved);
  await app.header.button('Save run').click();
  await expect(app.done).toContainText('Saved crowded.socketscope');
  const trace = await readFile(saved, 'utf8');
  expect(trace.match(/"code":"too-many-clients"/g)?.length).toBeGreaterThanOrEqual(100);
  expect(trace).toContain('"code":"line-too-long"');
});

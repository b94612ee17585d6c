import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { hostname } from 'node:os';

import { describe, expect, it } from 'vitest';

import type { Result } from '../../../shared/result.ts';
import type { FactKind } from '../../../shared/trace/fact.ts';
import { portOf } from '../../system/port-for-tests.ts';
import { runStringExperiment } from './string.ts';
import type { StringOptions, StringOutcome } from './string.ts';
import {
  emit,
  expectTraceOf,
  kinds,
  of,
  OPTIONS,
  SERVER,
  START,
  transcript,
  watched,
} from '../watched-run-for-tests.ts';
import { runWelcomeExperiment } from './welcome.ts';
import type { WelcomeOptions, WelcomeOutcome } from './welcome.ts';

const welcome = (options: Partial<WelcomeOptions> = {}): Promise<Result<WelcomeOutcome>> =>
  runWelcomeExperiment(
    { ...OPTIONS, greeting: 'Welcome to CS 352!', ...options },
    emit,
    watched.controller.signal,
  );
const string = (options: Partial<StringOptions> = {}): Promise<Result<StringOutcome>> =>
  runStringExperiment({ ...OPTIONS, text: 'HELLO', ...options }, emit, watched.controller.signal);

/** What holds however the run ends: one start in front, one reason at most, one end behind, nothing left open. */
function expectWholeRun(outcome: 'completed' | 'failed' | 'cancelled'): void {
  expect(kinds()[0]).toBe('run-started');
  expect(watched.facts.at(-1)).toMatchObject({ kind: 'run-ended', outcome, resultBytes: 0 });
  expect(of('run-ended')).toHaveLength(1);
  expect(of('failed')).toHaveLength(outcome === 'completed' ? 0 : 1);
  expect(of('closed').filter((fact) => fact.side === 'server')).toHaveLength(of('accepted').length);
  expect(of('server-closed')).toHaveLength(of('server-created').length);
}

/** What each side did, in its order; between the sides the kernel decides. */
function sideOf(side: 'client' | 'server'): FactKind[] {
  const own: readonly FactKind[] =
    side === 'client'
      ? ['client-created', 'connect-called', 'connected', 'line-received']
      : ['accepted', 'line-transformed'];
  return watched.facts
    .filter((fact) => ('side' in fact ? fact.side === side : own.includes(fact.kind)))
    .map((fact) => fact.kind)
    .filter((kind, at, all) => !(kind === 'read' && all[at - 1] === 'read'));
}

const OPENING: readonly FactKind[] = [...START, ...SERVER, 'client-created', 'connect-called'];

describe('the welcome', () => {
  it('greets over a real connection, with every step of both sides in its order', async () => {
    const outcome = await welcome();
    expectWholeRun('completed');
    expect(kinds().slice(0, OPENING.length)).toEqual(OPENING);
    expect(sideOf('server')).toEqual(['accepted', 'wrote', 'end-called', 'end-received', 'closed']);
    expect(sideOf('client')).toEqual([
      'client-created',
      'connect-called',
      'connected',
      'read',
      'end-received',
      'text-received',
      'end-called',
      'closed',
    ]);
    expect(kinds().indexOf('wrote')).toBeLessThan(kinds().indexOf('read'));
    expect(kinds().slice(-2)).toEqual(['server-closed', 'run-ended']);
    expect(watched.facts[0]).toMatchObject({ experiment: 'welcome', input: { name: 'greeting', bytes: 18 } });
    expect(watched.facts.at(-1)).toMatchObject({ linesSent: 0, linesReceived: 0, linesByByte: 0 });
    expect(of('wrote')[0]).not.toHaveProperty('line');
    expect(outcome).toMatchObject({ ok: true, value: { client: of('connected')[0]?.local } });
  });

  it("has the transcript of the course's report, word for word", async () => {
    await welcome();
    const [named] = of('host-named');
    const [accepted] = of('accepted');
    expect(transcript()).toEqual([
      '[S]: Server socket created',
      `[S]: Server host name is ${hostname()}`,
      ...(named?.address === undefined ? [] : [`[S]: Server IP address is ${named.address}`]),
      'Done.',
      '[C]: Client socket created',
      `[S]: Got a connection request from a client at ('127.0.0.1', ${accepted?.remote.port ?? 0})`,
      '[C]: Data received from server: Welcome to CS 352!',
    ]);
  });

  it('greets another client that connects first, and its own all the same', async () => {
    watched.onFact = (fact) => {
      if (fact.kind !== 'listening') return;
      // It never ends its side: the server's close ends it.
      connect({ port: fact.local.port, host: '127.0.0.1', allowHalfOpen: true })
        .on('error', () => undefined)
        .resume();
    };
    expect(await welcome({ greeting: '東京' })).toMatchObject({ ok: true });
    expectWholeRun('completed');
    expect(of('accepted')).toHaveLength(2);
    expect(of('wrote').map(({ bytes }) => bytes)).toEqual([6, 6]);
    expect(transcript().at(-1)).toBe('[C]: Data received from server: 東京');
  });

  it.each([
    ['', 'There is nothing to greet with: type at least one character.'],
    ['é'.repeat(501), 'The greeting is 1002 bytes long and may have 1000 at most: make it shorter.'],
  ])('refuses a greeting that is none (%#)', async (greeting, message) => {
    expect(await welcome({ greeting })).toMatchObject({
      ok: false,
      problem: { code: 'bad-option', message },
    });
    expect(kinds()).toEqual(['run-started', 'failed', 'run-ended']);
  });

  it.each<FactKind>(['run-started', 'server-created', 'listening', 'accepted', 'connected', 'text-received'])(
    'can be cancelled at %s',
    async (kind) => {
      watched.onFact = (fact) => {
        if (fact.kind === kind) watched.controller.abort();
      };
      expect(await welcome()).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
      expectWholeRun('cancelled');
    },
  );
});

describe('one string', () => {
  it('goes there and back over a real connection, with every step of both sides in its order', async () => {
    const outcome = await string({ text: 'né 👨‍👩‍👧 東京' });
    expect(outcome).toMatchObject({ ok: true, value: { reply: '京東 👨‍👩‍👧 én' } });
    expectWholeRun('completed');
    expect(kinds().slice(0, OPENING.length)).toEqual(OPENING);
    expect(sideOf('client')).toEqual([
      'client-created',
      'connect-called',
      'connected',
      'wrote',
      'end-called',
      'read',
      'line-received',
      'end-received',
      'closed',
    ]);
    expect(sideOf('server')).toEqual([
      'accepted',
      'read',
      'end-received',
      'line-transformed',
      'wrote',
      'end-called',
      'closed',
    ]);
    const bytes = Buffer.byteLength('né 👨‍👩‍👧 東京');
    expect(watched.facts[0]).toMatchObject({ experiment: 'string', input: { name: 'string', bytes } });
    expect(watched.facts.at(-1)).toMatchObject({ linesSent: 1, linesReceived: 1 });
    expect(transcript().slice(-3)).toEqual([
      '[S]: Data received from client: né 👨‍👩‍👧 東京',
      '[C]: Data received from server: 京東 👨‍👩‍👧 én',
      'Done.',
    ]);
  });

  it('is reversed by what was asked for', async () => {
    expect(await string({ text: 'e\u0301x', by: 'codepoint' })).toMatchObject({
      value: { reply: 'x\u0301e' },
    });
    expect(of('line-transformed')[0]).toMatchObject({ by: 'codepoint' });
  });

  it('comes back in upper case, longer than it was sent', async () => {
    const outcome = await string({ text: 'Weiß ŉ', transform: 'upper-case' });
    expect(outcome).toMatchObject({ ok: true, value: { reply: 'WEISS ʼN' } });
    expectWholeRun('completed');
    expect(watched.facts[0]).toMatchObject({ options: { transform: 'upper-case' } });
    expect(of('line-transformed')).toMatchObject([{ bytes: 8, by: 'codepoint', validUtf8: true }]);
    // Its length is known only when the server has ended its side.
    expect(of('line-received')).toMatchObject([{ line: 1, offset: 0, bytes: 9 }]);
    expect(transcript()).toContain('[C]: Data received from server: WEISS ʼN');
  });

  it('comes back with its case swapped', async () => {
    expect(await string({ text: 'Hello', transform: 'swap-case' })).toMatchObject({
      ok: true,
      value: { reply: 'hELLO' },
    });
  });

  it.each<[string, Partial<StringOptions>, string, string]>([
    ['an empty text', { text: '' }, 'bad-option', 'There is nothing to send: type at least one character.'],
    [
      'a text of two lines',
      { text: 'a\nb' },
      'bad-option',
      'The text has a line break in it, and one line is sent: leave the line break out, or send the lines as a file.',
    ],
    [
      'a text that is too long',
      { text: 'x'.repeat(65_537) },
      'bad-option',
      'The text is 65537 bytes long and may have 65536 at most: make it shorter.',
    ],
    [
      'a text over the limit of a line',
      { text: 'HELLO', maxLineBytes: 4 },
      'line-too-long',
      'The text is 5 bytes long; the limit is 4 bytes. Raise the limit or split the line.',
    ],
  ])('refuses %s before it opens a port', async (_what, options, code, message) => {
    expect(await string(options)).toMatchObject({ ok: false, problem: { code, message } });
    expect(kinds()).toEqual(['run-started', 'failed', 'run-ended']);
  });

  it.each<FactKind>(['run-started', 'listening', 'connected', 'wrote', 'line-transformed', 'line-received'])(
    'can be cancelled at %s',
    async (kind) => {
      watched.onFact = (fact) => {
        if (fact.kind === kind) watched.controller.abort();
      };
      expect(await string()).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
      expectWholeRun('cancelled');
    },
  );
});

describe('a port that is in use', () => {
  async function taken(): Promise<{ readonly port: number; readonly close: () => void }> {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    return { port: portOf(holder.address()), close: () => holder.close() };
  }

  it('is examined by the port doctor: this process listens on it', async () => {
    const { port, close } = await taken();
    expect(await welcome({ port })).toMatchObject({ ok: false, problem: { code: 'port-in-use' } });
    close();
    expectWholeRun('failed');
    const examined = of('port-examined');
    if (process.platform !== 'linux') {
      // Elsewhere the system's own commands are run, which may be missing.
      expect(examined.length).toBeLessThanOrEqual(1);
      return;
    }
    expect(kinds().slice(-4)).toEqual(['failed', 'port-examined', 'server-closed', 'run-ended']);
    expect(examined[0]).toMatchObject({
      port,
      holder: { what: 'listener', local: { address: '127.0.0.1', port }, pid: process.pid },
    });
  });

  it('fails for that one reason, also when the run is cancelled while the port is examined', async () => {
    const { port, close } = await taken();
    const outcome = await string({
      port,
      examinePort: () => {
        watched.controller.abort();
        return new Promise(() => undefined);
      },
    });
    close();
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'port-in-use' } });
    expectWholeRun('failed');
    expect(of('port-examined')).toEqual([]);
  });
});

describe('a recorded run', () => {
  it.each([
    ['welcome', welcome],
    ['string', string],
  ] as const)('of %s can be opened again, fact by fact', async (name, run) => {
    await expectTraceOf(name, run);
  });
});

import { constants } from 'node:os';

import { describe, expect, it } from 'vitest';

import type { Result } from '../../../shared/result.ts';
import type { Fact, FactKind } from '../../../shared/trace/fact.ts';
import { runInUseExperiment } from './in-use.ts';
import type { InUseOptions, InUseOutcome } from './in-use.ts';
import { runRefusedExperiment } from './refused.ts';
import type { RefusedOptions, RefusedOutcome } from './refused.ts';
import {
  emit,
  hasProcTable,
  expectTraceOf,
  kinds,
  of,
  OPTIONS,
  SERVER,
  START,
  otherProgram,
  transcript,
  watched,
} from '../watched-run-for-tests.ts';

const refused = (
  startAfterMs: number,
  options: Partial<RefusedOptions> = {},
): Promise<Result<RefusedOutcome>> =>
  runRefusedExperiment(
    { ...OPTIONS, greeting: 'Welcome to CS 352!', startAfterMs, ...options },
    emit,
    watched.controller.signal,
  );
const inUse = (options: Partial<InUseOptions> = {}): Promise<Result<InUseOutcome>> =>
  runInUseExperiment({ ...OPTIONS, takenBy: 'listener', ...options }, emit, watched.controller.signal);

/** What holds however the run ends: one start in front, one end behind, nothing left open. */
function expectWholeRun(outcome: 'completed' | 'failed' | 'cancelled'): void {
  expect(kinds()[0]).toBe('run-started');
  expect(watched.facts.at(-1)).toMatchObject({ kind: 'run-ended', outcome, resultBytes: 0, linesSent: 0 });
  expect(of('run-ended')).toHaveLength(1);
  expect(of('closed')).toHaveLength(of('accepted').length + of('connected').length);
  expect(of('server-closed').map(({ peer }) => peer)).toEqual(
    of('server-created')
      .map(({ peer }) => peer)
      .reverse(),
  );
}

describe('a client that starts before its server', () => {
  it('is refused by the kernel, and the server listens where it was refused', async () => {
    // Early enough also on a machine that has much else to do.
    const outcome = await refused(-400);
    expectWholeRun('completed');
    expect(kinds()).toEqual([
      ...START,
      'client-created',
      'connect-called',
      'failed',
      'slept',
      ...SERVER,
      'server-closed',
      'run-ended',
    ]);
    const [listening] = of('listening');
    const [connect] = of('connect-called');
    expect(connect?.remote).toEqual(listening?.local);
    expect(connect?.remote.port).toBeGreaterThan(0);
    const [failed] = of('failed');
    expect(failed).toMatchObject({
      peer: 'client',
      problem: {
        code: 'connection-refused',
        detail: { errorCode: 'ECONNREFUSED', errno: constants.errno.ECONNREFUSED, ...connect?.remote },
      },
    });
    expect(outcome).toEqual({ ok: true, value: { refusal: failed?.problem, server: listening?.local } });
    expect(watched.facts[0]).toMatchObject({
      experiment: 'refused',
      options: { startAfterMs: -400 },
      requested: { port: 0 },
      input: { name: 'greeting', bytes: 18 },
    });
  });

  it('starts as much earlier as was asked for: the server sleeps the rest of it', async () => {
    const atMs = new Map<FactKind, number>();
    watched.onFact = ({ kind }) => atMs.set(kind, performance.now());
    await refused(-400);
    const [slept] = of('slept');
    expect(slept).toMatchObject({ peer: 'server' });
    expect(slept?.ms).toBeGreaterThan(0);
    expect(slept?.ms).toBeLessThanOrEqual(400);
    const earlier = (atMs.get('server-created') ?? 0) - (atMs.get('client-created') ?? 0);
    // A timer may fire up to a millisecond early.
    expect(earlier).toBeGreaterThan(398);
  });

  it("is in the transcript in the course's words", async () => {
    await refused(-1);
    const [failed] = of('failed');
    const lines = transcript();
    expect(lines.slice(0, 4)).toEqual([
      '[C]: Client socket created',
      `[C]: ${failed?.problem.message ?? ''}`,
      'Done.',
      '[S]: Server socket created',
    ]);
    expect(lines.filter((line) => line === 'Done.')).toHaveLength(1);
  });

  it('is accepted where another program listens, and the run fails because the port is in use', async () => {
    const { port } = await otherProgram((socket) => socket.end('Hi'));
    expect(await refused(-30, { port })).toMatchObject({ ok: false, problem: { code: 'port-in-use' } });
    expectWholeRun('failed');
    expect(of('connected')).toMatchObject([{ remote: { port } }]);
    expect(of('read')).toMatchObject([
      { peer: 'client', side: 'client', data: { bytes: Buffer.from('Hi') } },
    ]);
    expect(of('text-received')).toMatchObject([{ side: 'client', bytes: 2 }]);
    expect(of('failed')).toMatchObject([{ peer: 'server', problem: { code: 'port-in-use' } }]);
    if (hasProcTable) expect(of('port-examined')).toMatchObject([{ port, holder: { pid: process.pid } }]);
  });

  it('waits for a program that sends nothing only until its server starts', async () => {
    const { port } = await otherProgram();
    const beginMs = performance.now();
    expect(await refused(-30, { port })).toMatchObject({ ok: false, problem: { code: 'port-in-use' } });
    expect(performance.now() - beginMs).toBeLessThan(3_000);
    expectWholeRun('failed');
    expect(of('end-called')).toMatchObject([{ side: 'client' }]);
    expect(of('text-received')).toEqual([]);
    expect(kinds().indexOf('closed')).toBeLessThan(kinds().indexOf('server-created'));
  });

  it('is not refused by a program that then releases the port, and nothing has failed', async () => {
    const { port } = await otherProgram((socket, close) => {
      close();
      socket.end('Hi');
    });
    expect(await refused(-30, { port })).toEqual({
      ok: true,
      value: { server: { address: '127.0.0.1', port } },
    });
    expectWholeRun('completed');
    expect(of('failed')).toEqual([]);
    expect(of('listening')).toHaveLength(1);
  });

  it('fails where it is cut off by another program, for that reason', async () => {
    const reset: (() => void)[] = [];
    const { port } = await otherProgram((socket) => {
      reset.push(() => socket.resetAndDestroy());
    });
    watched.onFact = ({ kind }) => {
      // A turn later, when the other program has accepted the connection too.
      if (kind === 'connected') setImmediate(() => reset[0]?.());
    };
    expect(await refused(-30, { port })).toMatchObject({ ok: false, problem: { code: 'connection-reset' } });
    expectWholeRun('failed');
    expect(of('failed')).toHaveLength(1);
    expect(of('server-created')).toEqual([]);
  });
});

describe('a client that starts when its server listens, or later', () => {
  it('is greeted as in the welcome, without a sleep at 0', async () => {
    const outcome = await refused(0);
    expectWholeRun('completed');
    expect(kinds().slice(0, START.length + SERVER.length + 2)).toEqual([
      ...START,
      ...SERVER,
      'client-created',
      'connect-called',
    ]);
    expect(of('slept')).toEqual([]);
    expect(of('text-received')).toMatchObject([{ side: 'client', bytes: 18 }]);
    expect(outcome).toEqual({ ok: true, value: { server: of('listening')[0]?.local } });
    expect(transcript().filter((line) => /^(?:Done|\[C\])/.test(line))).toEqual([
      'Done.',
      '[C]: Client socket created',
      '[C]: Data received from server: Welcome to CS 352!',
    ]);
  });

  it('sleeps between the listening and its own start', async () => {
    const atMs = new Map<FactKind, number>();
    watched.onFact = ({ kind }) => atMs.set(kind, performance.now());
    await refused(40);
    expectWholeRun('completed');
    expect(kinds().slice(START.length + SERVER.length - 1, START.length + SERVER.length + 2)).toEqual([
      'listening',
      'slept',
      'client-created',
    ]);
    expect(of('slept')).toEqual([{ kind: 'slept', peer: 'client', seenBy: 'program', ms: 40 }]);
    expect((atMs.get('client-created') ?? 0) - (atMs.get('listening') ?? 0)).toBeGreaterThan(38);
  });

  it('is greeted when its server has waited for the port and got it', async () => {
    const { port, close } = await otherProgram();
    watched.onFact = ({ kind }) => {
      if (kind === 'port-awaited') close();
    };
    expect(await refused(0, { port, waitForPort: true })).toEqual({
      ok: true,
      value: { server: { address: '127.0.0.1', port } },
    });
    expectWholeRun('completed');
    expect(of('failed')).toMatchObject([{ peer: 'server', problem: { code: 'port-in-use' } }]);
    expect(of('text-received')).toMatchObject([{ side: 'client', bytes: 18 }]);
  });

  it('is cancelled while its server waits for the port, and that is the reason of its end', async () => {
    const { port } = await otherProgram();
    watched.onFact = ({ kind }) => {
      if (kind !== 'port-awaited') return;
      setImmediate(() => {
        watched.controller.abort();
      });
    };
    expect(await refused(0, { port, waitForPort: true })).toMatchObject({
      ok: false,
      problem: { code: 'cancelled' },
    });
    expectWholeRun('cancelled');
    expect(of('failed').map(({ problem }) => problem.code)).toEqual(['port-in-use', 'cancelled']);
    expect(of('client-created')).toEqual([]);
  });

  it('fails with its server where another program has the port', async () => {
    const { port } = await otherProgram();
    expect(await refused(0, { port })).toMatchObject({ ok: false, problem: { code: 'port-in-use' } });
    expectWholeRun('failed');
    expect(of('client-created')).toEqual([]);
    if (hasProcTable) expect(of('port-examined')).toHaveLength(1);
  });
});

describe('a refused run', () => {
  it.each<[number, FactKind]>([
    [-1_000, 'run-started'],
    [-1_000, 'connect-called'],
    [-1_000, 'failed'],
    [5_000, 'listening'],
    [0, 'connected'],
  ])('with the client at %d ms can be cancelled at %s', async (startAfterMs, kind) => {
    watched.onFact = (fact) => {
      if (fact.kind === kind) watched.controller.abort();
    };
    expect(await refused(startAfterMs)).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expectWholeRun('cancelled');
    expect(of('slept')).toEqual([]);
  });

  it.each<[number, FactKind]>([
    [-1_000, 'failed'],
    [5_000, 'listening'],
  ])('is over at once when it is cancelled in its sleep (%d ms)', async (startAfterMs, kind) => {
    let abortedAtMs = 0;
    const abortIn = (turns: number): void => {
      setImmediate(() => {
        if (turns > 0) {
          abortIn(turns - 1);
          return;
        }
        abortedAtMs = performance.now();
        watched.controller.abort();
      });
    };
    watched.onFact = (fact) => {
      // The sleep begins with what follows from this fact; some turns of the loop later it is under way.
      if (fact.kind === kind && !watched.controller.signal.aborted) abortIn(50);
    };
    expect(await refused(startAfterMs)).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expect(abortedAtMs).toBeGreaterThan(0);
    expect(performance.now() - abortedAtMs).toBeLessThan(500);
    expectWholeRun('cancelled');
    expect(of('slept')).toEqual([]);
    expect(of(startAfterMs < 0 ? 'server-created' : 'client-created')).toEqual([]);
  });

  it.each([
    [{ startAfterMs: -1_001 }, 'The client cannot start -1001 ms after the server'],
    [{ startAfterMs: 5_001 }, 'The client cannot start 5001 ms after the server'],
    [{ startAfterMs: 0.5 }, 'The client cannot start 0.5 ms after the server'],
    [{ startAfterMs: NaN }, 'The client cannot start NaN ms after the server'],
    [{ greeting: '' }, 'There is nothing to greet with'],
  ])('is refused before it opens a port where it asks for what cannot be (%#)', async (options, sentence) => {
    const outcome = await refused(-10, options);
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'bad-option' } });
    expect(outcome.ok ? '' : outcome.problem.message).toContain(sentence);
    expect(kinds()).toEqual(['run-started', 'failed', 'run-ended']);
  });
});

describe('a second server on the same port', () => {
  it('is refused, and the kernel reports that this process has the port', async () => {
    const outcome = await inUse();
    expectWholeRun('completed');
    expect(kinds().filter((kind) => kind !== 'port-examined')).toEqual([
      ...START,
      ...SERVER,
      'server-created',
      'listen-called',
      'failed',
      'server-closed',
      'server-closed',
      'run-ended',
    ]);
    const [listening] = of('listening');
    const [first, second] = of('listen-called');
    expect(first).toMatchObject({ requested: { port: 0 }, peer: 'server' });
    expect(second).toMatchObject({ requested: listening?.local, peer: 'server-2' });
    const [failed] = of('failed');
    const port = listening?.local.port ?? 0;
    expect(failed).toMatchObject({
      peer: 'server-2',
      problem: {
        code: 'port-in-use',
        message: `Port ${port} on 127.0.0.1 is in use by the first server. Choose another port or let the system pick a free one.`,
        detail: { errorCode: 'EADDRINUSE', errno: constants.errno.EADDRINUSE, port },
      },
    });
    expect(outcome).toEqual({ ok: true, value: { refusal: failed?.problem, server: listening?.local } });
    expect(watched.facts[0]).toMatchObject({
      experiment: 'in-use',
      options: { takenBy: 'listener' },
      input: { name: 'nothing', bytes: 0 },
    });
    if (!hasProcTable) return;
    expect(kinds()[kinds().indexOf('failed') + 1]).toBe('port-examined');
    expect(of('port-examined')).toMatchObject([
      { port, holder: { what: 'listener', local: listening?.local, pid: process.pid } },
    ]);
  });

  it("is in the transcript in the course's words", async () => {
    await inUse();
    const [failed] = of('failed');
    expect(transcript().slice(-3)).toEqual([
      '[S2]: Server socket created',
      `[S2]: ${failed?.problem.message ?? ''}`,
      'Done.',
    ]);
  });

  it('is not started where the first one cannot listen', async () => {
    const { port } = await otherProgram();
    expect(await inUse({ port })).toMatchObject({
      ok: false,
      problem: {
        code: 'port-in-use',
        message: `Port ${port} on 127.0.0.1 is in use by another program. Choose another port or let the system pick a free one.`,
      },
    });
    expectWholeRun('failed');
    expect(of('server-created')).toHaveLength(1);
    expect(of('failed')).toHaveLength(1);
    expect(of('failed')[0]).toMatchObject({ peer: 'server' });
    if (hasProcTable) expect(of('port-examined')).toHaveLength(1);
  });

  it('does not wait for the port, also with waitForPort: the first one waits, for another program', async () => {
    const { port, close } = await otherProgram();
    watched.onFact = ({ kind }) => {
      if (kind === 'port-awaited') close();
    };
    const outcome = await inUse({ port, waitForPort: true });
    expectWholeRun('completed');
    expect(of('failed').map(({ peer }) => peer)).toEqual(['server', 'server-2']);
    expect(outcome).toEqual({
      ok: true,
      value: { refusal: of('failed')[1]?.problem, server: { address: '127.0.0.1', port } },
    });
    expect(of('port-awaited')).toHaveLength(1);
    expect(of('listen-called').map(({ peer }) => peer)).toEqual(['server', 'server', 'server-2']);
  });

  it('leaves the port free for the next run', async () => {
    await inUse();
    const port = of('listening')[0]?.local.port ?? 0;
    watched.facts = [];
    expect(await inUse({ port })).toMatchObject({ ok: true, value: { server: { port } } });
    expectWholeRun('completed');
  });

  it.each<[string, (fact: Fact) => boolean]>([
    ['its start', ({ kind }) => kind === 'run-started'],
    ['the listening of the first', ({ kind }) => kind === 'listening'],
    ['the creation of the second', (fact) => fact.kind === 'server-created' && fact.peer === 'server-2'],
    ['the call of the second', (fact) => fact.kind === 'listen-called' && fact.peer === 'server-2'],
    ['the refusal', ({ kind }) => kind === 'failed'],
  ])('can be cancelled at %s', async (_what, isIt) => {
    watched.onFact = (fact) => {
      if (isIt(fact)) watched.controller.abort();
    };
    expect(await inUse()).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expect(watched.facts.at(-1)).toMatchObject({ kind: 'run-ended', outcome: 'cancelled' });
    expect(of('failed').filter(({ problem }) => problem.code === 'cancelled')).toHaveLength(1);
    expect(of('server-closed')).toHaveLength(of('server-created').length);
    expect(of('port-examined')).toEqual([]);
  });

  it('is cancelled while the port is examined, without waiting for the answer', async () => {
    const examinePort = (): Promise<never> => {
      watched.controller.abort();
      return new Promise(() => undefined);
    };
    expect(await inUse({ examinePort })).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expect(watched.facts.at(-1)).toMatchObject({ kind: 'run-ended', outcome: 'cancelled' });
  });
});

describe('a recorded run', () => {
  it.each([
    ['refused', () => refused(-5)],
    ['refused', () => refused(5)],
    ['in-use', inUse],
  ] as const)('of %s can be opened again, fact by fact (%#)', async (name, run) => {
    await expectTraceOf(name, run);
  });
});

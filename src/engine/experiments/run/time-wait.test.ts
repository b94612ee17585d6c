import { chmod, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import type { Result } from '../../../shared/result.ts';
import type { Fact, FactKind } from '../../../shared/trace/fact.ts';
import { examinePort } from '../../evidence/kernel/port-doctor.ts';
import { runInUseExperiment } from './in-use.ts';
import type { InUseOptions, InUseOutcome } from './in-use.ts';
import {
  cleanUp,
  emit,
  kinds,
  of,
  OPTIONS,
  otherProgram,
  temporaryFolder,
  transcript,
  watched,
} from '../watched-run-for-tests.ts';
import { runWelcomeExperiment } from './welcome.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const run = (options: Partial<InUseOptions> = {}): Promise<Result<InUseOutcome>> =>
  runInUseExperiment({ ...OPTIONS, takenBy: 'time-wait', ...options }, emit, watched.controller.signal);

/** What holds however the run ends: the last fact, every socket closed, no program left. */
function expectOver(outcome: 'completed' | 'failed' | 'cancelled'): void {
  expect(kinds()[0]).toBe('run-started');
  expect(watched.facts.at(-1)).toMatchObject({ kind: 'run-ended', outcome });
  expect(of('run-ended')).toHaveLength(1);
  expect(of('closed')).toHaveLength(of('accepted').length + of('connected').length);
  expect(of('server-closed')).toHaveLength(of('server-created').length);
  expect(of('program-ended').map(({ pid }) => pid)).toEqual(of('program-started').map(({ pid }) => pid));
  for (const { pid } of of('program-started')) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
}

/**
 * Ends the TIME_WAIT that the run's client left on the server's side, as a duplicate segment can (RFC 1337, hazard 3):
 * the kernel answers a SYN from the same port with an ACK, and the reset that follows frees the port.
 */
async function endTimeWait(): Promise<void> {
  const [connected] = of('connected');
  if (connected === undefined) throw new Error('no client was connected');
  const { local, remote } = connected;
  const socket = connect({ host: remote.address, port: remote.port, localPort: local.port });
  socket.on('error', () => undefined);
  cleanUp.push(() => socket.destroy());
  await vi.waitFor(
    async () => {
      const holder = (await examinePort(remote.port, remote.address))?.holder;
      if (holder?.what === 'time-wait') throw new Error('it is still there');
    },
    // As long as a test may take: the kernel's table is long, and others may need the processor.
    { interval: 10, timeout: 20_000 },
  );
  socket.destroy();
}

/** A run that waits the whole minute out, beside all other tests of this file, so that they do not wait for it. */
const minute = new AbortController();
const minuteFacts: { readonly fact: Fact; readonly atMs: number }[] = [];
let minuteOutcome: Promise<Result<InUseOutcome>> | undefined;

const LEFT_BEHIND: readonly FactKind[] = [
  'program-started',
  'client-created',
  'connect-called',
  'connected',
  'read',
  'end-received',
  'text-received',
  'end-called',
  'closed',
  'program-ended',
];

// Only Linux is known to refuse a server that sets SO_REUSEADDR, and reports for how long.
describe.runIf(process.platform === 'linux')('a port that a Python program left in TIME_WAIT', () => {
  beforeAll(() => {
    minuteOutcome = runInUseExperiment(
      { ...OPTIONS, takenBy: 'time-wait', waitForPort: true },
      (fact) => minuteFacts.push({ fact, atMs: performance.now() }),
      minute.signal,
    );
  });
  afterAll(async () => {
    minute.abort();
    await minuteOutcome;
  });

  it('cannot be bound by our server, and the kernel reports for how long', async () => {
    const outcome = await run();
    expectOver('completed');
    // The program may end before our client's end is closed.
    const shown = kinds().filter((kind) => kind !== 'program-ended' && kind !== 'closed');
    expect(shown).toEqual([
      'run-started',
      'ephemeral-range-read',
      ...LEFT_BEHIND.filter((kind) => kind !== 'program-ended' && kind !== 'closed'),
      'server-created',
      'host-named',
      'listen-called',
      'failed',
      'port-examined',
      'server-closed',
      'run-ended',
    ]);
    expect(kinds().indexOf('program-ended')).toBeLessThan(kinds().indexOf('server-created'));
    expect(watched.facts[0]).toMatchObject({
      experiment: 'in-use',
      options: { takenBy: 'time-wait' },
      requested: { port: 0 },
    });
    const [started] = of('program-started');
    expect(started).toMatchObject({ program: 'python3' });
    expect(started?.version).toMatch(/^Python 3\.\d+/);
    expect(of('program-ended')).toMatchObject([{ exitCode: 0 }]);
    expect(of('read')).toMatchObject([
      { side: 'client', bytes: 18, data: { bytes: Buffer.from('Welcome to CS 352!') } },
    ]);

    const [connected] = of('connected');
    const port = connected?.remote.port ?? 0;
    const [failed] = of('failed');
    expect(failed).toMatchObject({
      peer: 'server',
      problem: {
        code: 'port-in-use',
        message: `Port ${port} on 127.0.0.1 is in use by a connection that has ended. Choose another port or let the system pick a free one.`,
        detail: { errorCode: 'EADDRINUSE', errno: constants.errno.EADDRINUSE, port },
      },
    });
    expect(outcome).toEqual({
      ok: true,
      value: { refusal: failed?.problem, server: { address: OPTIONS.host, port } },
    });
    const [examined] = of('port-examined');
    const holder = examined?.holder;
    expect(holder).toMatchObject({ what: 'time-wait', local: connected?.remote, remote: connected?.local });
    expect(holder?.what === 'time-wait' && holder.secondsLeft).toBeGreaterThan(50);
    expect(holder?.what === 'time-wait' && holder.secondsLeft).toBeLessThanOrEqual(60);
  });

  it("is in the transcript in the course's words", async () => {
    await run();
    const lines = transcript();
    const [started] = of('program-started');
    const [failed] = of('failed');
    expect(lines.filter((line) => !/host|IP/.test(line))).toEqual([
      `[P]: ${started?.version ?? ''} started (process ${started?.pid ?? 0})`,
      '[C]: Client socket created',
      '[C]: Data received from server: Welcome to CS 352!',
      '[P]: python3 ended',
      '[S]: Server socket created',
      `[S]: ${failed?.problem.message ?? ''}`,
      'Done.',
    ]);
  });

  it('is found as an earlier run left it, and is not left again', async () => {
    await run();
    const port = of('connected')[0]?.remote.port ?? 0;
    watched.facts = [];
    expect(await run({ port })).toMatchObject({ ok: true, value: { refusal: { code: 'port-in-use' } } });
    expectOver('completed');
    expect(kinds()).toEqual([
      'run-started',
      'ephemeral-range-read',
      'port-examined',
      'server-created',
      'host-named',
      'listen-called',
      'failed',
      'port-examined',
      'server-closed',
      'run-ended',
    ]);
    expect(of('port-examined')).toMatchObject([
      { port, holder: { what: 'time-wait' } },
      { port, holder: { what: 'time-wait' } },
    ]);
  });

  it('is waited for second by second by the kernel’s own countdown, and bound as soon as it is free', async () => {
    watched.onFact = ({ kind }) => {
      if (kind === 'port-examined' && of('port-examined').length === 3) void endTimeWait();
    };
    const outcome = await run({ waitForPort: true });
    expectOver('completed');
    const [failed] = of('failed');
    const [listening] = of('listening');
    expect(outcome).toEqual({ ok: true, value: { refusal: failed?.problem, server: listening?.local } });
    expect(kinds().slice(kinds().indexOf('listen-called'))).toEqual([
      'listen-called',
      'failed',
      'port-examined',
      'port-awaited',
      'port-examined',
      'port-examined',
      'listen-called',
      'listening',
      'server-closed',
      'run-ended',
    ]);
    const left = of('port-examined').map(({ holder }) =>
      holder.what === 'time-wait' ? (holder.secondsLeft ?? 0) : 0,
    );
    expect(left).toEqual([...left].sort((first, second) => second - first));
    expect((left[0] ?? 0) - (left[2] ?? 0)).toBeGreaterThanOrEqual(1);
  });

  it('is left only when another program has released the port, where the run waits', async () => {
    const { port, close } = await otherProgram();
    watched.onFact = ({ kind }) => {
      if (kind !== 'port-awaited') return;
      if (of('port-awaited').length === 1) close();
      else void endTimeWait();
    };
    expect(await run({ port, waitForPort: true })).toMatchObject({
      ok: true,
      value: { refusal: { code: 'port-in-use' }, server: { port } },
    });
    expectOver('completed');
    const order = kinds().filter((kind) =>
      ['port-awaited', 'program-started', 'failed', 'listening'].includes(kind),
    );
    expect(order).toEqual(['port-awaited', 'program-started', 'failed', 'port-awaited', 'listening']);
  });

  it('is left on another port where a server of ours has left the port in TIME_WAIT', async () => {
    await runWelcomeExperiment({ ...OPTIONS, greeting: 'Hi' }, emit, watched.controller.signal);
    const port = of('listening')[0]?.local.port ?? 0;
    watched.facts = [];
    const outcome = await run({ port });
    expect(outcome).toMatchObject({ ok: true, value: { refusal: { code: 'port-in-use' } } });
    expectOver('completed');
    const used = of('connect-called')[0]?.remote.port ?? 0;
    expect(used).not.toBe(port);
    expect(of('port-examined')).toMatchObject([
      { port, holder: { what: 'time-wait' } },
      { port: used, holder: { what: 'time-wait' } },
    ]);
    expect(of('listen-called')).toMatchObject([{ requested: { port: used } }]);
  });

  it('is not left where another program listens: the program fails, and the run with it', async () => {
    const { port } = await otherProgram();
    expect(await run({ port })).toMatchObject({
      ok: false,
      problem: {
        code: 'port-in-use',
        message: `Port ${port} on 127.0.0.1 is in use by another program. Choose another port or let the system pick a free one.`,
        detail: { errorCode: 'EADDRINUSE', errno: constants.errno.EADDRINUSE, syscall: 'bind' },
      },
    });
    expectOver('failed');
    expect(of('program-ended')).toMatchObject([{ exitCode: 1 }]);
    expect(of('failed')).toHaveLength(1);
    expect(of('port-examined')).toMatchObject([{ holder: { what: 'listener', pid: process.pid } }]);
    expect(of('server-created')).toEqual([]);
  });

  it.each<FactKind>([
    'run-started',
    'program-started',
    'connect-called',
    'connected',
    'program-ended',
    'failed',
    'port-examined',
  ])(
    'is not waited for when the run is cancelled at %s, and the program does not outlive it',
    async (kind) => {
      watched.onFact = (fact) => {
        if (fact.kind === kind) watched.controller.abort();
      };
      expect(await run({ waitForPort: true })).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
      expectOver('cancelled');
      expect(of('failed').filter(({ problem }) => problem.code === 'cancelled')).toHaveLength(1);
      expect(of('port-awaited')).toEqual([]);
    },
  );

  it('is no longer waited for when the run is cancelled', async () => {
    let abortedMs = 0;
    watched.onFact = ({ kind }) => {
      if (kind !== 'port-awaited') return;
      setImmediate(() => {
        abortedMs = performance.now();
        watched.controller.abort();
      });
    };
    expect(await run({ waitForPort: true })).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expect(performance.now() - abortedMs).toBeLessThan(900);
    expectOver('cancelled');
    expect(of('listen-called')).toHaveLength(1);
  });

  it('is not left where the program is killed before it listens', async () => {
    watched.onFact = (fact) => {
      if (fact.kind === 'program-started') process.kill(fact.pid, 'SIGKILL');
    };
    expect(await run()).toMatchObject({
      ok: false,
      problem: {
        code: 'program-failed',
        message:
          'python3, which was to have the port first, was ended by SIGKILL before it listened. Run again, or choose a server that listens.',
      },
    });
    expectOver('failed');
    expect(of('program-ended')[0]).not.toHaveProperty('exitCode');
    expect(of('client-created')).toEqual([]);
  });

  it('is bound a minute later, soon after the kernel has counted down', async () => {
    const outcome = await minuteOutcome;
    expect(outcome).toMatchObject({ ok: true, value: { refusal: { code: 'port-in-use' } } });
    const atMs = (kind: FactKind): number => minuteFacts.find(({ fact }) => fact.kind === kind)?.atMs ?? NaN;
    const waitedMs = atMs('listening') - atMs('port-awaited');
    expect(waitedMs).toBeGreaterThan(55_000);
    const looks = minuteFacts.flatMap(({ fact, atMs }) =>
      fact.kind === 'port-examined' && fact.holder.what === 'time-wait'
        ? [{ atMs, secondsLeft: fact.holder.secondsLeft ?? NaN }]
        : [],
    );
    // One a second at most, each as the kernel's timer has it.
    for (const [index, look] of looks.entries()) {
      const next = looks[index + 1];
      if (next === undefined) continue;
      expect(next.atMs - look.atMs).toBeGreaterThan(990);
      expect(next.secondsLeft).toBeLessThanOrEqual(look.secondsLeft);
    }
    const last = looks.at(-1);
    const dueMs = (last?.atMs ?? NaN) + 1_000 * (last?.secondsLeft ?? NaN);
    // The kernel's own timer is late by up to 2 s at this length, and so may a loaded machine be.
    expect(atMs('listening')).toBeLessThan(dueMs + 5_000);
    expect(minuteFacts.filter(({ fact }) => fact.kind === 'listen-called')).toHaveLength(2);
  }, 90_000);
});

/** A folder that is the whole PATH, with `python3` in it where there is a script. */
async function onlyProgram(script?: string): Promise<void> {
  const folder = await temporaryFolder();
  if (script !== undefined) {
    await writeFile(join(folder, 'python3'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'python3'), 0o755);
  }
  vi.stubEnv('PATH', folder);
}

describe.runIf(process.platform === 'linux')('a system on which python3 cannot be run', () => {
  it('reports what is missing, why it is needed and what to do, before anything happens', async () => {
    await onlyProgram();
    expect(await run()).toEqual({
      ok: false,
      problem: {
        code: 'program-missing',
        message:
          'python3 is not on this machine, and here it is needed: Node sets SO_REUSEADDR on every server, so what ours leave in TIME_WAIT keeps no port from them. Install python3, or choose a server that listens.',
        detail: { errorCode: 'ENOENT', path: 'python3' },
      },
    });
    expect(kinds()).toEqual(['run-started', 'failed', 'run-ended']);
  });

  it('reports a program of that name that does not work', async () => {
    await onlyProgram('exit 127');
    const outcome = await run();
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'program-missing' } });
    expect(outcome.ok ? '' : outcome.problem.message).toContain('python3 does not run on this machine');
    expect(kinds()).toEqual(['run-started', 'failed', 'run-ended']);
  });

  it('ends a program of that name that never listens, when the run is cancelled', async () => {
    await onlyProgram('case "$1" in --version) echo Python 3.0;; *) exec /bin/sleep 60;; esac');
    watched.onFact = ({ kind }) => {
      if (kind !== 'program-started') return;
      setImmediate(() => {
        watched.controller.abort();
      });
    };
    expect(await run()).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expectOver('cancelled');
    expect(of('program-started')).toMatchObject([{ version: 'Python 3.0' }]);
  });
});

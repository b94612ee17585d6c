import { connect } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import type { Result } from '../../../shared/result.ts';
import type { Fact, FactKind } from '../../../shared/trace/fact.ts';
import { textOf } from '../../../shared/trace/recorded-bytes.ts';
import { findFreePort } from '../../net/free-port.ts';
import { OTHER_CLIENTS_LIMITS } from '../../net/other-clients.ts';
import { createTraceWriter } from '../../recording/trace-writer.ts';
import { allFactsOf, traceIn } from '../../recording/trace-for-tests.ts';
import { runPortsExperiment } from './ports.ts';
import type { PortsOptions, PortsOutcome } from './ports.ts';
import { runRaceExperiment } from './race.ts';
import type { RaceOptions, RaceOutcome } from './race.ts';
import {
  cleanUp,
  emit,
  hasProcTable,
  kinds,
  of,
  OPTIONS,
  rounds,
  otherProgram,
  temporaryFolder,
  watched,
} from '../watched-run-for-tests.ts';

/** When each fact was seen, as performance.now() counts. */
let seenAtMs: number[] = [];

beforeEach(() => {
  seenAtMs = [];
});

const emitSeen = (fact: Fact, atMs = performance.now()): void => {
  // A fact of another thread cannot be later than now.
  expect(atMs).toBeLessThanOrEqual(performance.now());
  seenAtMs.push(atMs);
  emit(fact);
};

/** When the first fact of a kind was seen. */
const firstAtMs = (kind: FactKind): number => seenAtMs[kinds().indexOf(kind)] ?? NaN;

const GREETED = { ...OPTIONS, greeting: 'Welcome to CS 352!' } as const;

const race = (options: Partial<RaceOptions> = {}): Promise<Result<RaceOutcome>> =>
  runRaceExperiment({ ...GREETED, rounds: 3, pauseMs: 0, ...options }, emitSeen, watched.controller.signal);
const ports = (options: Partial<PortsOptions> = {}): Promise<Result<PortsOutcome>> =>
  runPortsExperiment({ ...GREETED, runs: 3, ...options }, emitSeen, watched.controller.signal);

/**
 * What holds however the run ends: one start in front, one end behind, nothing left open, and no fact before an older
 * one.
 */
function expectWholeRun(outcome: 'completed' | 'failed' | 'cancelled'): void {
  expect(kinds()[0]).toBe('run-started');
  expect(watched.facts.at(-1)).toMatchObject({ kind: 'run-ended', outcome, resultBytes: 0, linesSent: 0 });
  expect(of('run-ended')).toHaveLength(1);
  expect(of('closed')).toHaveLength(of('accepted').length + of('connected').length);
  expect(of('server-closed')).toHaveLength(of('server-created').length);
  expect(seenAtMs).toEqual(seenAtMs.toSorted((one, other) => one - other));
}

async function freePort(): Promise<number> {
  const port = await findFreePort('127.0.0.1');
  if (!port.ok) throw new Error(port.problem.message);
  return port.value;
}

describe('the race', () => {
  it('has one outcome a round, as the facts of both threads say, and they add up to the rounds', async () => {
    const outcome = await race({ rounds: 12 });
    expectWholeRun('completed');
    expect(watched.facts[0]).toMatchObject({
      experiment: 'race',
      options: { rounds: 12, pauseMs: 0 },
      input: { name: 'greeting', bytes: 18 },
    });
    expect(rounds()).toHaveLength(12);
    expect(of('round-started').map(({ round }) => round)).toEqual(
      Array.from({ length: 12 }, (_none, at) => at + 1),
    );
    let connected = 0;
    let refused = 0;
    for (const round of rounds()) {
      const [called] = of('connect-called', round);
      const [listening] = of('listening', round);
      expect(called?.remote).toEqual(listening?.local);
      const failures = of('failed', round);
      if (failures.length > 0) {
        refused += 1;
        expect(failures).toMatchObject([
          {
            peer: 'client',
            problem: {
              code: 'connection-refused',
              detail: { errorCode: 'ECONNREFUSED', errno: constants.errno.ECONNREFUSED },
            },
          },
        ]);
        expect(of('accepted', round)).toEqual([]);
        expect(of('connected', round)).toEqual([]);
      } else {
        connected += 1;
        const [at] = of('connected', round);
        const [by] = of('accepted', round);
        expect({ connection: at?.connection, local: at?.local, remote: at?.remote }).toEqual({
          connection: by?.connection,
          local: by?.remote,
          remote: by?.local,
        });
        expect(of('text-received', round)).toMatchObject([{ side: 'client', bytes: 18 }]);
      }
    }
    expect(outcome).toEqual({ ok: true, value: { connected, refused, failed: 0 } });
    expect(connected + refused).toBe(12);
    expect(of('connected').map(({ connection }) => connection)).toEqual(
      Array.from({ length: connected }, (_none, at) => at + 1),
    );
  });

  it('reads of the machine once, before the first round, and keeps one port for all rounds', async () => {
    await race({ rounds: 3 });
    const before = watched.facts.slice(0, kinds().indexOf('round-started'));
    expect(kinds(before)).toEqual([
      'run-started',
      ...of('ephemeral-range-read').map(() => 'ephemeral-range-read'),
      'host-named',
    ]);
    expect(of('host-named')).toHaveLength(1);
    const asked = of('listen-called').map(({ requested }) => requested.port);
    expect(new Set(asked).size).toBe(1);
    expect(asked[0]).toBeGreaterThan(0);
  });

  it('connects in every round after a pause, which the client sleeps, and the server ends the connection first', async () => {
    const outcome = await race({ rounds: 2, pauseMs: 400 });
    expectWholeRun('completed');
    expect(outcome).toEqual({ ok: true, value: { connected: 2, refused: 0, failed: 0 } });
    for (const round of rounds()) {
      const inOrder = kinds(round);
      expect(inOrder.indexOf('listening')).toBeLessThan(inOrder.indexOf('slept'));
      expect(inOrder.indexOf('slept')).toBeLessThan(inOrder.indexOf('client-created'));
      expect(of('slept', round)).toEqual([{ kind: 'slept', peer: 'client', seenBy: 'program', ms: 400 }]);
      expect(of('end-called', round).map(({ side }) => side)).toEqual(['server', 'client']);
      // The bytes read are in the writes of the other thread.
      expect(of('read', round).map((read) => 'data' in read)).toEqual([false]);
      expect(of('wrote', round)).toMatchObject([{ peer: 'server', side: 'server' }]);
      expect(of('wrote', round).map(({ data }) => textOf(data))).toEqual(['Welcome to CS 352!']);
    }
    // The clocks of three threads are one: the sleep lies between the round's start and the client's.
    const started = firstAtMs('round-started');
    const created = firstAtMs('client-created');
    expect(created - started).toBeGreaterThanOrEqual(399);
  });

  it.runIf(hasProcTable)("finds TIME_WAIT on the server's side, because it closes first", async () => {
    await race({ rounds: 2, pauseMs: 400 });
    const examined = of('time-wait-examined');
    expect(examined).toHaveLength(2);
    for (const [at, { connection, found, source }] of examined.entries()) {
      const [connected] = of('connected', rounds()[at]);
      expect(found).toMatchObject({ side: 'server', local: connected?.remote, remote: connected?.local });
      expect(found?.secondsLeft).toBeGreaterThan(50);
      expect(found?.secondsLeft).toBeLessThanOrEqual(60);
      expect(connection).toBe(connected?.connection);
      expect(source).toContain('/proc/net/tcp');
    }
  });

  it('makes a trace that can be opened again, its times in order', async () => {
    const path = join(await temporaryFolder(), 'race.socketscope');
    const recorder = createTraceWriter({ path });
    const options = { ...GREETED, rounds: 3, pauseMs: 20 };
    await runRaceExperiment(options, recorder.emit, watched.controller.signal);
    expect(await recorder.end()).toEqual({ ok: true, value: undefined });
    await recorder.log.close();
    const trace = await traceIn(path);
    const all = await allFactsOf(trace);
    await trace.close();
    const times = all.map(({ atUs }) => atUs);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    // The times are those of the threads, and not of the moment when a round's facts were sent together.
    expect(new Set(times).size).toBeGreaterThan(times.length * 0.9);
    expect(all.at(-1)).toMatchObject({ kind: 'run-ended', outcome: 'completed' });
  });

  it('is not disturbed by other clients that connect as well', async () => {
    const port = await freePort();
    let open = true;
    const intrude = (): void => {
      if (!open) return;
      const socket = connect({ host: '127.0.0.1', port });
      socket.on('error', () => undefined).resume();
      socket.on('close', () => setImmediate(intrude));
    };
    cleanUp.push(() => {
      open = false;
    });
    watched.onFact = (fact) => {
      if (fact.kind === 'round-started' && fact.round === 1) intrude();
    };
    const outcome = await race({ port, rounds: 3, pauseMs: 400 });
    expect(outcome).toEqual({ ok: true, value: { connected: 3, refused: 0, failed: 0 } });
    expectWholeRun('completed');
    const others = of('accepted').length - 3;
    expect(others).toBeGreaterThan(0);
    expect(new Set(of('accepted').map(({ connection }) => connection)).size).toBe(others + 3);
    for (const round of rounds()) {
      const [connected] = of('connected', round);
      const ours = of('accepted', round).filter(({ connection }) => connection === connected?.connection);
      expect(ours.map(({ remote }) => remote)).toEqual([connected?.local]);
    }
  });

  it('goes on where more clients connect than its server accepts, and send more than is kept', async () => {
    const port = await freePort();
    const chunk = Buffer.alloc(1024 ** 2, 'x');
    let wanted = 150;
    /** How many were connected at some time. */
    let came = 0;
    const crowd = (): void => {
      const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
      cleanUp.push(() => socket.destroy());
      const talk = (): void => {
        if (!socket.destroyed) socket.write(chunk, () => setImmediate(talk));
      };
      socket.on('error', () => undefined).resume();
      socket.once('connect', () => {
        came += 1;
        if (came <= 5) talk();
      });
      // The server does not listen yet.
      socket.once('close', () => {
        if (came === 0 && wanted > 0) setImmediate(crowd);
      });
    };
    cleanUp.push(() => (wanted = 0));
    watched.onFact = (fact) => {
      if (fact.kind === 'round-started') for (let count = 0; count < wanted; count += 1) crowd();
    };
    const outcome = await race({ port, rounds: 1, pauseMs: 1_000 });
    expectWholeRun('completed');
    // The client may have been turned away, too.
    const connected = of('text-received').length;
    expect(outcome).toEqual({ ok: true, value: { connected, refused: 0, failed: 1 - connected } });
    const read = of('read').filter(({ side }) => side === 'server');
    expect(read.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(OTHER_CLIENTS_LIMITS.maxBytes);
    const turnedAway = of('failed').filter(({ problem }) => problem.code === 'too-many-clients');
    const [ours] = of('connected');
    expect(
      [...of('accepted'), ...turnedAway].filter((fact) => fact.connection === ours?.connection),
    ).toHaveLength(1);
  });

  it('fails in its first round where the port is in use, and finds what holds it', async () => {
    const { port } = await otherProgram();
    const outcome = await race({ port, rounds: 500 });
    expectWholeRun('failed');
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'port-in-use', detail: { errno: constants.errno.EADDRINUSE, port } },
    });
    expect(rounds()).toHaveLength(1);
    expect(of('failed')).toMatchObject([{ peer: 'server', problem: { code: 'port-in-use' } }]);
    expect(of('port-examined')).toMatchObject(
      hasProcTable ? [{ port, holder: { what: 'listener', pid: process.pid } }] : [{ port }],
    );
  });

  it('examines the port with the given function', async () => {
    const { port } = await otherProgram();
    const holder = { what: 'unknown', why: 'Nobody knows.' } as const;
    await race({ port, examinePort: () => Promise.resolve({ holder, source: 'a table' }) });
    expect(of('port-examined')).toEqual([
      { kind: 'port-examined', peer: 'server', seenBy: 'kernel', port, holder, source: 'a table' },
    ]);
  });

  it('ends at once when it is cancelled while a client sleeps', async () => {
    watched.onFact = (fact) => {
      if (fact.kind === 'round-started') {
        setImmediate(() => {
          watched.controller.abort();
        });
      }
    };
    const outcome = await race({ rounds: 5, pauseMs: 5_000 });
    const began = firstAtMs('round-started');
    expect((seenAtMs.at(-1) ?? NaN) - began).toBeLessThan(5_000);
    expectWholeRun('cancelled');
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expect(of('slept')).toEqual([]);
    expect(of('client-created')).toEqual([]);
    expect(kinds().slice(-2)).toEqual(['failed', 'run-ended']);
  });

  it('ends within the round in which it is cancelled', async () => {
    watched.onFact = (fact) => {
      if (fact.kind === 'round-started' && fact.round === 4) watched.controller.abort();
    };
    const outcome = await race({ rounds: 500 });
    expectWholeRun('cancelled');
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expect(rounds()).toHaveLength(4);
  });

  it('begins no round when it is cancelled before', async () => {
    watched.controller.abort();
    expect(await race()).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expectWholeRun('cancelled');
    expect(rounds()).toEqual([]);
  });

  it.each([
    [{ rounds: 0 }, 'A race cannot have 0 rounds: choose a whole number from 1 to 500.'],
    [{ rounds: 501 }, 'A race cannot have 501 rounds: choose a whole number from 1 to 500.'],
    [{ pauseMs: -1 }, 'The client cannot wait for -1 ms: choose a whole number from 0 to 5000.'],
    [{ pauseMs: 0.5 }, 'The client cannot wait for 0.5 ms: choose a whole number from 0 to 5000.'],
    [{ greeting: '' }, 'There is nothing to greet with: type at least one character.'],
  ])('refuses what it cannot do: %j', async (options, message) => {
    expect(await race(options)).toEqual({ ok: false, problem: { code: 'bad-option', message, detail: {} } });
    expectWholeRun('failed');
    expect(of('server-created')).toEqual([]);
    const [first] = of('run-started');
    // What cannot be is not recorded: the run can be opened.
    const recorded = { rounds: 3, pauseMs: 0 };
    const valid = Object.entries(recorded).filter(([name]) => !Object.hasOwn(options, name));
    expect(first?.options).toEqual(Object.fromEntries(valid));
  });
});

describe('the ephemeral ports', () => {
  it('connects so many clients one after the other to one server, and returns the port of each', async () => {
    const outcome = await ports({ runs: 6 });
    expectWholeRun('completed');
    expect(watched.facts[0]).toMatchObject({ experiment: 'ports', options: { runs: 6 } });
    const [listening] = of('listening');
    const connected = of('connected');
    expect(outcome).toEqual({
      ok: true,
      value: { clientPorts: connected.map(({ local }) => local.port), server: listening?.local },
    });
    expect(connected.map(({ remote }) => remote)).toEqual(connected.map(() => listening?.local));
    expect(connected.map(({ connection }) => connection)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(of('server-created')).toHaveLength(1);
    expect(rounds().map((round) => of('round-started', round)[0]?.round)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const round of rounds()) {
      expect(of('connected', round)).toHaveLength(1);
      expect(of('text-received', round)).toMatchObject([{ side: 'client', bytes: 18 }]);
      // One is closed at both ends before the next one comes.
      expect(of('closed', round)).toHaveLength(2);
    }
    const [range] = of('ephemeral-range-read');
    for (const { local } of range === undefined ? [] : connected) {
      expect(local.port).toBeGreaterThanOrEqual(range?.from ?? 0);
      expect(local.port).toBeLessThanOrEqual(range?.to ?? 0);
    }
  });

  it('ends within the client that is under way when it is cancelled', async () => {
    watched.onFact = (fact) => {
      if (fact.kind === 'round-started' && fact.round === 3) watched.controller.abort();
    };
    expect(await ports({ runs: 200 })).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expectWholeRun('cancelled');
    expect(rounds()).toHaveLength(3);
    expect(of('connected')).toHaveLength(2);
  });

  it('fails before the first client where the port is in use', async () => {
    const { port } = await otherProgram();
    expect(await ports({ port })).toMatchObject({ ok: false, problem: { code: 'port-in-use' } });
    expectWholeRun('failed');
    expect(rounds()).toEqual([]);
    expect(of('port-examined')).toMatchObject([{ port }]);
  });

  it.each([
    [{ runs: 0 }, 'The client cannot be run 0 times: choose a whole number from 1 to 200.'],
    [{ runs: 201 }, 'The client cannot be run 201 times: choose a whole number from 1 to 200.'],
    [{ greeting: '' }, 'There is nothing to greet with: type at least one character.'],
  ])('refuses what it cannot do: %j', async (options, message) => {
    expect(await ports(options)).toEqual({ ok: false, problem: { code: 'bad-option', message, detail: {} } });
    expectWholeRun('failed');
  });
});

// Starts and drives the two threads of the race: they live as long as the run, wait at one gate before each round, and
// are released at the same time.

import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';

import type { Problem } from '../../../../shared/result.ts';
import type { Endpoint, Side } from '../../../../shared/trace/fact.ts';
import { cancelledProblem } from '../../../net/problems.ts';
import { mergeSides } from './merge-sides.ts';
import { connectRpc, type Rpc } from '../../../system/thread-rpc.ts';
import type { RaceCalls, Racer, RacerCalls, TimedFact } from './racer-protocol.ts';

/** The facts and the outcome of one round. */
export interface RoundRecord {
  /** In the order of their times; `atMs` is on `performance.now()` of the thread that called. */
  readonly facts: readonly TimedFact[];
  /** The client's own address and port, once it was connected. */
  readonly client: Endpoint | undefined;
  /** Why the client was not greeted. */
  readonly clientProblem: Problem | undefined;
  /** Why the server could not listen. */
  readonly serverProblem: Problem | undefined;
}

export interface RacingThreads {
  /**
   * Runs one round: `onRelease` is called right before both threads are released. Resolves when all sockets of the round
   * are closed. Rejects where a thread failed.
   */
  runRound(onRelease: () => void): Promise<RoundRecord>;
  /** Terminates the threads; must not be called during a round. */
  end(): Promise<void>;
}

/**
 * Starts both threads; the first round waits until they have started. An abort of `signal` ends the current round: its
 * client is cancelled, its server closed.
 */
export function startRacingThreads(plan: Omit<Racer, 'side' | 'gate'>, signal: AbortSignal): RacingThreads {
  const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const gate = new Int32Array(shared);
  const server = startRacer({ ...plan, side: 'server', gate: shared });
  const client = startRacer({ ...plan, side: 'client', gate: shared });
  let lastConnection = 0;
  let round = 0;

  async function runRound(onRelease: () => void): Promise<RoundRecord> {
    round += 1;
    // As in the course's program, the server's thread is started first.
    const serverRound = server.runRound(round);
    const clientRound = client.runRound(round);
    await Promise.all([serverRound.ready, clientRound.ready]);

    const abort = (): void => {
      const problem = cancelledProblem(signal);
      server.rpc.send('abort', problem);
      client.rpc.send('abort', problem);
    };
    const serverOver = serverRound.over.then((over) => {
      // Our server does not listen: another program may have accepted the client and never send anything.
      if (over.problem !== undefined) client.rpc.send('abort', over.problem);
      return over;
    });
    const clientOver = clientRound.over.then((over) => {
      server.rpc.send('clientDone', over.client);
      return over;
    });
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      onRelease();
      Atomics.store(gate, 0, round);
      Atomics.notify(gate, 0);
      const [atServer, atClient] = await Promise.all([serverOver, clientOver]);
      const merged = mergeSides(atServer.facts, atClient.facts, lastConnection + 1);
      for (const { fact } of merged) {
        if ('connection' in fact) lastConnection = Math.max(lastConnection, fact.connection ?? 0);
      }
      const aheadMs = hrtimeAheadMs();
      return {
        facts: merged.map(({ fact, atMs }) => ({ fact, atMs: atMs - aheadMs })),
        client: atClient.client,
        clientProblem: atClient.problem,
        serverProblem: atServer.problem,
      };
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  return {
    runRound,
    async end() {
      await Promise.all([server.end(), client.end()]);
    },
  };
}

interface StartedRacer {
  readonly rpc: Rpc<RacerCalls>;
  /** Both reject where the thread failed. */
  runRound(round: number): {
    readonly ready: Promise<void>;
    readonly over: ReturnType<RacerCalls['runRound']>;
  };
  end(): Promise<void>;
}

function startRacer(racer: Racer): StartedRacer {
  const worker = startThread(racer);
  let isReady: () => void = () => undefined;
  const rpc = connectRpc<RacerCalls, RaceCalls>(worker, {
    ready() {
      isReady();
    },
  });
  worker.once('error', (cause) => {
    rpc.close(new Error(`The ${nameOf(racer.side)} thread of the race broke down`, { cause }));
  });
  worker.once('exit', () => {
    rpc.close(new Error(`The ${nameOf(racer.side)} thread of the race ended too early`));
  });
  return {
    rpc,
    runRound(round) {
      const ready = new Promise<void>((resolve) => {
        isReady = resolve;
      });
      const over = rpc.call('runRound', round);
      // A thread that fails before it is ready never calls `ready`.
      return { ready: Promise.race([ready, over.then(() => undefined)]), over };
    },
    async end() {
      await worker.terminate();
    },
  };
}

function nameOf(side: Side): string {
  return side === 'server' ? "server's" : "client's";
}

/**
 * The thread's program is a file beside this one: TypeScript in the sources, JavaScript in the app's build. The
 * terminal command is built as one module, which is also the program of the threads.
 */
function startThread(workerData: Racer): Worker {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new Worker(new URL('racer-from-sources.mjs', here), { workerData });
  if (here.endsWith('.cjs')) return new Worker(new URL('racer.cjs', here), { workerData });
  return new Worker(new URL(here), { workerData });
}

/** Both clocks are monotonic and differ by a constant, which is measured: of five samples the tightest one counts. */
function hrtimeAheadMs(): number {
  let aheadMs = 0;
  let tightestMs = Infinity;
  for (let sample = 0; sample < 5; sample += 1) {
    const before = performance.now();
    const hrtimeMs = Number(process.hrtime.bigint()) / 1e6;
    const after = performance.now();
    if (after - before < tightestMs) {
      tightestMs = after - before;
      aheadMs = hrtimeMs - (before + after) / 2;
    }
  }
  return aheadMs;
}

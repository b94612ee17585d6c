// A thread of the race: runs the course's server, or its client, once a round. Both start at the moment at which the
// gate is opened.

import { parentPort, workerData, type MessagePort } from 'node:worker_threads';

import type { Problem } from '../../../../shared/result.ts';
import type { Emit, Endpoint } from '../../../../shared/trace/fact.ts';
import { createConnections } from '../../../net/connections.ts';
import { runGreetingClient } from '../../../net/programs/greeting-client.ts';
import { startGreetingServer } from '../../../net/programs/greeting-server.ts';
import { createServerRound } from './merge-sides.ts';
import type { ServerRound } from './merge-sides.ts';
import { sleep } from '../../../net/sleep.ts';
import { connectRpc } from '../../../system/thread-rpc.ts';
import type { RaceCalls, Racer, RacerCalls, TimedFact, SideEnd } from './racer-protocol.ts';

/**
 * Listens, greets, closes the connection first, and its listener when the client is done, as the course's server does.
 */
async function serve(
  { endpoint, greeting }: Racer,
  round: ServerRound,
  signal: AbortSignal,
  clientDone: Promise<Endpoint | undefined>,
): Promise<Problem | undefined> {
  const started = await startGreetingServer(
    { requested: endpoint, connections: createConnections(), greeting: Buffer.from(greeting) },
    round.emit,
    signal,
  );
  if (!started.ok) return started.problem;
  const client = await clientDone;
  const connection = client === undefined ? undefined : round.decideOwn(client);
  // The client's FIN may not have arrived yet: closing the server now would lose its last facts.
  if (connection !== undefined) await started.value.over(connection);
  await started.value.close();
  return undefined;
}

async function connect({ endpoint, pauseMs }: Racer, signal: AbortSignal): Promise<SideEnd> {
  const facts: TimedFact[] = [];
  const emit: Emit = (fact) => {
    facts.push({ fact, atMs: nowMs() });
  };
  const problem = await sleep('client', pauseMs, emit, signal);
  if (problem !== undefined) return { facts, client: undefined, problem };
  const end = await runGreetingClient({ remote: endpoint, connections: createConnections() }, emit, signal);
  return { facts, client: end.local, problem: end.problem };
}

/** The time on the clock of `process.hrtime()`. */
function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function serveRace(port: MessagePort, racer: Racer): void {
  const gate = new Int32Array(racer.gate);
  let abort = new AbortController();
  let resolveClientDone: (client: Endpoint | undefined) => void = () => undefined;

  const race = connectRpc<RaceCalls, RacerCalls>(port, {
    async runRound(round) {
      abort = new AbortController();
      const { signal } = abort;
      const clientDone = new Promise<Endpoint | undefined>((resolve) => {
        resolveClientDone = resolve;
      });
      signal.addEventListener('abort', () => {
        resolveClientDone(undefined);
      });
      race.send('ready');
      Atomics.wait(gate, 0, round - 1);
      if (racer.side === 'client') return await connect(racer, signal);
      const seen = createServerRound(nowMs);
      const problem = await serve(racer, seen, signal, clientDone);
      return { facts: seen.end(), client: undefined, problem };
    },
    clientDone(client) {
      resolveClientDone(client);
    },
    abort(problem) {
      abort.abort(problem);
    },
  });
}

/** Both threads are from one build, so checking the side is enough. */
function isRacer(data: unknown): data is Racer {
  return (
    typeof data === 'object' &&
    data !== null &&
    'side' in data &&
    (data.side === 'server' || data.side === 'client')
  );
}

const racer: unknown = workerData;
if (parentPort === null || !isRacer(racer)) {
  throw new Error('This is a thread of the race and no program of its own');
}
serveRace(parentPort, racer);

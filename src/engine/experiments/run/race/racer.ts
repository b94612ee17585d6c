// One of the two threads of the race: it runs the course's server, or its client, once a round, from the moment on at
// which both are released.

import { parentPort, workerData, type MessagePort } from 'node:worker_threads';

import type { Emit, Endpoint } from '../../../../shared/trace/fact.ts';
import { createConnections } from '../../../net/connections.ts';
import { runGreetingClient } from '../../../net/programs/greeting-client.ts';
import { startGreetingServer } from '../../../net/programs/greeting-server.ts';
import { sleep } from '../../../net/sleep.ts';
import { connectRpc } from '../../../system/thread-rpc.ts';
import type { RaceCalls, Racer, RacerCalls, SeenFact, SideEnd } from './racer-protocol.ts';

/** Listens, greets, closes the connection first, and its listener when the client is through, as the course's server. */
async function serve(
  { endpoint, greeting }: Racer,
  seen: readonly SeenFact[],
  emit: Emit,
  signal: AbortSignal,
  clientThrough: Promise<Endpoint | undefined>,
): Promise<SideEnd> {
  const started = await startGreetingServer(
    { requested: endpoint, connections: createConnections(), greeting: Buffer.from(greeting) },
    emit,
    signal,
  );
  if (!started.ok) return { client: undefined, problem: started.problem };
  const connection = connectionWith(await clientThrough, seen);
  // The client's end is still on its way to the server: closing now would cut the server's last facts off.
  if (connection !== undefined) await started.value.over(connection);
  await started.value.close();
  return { client: undefined, problem: undefined };
}

function connectionWith(client: Endpoint | undefined, seen: readonly SeenFact[]): number | undefined {
  if (client === undefined) return undefined;
  for (const { fact } of seen) {
    if (fact.kind === 'accepted' && fact.remote.port === client.port) return fact.connection;
  }
  return undefined;
}

async function connect({ endpoint, pauseMs }: Racer, emit: Emit, signal: AbortSignal): Promise<SideEnd> {
  const problem = await sleep('client', pauseMs, emit, signal);
  if (problem !== undefined) return { client: undefined, problem };
  const end = await runGreetingClient({ remote: endpoint, connections: createConnections() }, emit, signal);
  return { client: end.local, problem: end.problem };
}

function serveRace(port: MessagePort, racer: Racer): void {
  const gate = new Int32Array(racer.gate);
  let abort = new AbortController();
  let clientIsThrough: (client: Endpoint | undefined) => void = () => undefined;

  const race = connectRpc<RaceCalls, RacerCalls>(port, {
    async runRound(round) {
      abort = new AbortController();
      const { signal } = abort;
      const clientThrough = new Promise<Endpoint | undefined>((resolve) => {
        clientIsThrough = resolve;
      });
      signal.addEventListener('abort', () => {
        clientIsThrough(undefined);
      });
      const facts: SeenFact[] = [];
      const emit: Emit = (fact) => {
        facts.push({ fact, atMs: Number(process.hrtime.bigint()) / 1e6 });
      };
      race.send('ready');
      Atomics.wait(gate, 0, round - 1);
      const end =
        racer.side === 'server'
          ? await serve(racer, facts, emit, signal, clientThrough)
          : await connect(racer, emit, signal);
      return { facts, ...end };
    },
    clientThrough(client) {
      clientIsThrough(client);
    },
    abort(problem) {
      abort.abort(problem);
    },
  });
}

/** Both ends are of one build, so the side is all there is to check. */
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

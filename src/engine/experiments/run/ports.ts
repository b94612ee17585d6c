// Ephemeral ports, question 6 of the course: many clients connect one after the other to one server, whose port stays
// the same.

import type { Problem, Result } from '../../../shared/result.ts';
import type { OptionsOf } from '../../../shared/experiments/definitions.ts';
import { succeeded } from '../../../shared/result.ts';
import type { Emit, Endpoint } from '../../../shared/trace/fact.ts';
import type { Connections } from '../../net/connections.ts';
import { startGreetingServer } from '../../net/programs/greeting-server.ts';
import type { RunningServer } from '../../net/listen.ts';
import { executeRun, exchangeWithServer } from '../run-context.ts';
import type { LoopbackOptions, Run } from '../run-context.ts';
import { exchangeGreeting } from './welcome.ts';

export interface PortsOptions extends LoopbackOptions, OptionsOf<'ports'> {}

export interface PortsOutcome {
  /** In the order of the runs. */
  readonly clientPorts: readonly number[];
  readonly server: Endpoint;
}

/**
 * Each client is a round; the first one that fails ends the run. Resolves when every socket is closed; fails as
 * `executeRun`.
 */
export function runPortsExperiment(
  options: PortsOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<PortsOutcome>> {
  const input = { name: 'greeting', bytes: Buffer.byteLength(options.greeting) };
  return executeRun(
    { experiment: 'ports', input },
    options,
    (run) => connectOften(options, run, signal),
    emit,
    signal,
  );
}

interface Clients {
  readonly ports: readonly number[];
  readonly problem: Problem | undefined;
}

async function connectOften(
  options: PortsOptions,
  run: Run,
  signal: AbortSignal,
): Promise<Result<PortsOutcome>> {
  const { runs } = options;
  const greeting = Buffer.from(options.greeting);
  const exchanged = await exchangeWithServer<Clients>(
    options,
    run,
    (server) => startGreetingServer({ ...server, greeting }, run.emit, signal),
    (server, connections) => runClients(runs, server, connections, run.emit, signal),
  );
  if (!exchanged.ok) return exchanged;
  const problem = run.problem();
  if (problem !== undefined) return { ok: false, problem };
  const { client, server } = exchanged.value;
  return succeeded({ clientPorts: client.ports, server });
}

async function runClients(
  runs: number,
  server: RunningServer,
  connections: Connections,
  emit: Emit,
  signal: AbortSignal,
): Promise<Clients> {
  const ports: number[] = [];
  for (let round = 1; round <= runs; round += 1) {
    emit({ kind: 'round-started', seenBy: 'program', round });
    const { local, problem } = await exchangeGreeting(server, connections, emit, signal);
    if (problem !== undefined) return { ports, problem };
    if (local !== undefined) ports.push(local.port);
  }
  return { ports, problem: undefined };
}

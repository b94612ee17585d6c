// The welcome, step 1 of the course: a real server greets a real client and closes.

import type { Result } from '../../../shared/result.ts';
import { succeeded } from '../../../shared/result.ts';
import type { Emit, Endpoint } from '../../../shared/trace/fact.ts';
import type { ClientEnd } from '../../net/connect.ts';
import { runGreetingClient } from '../../net/programs/greeting-client.ts';
import { startGreetingServer } from '../../net/programs/greeting-server.ts';
import type { Connections } from '../../net/connections.ts';
import type { RunningServer } from '../../net/listen.ts';
import { executeRun, exchangeWithServer } from '../run-context.ts';
import type { ExperimentOptions, Run } from '../run-context.ts';
import type { OptionsOf } from '../../../shared/experiments/definitions.ts';

/** Nothing is reversed here: `by` and `maxLineBytes` are recorded as set, and have no effect. */
export interface WelcomeOptions extends ExperimentOptions, OptionsOf<'welcome'> {}

export interface WelcomeOutcome {
  readonly client: Endpoint;
  readonly server: Endpoint;
}

/** Resolves when every socket is closed; fails as `executeRun`. */
export function runWelcomeExperiment(
  options: WelcomeOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<WelcomeOutcome>> {
  const greeting = Buffer.from(options.greeting);
  const input = { name: 'greeting', bytes: greeting.length };
  return executeRun(
    { experiment: 'welcome', input },
    options,
    (run) => greet(greeting, options, run, signal),
    emit,
    signal,
  );
}

/** Connects a client to a greeting server, and resolves when both ends of its connection are closed. */
export async function exchangeGreeting(
  server: RunningServer,
  connections: Connections,
  emit: Emit,
  signal: AbortSignal,
): Promise<ClientEnd> {
  const client = await runGreetingClient({ remote: server.reachedAt, connections }, emit, signal);
  // The client's FIN may not have arrived yet: closing the server now would lose its last facts.
  if (client.problem === undefined && client.connection !== undefined) {
    await server.over(client.connection);
  }
  return client;
}

async function greet(
  greeting: Buffer,
  options: WelcomeOptions,
  run: Run,
  signal: AbortSignal,
): Promise<Result<WelcomeOutcome>> {
  const exchanged = await exchangeWithServer<ClientEnd>(
    options,
    run,
    (server) => startGreetingServer({ ...server, greeting }, run.emit, signal),
    (server, connections) => exchangeGreeting(server, connections, run.emit, signal),
  );
  if (!exchanged.ok) return exchanged;
  const problem = run.problem();
  if (problem !== undefined) return { ok: false, problem };
  const { client, server } = exchanged.value;
  // Without a problem the client was connected.
  return succeeded({ client: client.local ?? server, server });
}

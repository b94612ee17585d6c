// The client that starts too early, step 2 of the course: it starts before its server and is refused, or after a sleep
// and is greeted.

import type { Problem, Result } from '../../../shared/result.ts';
import { succeeded } from '../../../shared/result.ts';
import type { Emit, Endpoint } from '../../../shared/trace/fact.ts';
import { findFreePort } from '../../net/free-port.ts';
import { runGreetingClient } from '../../net/programs/greeting-client.ts';
import { startGreetingServer } from '../../net/programs/greeting-server.ts';
import type { ServerOptions } from '../../net/listen.ts';
import { sleep } from '../../net/sleep.ts';
import { executeRun, exchangeWithServer } from '../run-context.ts';
import type { ExperimentOptions, LoopbackOptions, Run } from '../run-context.ts';
import type { OptionsOf } from '../../../shared/experiments/definitions.ts';
import { exchangeGreeting } from './welcome.ts';

export interface RefusedOptions extends LoopbackOptions, OptionsOf<'refused'> {}

export interface RefusedOutcome {
  /** The refusal; absent where the client was not refused. */
  readonly refusal?: Problem;
  readonly server: Endpoint;
}

/**
 * Resolves when every socket is closed; fails as `executeRun`. A refusal is the purpose of an early client and not a
 * failure of the run. An early client that is not refused is no failure either, unless something else fails.
 */
export function runRefusedExperiment(
  options: RefusedOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<RefusedOutcome>> {
  const input = { name: 'greeting', bytes: Buffer.byteLength(options.greeting) };
  return executeRun(
    { experiment: 'refused', input },
    options,
    (run) =>
      options.startAfterMs < 0 ? clientFirst(options, run, signal) : serverFirst(options, run, signal),
    emit,
    signal,
  );
}

async function clientFirst(
  options: RefusedOptions,
  run: Run,
  signal: AbortSignal,
): Promise<Result<RefusedOutcome>> {
  const placed = await withKnownPort(options);
  if (!placed.ok) return placed;
  let refusal: Problem | undefined;
  const exchanged = await exchangeWithServer(
    placed.value,
    run,
    async (server) => {
      const early = await tryEarly(server, -options.startAfterMs, run.emit, signal);
      if (!early.ok) return early;
      refusal = early.value;
      return await startGreetingServer(
        { ...server, greeting: Buffer.from(options.greeting) },
        run.emit,
        signal,
      );
    },
    // The client has run already.
    () => Promise.resolve({ problem: undefined }),
  );
  if (!exchanged.ok) return exchanged;
  const problem = run.problem();
  if (problem !== undefined) return { ok: false, problem };
  const { server } = exchanged.value;
  return succeeded(refusal === undefined ? { server } : { refusal, server });
}

/** An early client must know the port: for port 0 a free one is chosen now. */
async function withKnownPort(options: ExperimentOptions): Promise<Result<ExperimentOptions>> {
  if (options.port !== 0) return succeeded(options);
  const port = await findFreePort(options.host);
  return port.ok ? succeeded({ ...options, port: port.value }) : port;
}

/**
 * Runs the client `earlyMs` before its server and sleeps for the rest of that time. Returns the refusal, or undefined
 * where another program accepted the client; fails where the client failed in any other way.
 */
async function tryEarly(
  { requested, connections }: ServerOptions,
  earlyMs: number,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<Problem | undefined>> {
  const startedMs = performance.now();
  const client = await runGreetingClient(
    // Another program that listens there may never send anything: the client waits until its server starts.
    { remote: requested, connections, patience: AbortSignal.timeout(earlyMs) },
    emit,
    signal,
  );
  const { problem } = client;
  if (problem !== undefined && problem.code !== 'connection-refused') return { ok: false, problem };
  const restMs = Math.round(earlyMs - (performance.now() - startedMs));
  const cancelled = await sleep('server', restMs, emit, signal);
  return cancelled === undefined ? succeeded(problem) : { ok: false, problem: cancelled };
}

async function serverFirst(
  options: RefusedOptions,
  run: Run,
  signal: AbortSignal,
): Promise<Result<RefusedOutcome>> {
  const greeting = Buffer.from(options.greeting);
  const exchanged = await exchangeWithServer<{ readonly problem: Problem | undefined }>(
    options,
    run,
    (server) => startGreetingServer({ ...server, greeting }, run.emit, signal),
    async (server, connections) => {
      const problem = await sleep('client', options.startAfterMs, run.emit, signal);
      return problem === undefined
        ? await exchangeGreeting(server, connections, run.emit, signal)
        : { problem };
    },
  );
  if (!exchanged.ok) return exchanged;
  const problem = run.problem();
  return problem === undefined ? succeeded({ server: exchanged.value.server }) : { ok: false, problem };
}

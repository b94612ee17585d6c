// The race, step 2 of the course without its sleep: server and client start at the same time in two threads, many
// times.

import type { Problem, Result } from '../../../shared/result.ts';
import { succeeded } from '../../../shared/result.ts';
import type { Emit, Endpoint } from '../../../shared/trace/fact.ts';
import { findFreePort } from '../../net/free-port.ts';
import { recordHolder } from '../../net/port-wait.ts';
import { cancelledProblem } from '../../net/problems.ts';
import { startRacingThreads, type RacingThreads, type RoundRecord } from './race/racers.ts';
import { untilAborted } from '../../system/until-aborted.ts';
import { examinePort } from '../../evidence/kernel/port-doctor.ts';
import { examineTimeWait } from '../../evidence/kernel/time-wait.ts';
import { executeRun } from '../run-context.ts';
import type { LoopbackOptions, Run } from '../run-context.ts';
import { readEphemeralRange, readHostName } from '../../system/host-facts.ts';
import type { OptionsOf } from '../../../shared/experiments/definitions.ts';

/** `waitForPort` has no effect here: with the port in use the race fails at once. */
export interface RaceOptions extends LoopbackOptions, OptionsOf<'race'> {}

export interface RaceOutcome {
  /** How often each outcome occurred; the sum is the number of rounds. */
  readonly connected: number;
  readonly refused: number;
  readonly failed: number;
}

/**
 * Resolves when every socket is closed and both threads have ended; fails as `executeRun`. A client that is refused, or
 * fails in another way, is an outcome of its round and not a failure of the run; where a server cannot listen, the run
 * fails. The facts of a round are recorded at its end, each with the time at which its thread emitted it.
 */
export function runRaceExperiment(
  options: RaceOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<RaceOutcome>> {
  const input = { name: 'greeting', bytes: Buffer.byteLength(options.greeting) };
  return executeRun(
    { experiment: 'race', input },
    options,
    (run) => race(options, run, signal),
    emit,
    // `race` returns the cancel itself, so that it is recorded after the older facts of its round.
    new AbortController().signal,
  );
}

async function race(options: RaceOptions, run: Run, signal: AbortSignal): Promise<Result<RaceOutcome>> {
  const { host, greeting, pauseMs } = options;
  const range = await readEphemeralRange(signal);
  if (range !== undefined) run.emit(range);
  const named = await readHostName(signal);
  if (named !== undefined) run.emit(named);
  const cancelled = cancelOf(signal);
  if (cancelled !== undefined) return { ok: false, problem: cancelled };

  // The client must know the port before the server listens on it.
  const port = options.port === 0 ? await findFreePort(host) : succeeded(options.port);
  if (!port.ok) return port;
  const endpoint = { address: host, port: port.value };
  const threads = startRacingThreads({ endpoint, greeting, pauseMs }, signal);
  try {
    return await runRounds({ ...options, endpoint }, threads, run, signal);
  } finally {
    await threads.end();
  }
}

async function runRounds(
  options: RaceOptions & { readonly endpoint: Endpoint },
  threads: RacingThreads,
  run: Run,
  signal: AbortSignal,
): Promise<Result<RaceOutcome>> {
  const outcomes = { connected: 0, refused: 0, failed: 0 };
  for (let round = 1; round <= options.rounds; round += 1) {
    const seen = await threads.runRound(() => {
      run.emit({ kind: 'round-started', seenBy: 'program', round });
    });
    for (const { fact, atMs } of seen.facts) run.emit(fact, atMs);
    const cancelled = cancelOf(signal);
    if (cancelled !== undefined) return { ok: false, problem: cancelled };
    if (seen.serverProblem !== undefined) {
      // Another program holds the port: it is examined, as for every server whose port is in use.
      if (seen.serverProblem.code === 'port-in-use') {
        const taken = { requested: options.endpoint, examinePort: options.examinePort ?? examinePort };
        await recordHolder(taken, run.emit, signal);
      }
      run.note(seen.serverProblem);
      return { ok: false, problem: seen.serverProblem };
    }
    outcomes[outcomeOf(seen)] += 1;
    await recordTimeWait(seen, options.endpoint, run.emit, signal);
  }
  const cancelled = cancelOf(signal);
  return cancelled === undefined ? succeeded(outcomes) : { ok: false, problem: cancelled };
}

/** A function, because the signal may have changed since the last check. */
function cancelOf(signal: AbortSignal): Problem | undefined {
  return signal.aborted ? cancelledProblem(signal) : undefined;
}

function outcomeOf({ clientProblem }: RoundRecord): keyof RaceOutcome {
  if (clientProblem === undefined) return 'connected';
  return clientProblem.code === 'connection-refused' ? 'refused' : 'failed';
}

/** Records which end of the round's closed connection is in TIME_WAIT. */
async function recordTimeWait(
  { client, facts }: RoundRecord,
  server: Endpoint,
  emit: Emit,
  signal: AbortSignal,
): Promise<void> {
  if (client === undefined) return;
  const examined = await untilAborted(examineTimeWait({ client, server }), signal);
  const connection = facts.map(({ fact }) => fact).find(({ kind }) => kind === 'connected');
  if (examined === undefined || connection?.kind !== 'connected') return;
  emit({ kind: 'time-wait-examined', seenBy: 'kernel', connection: connection.connection, ...examined });
}

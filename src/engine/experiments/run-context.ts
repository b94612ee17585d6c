// What every experiment does: a run from its first fact to its last, a server that is there before the client and gone
// after it, one reason where it fails. file.ts, string.ts, welcome.ts, refused.ts and in-use.ts say what is
// sent over the sockets.

import { count, NO_COUNTS } from '../../shared/trace/counts.ts';
import { optionsProblem, recordedOptions, type OptionValues } from '../../shared/experiments/definitions.ts';
import type { Problem, Result } from '../../shared/result.ts';
import { succeeded } from '../../shared/result.ts';
import { roleOf } from '../../shared/trace/connection.ts';
import { TRACE_FORMAT } from '../../shared/trace/fact.ts';
import type {
  Emit,
  Endpoint,
  Fact,
  RecordedOptions,
  ReversalUnit,
  RunEnded,
  RunStarted,
  RuntimeVersions,
  EVERY_ADDRESS,
} from '../../shared/trace/fact.ts';
import { createConnections } from '../net/connections.ts';
import type { Connections } from '../net/connections.ts';
import { createOtherClients } from '../net/other-clients.ts';
import type { RunningServer, ServerOptions } from '../net/listen.ts';
import type { ExaminePort } from '../net/port-wait.ts';
import { cancelledProblem } from '../net/problems.ts';
import { examinePort } from '../evidence/kernel/port-doctor.ts';
import { readEphemeralRange, readHostName } from '../system/host-facts.ts';

export interface ExperimentOptions {
  /** Where the server listens: on the loopback interface alone, or on every IPv4 address of this machine. */
  readonly host: '127.0.0.1' | typeof EVERY_ADDRESS;
  /** The port to ask for, 0 to 65535; 0 is any free one. */
  readonly port: number;
  readonly by: ReversalUnit;
  /** The longest line, in bytes before its LF. */
  readonly maxLineBytes: number;
  readonly runtime: RuntimeVersions;
  /** A port that somebody has is waited for until it is had or the run is aborted, instead of failing at once. */
  readonly waitForPort?: boolean;
  /** Who is asked who has a port that is in use: the port doctor, unless another is named. */
  readonly examinePort?: ExaminePort;
}

/** Of an experiment that never listens but on the loopback interface. */
export interface LoopbackOptions extends ExperimentOptions {
  readonly host: '127.0.0.1';
}

/** A run under way: counts what its last fact will say, and sees to it that it fails for one reason. */
export interface Run {
  readonly emit: Emit;
  /** Cancels it. */
  readonly signal: AbortSignal;
  /** Records the problem as what ended the run, unless one was recorded before. */
  fail(problem: Problem): void;
  /** As `fail`, for a problem that its own side has recorded already. */
  note(problem: Problem): void;
  /** From here on a server that finds its port in use does not end the run: it waits, or that is what it is for. */
  allowPortInUse(): void;
  problem(): Problem | undefined;
  linesByByte(): number;
  resultIs(bytes: number): void;
  end(): void;
}

function followRun(record: Emit, signal: AbortSignal): Run {
  let lastMs = -Infinity;
  const { emit } = createOtherClients((fact, seenAtMs = performance.now()) => {
    // What was held back until it was known to be ours comes late.
    lastMs = Math.max(lastMs, seenAtMs);
    record(fact, lastMs);
  });
  const counts = { ...NO_COUNTS };
  let problem: Problem | undefined;
  let resultBytes = 0;
  let listening = false;
  let portMayBeInUse = false;

  const follow = (fact: Fact, seenAtMs?: number): void => {
    count(counts, fact, 0);
    if (fact.kind === 'listening') listening = true;
    // Without a server there is no run. Noted at once: an abort while its port is examined is no second reason.
    if (fact.kind === 'failed' && roleOf(fact.peer) === 'server' && !listening) {
      if (!portMayBeInUse || fact.problem.code !== 'port-in-use') problem ??= fact.problem;
    }
    emit(fact, seenAtMs);
  };

  return {
    emit: follow,
    signal,
    fail(why) {
      if (problem !== undefined) return;
      problem = why;
      emit({ kind: 'failed', seenBy: 'program', problem: why });
    },
    note(why) {
      problem ??= why;
    },
    allowPortInUse() {
      portMayBeInUse = true;
    },
    problem: () => problem,
    linesByByte: () => counts.linesByByte,
    resultIs(bytes) {
      resultBytes = bytes;
    },
    end() {
      emit({
        kind: 'run-ended',
        seenBy: 'program',
        outcome: outcomeOf(problem),
        linesSent: counts.linesSent,
        linesReceived: counts.linesReceived,
        resultBytes,
        linesByByte: counts.linesByByte,
      });
    },
  };
}

function outcomeOf(problem: Problem | undefined): RunEnded['outcome'] {
  if (problem === undefined) return 'completed';
  return problem.code === 'cancelled' || problem.code === 'window-closed' ? 'cancelled' : 'failed';
}

/** What the first fact of a run says of it. */
interface WhatIsRun extends Pick<RunStarted, 'experiment' | 'input'> {
  /** The options as they are recorded; by default those of the experiment's definition. */
  readonly options?: RecordedOptions;
}

function startOf({ experiment, input, options }: WhatIsRun, values: RunValues): RunStarted {
  return {
    kind: 'run-started',
    seenBy: 'program',
    format: TRACE_FORMAT,
    experiment,
    startedAt: new Date().toISOString(),
    runtime: values.runtime,
    requested: { address: values.host, port: values.port },
    options: options ?? recordedOptions(experiment, values),
    input,
  };
}

type RunValues = ExperimentOptions & Partial<OptionValues>;

/**
 * Executes a run from `run-started` to `run-ended`, which is the last fact on every way out. An option that cannot be
 * what it is fails the run before anything is done. A problem that `act` comes
 * back with is recorded as `failed`, if it was not before; an abort is the problem that the abort gave as its reason, or
 * `cancelled`. What `act` throws comes through, with the run ended.
 */
export async function executeRun<Outcome>(
  what: WhatIsRun,
  options: RunValues,
  act: (run: Run) => Promise<Result<Outcome>>,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<Outcome>> {
  const run = followRun(emit, signal);
  const onAbort = (): void => {
    run.fail(cancelledProblem(signal));
  };
  let outcome: Result<Outcome>;
  try {
    run.emit(startOf(what, options));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    const wrong = optionsProblem(what.experiment, options);
    outcome = wrong === undefined ? await act(run) : { ok: false, problem: wrong };
    if (!outcome.ok) run.fail(outcome.problem);
  } catch (error) {
    run.fail({
      code: 'unexpected',
      message: 'The run ended by an error of the program itself. What came back until then is kept.',
      detail: {},
    });
    run.end();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  run.end();
  return outcome;
}

/** Finds out what there is to know of the machine, and gives what the run's server is started with. */
export async function prepareServer(options: ExperimentOptions, run: Run): Promise<ServerOptions> {
  const range = await readEphemeralRange(run.signal);
  if (range !== undefined) run.emit(range);
  const waits = options.waitForPort === true;
  if (waits) run.allowPortInUse();
  return {
    requested: { address: options.host, port: options.port },
    connections: createConnections(),
    beforeListen: async () => {
      const named = await readHostName(run.signal);
      if (named !== undefined) run.emit(named);
    },
    examinePort: options.examinePort ?? examinePort,
    waits,
  };
}

/**
 * Prepares and starts the server, lets the client exchange with it, and closes the server on every way out. A problem of
 * either side is noted: `run.problem()` has it. Fails where the server cannot listen; where its port is to be waited for,
 * only an abort ends the wait.
 */
export async function exchangeWithServer<Client extends { readonly problem: Problem | undefined }>(
  options: ExperimentOptions,
  run: Run,
  start: (server: ServerOptions) => Promise<Result<RunningServer>>,
  exchange: (server: RunningServer, connections: Connections) => Promise<Client>,
): Promise<Result<{ readonly client: Client; readonly server: Endpoint }>> {
  const prepared = await prepareServer(options, run);
  const { connections } = prepared;
  const started = await start(prepared);
  if (!started.ok) {
    run.note(started.problem);
    return started;
  }
  const server = started.value;

  let client: Client;
  try {
    client = await exchange(server, connections);
  } finally {
    await server.close();
  }
  if (client.problem !== undefined) run.note(client.problem);
  return succeeded({ client, server: server.local });
}

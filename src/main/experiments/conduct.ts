// What every experiment does: a run from its first fact to its last, a server that is there before the client and gone
// after it, one reason where it fails. file.ts, string.ts, welcome.ts, refused.ts and in-use.ts say what is
// sent over the sockets.

import type { Problem, Result } from '../../shared/result.ts';
import { succeeded } from '../../shared/result.ts';
import { TRACE_FORMAT } from '../../shared/trace.ts';
import type {
  Emit,
  Endpoint,
  ExperimentName,
  Fact,
  ReversalUnit,
  RunEnded,
  RunStarted,
  RuntimeVersions,
} from '../../shared/trace.ts';
import { createConnections } from '../exchange/connections.ts';
import type { Connections } from '../exchange/connections.ts';
import type { ExaminePort, RunningServer, ServerOptions } from '../exchange/listening-server.ts';
import { cancelledProblem } from '../exchange/problems.ts';
import { examinePort } from '../kernel/port-doctor.ts';
import { readEphemeralRange, readHostName } from './host-facts.ts';

export interface ExperimentOptions {
  readonly host: '127.0.0.1';
  /** The port to ask for, 0 to 65535; 0 is any free one. */
  readonly port: number;
  readonly by: ReversalUnit;
  /** The longest line, in bytes before its LF. */
  readonly maxLineBytes: number;
  readonly runtime: RuntimeVersions;
  /** A port that somebody has is waited for until the run is aborted, instead of failing at once. */
  readonly waitForPort?: boolean;
  /** Who is asked who has a port that is in use: the port doctor, unless another is named. */
  readonly examinePort?: ExaminePort;
}

/** A run under way: counts what its last fact will say, and sees to it that it fails for one reason. */
export interface Run {
  readonly emit: Emit;
  /** Records the problem as what ended the run, unless one was recorded before. */
  fail(problem: Problem): void;
  /** As `fail`, for a problem that its own side has recorded already. */
  note(problem: Problem): void;
  problem(): Problem | undefined;
  linesByByte(): number;
  resultIs(bytes: number): void;
  end(): void;
}

function followRun(emit: Emit): Run {
  let problem: Problem | undefined;
  let linesSent = 0;
  let linesReceived = 0;
  let linesByByte = 0;
  let resultBytes = 0;
  let listening = false;
  let ourConnection: number | undefined;

  const follow = (fact: Fact): void => {
    switch (fact.kind) {
      case 'wrote':
        if (fact.side === 'client') linesSent += 1;
        break;
      case 'line-received':
        linesReceived += 1;
        break;
      case 'line-transformed':
        // A stranger's lines are no lines of this run: ours is the line that the client has sent and not got back.
        if (!fact.validUtf8 && fact.connection === ourConnection) linesByByte += 1;
        break;
      case 'listening':
        listening = true;
        break;
      case 'connected':
        ourConnection = fact.connection;
        break;
      case 'failed':
        // Without a server there is no run. Noted at once: an abort while its port is examined is no second reason.
        if (fact.side === 'server' && !listening) problem ??= fact.problem;
        break;
      default:
        break;
    }
    emit(fact);
  };

  return {
    emit: follow,
    fail(why) {
      if (problem !== undefined) return;
      problem = why;
      emit({ kind: 'failed', seenBy: 'program', problem: why });
    },
    note(why) {
      problem ??= why;
    },
    problem: () => problem,
    linesByByte: () => linesByByte,
    resultIs(bytes) {
      resultBytes = bytes;
    },
    end() {
      emit({
        kind: 'run-ended',
        seenBy: 'program',
        outcome: outcomeOf(problem),
        linesSent,
        linesReceived,
        resultBytes,
        linesByByte,
      });
    },
  };
}

function outcomeOf(problem: Problem | undefined): RunEnded['outcome'] {
  if (problem === undefined) return 'completed';
  return problem.code === 'cancelled' || problem.code === 'window-closed' ? 'cancelled' : 'failed';
}

function startOf(
  experiment: ExperimentName,
  input: RunStarted['input'],
  options: ExperimentOptions,
): RunStarted {
  return {
    kind: 'run-started',
    seenBy: 'program',
    format: TRACE_FORMAT,
    experiment,
    startedAt: new Date().toISOString(),
    runtime: options.runtime,
    requested: { address: options.host, port: options.port },
    by: options.by,
    maxLineBytes: options.maxLineBytes,
    input,
  };
}

/**
 * Conducts a run from `run-started` to `run-ended`, which is the last fact on every way out. A problem that `act` comes
 * back with is recorded as `failed`, if it was not before; an abort is the problem that the abort gave as its reason, or
 * `cancelled`. What `act` throws comes through, with the run ended.
 */
export async function conductRun<Outcome>(
  what: { readonly experiment: ExperimentName; readonly input: RunStarted['input'] },
  options: ExperimentOptions,
  act: (run: Run) => Promise<Result<Outcome>>,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<Outcome>> {
  const run = followRun(emit);
  const onAbort = (): void => {
    run.fail(cancelledProblem(signal));
  };
  let outcome: Result<Outcome>;
  try {
    run.emit(startOf(what.experiment, what.input, options));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    outcome = await act(run);
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

/**
 * Finds out what there is to know of the machine, starts the server, lets the client exchange with it, and closes the
 * server on every way out. A problem of either side is noted: `run.problem()` has it. Fails where the server cannot
 * listen.
 */
export async function exchangeWithServer<Client extends { readonly problem: Problem | undefined }>(
  options: ExperimentOptions,
  run: Run,
  start: (server: ServerOptions) => Promise<Result<RunningServer>>,
  exchange: (server: RunningServer, connections: Connections) => Promise<Client>,
): Promise<Result<{ readonly client: Client; readonly server: Endpoint }>> {
  const connections = createConnections();
  const range = await readEphemeralRange();
  if (range !== undefined) run.emit(range);

  const started = await start({
    requested: { address: options.host, port: options.port },
    connections,
    beforeListen: async () => {
      run.emit(await readHostName());
    },
    examinePort: options.examinePort ?? examinePort,
  });
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

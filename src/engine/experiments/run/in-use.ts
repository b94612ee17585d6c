// The port in use, step 2 of the course: a second server tries to listen on the first one's address and port, or a
// server on a port that another program has left in TIME_WAIT.

import type { OptionsOf } from '../../../shared/experiments/definitions.ts';
import type { Problem, Result } from '../../../shared/result.ts';
import { failed, succeeded } from '../../../shared/result.ts';
import { SECOND_SERVER, SERVER } from '../../../shared/trace/fact.ts';
import type { Emit, Endpoint, PortHolder } from '../../../shared/trace/fact.ts';
import type { Connections } from '../../net/connections.ts';
import { canListen, findFreePort } from '../../net/free-port.ts';
import { startServer } from '../../net/listen.ts';
import type { ServerOptions } from '../../net/listen.ts';
import type { Protocol, RecordedSocket } from '../../net/recorded-socket.ts';
import { recordHolder, untilItMayBeFree } from '../../net/port-wait.ts';
import type { ExaminePort } from '../../net/port-wait.ts';
import { cancelledProblem } from '../../net/problems.ts';
import { untilAborted } from '../../system/until-aborted.ts';
import { examinePort } from '../../evidence/kernel/port-doctor.ts';
import { executeRun, exchangeWithServer, prepareServer } from '../run-context.ts';
import type { LoopbackOptions, Run } from '../run-context.ts';
import { findPython, runPreviousOwner } from '../../programs/previous-owner.ts';

/**
 * Nothing is sent here: `by` and `maxLineBytes` are recorded as set, and have no effect. With `waitForPort` a server
 * waits until TIME_WAIT has ended, and listens; the first server of two waits for another program. The second server of
 * two never waits: the first one holds the port until the second one is done.
 */
export interface InUseOptions extends LoopbackOptions, OptionsOf<'in-use'> {}

export interface InUseOutcome {
  /** Why the server could not listen on the port in use; absent where it could. */
  readonly refusal?: Problem;
  /** The address of the first server, or of the one that listens after another program. */
  readonly server: Endpoint;
}

/**
 * Resolves when every server is closed and the other program has ended; fails as `executeRun`. A port in use is the
 * purpose and not a failure of the run; where the server or program that must hold it first cannot listen, the run
 * fails.
 */
export function runInUseExperiment(
  options: InUseOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<InUseOutcome>> {
  return executeRun(
    { experiment: 'in-use', input: { name: 'nothing', bytes: 0 } },
    options,
    (run) =>
      options.takenBy === 'listener'
        ? startTwoServers(options, run, signal)
        : listenAfterProgram(options, run, signal),
    emit,
    signal,
  );
}

interface SecondServer {
  readonly refusal?: Problem;
  /** A failure other than the refusal. */
  readonly problem: Problem | undefined;
}

async function startTwoServers(
  options: InUseOptions,
  run: Run,
  signal: AbortSignal,
): Promise<Result<InUseOutcome>> {
  const exchanged = await exchangeWithServer<SecondServer>(
    options,
    run,
    (server) => startServer(server, closeClient, run.emit, signal),
    (first, connections) => startSecondServer(first.local, connections, options, run.emit, signal),
  );
  if (!exchanged.ok) return exchanged;
  const problem = run.problem();
  if (problem !== undefined) return { ok: false, problem };
  const { client: second, server } = exchanged.value;
  return succeeded(second.refusal === undefined ? { server } : { refusal: second.refusal, server });
}

/** Starts a second server on the first one's address, and closes it if it listens. */
async function startSecondServer(
  requested: Endpoint,
  connections: Connections,
  options: InUseOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<SecondServer> {
  const second = await startServer(
    {
      requested,
      connections,
      examinePort: options.examinePort ?? examinePort,
      peer: SECOND_SERVER,
      supposedHolder: 'the first server',
    },
    closeClient,
    emit,
    signal,
  );
  if (second.ok) {
    await second.value.close();
    return { problem: undefined };
  }
  const { problem } = second;
  return problem.code === 'port-in-use' ? { refusal: problem, problem: undefined } : { problem };
}

/** Makes sure that the port is in TIME_WAIT, and starts a server on it. */
async function listenAfterProgram(
  options: InUseOptions,
  run: Run,
  signal: AbortSignal,
): Promise<Result<InUseOutcome>> {
  if (process.platform === 'win32') {
    return failed(
      'bad-option',
      'On Windows TIME_WAIT keeps no port from a server, so there is nothing to show. Choose a server that listens.',
    );
  }
  const asked = await portToLeave(options, signal);
  if (!asked.ok) return asked;
  const { port, before, passedOver } = asked.value;
  // A TIME_WAIT left by a recent run also keeps the other program from the port.
  const left = before?.holder.what === 'time-wait' ? before : undefined;
  const python = left === undefined ? await findPython(signal) : undefined;
  if (python?.ok === false) return python;

  const server = await prepareServer({ ...options, port }, run);
  if (passedOver !== undefined) {
    run.emit({ kind: 'port-examined', seenBy: 'kernel', peer: SERVER, port: options.port, ...passedOver });
  }
  if (left !== undefined) {
    run.emit({ kind: 'port-examined', seenBy: 'kernel', peer: SERVER, port, ...left });
  } else if (python !== undefined) {
    const owned = await leaveTimeWait(server, before?.holder, python.value, run, signal);
    if (!owned.ok) return owned;
  }
  return await listenOnTimeWait(server, left?.holder, run, signal);
}

/** A TIME_WAIT that ends sooner may be over before our server asks for its port. */
const MIN_SECONDS_LEFT = 5;

type PortExamination = NonNullable<Awaited<ReturnType<ExaminePort>>>;

/** The port that our server will ask for, and what held it before the run. */
interface PortToLeave {
  readonly port: number;
  readonly before?: PortExamination | undefined;
  /** What kept the run from the port that was asked for, where it takes another one. */
  readonly passedOver?: PortExamination;
}

/**
 * The port that was asked for, or a free one where it has a TIME_WAIT that is of no use: one that a server of ours left
 * keeps python3 from the port, which does not set SO_REUSEADDR, and no server of ours. Every other run on the port leaves
 * such a one for a minute.
 */
async function portToLeave(options: InUseOptions, signal: AbortSignal): Promise<Result<PortToLeave>> {
  const { host, port } = options;
  if (port !== 0) {
    const before = await untilAborted((options.examinePort ?? examinePort)(port, host), signal);
    if (before?.holder.what !== 'time-wait') return succeeded({ port, before });
    const { secondsLeft = MIN_SECONDS_LEFT } = before.holder;
    const lasts = options.waitForPort === true || secondsLeft >= MIN_SECONDS_LEFT;
    if (lasts && !(await canListen({ address: host, port }))) return succeeded({ port, before });
    const free = await findFreePort(host);
    return free.ok ? succeeded({ port: free.value, passedOver: before }) : free;
  }
  const free = await findFreePort(host);
  return free.ok ? succeeded({ port: free.value }) : free;
}

/**
 * Runs the other program on the port, which leaves a TIME_WAIT. Where the run waits, it first waits for a free port.
 */
async function leaveTimeWait(
  server: ServerOptions,
  holder: PortHolder | undefined,
  version: string,
  run: Run,
  signal: AbortSignal,
): Promise<Result<void>> {
  const { requested, connections, waits } = server;
  if (waits === true && holder !== undefined && holder.what !== 'unknown') {
    await recordHolder(server, run.emit, signal);
    run.emit({ kind: 'port-awaited', seenBy: 'program', peer: SERVER, port: requested.port });
    await untilItMayBeFree(server, run.emit, signal);
  }
  if (signal.aborted) return { ok: false, problem: cancelledProblem(signal) };
  const owned = await runPreviousOwner(requested, version, connections, run, signal);
  if (!owned.ok && owned.problem.code === 'port-in-use') {
    run.fail(owned.problem);
    await recordHolder(server, run.emit, signal);
  }
  return owned;
}

/**
 * Starts a server on a port in TIME_WAIT. `found` is a TIME_WAIT from before this run; undefined where the run left it.
 */
async function listenOnTimeWait(
  server: ServerOptions,
  found: PortHolder | undefined,
  run: Run,
  signal: AbortSignal,
): Promise<Result<InUseOutcome>> {
  run.allowPortInUse();
  const started = await startServer(
    { ...server, supposedHolder: 'a connection that has ended' },
    closeClient,
    run.emit,
    signal,
  );
  if (!started.ok) {
    const { problem } = started;
    return problem.code === 'port-in-use' && !signal.aborted
      ? succeeded({ refusal: problem, server: server.requested })
      : { ok: false, problem: run.problem() ?? problem };
  }
  const { local, refusal } = started.value;
  await started.value.close();
  const problem = run.problem();
  if (problem !== undefined) return { ok: false, problem };
  if (refusal !== undefined) return succeeded({ refusal, server: local });
  if (found === undefined) return succeeded({ server: local });
  return failed(
    'listen-failed',
    `Port ${local.port} was in TIME_WAIT when the run began, and was free before our server asked for it. Run again.`,
    { port: local.port },
  );
}

/** No client is expected: one that connects gets the end of the stream at once. */
function closeClient(socket: RecordedSocket): Protocol {
  socket.end();
  return { onData: () => undefined, onEnd: () => undefined };
}

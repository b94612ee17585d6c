// The port that is taken, step 2 of the course: a second server asks for the address and port that the first one has, or
// a server asks for the port that another program had before and left in TIME_WAIT.

import type { OptionsOf } from '../../../shared/experiments/definitions.ts';
import type { Problem, Result } from '../../../shared/result.ts';
import { failed, succeeded } from '../../../shared/result.ts';
import type { Emit, Endpoint, PortHolder } from '../../../shared/trace/fact.ts';
import type { Connections } from '../../net/connections.ts';
import { findFreePort } from '../../net/free-port.ts';
import { startServer } from '../../net/listen.ts';
import type { ServerOptions } from '../../net/listen.ts';
import type { Protocol, RecordedSocket } from '../../net/recorded-socket.ts';
import { recordHolder, untilItMayBeFree } from '../../net/port-wait.ts';
import { cancelledProblem } from '../../net/problems.ts';
import { untilAborted } from '../../system/until-aborted.ts';
import { examinePort } from '../../evidence/kernel/port-doctor.ts';
import { conductRun, exchangeWithServer, prepareServer } from '../run-context.ts';
import type { LoopbackOptions, Run } from '../run-context.ts';
import { findPython, runPreviousOwner } from '../../programs/previous-owner.ts';

/**
 * Nothing is sent here: `by` and `maxLineBytes` are recorded as what was set, and change nothing. With `waitForPort` the
 * server that asks for a port in TIME_WAIT waits the rest of its time out, and listens. The second server of two never
 * waits, whatever is set: the first one has the port until the second one is done. The first one does, for a stranger.
 */
export interface InUseOptions extends LoopbackOptions, OptionsOf<'in-use'> {}

export interface InUseOutcome {
  /** Why the server that asked for a taken port could not have it; absent where it could. */
  readonly refusal?: Problem;
  /** What the first server has, or the one that asked after another program. */
  readonly server: Endpoint;
}

/**
 * Runs it as `conductRun` does. Resolves when every server is closed and the other program has ended. That the port is
 * found in use is what it is for and no failure of the run; where the one that is to have it first cannot listen, the run
 * fails.
 */
export function runInUseExperiment(
  options: InUseOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<InUseOutcome>> {
  return conductRun(
    { experiment: 'in-use', input: { name: 'nothing', bytes: 0 }, takenBy: options.takenBy },
    options,
    (run) =>
      options.takenBy === 'listener' ? askTwice(options, run, signal) : askAfterwards(options, run, signal),
    emit,
    signal,
  );
}

interface Second {
  readonly refusal?: Problem;
  /** Why it failed where that is not what it is for. */
  readonly problem: Problem | undefined;
}

async function askTwice(options: InUseOptions, run: Run, signal: AbortSignal): Promise<Result<InUseOutcome>> {
  const exchanged = await exchangeWithServer<Second>(
    options,
    run,
    (server) => startServer(server, sendAway, run.emit, signal),
    (first, connections) => askAgain(first.local, connections, options, run.emit, signal),
  );
  if (!exchanged.ok) return exchanged;
  const problem = run.problem();
  if (problem !== undefined) return { ok: false, problem };
  const { client: second, server } = exchanged.value;
  return succeeded(second.refusal === undefined ? { server } : { refusal: second.refusal, server });
}

/** Starts a second server where the first one is, and closes it should it listen. */
async function askAgain(
  requested: Endpoint,
  connections: Connections,
  options: InUseOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Second> {
  const second = await startServer(
    {
      requested,
      connections,
      examinePort: options.examinePort ?? examinePort,
      server: 2,
      supposedHolder: 'the first server',
    },
    sendAway,
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

/** Sees to it that the port is in TIME_WAIT, and asks for it. */
async function askAfterwards(
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
  const { host } = options;
  const port = options.port === 0 ? await findFreePort(host) : succeeded(options.port);
  if (!port.ok) return port;
  const ask = options.examinePort ?? examinePort;
  const before = await untilAborted(ask(port.value, host), signal);
  // What is left there from a run a moment ago keeps the other program away, too: it would not get the port.
  const left = before?.holder.what === 'time-wait' ? before : undefined;
  const python = left === undefined ? await findPython(signal) : undefined;
  if (python?.ok === false) return python;

  const server = await prepareServer({ ...options, port: port.value }, run);
  if (left !== undefined) {
    run.emit({ kind: 'port-examined', seenBy: 'kernel', port: port.value, ...left });
  } else if (python !== undefined) {
    const owned = await letOtherHave(server, before?.holder, python.value, run, signal);
    if (!owned.ok) return owned;
  }
  return await askForWhatIsLeft(server, left?.holder, run, signal);
}

/** Lets the other program have the port and give it up. Somebody else on it is waited for where the run waits. */
async function letOtherHave(
  server: ServerOptions,
  holder: PortHolder | undefined,
  version: string,
  run: Run,
  signal: AbortSignal,
): Promise<Result<void>> {
  const { requested, connections, waits } = server;
  if (waits === true && holder !== undefined && holder.what !== 'unknown') {
    await recordHolder(server, run.emit, signal);
    run.emit({ kind: 'port-awaited', seenBy: 'program', port: requested.port });
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

/** Starts a server where TIME_WAIT is. `found` is what was there before this run, undefined where the run made it. */
async function askForWhatIsLeft(
  server: ServerOptions,
  found: PortHolder | undefined,
  run: Run,
  signal: AbortSignal,
): Promise<Result<InUseOutcome>> {
  run.allowPortInUse();
  const started = await startServer(
    { ...server, supposedHolder: 'a connection that has ended' },
    sendAway,
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
  return found === undefined ? succeeded({ server: local }) : reusable(local.port, found);
}

/** What is in TIME_WAIT keeps nobody away who sets SO_REUSEADDR, because the one who left it had set it, too. */
function reusable(port: number, found: PortHolder): Result<never> {
  const when =
    found.what === 'time-wait' && found.secondsLeft !== undefined
      ? `in about ${found.secondsLeft} s`
      : 'in a minute';
  return failed(
    'listen-failed',
    `Port ${port} is in TIME_WAIT already, left by a server that had set SO_REUSEADDR: that keeps no server away which sets it too, and python3, which does not, cannot have the port. Run again ${when}, choose another port or let the system pick a free one.`,
    { port },
  );
}

/** Nobody is expected: who comes all the same is told that there is nothing. */
function sendAway(socket: RecordedSocket): Protocol {
  socket.end();
  return { onData: () => undefined, onEnd: () => undefined };
}

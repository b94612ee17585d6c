// The port that is taken, step 2 of the course: a second server asks for the address and port that the first one has.
// main/runs.ts and the terminal command start it; its facts go to their recorder.

import type { Problem, Result } from '../../shared/result.ts';
import { succeeded } from '../../shared/result.ts';
import type { Emit, Endpoint, TakenBy } from '../../shared/trace.ts';
import type { Connections } from '../exchange/connections.ts';
import { startServer } from '../exchange/listening-server.ts';
import type { Peer, Service } from '../exchange/listening-server.ts';
import { examinePort } from '../kernel/port-doctor.ts';
import { conductRun, exchangeWithServer } from './conduct.ts';
import type { ExperimentOptions, Run } from './conduct.ts';

/** Nothing is sent here: `by` and `maxLineBytes` are recorded as what was set, and change nothing. */
export interface InUseOptions extends ExperimentOptions {
  /** Who has the port: a server of ours that listens, or what a program left behind that closed first (TIME_WAIT). */
  readonly takenBy: TakenBy;
}

export interface InUseOutcome {
  /** Why the second server could not have the port; absent where it could. */
  readonly refusal?: Problem;
  /** What the first server has. */
  readonly server: Endpoint;
}

/**
 * Runs it as `conductRun` does. Resolves when both servers are closed. That the second one finds the port in use is what
 * it is for and no failure of the run; where the first one cannot listen, the run fails.
 */
export function runInUseExperiment(
  options: InUseOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<InUseOutcome>> {
  return conductRun(
    { experiment: 'in-use', input: { name: 'nothing', bytes: 0 } },
    options,
    (run) => askTwice(options, run, signal),
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
    { requested, connections, examinePort: options.examinePort ?? examinePort, server: 2 },
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

/** Nobody is expected: who comes all the same is told that there is nothing. */
function sendAway(peer: Peer): Service {
  peer.end();
  return { onRead: () => undefined, onEnd: () => undefined, line: () => undefined };
}

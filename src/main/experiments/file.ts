// The file experiment: a real server and a real client in this process, every line of a file over a socket and back,
// the result streamed to a file. main/runs.ts and the terminal command start it; its facts go to their recorder.

import { basename } from 'node:path';

import type { Problem, Result } from '../../shared/result.ts';
import { succeeded } from '../../shared/result.ts';
import { TRACE_FORMAT } from '../../shared/trace.ts';
import type { Emit, Endpoint, Fact, ReversalUnit, RunEnded, RuntimeVersions } from '../../shared/trace.ts';
import { createConnections } from '../exchange/connections.ts';
import { runLineClient } from '../exchange/line-client.ts';
import type { ClientOutcome } from '../exchange/line-client.ts';
import { cancelledProblem } from '../exchange/problems.ts';
import { startReversalServer } from '../exchange/reversal-server.ts';
import { openInput } from '../files/input-file.ts';
import type { InputFile, InputLine } from '../files/input-file.ts';
import { readEphemeralRange, readHostName } from './host-facts.ts';
import { createResultFile } from './result-file.ts';
import type { ResultFile } from './result-file.ts';

export interface FileExperimentOptions {
  readonly inputPath: string;
  /** Where the result grows; made here, must not be there yet. What came back stays there, whatever happens. */
  readonly resultPath: string;
  readonly host: '127.0.0.1';
  /** The port to ask for, 0 to 65535; 0 is any free one. */
  readonly port: number;
  readonly by: ReversalUnit;
  /** The longest line, in bytes before its LF. */
  readonly maxLineBytes: number;
  readonly runtime: RuntimeVersions;
  /** Called after each reply; a promise holds the next line back. For one who prints as the run goes on. */
  readonly afterLine?: () => Promise<void> | undefined;
}

export interface FileOutcome {
  readonly linesSent: number;
  readonly linesReceived: number;
  readonly resultBytes: number;
  /** Lines that were not valid UTF-8 and were reversed by byte. */
  readonly linesByByte: number;
  /** Absent where the client never connected. */
  readonly client?: Endpoint;
  readonly server: Endpoint;
}

/**
 * Runs it from `run-started` to `run-ended`, which is the last fact on every way out. Resolves when every socket and
 * file is closed. Whatever can be expected to fail is recorded as `failed` and comes back as the problem; an abort is
 * the problem that the abort gave as its reason, or `cancelled`.
 */
export async function runFileExperiment(
  options: FileExperimentOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<FileOutcome>> {
  const run = followRun(emit);
  const onAbort = (): void => {
    run.fail(cancelledProblem(signal));
  };
  let outcome: Result<FileOutcome>;
  try {
    const input = await openInput(options.inputPath);
    run.emit(startOf(options, input));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    outcome = input.ok ? await withInput(input.value, options, run, signal) : input;
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

/** Counts what the run's last fact will say, and sees to it that a run fails for one reason. */
interface RunFollower {
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

function followRun(emit: Emit): RunFollower {
  let problem: Problem | undefined;
  let linesSent = 0;
  let linesReceived = 0;
  let linesByByte = 0;
  let resultBytes = 0;
  let ourConnection: number | undefined;

  const follow = (fact: Fact): void => {
    switch (fact.kind) {
      case 'wrote':
        if (fact.side === 'client') linesSent += 1;
        break;
      case 'line-received':
        linesReceived += 1;
        break;
      case 'line-reversed':
        // A stranger's lines are no lines of this run: ours is the line that the client has sent and not got back.
        if (!fact.validUtf8 && fact.connection === ourConnection) linesByByte += 1;
        break;
      case 'connected':
        ourConnection = fact.connection;
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

function startOf(options: FileExperimentOptions, input: Result<InputFile>): Fact {
  return {
    kind: 'run-started',
    seenBy: 'program',
    format: TRACE_FORMAT,
    experiment: 'file',
    startedAt: new Date().toISOString(),
    runtime: options.runtime,
    requested: { address: options.host, port: options.port },
    by: options.by,
    maxLineBytes: options.maxLineBytes,
    input: { name: basename(options.inputPath), bytes: input.ok ? input.value.bytes : 0 },
  };
}

async function withInput(
  input: InputFile,
  options: FileExperimentOptions,
  run: RunFollower,
  signal: AbortSignal,
): Promise<Result<FileOutcome>> {
  try {
    const result = await createResultFile(options.resultPath);
    if (!result.ok) return result;
    try {
      return await withResult(input, result.value, options, run, signal);
    } finally {
      // Closed before the run's last fact, which gives the size that is on the disk.
      const problem = await result.value.close();
      run.resultIs(result.value.bytes());
      if (problem !== undefined) run.fail(problem);
    }
  } finally {
    await input.close();
  }
}

async function withResult(
  input: InputFile,
  result: ResultFile,
  options: FileExperimentOptions,
  run: RunFollower,
  signal: AbortSignal,
): Promise<Result<FileOutcome>> {
  const { host, port, by, maxLineBytes } = options;
  const connections = createConnections();
  const range = await readEphemeralRange();
  if (range !== undefined) run.emit(range);

  const started = await startReversalServer(
    {
      requested: { address: host, port },
      by,
      maxLineBytes,
      connections,
      beforeListen: async () => {
        run.emit(await readHostName());
      },
    },
    run.emit,
    signal,
  );
  if (!started.ok) {
    run.note(started.problem);
    return started;
  }
  const server = started.value;

  let client: ClientOutcome;
  try {
    client = await runLineClient(
      {
        remote: server.local,
        lines: linesToSend(input, maxLineBytes, run),
        onReply: (reply, { terminated }) => {
          const writing = result.add(reply, terminated);
          const printing = options.afterLine?.();
          if (writing === undefined && printing === undefined) return undefined;
          return takeReply(writing, printing, run);
        },
        maxLineBytes,
        connections,
      },
      run.emit,
      signal,
    );
  } finally {
    await server.close();
  }
  if (client.problem !== undefined) run.note(client.problem);

  // The rest of the result goes to the disk before the outcome is said.
  const notWritten = await result.close();
  if (notWritten !== undefined) run.fail(notWritten);
  const problem = run.problem();
  if (problem !== undefined) return { ok: false, problem };
  return succeeded({
    linesSent: client.linesSent,
    linesReceived: client.linesReceived,
    resultBytes: result.bytes(),
    linesByByte: run.linesByByte(),
    ...(client.local === undefined ? {} : { client: client.local }),
    server: server.local,
  });
}

/** The input's lines. Where they end early the client ends in order, and the run has failed for the input's reason. */
async function* linesToSend(
  input: InputFile,
  maxLineBytes: number,
  run: RunFollower,
): AsyncGenerator<InputLine, void, void> {
  yield* input.lines(maxLineBytes);
  const problem = input.problem();
  if (problem !== undefined) run.fail(problem);
}

async function takeReply(
  writing: Promise<Problem | undefined> | undefined,
  printing: Promise<void> | undefined,
  run: RunFollower,
): Promise<Problem | undefined> {
  const [problem] = await Promise.all([writing, printing]);
  if (problem !== undefined) run.fail(problem);
  return problem;
}

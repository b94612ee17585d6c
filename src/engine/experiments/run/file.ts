// The file experiment: a real server and a real client in this process. Every line of a file goes over a socket and
// back, and the result is streamed to a file.

import { basename } from 'node:path';

import type { OptionsOf } from '../../../shared/experiments/definitions.ts';
import type { Problem, Result } from '../../../shared/result.ts';
import { succeeded } from '../../../shared/result.ts';
import { MAX_GROWTH } from '../../../shared/letter-case.ts';
import type { Emit, Endpoint } from '../../../shared/trace/fact.ts';
import { runLineClient } from '../../net/programs/line-client.ts';
import type { ClientOutcome, LineSource } from '../../net/programs/line-client.ts';
import { startLineServer } from '../../net/programs/line-server.ts';
import { untilAborted } from '../../system/until-aborted.ts';
import { openInput } from '../../files/input-file.ts';
import type { InputFile, InputLine } from '../../files/input-file.ts';
import { executeRun, exchangeWithServer } from '../run-context.ts';
import type { ExperimentOptions, Run } from '../run-context.ts';
import { createResultFile } from '../../files/result-file.ts';
import type { ResultFile } from '../../files/result-file.ts';

export interface FileExperimentOptions
  extends ExperimentOptions, Partial<Pick<OptionsOf<'file'>, 'transform' | 'inFlight'>> {
  readonly inputPath: string;
  /**
   * The file in which the result grows; must not exist yet. Replies that came back stay there, also after a failure.
   */
  readonly resultPath: string;
  /**
   * Called after each reply; the next line waits until its promise resolves or the run is cancelled. Gives a slow
   * printer time.
   */
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

/** Resolves when every socket and file is closed; fails as `executeRun`. */
export async function runFileExperiment(
  options: FileExperimentOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<FileOutcome>> {
  const opened = await openInput(options.inputPath);
  const input = { name: basename(options.inputPath), bytes: opened.ok ? opened.value.bytes : 0 };
  return executeRun(
    { experiment: 'file', input },
    options,
    async (run) => (opened.ok ? await withInput(opened.value, options, run, signal) : opened),
    emit,
    signal,
  );
}

async function withInput(
  input: InputFile,
  options: FileExperimentOptions,
  run: Run,
  signal: AbortSignal,
): Promise<Result<FileOutcome>> {
  try {
    const result = await createResultFile(options.resultPath);
    if (!result.ok) return result;
    try {
      return await withResult(input, result.value, options, run, signal);
    } finally {
      // Closed before the run's last fact, which has the size on the disk.
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
  run: Run,
  signal: AbortSignal,
): Promise<Result<FileOutcome>> {
  const { by, maxLineBytes, transform = 'reverse' } = options;
  const exchanged = await exchangeWithServer<ClientOutcome>(
    options,
    run,
    (server) => startLineServer({ ...server, by, transform, maxLineBytes }, run.emit, signal),
    (server, connections) =>
      runLineClient(
        {
          remote: server.reachedAt,
          lines: linesToSend(input, maxLineBytes, run, signal),
          ...(options.inFlight === undefined ? {} : { inFlight: options.inFlight }),
          onReply: (reply, { terminated }) => {
            const writing = result.add(reply, terminated);
            const printing = options.afterLine?.();
            if (writing === undefined && printing === undefined) return undefined;
            return handleReply(
              writing,
              printing === undefined ? undefined : untilAborted(printing, signal),
              run,
            );
          },
          // A line of the maximum length may come back longer in upper case.
          maxLineBytes: transform === 'reverse' ? maxLineBytes : maxLineBytes * MAX_GROWTH,
          connections,
        },
        run.emit,
        signal,
      ),
  );
  if (!exchanged.ok) return exchanged;
  const { client, server } = exchanged.value;

  // The rest of the result is written before the outcome is decided.
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
    server,
  });
}

/** The input's lines. Where they end early the client ends in order, and the run fails with the input's problem. */
function linesToSend(input: InputFile, maxLineBytes: number, run: Run, signal: AbortSignal): LineSource {
  const reader = input.reader(maxLineBytes, signal);
  const orProblem = (line: InputLine | undefined): InputLine | undefined => {
    const problem = line === undefined ? input.problem() : undefined;
    if (problem !== undefined) run.fail(problem);
    return line;
  };
  return {
    next() {
      const line = reader.next();
      return line instanceof Promise ? line.then(orProblem) : orProblem(line);
    },
  };
}

async function handleReply(
  writing: Promise<Problem | undefined> | undefined,
  printing: Promise<void> | undefined,
  run: Run,
): Promise<Problem | undefined> {
  const [problem] = await Promise.all([writing, printing]);
  if (problem !== undefined) run.fail(problem);
  return problem;
}

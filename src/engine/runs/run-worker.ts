// The worker thread that holds the sockets, recorder and trace of one run, or a saved trace that is read. In Electron's
// main thread every socket event would pass through Chromium's message loop, at a third of the speed, and a line of a
// megabyte would block the window.

import { inspect } from 'node:util';
import { parentPort, type MessagePort } from 'node:worker_threads';

import { MAX_FACT_DATA_BYTES } from '../../shared/ipc.ts';
import { failed, succeeded, type Problem, type Result } from '../../shared/result.ts';
import type { Emit, RunEnded } from '../../shared/trace/fact.ts';
import { runExperiment } from '../experiments/index.ts';
import { compareTraces, type TraceComparison } from '../recording/trace-comparison.ts';
import { openTrace, type TraceReader } from '../recording/trace-reader.ts';
import { readPart, writeBytes, writePart } from '../recording/trace-text.ts';
import { createTraceWriter } from '../recording/trace-writer.ts';
import { connectRpc } from '../system/thread-rpc.ts';
import type { HostCalls, RunEnd, WorkerCalls } from './run-protocol.ts';

/** So often the progress of what is written is told: it is read aloud, too. */
const PROGRESS_MS = 1_000;

function serve(port: MessagePort): void {
  const cancel = new AbortController();
  const closing = new AbortController();
  let writing = new AbortController();
  let log: TraceReader | undefined;
  let compared: Promise<Result<OpenComparison>> | undefined;

  /** The host reads a trace only after it has started or opened it. */
  function trace(): TraceReader {
    if (log === undefined) throw new Error('There is no trace to ask about');
    return log;
  }

  const host = connectRpc<HostCalls, WorkerCalls>(port, {
    async run(experiment, tracePath) {
      let ended: RunEnded | undefined;
      const recorder = createTraceWriter({
        path: tracePath,
        onCounts: (counts) => {
          host.send('progress', counts);
        },
      });
      log = recorder.log;
      const emit: Emit = (fact, seenAtMs, late) => {
        if (fact.kind === 'run-started') host.send('started', fact);
        if (fact.kind === 'run-ended') ended = fact;
        recorder.emit(fact, seenAtMs, late);
      };
      const how = await endOf(() => runExperiment(experiment, emit, cancel.signal));
      const recorded = await recorder.end();
      return {
        ...how,
        ...(ended === undefined ? {} : { ended }),
        ...(recorded.ok ? {} : { traceProblem: recorded.problem }),
      };
    },
    cancel(problem) {
      cancel.abort(problem);
    },
    async open(path, temporaryPath) {
      const opened = await openTrace(path, temporaryPath);
      if (!opened.ok) return opened;
      log = opened.value;
      const { path: packedPath, first, counts, notes, notesProblem } = opened.value;
      return succeeded({
        path: packedPath,
        first,
        counts,
        notes,
        ...(notesProblem === undefined ? {} : { notesProblem }),
      });
    },
    page: (page) => trace().page(page),
    landmarks: (from) => trace().landmarks(from),
    fact: (seq, bytes = MAX_FACT_DATA_BYTES) => trace().fact(seq, bytes),
    seqOfLine: (line) => trace().seqOfLine(line),
    async writePart(part, path) {
      if ('bytesOf' in part) return await writeBytes(trace(), part.bytesOf, path);
      writing = new AbortController();
      const { facts } = trace().counts;
      let toldMs = performance.now();
      const written = await writePart(
        trace(),
        part.text,
        path,
        AbortSignal.any([closing.signal, writing.signal]),
        (seq) => {
          if (performance.now() - toldMs < PROGRESS_MS) return;
          toldMs = performance.now();
          host.send('written', seq / facts);
        },
      );
      return written.ok ? succeeded(undefined) : written;
    },
    cancelWriting(problem) {
      writing.abort(problem);
    },
    readText: (text, maxCharacters) => readPart(trace(), text, maxCharacters, closing.signal),
    overview: (request) => trace().overview(request),
    find: (request) => trace().find(request),
    numbers: (request) => trace().numbers(request),
    seqAtTime: (us) => trace().seqAtTime(us),
    async compareWith(path) {
      compared ??= openComparison(path, trace());
      const opened = await compared;
      return opened.ok ? await opened.value.comparison.advance() : opened;
    },
    async close() {
      closing.abort(failed('cancelled', 'The run was closed before all of it was written.').problem);
      const opened = await compared;
      if (opened?.ok === true) await opened.value.other.close();
      await log?.close();
      // Nothing else keeps the thread alive.
      port.close();
    },
  });
}

/** A comparison with another trace, which is open for it. */
interface OpenComparison {
  readonly other: TraceReader;
  readonly comparison: TraceComparison;
}

async function openComparison(path: string, there: TraceReader): Promise<Result<OpenComparison>> {
  // It is packed: nothing is written.
  const here = await openTrace(path, path);
  if (!here.ok) return here;
  return succeeded({ other: here.value, comparison: compareTraces(here.value, there) });
}

/** Why a run ended early: its problem, or an unexpected error. */
async function endOf(run: () => Promise<Result<unknown>>): Promise<Pick<RunEnd, 'problem' | 'unexpected'>> {
  try {
    const outcome = await run();
    return outcome.ok ? {} : { problem: outcome.problem };
  } catch (error) {
    return { problem: unexpectedProblem(), unexpected: inspect(error) };
  }
}

function unexpectedProblem(): Problem {
  return failed(
    'unexpected',
    'The run ended by an error that SocketScope was not prepared for; the log says which one.',
  ).problem;
}

if (parentPort === null) throw new Error('This is a thread of the app and no program of its own');
serve(parentPort);

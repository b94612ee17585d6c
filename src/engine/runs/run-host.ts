// Starts the worker thread of a run, or of a saved run that is opened, and is the proxy for its trace.

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { failed, succeeded, type Problem, type Result } from '../../shared/result.ts';
import type { RunComparison } from '../../shared/trace/comparison.ts';
import { NO_COUNTS } from '../../shared/trace/counts.ts';
import type { ExperimentToRun } from '../experiments/index.ts';
import type { TraceProgress } from '../../shared/trace/packed.ts';
import { connectRpc, type Rpc } from '../system/thread-rpc.ts';
import type { HostCalls, OpenedTrace, RunEnd, RunTrace, WorkerCalls } from './run-protocol.ts';

/** A thread that has not ended by itself after this time is terminated. */
const CLOSE_LIMIT_MS = 2_000;

export interface RunInThread {
  readonly trace: RunTrace;
  /** Never rejects: an error of the thread is a problem too. */
  readonly ended: Promise<RunEnd>;
  cancel(problem: Problem): void;
}

export interface OpenedInThread extends OpenedTrace {
  readonly trace: RunTrace;
  /** Compares the packed trace at `path` with this one for some time. One path alone may be given. */
  compareWith(path: string): Promise<Result<RunComparison>>;
}

/** Receives the error that ended a thread. */
export type ThreadBroke = (error: unknown) => void;

function brokenDown(): { readonly ok: false; readonly problem: Problem } {
  return failed(
    'unexpected',
    'The part of SocketScope that holds this run has broken down; the log says why. Run the file again.',
  );
}

function runClosed(): { readonly ok: false; readonly problem: Problem } {
  return failed('cancelled', 'The run was closed before all of it was written.');
}

interface StartedWorker {
  readonly trace: RunTrace;
  readonly rpc: Rpc<WorkerCalls>;
  /** Makes a call to the worker. Resolves with `otherwise` where the worker has ended or the call failed. */
  readonly ask: <Value>(call: () => Promise<Value>, otherwise: Value) => Promise<Value>;
  readonly setOpened: (path: string, counts: TraceProgress) => void;
}

/** Starts a worker whose trace is at `tracePath`, until it has opened another. */
function startWorker(
  tracePath: string,
  listeners: Partial<Omit<HostCalls, 'written'>>,
  broke: ThreadBroke,
): StartedWorker {
  const worker = new Worker(join(import.meta.dirname, 'run-worker.cjs'));
  let path = tracePath;
  let counts: TraceProgress = { ...NO_COUNTS, landmarks: 0 };
  let closing: Promise<void> | undefined;
  let onWritten: ((share: number) => void) | undefined;

  const rpc = connectRpc<WorkerCalls, HostCalls>(worker, {
    started: (fact) => listeners.started?.(fact),
    progress(now) {
      counts = now;
      listeners.progress?.(now);
    },
    written: (share) => onWritten?.(share),
  });
  const over = new Error('The thread has ended');
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      rpc.close(over);
      closing ??= Promise.resolve();
      resolve();
    });
  });
  worker.on('error', broke);

  async function close(): Promise<void> {
    rpc.send('close');
    const timer = setTimeout(() => void worker.terminate(), CLOSE_LIMIT_MS);
    await exited;
    clearTimeout(timer);
  }
  async function ask<Value>(call: () => Promise<Value>, otherwise: Value): Promise<Value> {
    if (closing !== undefined) return otherwise;
    try {
      return await call();
    } catch (error) {
      if (error !== over) broke(error);
      return otherwise;
    }
  }

  return {
    rpc,
    ask,
    setOpened(packedPath, now) {
      path = packedPath;
      counts = now;
    },
    trace: {
      get path() {
        return path;
      },
      get counts() {
        return counts;
      },
      page: (page) => ask(() => rpc.call('page', page), brokenDown()),
      landmarks: (from) => ask(() => rpc.call('landmarks', from), brokenDown()),
      fact: (seq, bytes) => ask(() => rpc.call('fact', seq, bytes), brokenDown()),
      seqOfLine: (line) => ask(() => rpc.call('seqOfLine', line), undefined),
      async writePart(part, to, onProgress) {
        onWritten = onProgress;
        const written = await ask(() => rpc.call('writePart', part, to), runClosed());
        onWritten = undefined;
        return written;
      },
      cancelWriting(problem) {
        rpc.send('cancelWriting', problem);
      },
      readText: (text, maxCharacters) => ask(() => rpc.call('readText', text, maxCharacters), runClosed()),
      overview: (request) => ask(() => rpc.call('overview', request), brokenDown()),
      find: (request) => ask(() => rpc.call('find', request), brokenDown()),
      numbers: (request) => ask(() => rpc.call('numbers', request), brokenDown()),
      seqAtTime: (us) => ask(() => rpc.call('seqAtTime', us), 0),
      close() {
        closing ??= close();
        return closing;
      },
    },
  };
}

/** Starts a run in a thread of its own. */
export function runInThread(
  experiment: ExperimentToRun,
  tracePath: string,
  listeners: Omit<HostCalls, 'written'>,
  broke: ThreadBroke,
): RunInThread {
  const { trace, rpc, ask } = startWorker(tracePath, listeners, broke);
  const brokenEnd: RunEnd = { problem: brokenDown().problem };
  return {
    trace,
    ended: ask(() => rpc.call('run', experiment, tracePath), brokenEnd),
    cancel(problem) {
      rpc.send('cancel', problem);
    },
  };
}

/**
 * Opens a saved run in a thread of its own, because reading it may take seconds. One of JSON lines is packed into a new
 * file at `temporaryPath`, which is then the trace's `path`; the caller removes it.
 */
export async function openInThread(
  path: string,
  temporaryPath: string,
  broke: ThreadBroke,
): Promise<Result<OpenedInThread>> {
  const { trace, rpc, ask, setOpened } = startWorker(path, {}, broke);
  const opened = await ask(() => rpc.call('open', path, temporaryPath), brokenDown());
  if (!opened.ok) {
    await trace.close();
    return opened;
  }
  const { path: packedPath, ...rest } = opened.value;
  setOpened(packedPath, rest.counts);
  return succeeded({
    ...rest,
    trace,
    compareWith: (other) => ask(() => rpc.call('compareWith', other), brokenDown()),
  });
}

// Starts the worker thread of a run, or of a saved run that is opened, and is the proxy for its trace.

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { failed, succeeded, type Problem, type Result } from '../../shared/result.ts';
import { NO_COUNTS, type RunCounts } from '../../shared/trace/counts.ts';
import type { ExperimentToRun } from '../experiments/index.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import type { SeqRange } from '../recording/seq-ranges.ts';
import type { TraceReader } from '../recording/trace-reader.ts';
import { connectRpc, type Rpc } from '../system/thread-rpc.ts';
import type { HostCalls, OpenedTrace, RunEnd, WorkerCalls } from './run-protocol.ts';

/** A thread that has not ended by itself after this time is terminated. */
const CLOSE_LIMIT_MS = 2_000;

export interface RunInThread {
  readonly trace: TraceReader;
  /** Never rejects: an error of the thread is a problem too. */
  readonly ended: Promise<RunEnd>;
  cancel(problem: Problem): void;
}

export interface OpenedInThread extends OpenedTrace {
  readonly trace: TraceReader;
}

/** Receives the error that ended a thread. */
export type ThreadBroke = (error: unknown) => void;

function brokenDown(): { readonly ok: false; readonly problem: Problem } {
  return failed(
    'unexpected',
    'The part of SocketScope that holds this run has broken down; the log says why. Run the file again.',
  );
}

interface StartedWorker {
  readonly trace: TraceReader;
  readonly rpc: Rpc<WorkerCalls>;
  /** Makes a call to the worker. Resolves with `otherwise` where the worker has ended or the call failed. */
  readonly ask: <Value>(call: () => Promise<Value>, otherwise: Value) => Promise<Value>;
  readonly setCounts: (counts: RunCounts) => void;
}

/** Starts a worker whose trace is at `path`. */
function startWorker(path: string, listeners: Partial<HostCalls>, broke: ThreadBroke): StartedWorker {
  const worker = new Worker(join(import.meta.dirname, 'run-worker.cjs'));
  let counts: RunCounts = NO_COUNTS;
  let closing: Promise<void> | undefined;

  const rpc = connectRpc<WorkerCalls, HostCalls>(worker, {
    started: (fact) => listeners.started?.(fact),
    facts: (facts) => listeners.facts?.(facts),
    counts(now) {
      counts = now;
      listeners.counts?.(now);
    },
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

  function factsIn(ranges: readonly SeqRange[]): Promise<Result<readonly TraceEvent[]>> {
    return ask(() => rpc.call('factsIn', ranges), brokenDown());
  }

  return {
    rpc,
    ask,
    setCounts(now) {
      counts = now;
    },
    trace: {
      path,
      get counts() {
        return counts;
      },
      facts: (fromSeq, toSeq) => factsIn([{ fromSeq, toSeq }]),
      factsIn,
      fact: (seq) => ask(() => rpc.call('fact', seq), brokenDown()),
      seqOfLine: (line) => ask(() => rpc.call('seqOfLine', line), undefined),
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
  listeners: HostCalls,
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

/** Opens a saved run in a thread of its own, because reading it may take seconds. */
export async function openInThread(path: string, broke: ThreadBroke): Promise<Result<OpenedInThread>> {
  const { trace, rpc, ask, setCounts } = startWorker(path, {}, broke);
  const opened = await ask<Result<OpenedTrace>>(() => rpc.call('open', path), brokenDown());
  if (!opened.ok) {
    await trace.close();
    return opened;
  }
  setCounts(opened.value.counts);
  return succeeded({ ...opened.value, trace });
}

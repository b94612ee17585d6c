// Starts the thread of a run, or of a saved run that is opened, and stands in for its trace on this side: current-run.ts asks
// it as if the trace were here.

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { NO_COUNTS, type RunCounts } from '../../shared/trace/counts.ts';
import { failed, succeeded, type Problem, type Result } from '../../shared/result.ts';
import type { RunStarted, TraceEvent } from '../../shared/trace/fact.ts';
import type { Answer, FromThread, Job, Opened, Question, RunEnd, ToThread } from './run-protocol.ts';
import type { TraceLog } from '../recording/trace-reader.ts';

/** A thread that has nothing left to do ends by itself; one that does not is ended. */
const CLOSE_LIMIT_MS = 2_000;

export interface RunListeners {
  readonly started: (fact: RunStarted) => void;
  readonly facts: (facts: readonly TraceEvent[]) => void;
  readonly counts: (counts: RunCounts) => void;
  /** Gets what broke the thread down. */
  readonly brokeDown: (error: unknown) => void;
}

export interface RunThread {
  readonly trace: TraceLog;
  /** Never rejects: a thread that broke down is a problem, too. */
  readonly ended: Promise<RunEnd>;
  cancel(problem: Problem): void;
}

export interface OpenedThread extends Opened {
  readonly trace: TraceLog;
}

interface Thread {
  readonly trace: TraceLog;
  readonly say: (message: ToThread) => void;
}

function brokenDown(): { readonly ok: false; readonly problem: Problem } {
  return failed(
    'unexpected',
    'The part of SocketScope that holds this run has broken down; the log says why. Run the file again.',
  );
}

/**
 * Starts a thread. `take` gets what it says of itself, `broke` is called once if it ends before it was told to, and
 * `brokeDown` gets the error that ended it.
 */
function startThread(
  job: Job,
  take: (message: FromThread) => void,
  broke: () => void,
  brokeDown: (error: unknown) => void,
): Thread {
  const worker = new Worker(join(import.meta.dirname, 'run-worker.cjs'), { workerData: job });
  const asked = new Map<number, (answer: Answer | undefined) => void>();
  let lastId = 0;
  let counts: RunCounts = NO_COUNTS;
  let over = false;
  let closing: Promise<void> | undefined;

  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      over = true;
      for (const answer of asked.values()) answer(undefined);
      asked.clear();
      if (closing === undefined) broke();
      resolve();
    });
  });
  worker.on('error', brokeDown);
  worker.on('message', (message: FromThread) => {
    if (message.say === 'answer') {
      asked.get(message.id)?.(message.answer);
      asked.delete(message.id);
      return;
    }
    if (message.say === 'counts') counts = message.counts;
    if (message.say === 'opened' && message.opened.ok) counts = message.opened.value.counts;
    take(message);
  });

  function say(message: ToThread): void {
    worker.postMessage(message);
  }
  function ask(question: Question): Promise<Answer | undefined> {
    if (over || closing !== undefined) return Promise.resolve(undefined);
    const id = (lastId += 1);
    return new Promise((resolve) => {
      asked.set(id, resolve);
      say({ say: 'question', id, question });
    });
  }
  async function close(): Promise<void> {
    say({ say: 'close' });
    const timer = setTimeout(() => void worker.terminate(), CLOSE_LIMIT_MS);
    await exited;
    clearTimeout(timer);
  }

  return {
    say,
    trace: {
      path: job.kind === 'run' ? job.tracePath : job.path,
      get counts() {
        return counts;
      },
      async facts(fromSeq, toSeq) {
        const answer = await ask({ about: 'facts', fromSeq, toSeq });
        return answer?.about === 'facts' ? answer.facts : brokenDown();
      },
      async fact(seq) {
        const answer = await ask({ about: 'fact', seq });
        return answer?.about === 'fact' ? answer.fact : brokenDown();
      },
      async seqOfLine(line) {
        const answer = await ask({ about: 'seq-of-line', line });
        return answer?.about === 'seq-of-line' ? answer.seq : undefined;
      },
      close() {
        closing ??= over ? Promise.resolve() : close();
        return closing;
      },
    },
  };
}

/** Begins a run in a thread of its own. */
export function runInThread(job: Extract<Job, { kind: 'run' }>, listeners: RunListeners): RunThread {
  let end: (how: RunEnd) => void = () => undefined;
  const ended = new Promise<RunEnd>((resolve) => {
    end = resolve;
  });
  const { trace, say } = startThread(
    job,
    (message) => {
      if (message.say === 'started') listeners.started(message.fact);
      if (message.say === 'facts') listeners.facts(message.facts);
      if (message.say === 'counts') listeners.counts(message.counts);
      if (message.say === 'ended') end(message.end);
    },
    () => {
      end({ problem: brokenDown().problem });
    },
    listeners.brokeDown,
  );
  return {
    trace,
    ended,
    cancel(problem) {
      say({ say: 'cancel', problem });
    },
  };
}

/** Opens a saved run in a thread of its own: reading through it may take seconds. */
export async function openInThread(
  path: string,
  brokeDown: RunListeners['brokeDown'],
): Promise<Result<OpenedThread>> {
  let settle: (opened: Result<Opened>) => void = () => undefined;
  const opened = new Promise<Result<Opened>>((resolve) => {
    settle = resolve;
  });
  const { trace } = startThread(
    { kind: 'open', path },
    (message) => {
      if (message.say === 'opened') settle(message.opened);
    },
    () => {
      settle(brokenDown());
    },
    brokeDown,
  );
  const how = await opened;
  if (how.ok) return succeeded({ ...how.value, trace });
  await trace.close();
  return how;
}

// The calls between a worker thread that holds a trace and its host.

import type { Problem, Result } from '../../shared/result.ts';
import type { RunCounts } from '../../shared/trace/counts.ts';
import type { RunEnded, RunStarted, Stamp, TraceEvent } from '../../shared/trace/fact.ts';
import type { ExperimentToRun } from '../experiments/index.ts';
import type { SeqRange } from '../recording/seq-ranges.ts';

export interface RunEnd {
  readonly problem?: Problem;
  /** Absent where the run ended before its first fact. */
  readonly ended?: RunEnded;
  /** Why the trace on the disk is incomplete, where it is. */
  readonly traceProblem?: Problem;
  /** An unexpected error, as text for the log. */
  readonly unexpected?: string;
}

export interface OpenedTrace {
  readonly first: RunStarted & Stamp;
  readonly counts: RunCounts;
  /** The facts that are pushed to the window. */
  readonly pushed: readonly SeqRange[];
}

/** Calls to the worker. It holds one trace: that of a run, or one that was opened. */
export interface WorkerCalls {
  /** Runs the experiment to its end and records it. */
  run(experiment: ExperimentToRun, tracePath: string): Promise<RunEnd>;
  cancel(problem: Problem): void;
  open(path: string): Promise<Result<OpenedTrace>>;
  factsIn(ranges: readonly SeqRange[]): Promise<Result<readonly TraceEvent[]>>;
  fact(seq: number): Promise<Result<TraceEvent>>;
  seqOfLine(line: number): Promise<number | undefined>;
  /** Closes the trace and ends the thread. No call may follow. */
  close(): Promise<void>;
}

/** Calls to the host during a run. */
export interface HostCalls {
  started(fact: RunStarted): void;
  facts(facts: readonly TraceEvent[]): void;
  counts(counts: RunCounts): void;
}

// What the host and the worker of a run can ask of each other.

import type { Problem, Result } from '../../shared/result.ts';
import type { RunCounts } from '../../shared/trace/counts.ts';
import type { RunEnded, RunStarted, Stamp, TraceEvent } from '../../shared/trace/fact.ts';
import type { ExperimentToRun } from '../experiments/index.ts';
import type { SeqRange } from '../recording/seq-ranges.ts';

export interface RunEnd {
  readonly problem?: Problem;
  /** Absent where the run ended before its first fact. */
  readonly ended?: RunEnded;
  /** Why the trace on the disk is not whole, where it is not. */
  readonly traceProblem?: Problem;
  /** An error that nothing was prepared for, as text for the log. */
  readonly unexpected?: string;
}

export interface Opened {
  readonly first: RunStarted & Stamp;
  readonly counts: RunCounts;
  /** The facts that the window gets unasked. */
  readonly pushed: readonly SeqRange[];
}

/** A worker holds one trace: that of a run, or one that was opened. */
export interface WorkerCalls {
  /** Runs the experiment to its end and records it. */
  run(experiment: ExperimentToRun, tracePath: string): Promise<RunEnd>;
  cancel(problem: Problem): void;
  open(path: string): Promise<Result<Opened>>;
  factsIn(ranges: readonly SeqRange[]): Promise<Result<readonly TraceEvent[]>>;
  fact(seq: number): Promise<Result<TraceEvent>>;
  seqOfLine(line: number): Promise<number | undefined>;
  /** Closes the trace. Nothing can be asked after it: the thread ends. */
  close(): Promise<void>;
}

/** What a run tells its host while it goes on. */
export interface HostCalls {
  started(fact: RunStarted): void;
  facts(facts: readonly TraceEvent[]): void;
  counts(counts: RunCounts): void;
}

// What the host and the worker of a run can ask of each other.

import type { Problem, Result } from '../../shared/result.ts';
import type { RunCounts } from '../../shared/trace/counts.ts';
import type { RunEnded, RunStarted, Stamp, TraceEvent } from '../../shared/trace/fact.ts';
import type { ExperimentOptions } from '../experiments/run-context.ts';
import type { BoundariesOptions } from '../experiments/run/boundaries.ts';
import type { FileExperimentOptions } from '../experiments/run/file.ts';
import type { InUseOptions } from '../experiments/run/in-use.ts';
import type { PortsOptions } from '../experiments/run/ports.ts';
import type { RaceOptions } from '../experiments/run/race.ts';
import type { RefusedOptions } from '../experiments/run/refused.ts';
import type { StringOptions } from '../experiments/run/string.ts';
import type { WelcomeOptions } from '../experiments/run/welcome.ts';
import type { SeqRange } from '../recording/seq-ranges.ts';

/** Options without the functions among them, which cannot be sent to a thread. */
type Sendable<Options extends ExperimentOptions> = Omit<
  Options,
  'afterLine' | 'examinePort' | 'examineQueue'
>;

/** Which experiment, and what it needs to know. */
export type ExperimentToRun =
  | { readonly name: 'boundaries'; readonly options: Sendable<BoundariesOptions> }
  | { readonly name: 'ports'; readonly options: Sendable<PortsOptions> }
  | { readonly name: 'race'; readonly options: Sendable<RaceOptions> }
  | { readonly name: 'file'; readonly options: Sendable<FileExperimentOptions> }
  | { readonly name: 'in-use'; readonly options: Sendable<InUseOptions> }
  | { readonly name: 'refused'; readonly options: Sendable<RefusedOptions> }
  | { readonly name: 'string'; readonly options: Sendable<StringOptions> }
  | { readonly name: 'welcome'; readonly options: Sendable<WelcomeOptions> };

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
  facts(fromSeq: number, toSeq: number): Promise<Result<readonly TraceEvent[]>>;
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

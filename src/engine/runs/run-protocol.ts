// The calls between a worker thread that holds a trace and its host.

import type { RunPart, RunText } from '../../shared/ipc.ts';
import type { FindAnswer, FindRequest } from '../../shared/find/find-answer.ts';
import type { NumbersRequest, RunNumbers } from '../../shared/numbers/run-numbers.ts';
import type { Note } from '../../shared/notes.ts';
import type { Problem, Result } from '../../shared/result.ts';
import type { RunComparison } from '../../shared/trace/comparison.ts';
import type { RunEnded, RunStarted, Stamp, TraceEvent } from '../../shared/trace/fact.ts';
import type { OverviewRequest, RunOverview } from '../../shared/trace/overview.ts';
import type { TracePage, TraceProgress } from '../../shared/trace/packed.ts';
import type { PagedTrace } from '../recording/trace-reader.ts';
import type { ReadText } from '../recording/trace-text.ts';
import type { ExperimentToRun } from '../experiments/index.ts';

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
  readonly counts: TraceProgress;
  readonly notes: readonly Note[];
  /** Why notes that are in the file are not here. */
  readonly notesProblem?: Problem;
}

/** The trace that a worker holds, as its host asks for it. */
export interface RunTrace extends PagedTrace {
  /** `onProgress` is told now and then which share of the facts has been written, from 0 to 1. */
  writePart(part: RunPart, path: string, onProgress: (share: number) => void): Promise<Result<void>>;
  cancelWriting: WorkerCalls['cancelWriting'];
  readText: WorkerCalls['readText'];
}

/** Calls to the worker. It holds one trace: that of a run, or one that was opened. */
export interface WorkerCalls {
  /** Runs the experiment to its end and records it. */
  run(experiment: ExperimentToRun, tracePath: string): Promise<RunEnd>;
  cancel(problem: Problem): void;
  /** Opens a saved trace. One of JSON lines is packed into a new file at `temporaryPath`. */
  open(path: string, temporaryPath: string): Promise<Result<OpenedTrace & { readonly path: string }>>;
  page(page: number): Promise<Result<TracePage>>;
  landmarks(from: number): Promise<Result<readonly TraceEvent[]>>;
  /** One fact with up to `bytes`, by default MAX_FACT_DATA_BYTES, of its data. */
  fact(seq: number, bytes?: number): Promise<Result<TraceEvent>>;
  seqOfLine(line: number): Promise<number | undefined>;
  /** Writes a part of the whole run into a new file; one at a time. Closing the trace cancels it. */
  writePart(part: RunPart, path: string): Promise<Result<void>>;
  /** Cancels what is written now: that ends with the problem. */
  cancelWriting(problem: Problem): void;
  /** A text of the whole run, of at most `maxCharacters`: as many whole lines as fit. */
  readText(text: RunText, maxCharacters: number): Promise<Result<ReadText>>;
  /** A stretch of the run in buckets, as far as it has been read: ask again while it is not whole. */
  overview(request: OverviewRequest): Promise<Result<RunOverview>>;
  /** Searches on for some time; a search for other words ends. */
  find(request: FindRequest): Promise<Result<FindAnswer>>;
  /** Computes the numbers of the whole run on for some time. */
  numbers(request: NumbersRequest): Promise<Result<RunNumbers>>;
  /** The last fact at or before a time, in microseconds since the run began; 0 where there is none. */
  seqAtTime(us: number): Promise<number>;
  /** Compares the packed trace at `path`, which is the one called here, with this one for some time. */
  compareWith(path: string): Promise<Result<RunComparison>>;
  /** Closes the trace and ends the thread. No call may follow. */
  close(): Promise<void>;
}

/** Calls to the host. */
export interface HostCalls {
  started(fact: RunStarted): void;
  progress(counts: TraceProgress): void;
  /** The share of the facts, from 0 to 1, that `writePart` has written. */
  written(share: number): void;
}

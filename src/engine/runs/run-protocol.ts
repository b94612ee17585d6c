// What main and the thread of a run say to each other. run-worker.ts is the thread, run-host.ts starts it.

import type { RunCounts } from '../../shared/trace/counts.ts';
import type { Problem, Result } from '../../shared/result.ts';
import type { RunEnded, RunStarted, Stamp, TraceEvent } from '../../shared/trace/fact.ts';
import type { BoundariesOptions } from '../experiments/run/boundaries.ts';
import type { ExperimentOptions } from '../experiments/run-context.ts';
import type { FileExperimentOptions } from '../experiments/run/file.ts';
import type { InUseOptions } from '../experiments/run/in-use.ts';
import type { PortsOptions } from '../experiments/run/ports.ts';
import type { RaceOptions } from '../experiments/run/race.ts';
import type { RefusedOptions } from '../experiments/run/refused.ts';
import type { StringOptions } from '../experiments/run/string.ts';
import type { WelcomeOptions } from '../experiments/run/welcome.ts';
import type { SeqRange } from '../recording/seq-ranges.ts';

/** Options without the functions among them, which cannot be handed to a thread. */
type Handed<Options extends ExperimentOptions> = Omit<Options, 'afterLine' | 'examinePort' | 'examineQueue'>;

/** Which experiment, and what it needs to know. */
export type ExperimentToRun =
  | { readonly name: 'boundaries'; readonly options: Handed<BoundariesOptions> }
  | { readonly name: 'ports'; readonly options: Handed<PortsOptions> }
  | { readonly name: 'race'; readonly options: Handed<RaceOptions> }
  | { readonly name: 'file'; readonly options: Handed<FileExperimentOptions> }
  | { readonly name: 'in-use'; readonly options: Handed<InUseOptions> }
  | { readonly name: 'refused'; readonly options: Handed<RefusedOptions> }
  | { readonly name: 'string'; readonly options: Handed<StringOptions> }
  | { readonly name: 'welcome'; readonly options: Handed<WelcomeOptions> };

/** What a thread is started for: a run to conduct, or a saved run to open. */
export type Job =
  | { readonly kind: 'run'; readonly experiment: ExperimentToRun; readonly tracePath: string }
  | { readonly kind: 'open'; readonly path: string };

export type Question =
  | { readonly about: 'facts'; readonly fromSeq: number; readonly toSeq: number }
  | { readonly about: 'fact'; readonly seq: number }
  | { readonly about: 'seq-of-line'; readonly line: number };

export type Answer =
  | { readonly about: 'facts'; readonly facts: Result<readonly TraceEvent[]> }
  | { readonly about: 'fact'; readonly fact: Result<TraceEvent> }
  | { readonly about: 'seq-of-line'; readonly seq: number | undefined };

export type ToThread =
  | { readonly say: 'cancel'; readonly problem: Problem }
  | { readonly say: 'question'; readonly id: number; readonly question: Question }
  /** Nothing more will be asked: the trace is closed and the thread ends. */
  | { readonly say: 'close' };

export interface RunEnd {
  readonly problem?: Problem;
  /** Absent where the run ended before its first fact. */
  readonly ended?: RunEnded;
  /** Why the trace on the disk is not whole, where it is not. */
  readonly traceProblem?: Problem;
  /** An error nobody was prepared for, as text for the log. */
  readonly unexpected?: string;
}

export interface Opened {
  readonly first: RunStarted & Stamp;
  readonly counts: RunCounts;
  /** The facts that the window gets unasked. */
  readonly pushed: readonly SeqRange[];
}

export type FromThread =
  | { readonly say: 'started'; readonly fact: RunStarted }
  | { readonly say: 'facts'; readonly facts: readonly TraceEvent[] }
  | { readonly say: 'counts'; readonly counts: RunCounts }
  | { readonly say: 'ended'; readonly end: RunEnd }
  | { readonly say: 'opened'; readonly opened: Result<Opened> }
  | { readonly say: 'answer'; readonly id: number; readonly answer: Answer };

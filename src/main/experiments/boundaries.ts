// Lost boundaries, question 5 of the course: the same bytes to three servers, of which one looks for the newlines.
// main/runs.ts and the terminal command start it; its facts go to their recorder.

import type { Result } from '../../shared/result.ts';
import { failed } from '../../shared/result.ts';
import type { Emit, Framing, HandOver, ReadWhen } from '../../shared/trace.ts';
import type { ExperimentOptions } from './conduct.ts';

export interface BoundariesOptions extends ExperimentOptions {
  readonly inputPath: string;
  /** The ways to hand the bytes over; each is shown to each of the three servers, way by way. */
  readonly handOvers: readonly HandOver[];
  readonly readWhen: ReadWhen;
}

/** What one server gave back for one way of handing the bytes over. */
export interface GivenBack {
  readonly handOver: HandOver;
  readonly framing: Framing;
  readonly reply: Buffer;
}

export interface BoundariesOutcome {
  readonly givenBack: readonly GivenBack[];
}

export function runBoundariesExperiment(
  options: BoundariesOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<BoundariesOutcome>> {
  void options;
  void emit;
  void signal;
  return Promise.resolve(failed('unexpected', 'Not there yet.'));
}

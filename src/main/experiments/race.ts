// The race, step 2 of the course without its sleep: server and client start at once in two threads, many times.
// main/runs.ts and the terminal command start it; its facts go to their recorder.

import type { Result } from '../../shared/result.ts';
import { failed } from '../../shared/result.ts';
import type { Emit } from '../../shared/trace.ts';
import type { WelcomeOptions } from './welcome.ts';

export interface RaceOptions extends WelcomeOptions {
  /** 1 to 500. */
  readonly rounds: number;
  /** How long the client's thread waits after the server's, in ms: 0 to 5000. */
  readonly pauseMs: number;
}

export interface RaceOutcome {
  /** How often each outcome came; together the rounds that were run. */
  readonly connected: number;
  readonly refused: number;
  readonly failed: number;
}

export function runRaceExperiment(
  options: RaceOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<RaceOutcome>> {
  void options;
  void emit;
  void signal;
  return Promise.resolve(failed('unexpected', 'Not there yet.'));
}

// Ephemeral ports, question 6 of the course: many clients, one after the other, to one server that stays where it is.
// main/runs.ts and the terminal command start it; its facts go to their recorder.

import type { Result } from '../../shared/result.ts';
import { failed } from '../../shared/result.ts';
import type { Emit, Endpoint } from '../../shared/trace.ts';
import type { WelcomeOptions } from './welcome.ts';

export interface PortsOptions extends WelcomeOptions {
  /** How many clients: 1 to 200. */
  readonly runs: number;
}

export interface PortsOutcome {
  /** In the order of the runs. */
  readonly clientPorts: readonly number[];
  readonly server: Endpoint;
}

export function runPortsExperiment(
  options: PortsOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<PortsOutcome>> {
  void options;
  void emit;
  void signal;
  return Promise.resolve(failed('unexpected', 'Not there yet.'));
}

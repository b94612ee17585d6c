// The first and the last fact of a small run, for tests of the facts between them.

import type { RunEnded, RunStarted } from './fact.ts';
import type { ExperimentName } from '../experiments/definitions.ts';

/** The start of a run that sends the course's greeting to port 50007; `more` replaces its fields. */
export function runStarted(experiment: ExperimentName, more: Partial<RunStarted> = {}): RunStarted {
  return {
    kind: 'run-started',
    seenBy: 'program',
    format: 2,
    experiment,
    startedAt: '2026-01-31T12:00:00.000Z',
    runtime: { app: '0.1.0', node: 'v20', platform: 'linux', arch: 'x64' },
    requested: { address: '127.0.0.1', port: 50_007 },
    options: {},
    input: { name: 'greeting', bytes: 18 },
    ...more,
  };
}

/** The end of a run without a line. */
export function runEnded(outcome: RunEnded['outcome']): RunEnded {
  const counts = { linesSent: 0, linesReceived: 0, resultBytes: 0, linesByByte: 0 };
  return { kind: 'run-ended', seenBy: 'program', outcome, ...counts };
}

// How often the experiments that repeat themselves may do so. They and the terminal command refuse any other number,
// settings.ts takes no other.

import { failed, type Problem } from '../result.ts';

/** Rounds of `race`. */
export const MOST_ROUNDS = 500;

/** How long the client's thread of `race` may wait after the server's, in ms. */
export const MOST_PAUSE_MS = 5_000;

/** Connections of `ports`. */
export const MOST_PORT_RUNS = 200;

/** Why the race cannot have so many rounds, or undefined where it can. */
export function roundsProblem(rounds: number): Problem | undefined {
  return unlessWithin(rounds, 1, MOST_ROUNDS, `A race cannot have ${rounds} rounds`);
}

/** Why the client of the race cannot wait for so many ms, or undefined where it can. */
export function pauseProblem(pauseMs: number): Problem | undefined {
  return unlessWithin(pauseMs, 0, MOST_PAUSE_MS, `The client cannot wait for ${pauseMs} ms`);
}

/** Why `ports` cannot connect so many times, or undefined where it can. */
export function runsProblem(runs: number): Problem | undefined {
  return unlessWithin(runs, 1, MOST_PORT_RUNS, `The client cannot be run ${runs} times`);
}

function unlessWithin(value: number, least: number, most: number, wrong: string): Problem | undefined {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return undefined;
  return failed('bad-option', `${wrong}: choose a whole number from ${least} to ${most}.`).problem;
}

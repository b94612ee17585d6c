// When the client of `refused` may start. The experiment and the terminal command refuse any other time, settings.ts
// takes no other.

import { failed, type Problem } from '../result.ts';

/** In ms after the server listens; negative is before it. */
export const EARLIEST_START_MS = -1_000;
export const LATEST_START_MS = 5_000;

/** Why the client cannot start so many ms after the server listens, or undefined where it can. */
export function startTimeProblem(startAfterMs: number): Problem | undefined {
  if (
    Number.isSafeInteger(startAfterMs) &&
    startAfterMs >= EARLIEST_START_MS &&
    startAfterMs <= LATEST_START_MS
  ) {
    return undefined;
  }
  return failed(
    'bad-option',
    `The client cannot start ${startAfterMs} ms after the server: choose a whole number from ${EARLIEST_START_MS} to ${LATEST_START_MS}.`,
  ).problem;
}

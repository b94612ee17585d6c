// How often the experiments that repeat themselves may do so. settings.ts and the terminal command take no other numbers.

/** Rounds of `race`. */
export const MOST_ROUNDS = 500;

/** How long the client's thread of `race` may wait after the server's, in ms. */
export const MOST_PAUSE_MS = 5_000;

/** Connections of `ports`. */
export const MOST_PORT_RUNS = 200;

// The calls between the race and its two threads.

import type { Problem } from '../../../../shared/result.ts';
import type { Endpoint, Fact, Side } from '../../../../shared/trace/fact.ts';

/** The task of a thread; the same in all rounds. */
export interface Racer {
  readonly side: Side;
  /** One Int32: the round that is released. A thread that is ready for the next round waits on it. */
  readonly gate: SharedArrayBuffer;
  /** Where the server listens and the client connects; its port is not 0. */
  readonly endpoint: Endpoint;
  readonly greeting: string;
  /** How long the client waits after its release, in ms. */
  readonly pauseMs: number;
}

/** A fact and its time, in ms on the clock of `process.hrtime()`, which all threads of a process share. */
export interface TimedFact {
  readonly fact: Fact;
  readonly atMs: number;
}

/** How one side's round ended, and its facts. */
export interface SideEnd {
  readonly facts: readonly TimedFact[];
  /** The client's own address and port, once it was connected; never the server's. */
  readonly client: Endpoint | undefined;
  readonly problem: Problem | undefined;
}

export interface RacerCalls {
  /** Waits at the gate, and runs the round when it is released. */
  runRound(round: number): Promise<SideEnd>;
  /** The client is done, and had this address and port if it was connected: the server may close. */
  clientDone(client: Endpoint | undefined): void;
  /** Ends the current round at once. */
  abort(problem: Problem): void;
}

export interface RaceCalls {
  /** The thread waits at the gate. */
  ready(): void;
}

// What the race and its two threads can ask of each other.

import type { Problem } from '../../../../shared/result.ts';
import type { Endpoint, Fact, Side } from '../../../../shared/trace/fact.ts';

/** What a thread is started for; the same in all rounds. */
export interface Racer {
  readonly side: Side;
  /** One Int32: the round that is released. A thread that is ready for the next one sleeps on it. */
  readonly gate: SharedArrayBuffer;
  /** Where the server listens and the client connects; its port is not 0. */
  readonly endpoint: Endpoint;
  readonly greeting: string;
  /** How long the client waits after its release, in ms. */
  readonly pauseMs: number;
}

/** A fact and when its thread saw it, in ms on `process.hrtime()`, which all threads of a process share. */
export interface SeenFact {
  readonly fact: Fact;
  readonly atMs: number;
}

/** How one side's round ended, and what it saw. */
export interface SideEnd {
  readonly facts: readonly SeenFact[];
  /** The client's own address and port, once it was connected; never the server's. */
  readonly client: Endpoint | undefined;
  readonly problem: Problem | undefined;
}

export interface RacerCalls {
  /** Sleeps at the gate, and runs the round when it is released. */
  runRound(round: number): Promise<SideEnd>;
  /** The client is through, from this address and port where it was connected: the server may close. */
  clientThrough(client: Endpoint | undefined): void;
  /** The round under way ends as fast as it can. */
  abort(problem: Problem): void;
}

export interface RaceCalls {
  /** The thread sleeps at the gate. */
  ready(): void;
}

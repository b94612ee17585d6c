// What the race and its two threads say to each other. racer.ts is one of the two, racers.ts starts both.

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

export type ToRacer =
  | { readonly say: 'prepare'; readonly round: number }
  /** The client is through, from this address and port where it was connected: the server may close. */
  | { readonly say: 'client-through'; readonly client: Endpoint | undefined }
  /** The round under way ends as fast as it can. */
  | { readonly say: 'abort'; readonly problem: Problem };

export type FromRacer =
  /** It sleeps at the gate. */
  | { readonly say: 'ready' }
  | {
      readonly say: 'over';
      readonly facts: readonly SeenFact[];
      /** The client's own address and port, once it was connected; never the server's. */
      readonly client: Endpoint | undefined;
      readonly problem: Problem | undefined;
    };

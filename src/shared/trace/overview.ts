// A run, or a stretch of it, in a few hundred buckets: what a picture as wide as a window can show of millions of facts.

/** The most buckets of one overview. */
export const MAX_BUCKETS = 2_000;

/** A stretch of a run, both ends included, and in how many buckets at most it is wanted. */
export interface OverviewRequest {
  readonly from: number;
  readonly to: number;
  readonly buckets: number;
}

/** What the facts of each bucket are. */
export interface FactColumns {
  /** How many facts that were kept are of which side, and of neither. */
  readonly client: Float64Array;
  readonly server: Float64Array;
  readonly neither: Float64Array;
  /** The time at which the bucket ends. */
  readonly untilUs: Float64Array;
  /** Failures of the run itself, none of other clients; the first of them. */
  readonly errors: Float64Array;
  readonly errorSeqs: Float64Array;
  /** The longest time in which no fact was seen; the fact that ended it. */
  readonly waitUs: Float64Array;
  readonly waitSeqs: Float64Array;
  /** The first line that the client wrote; the fact of it. */
  readonly lines: Float64Array;
  readonly lineSeqs: Float64Array;
}

/** Bucket `i` has the facts from number `from + i * factsABucket` on. A `seq` of 0 stands for none. */
export interface RunOverview extends FactColumns {
  readonly from: number;
  readonly factsABucket: number;
  /** Facts up to this one were counted. A long run is read in the background: ask again. */
  readonly upTo: number;
  /** The time at which the first bucket begins. */
  readonly fromUs: number;
}

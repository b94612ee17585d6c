// Counts times in buckets that grow by a fixed factor: a quantile of any number of times is known to within one per cent,
// in memory that does not grow.

/** The greatest relative error of a quantile. */
export const RELATIVE_ERROR = 0.01;

const FACTOR = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_FACTOR = Math.log(FACTOR);

/** Times up to this one, in microseconds, are in the first bucket: the clock of a trace counts tenths. */
const LEAST_US = 0.1;

/** The last bucket is that of 2^48 tenths of a microsecond, the longest time of a packed fact. */
const BUCKETS = bucketOf(2 ** 48 / 10) + 1;

/** The bucket of a time in microseconds. */
function bucketOf(us: number): number {
  return us <= LEAST_US ? 0 : Math.ceil(Math.log(us / LEAST_US) / LOG_FACTOR);
}

/** The upper bound of a bucket, in microseconds; its lower one is that of the bucket before it. */
export function upperUsOf(bucket: number): number {
  return LEAST_US * FACTOR ** bucket;
}

/** The buckets with counts, without the empty ones at both ends: `counts[0]` is that of bucket `first`. */
export interface Buckets {
  readonly first: number;
  readonly counts: readonly number[];
}

export class LogHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;
  #leastUs = Infinity;
  #mostUs = 0;

  get total(): number {
    return this.#total;
  }

  add(us: number): void {
    const bucket = Math.min(BUCKETS - 1, bucketOf(us));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
    this.#leastUs = Math.min(this.#leastUs, us);
    this.#mostUs = Math.max(this.#mostUs, us);
  }

  /**
   * The time, in microseconds, that at least the part `q` (0 to 1) of all times do not exceed, to within RELATIVE_ERROR;
   * undefined where there are none. The least and the greatest time are exact.
   */
  quantile(q: number): number | undefined {
    if (this.#total === 0) return undefined;
    const rank = Math.max(1, Math.ceil(q * this.#total));
    if (rank === this.#total) return this.#mostUs;
    if (q === 0) return this.#leastUs;
    let passed = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      passed += this.#counts[bucket] ?? 0;
      // As far from the lower bound of the bucket as from the upper one, relative to them.
      if (passed >= rank) return this.#clamped((2 * upperUsOf(bucket)) / (FACTOR + 1));
    }
    return this.#mostUs;
  }

  get buckets(): Buckets {
    const first = this.#counts.findIndex((count) => count > 0);
    if (first === -1) return { first: 0, counts: [] };
    const last = this.#counts.findLastIndex((count) => count > 0);
    return { first, counts: [...this.#counts.subarray(first, last + 1)] };
  }

  #clamped(us: number): number {
    return Math.min(this.#mostUs, Math.max(this.#leastUs, us));
  }
}

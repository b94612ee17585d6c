// The numbers of a whole run: how long its lines took and how many came back when. Their size does not grow with the run.

import type { Buckets } from './log-histogram.ts';

/** Which lines come first where not all can be listed. */
export type LineOrder = 'slowest' | 'fastest';

/** The most lines that are listed by their round trips. */
export const MAX_LISTED_LINES = 1_000;

export interface NumbersRequest {
  readonly order: LineOrder;
  /** At most MAX_LISTED_LINES. */
  readonly lines: number;
}

/** The round trip of a line (took.ts). */
export interface LineTime {
  readonly line: number;
  readonly us: number;
  /** The client's write of it. */
  readonly sentSeq: number;
  /** The server's write of its reply; 0 where that is not recorded. */
  readonly repliedSeq: number;
  readonly receivedSeq: number;
}

/** How far the numbers are computed. They go on with each call until they are `done`, and then with a run under way. */
export interface RunNumbers {
  /** Facts up to this `seq` are in the numbers, of so many. */
  readonly counted: number;
  readonly facts: number;
  readonly done: boolean;
  /** Facts that are missing in them, because their part of the file is damaged. */
  readonly unreadable: number;
  /** Lines that came back. */
  readonly lines: number;
  /**
   * The round trips. The numbers below are in microseconds; of more than MAX_LISTED_LINES lines, the median and the 95th
   * percentile are to within RELATIVE_ERROR.
   */
  readonly buckets: Buckets;
  readonly medianUs?: number;
  readonly p95Us?: number;
  readonly slowestUs?: number;
  /** The lines that came first in the order that was asked for. */
  readonly listed: readonly LineTime[];
  /** Lines that came back in each stretch of the run, from its beginning on. */
  readonly pace: { readonly stretchUs: number; readonly lines: readonly number[] };
}

// Computes the numbers of a whole run from its trace, when they are asked for: recording costs nothing more.

import { LogHistogram } from '../../shared/numbers/log-histogram.ts';
import {
  MAX_LISTED_LINES,
  type LineTime,
  type NumbersRequest,
  type RunNumbers,
} from '../../shared/numbers/run-numbers.ts';
import { succeeded, type Result } from '../../shared/result.ts';
import { atUsAt, kindAt, lineAt, sideAt, type PackedFacts } from '../../shared/trace/packed.ts';
import { RoundTrips } from '../../shared/trace/took.ts';
import { Extremes } from './extremes.ts';
import { roundTripAt } from './round-trip-at.ts';
import { TraceWalk, type WalkSource } from './trace-walk.ts';

/** Stretches in which lines are counted: their length doubles where the run is longer than so many. */
const MAX_STRETCHES = 1_024;
const FIRST_STRETCH_US = 64;

/** The numbers of one trace. */
export interface TraceCounter {
  /** Computes on for some time and answers how far it is. */
  numbers(request: NumbersRequest): Promise<Result<RunNumbers>>;
}

/** The numbers of the trace in `source`. */
export function createCounter(source: WalkSource): TraceCounter {
  let counting: Counting | undefined;
  return {
    async numbers(request) {
      counting ??= new Counting(source);
      await counting.walk.advance();
      return succeeded(counting.answer(request));
    },
  };
}

class Counting {
  readonly walk: TraceWalk;
  readonly #source: WalkSource;
  readonly #trips = new RoundTrips();
  readonly #histogram = new LogHistogram();
  readonly #slowest = new Extremes<LineTime>(MAX_LISTED_LINES, ({ us }) => us);
  readonly #fastest = new Extremes<LineTime>(MAX_LISTED_LINES, ({ us }) => -us);
  readonly #pace = new Pace();
  readonly #replies = new LastReplies();

  constructor(source: WalkSource) {
    this.#source = source;
    this.walk = new TraceWalk(source, {
      visit: (facts, index) => {
        this.#visit(facts, index);
        return undefined;
      },
    });
  }

  answer({ order, lines }: NumbersRequest): RunNumbers {
    const { facts } = this.#source.progress();
    const done = this.walk.isAtEnd;
    const histogram = this.#histogram;
    return {
      counted: done ? facts : this.walk.seq,
      facts,
      done,
      unreadable: this.walk.unreadable,
      lines: histogram.total,
      buckets: histogram.buckets,
      ...this.#quantiles(),
      listed: (order === 'slowest' ? this.#slowest : this.#fastest).first(lines),
      pace: this.#pace.stretches,
    };
  }

  /** Exact where all lines are kept, else to within the histogram's error. */
  #quantiles(): Pick<RunNumbers, 'medianUs' | 'p95Us' | 'slowestUs'> {
    const { total } = this.#histogram;
    if (total === 0) return {};
    const falling = total <= MAX_LISTED_LINES ? this.#slowest.first(total) : undefined;
    const at = (q: number): number =>
      falling?.[total - Math.max(1, Math.ceil(q * total))]?.us ?? this.#histogram.quantile(q) ?? 0;
    return { medianUs: at(0.5), p95Us: at(0.95), slowestUs: at(1) };
  }

  #visit(facts: PackedFacts, index: number): void {
    const kind = kindAt(facts, index);
    if (kind === 'round-started') this.#trips.clear();
    if (kind === 'wrote' && sideAt(facts, index) === 'server') {
      this.#replies.wrote(lineAt(facts, index), facts.firstSeq + index);
    }
    const trip = roundTripAt(facts, index, this.#trips);
    if (trip === undefined) return;
    const { line, us, sentSeq } = trip;
    this.#histogram.add(us);
    this.#pace.add(atUsAt(facts, index));
    const [isSlow, isFast] = [this.#slowest.takes(us), this.#fastest.takes(-us)];
    if (!isSlow && !isFast) return;
    const receivedSeq = facts.firstSeq + index;
    const time: LineTime = { line, us, sentSeq, repliedSeq: this.#replies.of(line, sentSeq), receivedSeq };
    if (isSlow) this.#slowest.add(time);
    if (isFast) this.#fastest.add(time);
  }
}

/** The server's last replies, by line: more than are on their way at once. */
class LastReplies {
  readonly #lines = new Float64Array(REPLIES);
  readonly #seqs = new Float64Array(REPLIES);

  wrote(line: number | undefined, seq: number): void {
    if (line === undefined) return;
    this.#lines[line % REPLIES] = line;
    this.#seqs[line % REPLIES] = seq;
  }

  /** The `seq` of the reply to a line that was sent with `sentSeq`; 0 where it is not known. */
  of(line: number, sentSeq: number): number {
    const seq = this.#seqs[line % REPLIES] ?? 0;
    return this.#lines[line % REPLIES] === line && seq > sentSeq ? seq : 0;
  }
}

const REPLIES = 4_096;

/** Counts lines in stretches of equal length that begin with the run. */
class Pace {
  #stretchUs = FIRST_STRETCH_US;
  #counts = new Float64Array(MAX_STRETCHES);
  #used = 0;

  add(atUs: number): void {
    while (atUs >= this.#stretchUs * MAX_STRETCHES) this.#double();
    const at = Math.floor(atUs / this.#stretchUs);
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#used = Math.max(this.#used, at + 1);
  }

  get stretches(): RunNumbers['pace'] {
    return { stretchUs: this.#stretchUs, lines: [...this.#counts.subarray(0, this.#used)] };
  }

  #double(): void {
    const counts = this.#counts;
    this.#counts = new Float64Array(MAX_STRETCHES);
    for (let at = 0; at < MAX_STRETCHES; at += 2) {
      this.#counts[at / 2] = (counts[at] ?? 0) + (counts[at + 1] ?? 0);
    }
    this.#stretchUs *= 2;
    this.#used = Math.ceil(this.#used / 2);
  }
}

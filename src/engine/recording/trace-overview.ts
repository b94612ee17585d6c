// The overview of a trace. Nothing is counted before it is asked for: then the chunks are read in the background, once,
// and the recorder's next ones are counted while they are in memory.

import { setImmediate, setTimeout } from 'node:timers/promises';

import { NO_CONNECTION } from '../../shared/trace/connection.ts';
import { MAX_BUCKETS, type OverviewRequest, type RunOverview } from '../../shared/trace/overview.ts';
import { PAGE_FACTS, type PackedFacts } from '../../shared/trace/packed.ts';
import { loadChunks } from './trace-chunks.ts';
import { FactCells } from './fact-cells.ts';
import { copyOf } from './trace-pages.ts';
import type { TraceSource } from './trace-reader.ts';

/** Of the whole run: 1.3 MB, and ten million lines have some thousand facts in each. */
const CELLS = 16_384;

/** A stretch up to this size is read anew: cells of the whole run may be too large for it. */
const MAX_STRETCH_FACTS = 256 * PAGE_FACTS;

/** So long a call waits for the chunks that are still read. */
const ANSWER_MS = 50;

/** After so much work in one go other calls, and the sockets, have their turn. */
const TURN_MS = 2;

/** Chunks that are asked for at once. */
const CHUNKS_TOGETHER = 64;

export class TraceOverview {
  readonly #source: TraceSource;
  #cells = new FactCells(1, 1, CELLS);
  /** How many chunks were counted, and where the last of them begins. */
  #chunks = 0;
  #lastFirstSeq = 0;
  #upTo = 0;
  #wasAsked = false;
  #reading: Promise<void> | undefined;
  #stopped = false;

  constructor(source: TraceSource) {
    this.#source = source;
  }

  /** The recorder has these facts as its next chunk. They are counted now, where all before them are. */
  seal(facts: PackedFacts): void {
    const { count } = this.#source.index;
    if (!this.#wasAsked || this.#reading !== undefined || !this.#isUpTo(count)) return;
    this.#count(facts);
  }

  /** An overview as far as it is there within some milliseconds; the rest is read meanwhile. */
  async overview({ from, to, buckets }: OverviewRequest): Promise<RunOverview> {
    this.#wasAsked = true;
    const most = Math.max(1, Math.min(MAX_BUCKETS, buckets));
    const first = Math.max(1, from);
    const facts = this.#source.progress().facts;
    if (first > 1 || to < facts) {
      const last = Math.max(first, Math.min(to, facts));
      if (last - first < MAX_STRETCH_FACTS) return await this.#stretch(first, last, most);
    }
    this.#reading ??= this.#readOn().finally(() => {
      this.#reading = undefined;
    });
    await Promise.race([this.#reading, setTimeout(ANSWER_MS, undefined, { ref: false })]);
    return this.#answer(first, to, most);
  }

  /** Ends the reading. */
  stop(): void {
    this.#stopped = true;
  }

  /** Whether all of so many chunks were counted, and are those that there are now. */
  #isUpTo(count: number): boolean {
    return this.#chunks === count && !this.#wasForgotten();
  }

  /** Whether chunks that were counted did not reach the disk. */
  #wasForgotten(): boolean {
    if (this.#chunks === 0) return false;
    return this.#source.index.at(this.#chunks - 1)?.firstSeq !== this.#lastFirstSeq;
  }

  #count(facts: PackedFacts): void {
    this.#cells.add(facts);
    this.#chunks += 1;
    this.#lastFirstSeq = facts.firstSeq;
    this.#upTo = facts.firstSeq + facts.count - 1;
  }

  /** Passes a chunk that cannot be read: it is as if it had not been kept. */
  #skip(): void {
    this.#lastFirstSeq = this.#source.index.at(this.#chunks)?.firstSeq ?? 0;
    this.#chunks += 1;
  }

  #startAgain(): void {
    this.#cells = new FactCells(1, 1, CELLS);
    this.#chunks = 0;
    this.#upTo = 0;
  }

  /** Counts the chunks that were not counted yet, and those that come meanwhile. */
  async #readOn(): Promise<void> {
    const { index } = this.#source;
    for (;;) {
      if (this.#wasForgotten()) this.#startAgain();
      if (this.#stopped || this.#chunks >= index.count) return;
      const end = Math.min(index.count, this.#chunks + CHUNKS_TOGETHER);
      const goesOn = (): boolean => !this.#stopped && !this.#wasForgotten();
      let turnEndsAt = performance.now() + TURN_MS;
      for await (const chunk of loadChunks(this.#source, this.#chunks, end - 1)) {
        if (!goesOn()) break;
        if (chunk.ok) this.#count(chunk.value.facts);
        else this.#skip();
        if (performance.now() < turnEndsAt) continue;
        await setImmediate();
        turnEndsAt = performance.now() + TURN_MS;
      }
      // Where the file could not be read on, the rest of these chunks is skipped, too.
      while (goesOn() && this.#chunks < Math.min(end, index.count)) this.#skip();
    }
  }

  #answer(from: number, to: number, most: number): RunOverview {
    const source = this.#source;
    const last = Math.min(to, source.progress().facts);
    const cells = this.#cells;
    const before = Math.floor((from - 1) / cells.size);
    const begin = before * cells.size + 1;
    const size = cells.size * Math.max(1, Math.ceil((last - begin + 1) / cells.size / most));
    const fromUs = cells.columns.untilUs[before - 1] ?? 0;
    const buckets = new FactCells(begin, size, bucketsOf(begin, last, size));
    buckets.addCells(cells, before, Math.min(cells.length, Math.ceil(last / cells.size)));
    const isWhole = this.#isUpTo(source.index.count);
    const facts = isWhole ? source.unsealed() : undefined;
    if (facts !== undefined) buckets.add(facts, last);
    return overviewOf(buckets, isWhole ? last : Math.min(last, this.#upTo), fromUs);
  }

  /** Of a stretch all chunks are read. */
  async #stretch(from: number, to: number, most: number): Promise<RunOverview> {
    const { index } = this.#source;
    const unsealed = copyOf(this.#source.unsealed());
    const size = Math.ceil((to - from + 1) / most);
    const cells = new FactCells(from, size, bucketsOf(from, to, size));
    const first = Math.max(0, index.indexOfSeq(from - 1));
    for await (const chunk of loadChunks(this.#source, first, index.indexOfSeq(to))) {
      if (this.#stopped) break;
      if (!chunk.ok) continue;
      if (cells.connection === NO_CONNECTION) cells.connection = chunk.value.header.counts.connection;
      cells.add(chunk.value.facts, to);
      await setImmediate();
    }
    if (unsealed !== undefined) cells.add(unsealed, to);
    return overviewOf(cells, to, cells.fromUs ?? 0);
  }
}

function bucketsOf(from: number, to: number, size: number): number {
  return Math.max(0, Math.ceil((to - from + 1) / size));
}

function overviewOf(cells: FactCells, upTo: number, fromUs: number): RunOverview {
  const { from, size, columns } = cells;
  // A bucket of which no fact was kept ends when the one before it does.
  let until = fromUs;
  const untilUs = columns.untilUs.map((atUs) => (until = Math.max(until, atUs)));
  return { from, factsABucket: size, upTo, fromUs, ...columns, untilUs };
}

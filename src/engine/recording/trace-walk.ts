// Visits all facts of a trace in order, a slice at a time: between slices pages are served and sockets are read. It goes on
// where it was with each call, and with what a run under way has added.

import { performance } from 'node:perf_hooks';
import { setImmediate, setTimeout } from 'node:timers/promises';

import { isJsonAt, type PackedFacts } from '../../shared/trace/packed.ts';
import { loadChunks, withData, type LoadedChunk } from './trace-chunks.ts';
import type { PageSource } from './trace-pages.ts';

/** The thread does nothing else for at most about so long. */
const SLICE_MS = 8;

/** The same while a run is under way, whose sockets are in this thread: they have the rest of the time. */
const GENTLE_SLICE_MS = 1;
const GENTLE_PAUSE_MS = 6;

/** One call works for about so long. */
const CALL_MS = 60;

/** The clock is read once in so many facts. */
const FACTS_A_LOOK = 128;

/** Chunks that are asked for together. */
const CHUNKS_TOGETHER = 64;

/** What is done with the facts. */
export interface FactVisitor {
  /** Whether only landmarks are looked at: chunks without any are not read. */
  readonly onlyLandmarks?: boolean;
  /** Whether the bytes that were written are looked at. JSON is there in any case. */
  readonly needsBytes?: boolean;
  /** The fact at `index` of `facts`. Where it is long work, that is returned in pieces of some milliseconds. */
  visit(facts: PackedFacts, index: number): Generator<void, void, void> | undefined;
  /** Whether nothing behind the facts so far is of interest. */
  isDone?(): boolean;
}

export interface WalkSource extends PageSource {
  progress(): { readonly facts: number };
  /** Whether the run is still being recorded. */
  readonly isUnderWay?: () => boolean;
}

export class TraceWalk {
  readonly #source: WalkSource;
  readonly #visitor: FactVisitor;
  #seq: number;
  #unreadable = 0;
  #cancelled = false;
  #hasEnded = false;
  #advancing: Promise<void> = Promise.resolve();

  /** Begins behind the fact `after`. */
  constructor(source: WalkSource, visitor: FactVisitor, after = 0) {
    this.#source = source;
    this.#visitor = visitor;
    this.#seq = after;
  }

  /** All facts up to this one were visited, but for those that are not kept or cannot be read. */
  get seq(): number {
    return this.#seq;
  }

  /** Facts that could not be read, because their chunk is damaged. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** Whether everything that there is was visited, or all of interest. */
  get isAtEnd(): boolean {
    return this.#hasEnded || this.#seq >= this.#source.progress().facts;
  }

  /** Visits facts for some time, or up to the last one. Calls at the same time wait for each other. */
  advance(): Promise<void> {
    this.#advancing = this.#advancing.then(() => this.#advance());
    return this.#advancing;
  }

  /** Stops within a slice. Nothing is visited any more. */
  cancel(): void {
    this.#cancelled = true;
  }

  async #advance(): Promise<void> {
    const clock = new Clock(this.#source.isUnderWay?.() === true);
    while (!this.#isOver() && !clock.isOver && !this.isAtEnd) {
      const { index } = this.#source;
      const first = this.#firstChunk();
      if (first >= index.count) {
        this.#visitUnsealed();
        return;
      }
      await this.#visitChunks(first, Math.min(first + CHUNKS_TOGETHER, index.count), clock);
    }
  }

  #isOver(): boolean {
    this.#hasEnded ||= this.#visitor.isDone?.() === true;
    return this.#cancelled || this.#hasEnded;
  }

  /** The first chunk with facts that were not visited, behind those that need not be. */
  #firstChunk(): number {
    const { index } = this.#source;
    let number = Math.max(0, index.indexOfSeq(this.#seq + 1));
    while (number < index.count && this.#lastSeqOf(number) <= this.#seq) number += 1;
    if (this.#visitor.onlyLandmarks !== true) return number;
    while (number < index.count && index.landmarksUpTo(number) === index.at(number)?.landmarksBefore) {
      this.#seq = Math.max(this.#seq, this.#lastSeqOf(number));
      number += 1;
    }
    return number;
  }

  /** The `seq` before the first fact behind a chunk. */
  #lastSeqOf(number: number): number {
    const { index } = this.#source;
    const next = index.at(number + 1)?.firstSeq ?? this.#source.unsealed()?.firstSeq;
    return next === undefined ? this.#source.progress().facts : next - 1;
  }

  async #visitChunks(first: number, end: number, clock: Clock): Promise<void> {
    let number = first;
    for await (const chunk of loadChunks(this.#source, first, end - 1)) {
      // A chunk that is last now may have another behind it when it was visited.
      const lastSeq = this.#lastSeqOf(number);
      const facts = chunk.ok ? await this.#factsOf(chunk.value) : undefined;
      if (facts === undefined) {
        this.#unreadable += Math.max(0, lastSeq - this.#seq);
      } else if (!(await this.#visitAll(facts, clock))) {
        return;
      }
      this.#seq = Math.max(this.#seq, lastSeq);
      number += 1;
      const isSkipped = this.#visitor.onlyLandmarks === true && this.#firstChunk() !== number;
      if (isSkipped || this.#isOver() || clock.isOver) return;
    }
  }

  /** The facts of a chunk with as much of their data as is needed; undefined where that cannot be read. */
  async #factsOf(chunk: LoadedChunk): Promise<PackedFacts | undefined> {
    const { facts } = chunk;
    if (chunk.data !== undefined || (this.#visitor.needsBytes !== true && !hasJson(facts))) return facts;
    const whole = await withData(this.#source, chunk);
    return whole.ok ? whole.value : undefined;
  }

  /** False where it stopped before the last fact. */
  async #visitAll(facts: PackedFacts, clock: Clock): Promise<boolean> {
    for (let at = Math.max(0, this.#seq + 1 - facts.firstSeq); at < facts.count; at += 1) {
      const longWork = this.#visitor.visit(facts, at);
      if (longWork !== undefined) {
        // Half of a fact's work would be lost: it is done to its end, also behind the time of the call.
        while (longWork.next().done !== true && !this.#cancelled) await clock.look();
      }
      this.#seq = facts.firstSeq + at;
      if (at % FACTS_A_LOOK === 0) {
        await clock.look();
        if (this.#isOver() || clock.isOver) return at === facts.count - 1;
      }
    }
    return true;
  }

  /** At once: what is not in a chunk yet shares memory with the recorder. */
  #visitUnsealed(): void {
    const facts = this.#source.unsealed();
    if (facts !== undefined) {
      for (let at = Math.max(0, this.#seq + 1 - facts.firstSeq); at < facts.count; at += 1) {
        for (const longWork = this.#visitor.visit(facts, at); longWork?.next().done === false;);
      }
    }
    // Facts that were counted and not kept at the end are passed, too.
    this.#seq = Math.max(this.#seq, this.#source.progress().facts);
  }
}

/** The time of one call, and of the slice in it. */
class Clock {
  readonly #begin = performance.now();
  readonly #isGentle: boolean;
  #sliceBegin = this.#begin;

  constructor(isGentle: boolean) {
    this.#isGentle = isGentle;
  }

  get isOver(): boolean {
    return performance.now() - this.#begin > CALL_MS;
  }

  /** Lets the thread do other things where the slice is through. */
  async look(): Promise<void> {
    if (performance.now() - this.#sliceBegin < (this.#isGentle ? GENTLE_SLICE_MS : SLICE_MS)) return;
    if (this.#isGentle) await setTimeout(GENTLE_PAUSE_MS);
    else await setImmediate();
    this.#sliceBegin = performance.now();
  }
}

function hasJson(facts: PackedFacts): boolean {
  for (let index = 0; index < facts.count; index += 1) if (isJsonAt(facts, index)) return true;
  return false;
}

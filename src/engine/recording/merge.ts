// Puts the facts of all witnesses in the order of their times before they are recorded. Packets, rows of the kernel and
// calls of a traced program reach us later than they happened: while such a witness reports, every fact is held back until
// all of them have passed its time. A run with our own sockets alone is recorded straight away.

import { performance } from 'node:perf_hooks';

import type { Emit, Fact, Witness } from '../../shared/trace/fact.ts';

export interface SlowWitnessOptions {
  /** How long the witness may go without an advance before the run goes on without it. Default 250 ms. */
  readonly maxDelayMs?: number;
  /** Orders facts of the same time: a call is before the row and the packet that it caused. Default `wire`. */
  readonly seenBy?: Witness;
}

/** A witness whose facts reach us later than they happened. None of its functions throws or waits. */
export interface SlowWitness {
  readonly name: string;
  /** Takes a fact that happened at `seenAtMs` (as `Emit`), in any order. After `end` it is dropped. */
  readonly emit: (fact: Fact, seenAtMs: number) => void;
  /** Moves the watermark: the witness will report nothing earlier than `untilMs` any more. It never moves back. */
  readonly advance: (untilMs: number) => void;
  /** The witness will report nothing more. */
  readonly end: () => void;
}

export interface Merge {
  /** Takes the facts of our own sockets, in the order of their times. */
  readonly emit: Emit;
  /**
   * Adds a slow witness; call it before the witness can see anything. What the witness saw earlier is marked late once
   * facts of ours were recorded. After the end of the run the facts of a new witness are dropped.
   */
  readonly addWitness: (name: string, options?: SlowWitnessOptions) => SlowWitness;
  /**
   * Records everything that is held, in order, and ends all witnesses. `run-ended` does this by itself. Facts of ours are
   * still recorded afterwards.
   */
  readonly end: () => void;
}

const MAX_DELAY_MS = 250;

/** Above either bound the earliest facts are recorded, whatever the watermarks are. */
export const MAX_HELD_FACTS = 32_768;
export const MAX_HELD_BYTES = 64 * 1024 ** 2;

/** The longest delay that setTimeout takes; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const RANKS: Readonly<Record<Witness, number>> = { program: 0, kernel: 1, wire: 2 };

interface HeldFact {
  readonly fact: Fact;
  readonly atMs: number;
  readonly rank: number;
  readonly arrival: number;
}

interface Watermark {
  readonly maxDelayMs: number;
  untilMs: number;
  advancedAtMs: number;
}

/**
 * Merges the facts of our own sockets and of slow witnesses into `record`, in the order of their times; of the same time, a
 * call is before what it caused, then the order of arrival decides. A fact that is earlier than one already recorded is
 * recorded at once with its own time, marked late. The first fact of ours (`run-started`) is recorded before any other.
 * `nowMs` is the clock of all times, `performance.now()` by default.
 */
export function createMerge(record: Emit, nowMs: () => number = () => performance.now()): Merge {
  const held = createHeap();
  const watermarks = new Set<Watermark>();
  let heldBytes = 0;
  let arrivals = 0;
  /** No fact is held, and none of ours can be late: their times are not compared. False until the first of ours. */
  let passThrough = false;
  let started = false;
  let ended = false;
  /** The latest time that was recorded. Not kept while facts pass through. */
  let recordedMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  let timerDueMs = Infinity;

  const emit: Emit = (fact, seenAtMs, late) => {
    if (passThrough) record(fact, seenAtMs, late);
    else emitMerged(fact, seenAtMs ?? nowMs(), late);
  };

  function emitMerged(fact: Fact, atMs: number, late: true | undefined): void {
    if (fact.kind === 'run-ended') end();
    if (late === true) {
      record(fact, atMs, late);
      return;
    }
    if (started && watermarks.size > 0) {
      hold(fact, atMs, RANKS.program);
      return;
    }
    started = true;
    recordMerged(fact, atMs);
    release();
    // A witness whose clock is ahead may have left a time that ours have yet to reach.
    passThrough = watermarks.size === 0 && atMs >= recordedMs;
  }

  function recordMerged(fact: Fact, atMs: number): void {
    if (atMs < recordedMs) {
      record(fact, atMs, true);
      return;
    }
    recordedMs = atMs;
    record(fact, atMs);
  }

  function hold(fact: Fact, atMs: number, rank: number): void {
    if (atMs < recordedMs) {
      record(fact, atMs, true);
      return;
    }
    arrivals += 1;
    held.push({ fact, atMs, rank, arrival: arrivals });
    heldBytes += dataBytes(fact);
    while (held.size() > MAX_HELD_FACTS || heldBytes > MAX_HELD_BYTES) recordEarliest();
    release();
  }

  function recordEarliest(): void {
    const earliest = held.pop();
    if (earliest === undefined) return;
    heldBytes -= dataBytes(earliest.fact);
    recordMerged(earliest.fact, earliest.atMs);
  }

  /** Records what every witness has passed, and starts the timer for the rest. */
  function release(): void {
    if (held.size() === 0) return;
    const now = nowMs();
    recordUntil(passedMs(now));
    startTimer(now);
  }

  function recordUntil(limitMs: number): void {
    for (let first = held.first(); first !== undefined && first.atMs < limitMs; first = held.first()) {
      recordEarliest();
    }
  }

  /** No fact before this time is awaited any more; one of exactly this time still may come. */
  function passedMs(now: number): number {
    if (!started) return -Infinity;
    if (watermarks.size === 0) return Infinity;
    // Our own watermark is now. A fact earlier than a recorded one is late already: it need not wait.
    let untilMs = now;
    for (const watermark of watermarks) untilMs = Math.min(untilMs, effectiveMs(watermark, now));
    return Math.max(untilMs, recordedMs);
  }

  function startTimer(now: number): void {
    const first = held.first();
    if (first === undefined || !started) return;
    const dueMs = stalledMs(first.atMs);
    // A timer that fires too early starts the next one: cheaper than a new timer for each advance.
    if (timer !== undefined && timerDueMs <= dueMs) return;
    clearTimeout(timer);
    timerDueMs = dueMs;
    // Past the due time, not at it: passedMs is exclusive. setTimeout drops fractions.
    timer = setTimeout(onTimer, Math.min(Math.floor(dueMs - now) + 1, MAX_TIMER_MS));
    timer.unref();
  }

  function onTimer(): void {
    timer = undefined;
    release();
  }

  /** When a fact of this time is recorded if no witness advances any more. */
  function stalledMs(atMs: number): number {
    let dueMs = atMs;
    for (const { untilMs, advancedAtMs, maxDelayMs } of watermarks) {
      if (untilMs <= atMs) dueMs = Math.max(dueMs, Math.max(atMs, advancedAtMs) + maxDelayMs);
    }
    return dueMs;
  }

  function addWitness(name: string, options: SlowWitnessOptions = {}): SlowWitness {
    const { maxDelayMs = MAX_DELAY_MS, seenBy = 'wire' } = options;
    const watermark: Watermark = { maxDelayMs, untilMs: -Infinity, advancedAtMs: nowMs() };
    if (!ended) {
      // The times of what passed through are not known, but none is later than now.
      if (passThrough) recordedMs = Math.max(recordedMs, watermark.advancedAtMs);
      passThrough = false;
      watermarks.add(watermark);
    }
    return {
      name,
      emit(fact, seenAtMs) {
        // A time that is no number would break the order of all others.
        if (watermarks.has(watermark))
          hold(fact, Number.isFinite(seenAtMs) ? seenAtMs : nowMs(), RANKS[seenBy]);
      },
      advance(untilMs) {
        if (!watermarks.has(watermark) || !(untilMs > watermark.untilMs)) return;
        watermark.untilMs = untilMs;
        watermark.advancedAtMs = nowMs();
        release();
      },
      end() {
        if (!watermarks.delete(watermark)) return;
        release();
        if (watermarks.size === 0) stopTimer();
      },
    };
  }

  function stopTimer(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  function end(): void {
    ended = true;
    watermarks.clear();
    recordUntil(Infinity);
    stopTimer();
  }

  return { emit, addWitness, end };
}

/** The watermark, or what it is taken as while the witness stalls. */
function effectiveMs({ untilMs, advancedAtMs, maxDelayMs }: Watermark, now: number): number {
  return now - advancedAtMs < maxDelayMs ? untilMs : Math.max(untilMs, now - maxDelayMs);
}

function dataBytes(fact: Fact): number {
  return 'data' in fact ? fact.data.bytes.byteLength : 0;
}

function isBefore(one: HeldFact, other: HeldFact): boolean {
  if (one.atMs !== other.atMs) return one.atMs < other.atMs;
  if (one.rank !== other.rank) return one.rank < other.rank;
  return one.arrival < other.arrival;
}

interface Heap {
  size(): number;
  /** The earliest. */
  first(): HeldFact | undefined;
  push(item: HeldFact): void;
  pop(): HeldFact | undefined;
}

/** A binary heap: no item is before its parent, which is at half its index. */
function createHeap(): Heap {
  const items: HeldFact[] = [];

  function push(item: HeldFact): void {
    let index = items.length;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = items[parentIndex];
      if (parent === undefined || !isBefore(item, parent)) break;
      items[index] = parent;
      index = parentIndex;
    }
    items[index] = item;
  }

  function pop(): HeldFact | undefined {
    const first = items[0];
    const last = items.pop();
    if (last !== undefined && items.length > 0) siftDown(last);
    return first;
  }

  /** Puts the item where the first one was, then below every child that is before it. */
  function siftDown(item: HeldFact): void {
    let index = 0;
    for (;;) {
      const left = items[2 * index + 1];
      const right = items[2 * index + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (!isBefore(child, item)) break;
      items[index] = child;
      index = 2 * index + (isRight ? 2 : 1);
    }
    items[index] = item;
  }

  return { size: () => items.length, first: () => items[0], push, pop };
}

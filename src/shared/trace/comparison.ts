// Compares two runs fact by fact and finds the first difference. What each peer did on each connection is compared in its
// own order: in which order two peers came to be recorded is chance. Times and ports differ always and are left out.

import { assertNever } from '../result.ts';
import type { Fact, RecordedBytes, TraceEvent } from './fact.ts';

/** One of the two runs: the one that is shown, and the one beside it. */
export type ComparedSide = 'here' | 'there';

/** Where two runs differ first. */
export interface DifferencePlace {
  /** The `seq` of the fact; absent where nothing more happened in this lane of this run. */
  readonly here?: number;
  readonly there?: number;
}

/** What was found in both runs so far. */
export interface RunComparison {
  /** Facts of both runs that were read, of so many. */
  readonly read: number;
  readonly facts: number;
  readonly done: boolean;
  /** Facts that are the same in both. */
  readonly same: number;
  /** Only where it is `done`: an earlier one may come. */
  readonly difference?: Difference;
}

/** A difference with both facts, their data cut for the window. */
export interface Difference {
  readonly here?: TraceEvent;
  readonly there?: TraceEvent;
}

/** The most facts that wait for their counterparts: the first of more has none. */
const MAX_WAITING = 65_536;

/** Taken ones are removed in one go. */
const MAX_TAKEN = 1_024;

/** The facts of one lane of one run that wait for their counterparts, in order. */
class Waiting {
  readonly side: ComparedSide;
  #seqs: number[] = [];
  #keys: string[] = [];
  #taken = 0;

  constructor(side: ComparedSide) {
    this.side = side;
  }

  get count(): number {
    return this.#seqs.length - this.#taken;
  }

  get firstSeq(): number | undefined {
    return this.#seqs[this.#taken];
  }

  add(seq: number, key: string): void {
    this.#seqs.push(seq);
    this.#keys.push(key);
  }

  /** The key of the first one, which waits no more. */
  take(): string | undefined {
    const key = this.#keys[this.#taken];
    this.#taken += 1;
    if (this.#taken > MAX_TAKEN && this.#taken > this.count) {
      this.#seqs = this.#seqs.slice(this.#taken);
      this.#keys = this.#keys.slice(this.#taken);
      this.#taken = 0;
    }
    return key;
  }
}

/** Finds the first difference of two runs that are given fact by fact, each in its own order. */
export class RunComparer {
  readonly #maxWaiting: number;
  readonly #lanes = new Map<string, Waiting>();
  /** The lanes that differ, of which nothing more is compared. */
  readonly #differing = new Set<string>();
  /** The last fact of each peer, to leave out what only repeats it. */
  readonly #lastExamined = new Map<string, string>();
  readonly #read = { here: 0, there: 0 };
  readonly #ended = { here: false, there: false };
  #waiting = 0;
  #same = 0;
  #first: DifferencePlace | undefined;

  constructor(maxWaiting = MAX_WAITING) {
    this.#maxWaiting = maxWaiting;
  }

  /** How many facts are the same so far. */
  get same(): number {
    return this.#same;
  }

  /** The first difference so far. It is the first of all once `isDone`. */
  get difference(): DifferencePlace | undefined {
    return this.#first;
  }

  /** Whether nothing that is still to come can be an earlier difference. */
  get isDone(): boolean {
    if (this.#ended.here && this.#ended.there) return true;
    if (this.#first === undefined) return false;
    const place = placeOf(this.#first);
    if (!this.#isReadTo('here', place) || !this.#isReadTo('there', place)) return false;
    for (const { firstSeq = Infinity } of this.#lanes.values()) if (firstSeq < place) return false;
    return true;
  }

  /** The next fact of one of the runs. */
  add(side: ComparedSide, fact: TraceEvent): void {
    this.#read[side] = fact.seq;
    const key = keyOf(fact);
    if (key === undefined) return;
    const lane = laneOf(fact);
    if (this.#differing.has(lane) || this.#isRepeated(side, fact, lane, key)) return;
    const waiting = this.#lanes.get(lane);
    if (waiting === undefined || waiting.side === side) {
      this.#wait(lane, waiting, side, fact.seq, key);
      return;
    }
    const seq = waiting.firstSeq;
    const other = waiting.take();
    this.#waiting -= 1;
    if (waiting.count === 0) this.#lanes.delete(lane);
    if (other === key) this.#same += 1;
    else this.#differs(lane, side, fact.seq, seq);
  }

  /** The run has no more facts. */
  end(side: ComparedSide): void {
    this.#ended[side] = true;
    if (!this.#ended.here || !this.#ended.there) return;
    for (const [lane, waiting] of [...this.#lanes]) {
      const seq = waiting.firstSeq;
      if (seq !== undefined) this.#differs(lane, waiting.side, seq, undefined);
    }
  }

  #isReadTo(side: ComparedSide, seq: number): boolean {
    return this.#ended[side] || this.#read[side] >= seq;
  }

  /** A port that is waited for is examined every second: how often is a matter of time. */
  #isRepeated(side: ComparedSide, fact: Fact, lane: string, key: string): boolean {
    if (fact.kind !== 'port-examined') return false;
    const name = `${side} ${lane}`;
    if (this.#lastExamined.get(name) === key) return true;
    this.#lastExamined.set(name, key);
    return false;
  }

  #wait(lane: string, before: Waiting | undefined, side: ComparedSide, seq: number, key: string): void {
    const waiting = before ?? new Waiting(side);
    waiting.add(seq, key);
    this.#lanes.set(lane, waiting);
    this.#waiting += 1;
    if (this.#waiting > this.#maxWaiting) this.#giveUpFirst();
  }

  /** The fact that has waited longest has no counterpart within reach. */
  #giveUpFirst(): void {
    let first: { readonly lane: string; readonly seq: number; readonly side: ComparedSide } | undefined;
    for (const [lane, { side, firstSeq: seq = Infinity }] of this.#lanes) {
      if (first === undefined || seq < first.seq) first = { lane, seq, side };
    }
    if (first !== undefined) this.#differs(first.lane, first.side, first.seq, undefined);
  }

  #differs(lane: string, side: ComparedSide, seq: number, otherSeq: number | undefined): void {
    this.#waiting -= this.#lanes.get(lane)?.count ?? 0;
    this.#lanes.delete(lane);
    this.#differing.add(lane);
    const found: DifferencePlace =
      side === 'here'
        ? { here: seq, ...(otherSeq === undefined ? {} : { there: otherSeq }) }
        : { there: seq, ...(otherSeq === undefined ? {} : { here: otherSeq }) };
    if (this.#first === undefined || placeOf(found) < placeOf(this.#first)) this.#first = found;
  }
}

function placeOf({ here = Infinity, there = Infinity }: DifferencePlace): number {
  return Math.min(here, there);
}

/** Facts of one lane are in the same order in each run: those of a peer that are about one connection, or about none. */
function laneOf(fact: Fact): string {
  const peer = 'peer' in fact ? (fact.peer ?? '') : 'run';
  const connection = 'connection' in fact ? (fact.connection ?? 0) : 0;
  return `${fact.seenBy === 'program' ? '' : fact.seenBy} ${peer} ${connection}`;
}

/**
 * What has to be the same of a fact, all but times and ports; undefined for what says only when and where a run was
 * recorded.
 */
function keyOf(fact: Fact): string | undefined {
  const { kind } = fact;
  switch (kind) {
    case 'run-started':
    case 'ephemeral-range-read':
    case 'host-named':
      return undefined;
    case 'round-started':
      return `${kind} ${fact.round} ${fact.framing ?? ''} ${fact.handOver ?? ''}`;
    case 'listen-called':
      return `${kind} ${fact.requested.address}`;
    case 'listening':
      return `${kind} ${fact.local.address}`;
    case 'connect-called':
      return `${kind} ${fact.remote.address}`;
    case 'connected':
    case 'accepted':
      return `${kind} ${fact.local.address} ${fact.remote.address}`;
    case 'wrote':
      return `${kind} ${fact.side} ${fact.bytes} ${fact.line ?? ''} ${hashOf(fact.data)}`;
    case 'read':
      return `${kind} ${fact.side} ${fact.bytes} ${fact.data === undefined ? '' : hashOf(fact.data)}`;
    case 'line-transformed':
      return `${kind} ${fact.line} ${fact.bytes} ${fact.by} ${String(fact.validUtf8)}`;
    case 'text-transformed':
      return `${kind} ${fact.bytes} ${fact.by} ${String(fact.validUtf8)}`;
    case 'line-received':
      return `${kind} ${fact.line} ${fact.bytes}`;
    case 'text-received':
    case 'queue-examined':
      return `${kind} ${fact.side} ${fact.bytes}`;
    case 'port-examined':
      return `${kind} ${fact.holder.what}`;
    case 'time-wait-examined':
      return `${kind} ${fact.found?.side ?? ''}`;
    case 'program-ended':
      return `${kind} ${fact.exitCode ?? ''}`;
    case 'end-called':
    case 'end-received':
      return `${kind} ${fact.side}`;
    case 'closed':
      return `${kind} ${fact.side} ${String(fact.hadError)}`;
    case 'failed':
      return `${kind} ${fact.problem.code} ${fact.problem.detail.errorCode ?? ''}`;
    case 'run-ended':
      return `${kind} ${fact.outcome} ${fact.linesSent} ${fact.linesReceived} ${fact.resultBytes} ${fact.linesByByte}`;
    case 'program-started':
    case 'server-created':
    case 'client-created':
    case 'port-awaited':
    case 'slept':
    case 'server-closed':
    case 'detail-left-out':
    case 'other-clients-left-out':
      return kind;
    default:
      return assertNever(fact);
  }
}

/** 53 bits of the bytes (cyrb53): a line may have a megabyte, and many may wait. */
function hashOf({ bytes }: RecordedBytes): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (const byte of bytes) {
    high = Math.imul(high ^ byte, 2_654_435_761);
    low = Math.imul(low ^ byte, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
}

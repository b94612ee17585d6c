// How much of a run's record other clients may fill. Any program on this machine can connect to our server and say what it
// likes for as long as the run lasts; our own exchange is to be recorded in full all the same. experiments/run-context.ts has
// each fact of a run pass here, before it gets its number; merge-sides.ts those of the race's server, before they wait for
// the round's end.

import { performance } from 'node:perf_hooks';

import { NO_CONNECTION, ownConnectionAfter } from '../../shared/trace/own-connection.ts';
import { formatStamped } from '../../shared/trace/json-lines.ts';
import { isAboutLines } from '../../shared/trace/fact.ts';
import type { Emit, Fact, Failed } from '../../shared/trace/fact.ts';

export interface OtherClientsLimits {
  /** What their facts take in the trace, in bytes. */
  readonly maxBytes: number;
  /** Their facts of opening, closing and failing. */
  readonly maxOtherFacts: number;
}

/**
 * Enough for a second person's file of 60,000 lines. It is half of what may wait for a disk that does not keep up
 * (recording/trace-writer.ts), so that other clients alone never make the recorder leave out our lines; and a third of the facts
 * of opening and closing that the window is given unasked (recording/live-window.ts), so that ours are among those.
 */
export const OTHER_CLIENTS_LIMITS: OtherClientsLimits = { maxBytes: 32 * 1024 ** 2, maxOtherFacts: 10_000 };

/** The number and the time of a fact, which it gets later, take about so many bytes. */
const STAMP_BYTES = 16;

/** While our client connects, so many connections are held back of which one may be its own: the newest. */
const MAX_UNDECIDED = 1_000;

/** What there is of a client that says nothing: it is accepted, greeted and ended, or turned away; it ends, it is closed. */
const MAX_HELD_FACTS = 8;

/** Facts about a connection. */
type ConnectionFact = Fact & { readonly connection: number };

interface HeldFact {
  readonly fact: ConnectionFact;
  readonly atMs: number;
}

/** A connection that may turn out to be our client's, and its part of the others' share so far. */
interface Undecided {
  bytes: number;
  otherFacts: number;
  readonly held: HeldFact[];
}

export interface OtherClients {
  /** Takes every fact, and hands on what is not left out, with its time: what was held back comes late. */
  readonly emit: Emit;
  /** Our client connects: a connection that is opened from here on may be its own. */
  connecting(): void;
  /** This one is: what was held back of it is handed on. With no number: our client is not connected, and will not be. */
  decide(ours?: number): void;
  /** Says how much was left out since this was said last; nothing, where that was nothing. */
  report(atMs?: number): void;
}

/**
 * For one run, or for one round of a thread, whose clock `nowMs` is. Of a run it takes from the facts when our client
 * connects and which connection is its own, and reports before the last of them. What others do is handed on until they
 * have had their share. From then on it is counted and left out, but how the connections end that were handed on: a
 * server has few at a time.
 */
export function createOtherClients(
  handOn: Emit,
  limits = OTHER_CLIENTS_LIMITS,
  nowMs = (): number => performance.now(),
): OtherClients {
  const undecided = new Map<number, Undecided>();
  /** Others' connections of which it was handed on that they opened, and not yet that they closed. */
  const open = new Set<number>();
  const leftOut = { facts: 0, bytes: 0 };
  let own = NO_CONNECTION;
  let isConnecting = false;
  let bytes = 0;
  let otherFacts = 0;
  let isFull = false;

  function passOthers(fact: ConnectionFact, atMs: number): void {
    if (fact.kind === 'accepted') open.add(fact.connection);
    if (fact.kind === 'closed') open.delete(fact.connection);
    handOn(fact, atMs);
  }

  function say(atMs: number): void {
    handOn({ kind: 'other-clients-left-out', seenBy: 'program', ...leftOut }, atMs);
    leftOut.facts = 0;
    leftOut.bytes = 0;
  }

  function passOrLeaveOut(fact: ConnectionFact, atMs: number): void {
    if (open.has(fact.connection) && !isAboutLines(fact)) {
      passOthers(fact, atMs);
      return;
    }
    leftOut.facts += 1;
    if (fact.kind === 'read') leftOut.bytes += fact.bytes;
  }

  /** It is not our client's. */
  function forget(connection: number, { held }: Undecided): void {
    undecided.delete(connection);
    for (const { fact, atMs } of held) passOrLeaveOut(fact, atMs);
  }

  /** Whether the fact still fits; it is of the share then. */
  function fits(fact: Fact, atMs: number, of: Undecided | undefined): boolean {
    if (isFull) return false;
    const size = Buffer.byteLength(formatStamped(fact, 0, 0)) + STAMP_BYTES;
    const one = isAboutLines(fact) ? 0 : 1;
    if (bytes + size > limits.maxBytes || otherFacts + one > limits.maxOtherFacts) {
      isFull = true;
      say(atMs);
      return false;
    }
    bytes += size;
    otherFacts += one;
    if (of !== undefined) {
      of.bytes += size;
      of.otherFacts += one;
    }
    return true;
  }

  /** What is known of a connection that may be our client's; undefined for one that cannot be. */
  function undecidedOf(fact: ConnectionFact): Undecided | undefined {
    const { connection } = fact;
    const known = undecided.get(connection);
    if (known !== undefined) {
      if (fact.kind !== 'read') return known;
      // Our client says nothing before it is connected.
      forget(connection, known);
      return undefined;
    }
    if (!isConnecting || !opens(fact)) return undefined;
    const opened: Undecided = { bytes: 0, otherFacts: 0, held: [] };
    undecided.set(connection, opened);
    if (undecided.size > MAX_UNDECIDED) {
      for (const [oldest, entry] of undecided) {
        forget(oldest, entry);
        break;
      }
    }
    return opened;
  }

  function take(fact: ConnectionFact, atMs: number): void {
    const entry = undecidedOf(fact);
    if (entry === undefined || entry.held.length === 0) {
      if (fits(fact, atMs, entry)) {
        passOthers(fact, atMs);
        return;
      }
    }
    if (entry === undefined || entry.held.length === MAX_HELD_FACTS) passOrLeaveOut(fact, atMs);
    else entry.held.push({ fact, atMs });
  }

  function decide(ours = NO_CONNECTION): void {
    isConnecting = false;
    own = ours;
    const entry = undecided.get(ours);
    if (entry !== undefined) {
      bytes -= entry.bytes;
      otherFacts -= entry.otherFacts;
      undecided.delete(ours);
      open.delete(ours);
      for (const { fact, atMs } of entry.held) handOn(fact, atMs);
    }
    for (const [connection, other] of undecided) forget(connection, other);
  }

  function report(atMs = nowMs()): void {
    if (leftOut.facts > 0) say(atMs);
  }

  /** What a fact tells of our client. */
  function follow(fact: Fact, atMs: number): void {
    switch (fact.kind) {
      case 'connect-called':
        isConnecting = true;
        return;
      case 'connected':
        decide(fact.connection);
        return;
      case 'failed':
        if (isConnecting && fact.side === 'client') decide();
        return;
      case 'round-started':
        decide();
        return;
      case 'run-ended':
        decide(own);
        report(atMs);
        return;
      default:
        own = ownConnectionAfter(fact, own);
    }
  }

  return {
    emit(fact, seenAtMs) {
      const atMs = seenAtMs ?? nowMs();
      follow(fact, atMs);
      if (isAboutConnection(fact) && fact.connection !== own) take(fact, atMs);
      else handOn(fact, atMs);
    },
    connecting() {
      isConnecting = true;
    },
    decide,
    report,
  };
}

function opens(fact: Fact): boolean {
  return fact.kind === 'accepted' || (fact.kind === 'failed' && isTurnedAway(fact));
}

/** Whether the server turned a client away instead of accepting it: it is the only fact about that connection. */
export function isTurnedAway({ problem }: Failed): boolean {
  return problem.code === 'too-many-clients';
}

function isAboutConnection(fact: Fact): fact is ConnectionFact {
  return 'connection' in fact;
}

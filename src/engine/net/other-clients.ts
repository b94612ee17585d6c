// Limits how much of a run's trace other clients may fill. Any program on this machine can connect to our server and
// send what it likes; our own exchange must be recorded in full all the same.

import { performance } from 'node:perf_hooks';

import { NO_CONNECTION, ownConnectionAfter } from '../../shared/trace/connection.ts';
import { formatStamped } from '../../shared/trace/json-lines.ts';
import { CLIENT, SERVER, isAboutLines } from '../../shared/trace/fact.ts';
import type { Emit, Fact, Failed } from '../../shared/trace/fact.ts';

export interface OtherClientsLimits {
  /** The size of their facts in the trace. */
  readonly maxBytes: number;
  /** Their facts of opening, closing and failing. */
  readonly maxOtherFacts: number;
}

/**
 * Enough for a second file of 60,000 lines. `maxBytes` is half of what the trace writer buffers for a slow disk, so
 * that other clients alone never make it leave out our lines. `maxOtherFacts` is a third of the facts of opening and
 * closing that the window asks for, so that ours are among those.
 */
export const OTHER_CLIENTS_LIMITS: OtherClientsLimits = { maxBytes: 32 * 1024 ** 2, maxOtherFacts: 10_000 };

/** About the size of a fact's number and time, which are added later. */
const STAMP_BYTES = 16;

/**
 * How many connections are undecided at most while our client connects; the oldest is decided to be another client's.
 */
const MAX_UNDECIDED = 1_000;

/** The most facts of a silent client: it is accepted, greeted and ended, or turned away; it ends, it is closed. */
const MAX_HELD_FACTS = 8;

/** Facts about a connection. */
type ConnectionFact = Fact & { readonly connection: number };

interface HeldFact {
  readonly fact: ConnectionFact;
  readonly atMs: number;
}

/** A connection that may be our client's, and how much of the others' limits it has used. */
interface Undecided {
  bytes: number;
  otherFacts: number;
  readonly held: HeldFact[];
}

export interface OtherClients {
  /** Handles every fact, and forwards those that are not left out, with their times: facts that were held come late. */
  readonly emit: Emit;
  /** Our client connects: a connection opened from now on may be its own. */
  connecting(): void;
  /** `ours` is our client's connection: its held facts are forwarded. Undefined: our client will not be connected. */
  decide(ours?: number): void;
  /** Records how much was left out since the last report, unless nothing was. */
  report(atMs?: number): void;
}

/**
 * For one run, or for one round of a thread; `nowMs` is its clock. In a run the facts show when our client connects and
 * which connection is its own, and `report` is called before the last fact. Facts of other clients are forwarded until
 * a limit is reached. After that they are counted and left out, except how the forwarded connections end: a server has
 * few at a time.
 */
export function createOtherClients(
  forward: Emit,
  limits = OTHER_CLIENTS_LIMITS,
  nowMs = (): number => performance.now(),
): OtherClients {
  const undecided = new Map<number, Undecided>();
  /** Others' connections whose opening was forwarded, and not yet their close. */
  const open = new Set<number>();
  const leftOut = { facts: 0, bytes: 0 };
  let own = NO_CONNECTION;
  let isConnecting = false;
  let bytes = 0;
  let otherFacts = 0;
  let isFull = false;

  function forwardOthers(fact: ConnectionFact, atMs: number): void {
    if (fact.kind === 'accepted') open.add(fact.connection);
    if (fact.kind === 'closed') open.delete(fact.connection);
    forward(fact, atMs);
  }

  function recordLeftOut(atMs: number): void {
    forward({ kind: 'other-clients-left-out', seenBy: 'program', peer: SERVER, ...leftOut }, atMs);
    leftOut.facts = 0;
    leftOut.bytes = 0;
  }

  function forwardOrLeaveOut(fact: ConnectionFact, atMs: number): void {
    if (open.has(fact.connection) && !isAboutLines(fact)) {
      forwardOthers(fact, atMs);
      return;
    }
    leftOut.facts += 1;
    if (fact.kind === 'read') leftOut.bytes += fact.bytes;
  }

  /** The connection is another client's. */
  function decideOther(connection: number, { held }: Undecided): void {
    undecided.delete(connection);
    for (const { fact, atMs } of held) forwardOrLeaveOut(fact, atMs);
  }

  /** Whether the fact is within the limits; counts it then. */
  function fits(fact: Fact, atMs: number, of: Undecided | undefined): boolean {
    if (isFull) return false;
    const size = Buffer.byteLength(formatStamped(fact, 0, 0)) + STAMP_BYTES;
    const one = isAboutLines(fact) ? 0 : 1;
    if (bytes + size > limits.maxBytes || otherFacts + one > limits.maxOtherFacts) {
      isFull = true;
      recordLeftOut(atMs);
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

  /** The entry of a connection that may be our client's; undefined for one that cannot be. */
  function undecidedOf(fact: ConnectionFact): Undecided | undefined {
    const { connection } = fact;
    const known = undecided.get(connection);
    if (known !== undefined) {
      if (fact.kind !== 'read') return known;
      // Our client sends nothing before it is connected.
      decideOther(connection, known);
      return undefined;
    }
    if (!isConnecting || !opens(fact)) return undefined;
    const opened: Undecided = { bytes: 0, otherFacts: 0, held: [] };
    undecided.set(connection, opened);
    if (undecided.size > MAX_UNDECIDED) {
      for (const [oldest, entry] of undecided) {
        decideOther(oldest, entry);
        break;
      }
    }
    return opened;
  }

  function handle(fact: ConnectionFact, atMs: number): void {
    const entry = undecidedOf(fact);
    if (entry === undefined || entry.held.length === 0) {
      if (fits(fact, atMs, entry)) {
        forwardOthers(fact, atMs);
        return;
      }
    }
    if (entry === undefined || entry.held.length === MAX_HELD_FACTS) forwardOrLeaveOut(fact, atMs);
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
      for (const { fact, atMs } of entry.held) forward(fact, atMs);
    }
    for (const [connection, other] of undecided) decideOther(connection, other);
  }

  function report(atMs = nowMs()): void {
    if (leftOut.facts > 0) recordLeftOut(atMs);
  }

  /** Updates what is known of our client. */
  function follow(fact: Fact, atMs: number): void {
    switch (fact.kind) {
      case 'connect-called':
        isConnecting = true;
        return;
      case 'connected':
        decide(fact.connection);
        return;
      case 'failed':
        if (isConnecting && fact.peer === CLIENT) decide();
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
      if (isAboutConnection(fact) && fact.connection !== own) handle(fact, atMs);
      else forward(fact, atMs);
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

/** Whether the server turned a client away instead of accepting it: the only fact about that connection. */
export function isTurnedAway({ problem }: Failed): boolean {
  return problem.code === 'too-many-clients';
}

function isAboutConnection(fact: Fact): fact is ConnectionFact {
  return 'connection' in fact;
}

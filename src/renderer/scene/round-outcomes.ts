// The outcome of each round of a run: connected, refused or another one, from which port, and which end stays in
// TIME_WAIT. Pure.

import { roleOf } from '../../shared/trace/connection.ts';
import type { Side, TraceEvent } from '../../shared/trace/fact.ts';
import { isOwnFailure, ownConnection } from './ladder.ts';
import type { Round } from './rounds.ts';

export type Outcome = 'connected' | 'refused' | 'other';

/** The outcomes of rounds, in the order in which they are counted. */
export const OUTCOMES: readonly Outcome[] = ['connected', 'refused', 'other'];

/** One round with all that its facts say. Each value has the fact it comes from, from which it is known at the cursor. */
export interface RoundOutcome {
  readonly round: number;
  readonly firstSeq: number;
  /** Its last fact: where the cursor goes when a person chooses the round. */
  readonly lastSeq: number;
  readonly outcome?: Known<Outcome>;
  readonly clientPort?: Known<number>;
  /** The end that was seen in TIME_WAIT; `none` where the kernel was asked and neither was. */
  readonly timeWait?: Known<Side | 'none'>;
  /** From its beginning to the last socket that closed or failed, in microseconds. */
  readonly durationUs?: Known<number>;
}

export interface Known<Value> {
  readonly value: Value;
  readonly seq: number;
}

/** The value at the cursor; undefined where the cursor stands before the fact it comes from. */
export function knownAt<Value>(known: Known<Value> | undefined, cursor: number): Value | undefined {
  return known !== undefined && known.seq <= cursor ? known.value : undefined;
}

/** The outcomes of the rounds at hand, in order. */
export function outcomesOf(rounds: readonly Round[]): readonly RoundOutcome[] {
  return rounds.map(outcomeOf);
}

type Draft = { -readonly [Name in keyof RoundOutcome]: RoundOutcome[Name] };

function outcomeOf({ round, seq, facts }: Round): RoundOutcome {
  const found: Draft = { round, firstSeq: seq, lastSeq: facts.at(-1)?.seq ?? seq };
  const own = ownConnection(facts);
  const beganUs = facts[0]?.atUs ?? 0;
  for (const event of facts) {
    switch (event.kind) {
      case 'connected':
        found.clientPort ??= { value: event.local.port, seq: event.seq };
        found.outcome ??= { value: 'connected', seq: event.seq };
        break;
      case 'failed':
        // What neither side did, such as a cancel, is no outcome of the round.
        if (event.peer === undefined || !isOwnFailure(event, own)) break;
        // A failure after the connection was there changes nothing about how the race came out.
        found.outcome ??= { value: isRefusal(event) ? 'refused' : 'other', seq: event.seq };
        found.durationUs = { value: event.atUs - beganUs, seq: event.seq };
        break;
      case 'closed':
        if (event.side === 'server' && event.connection !== own) break;
        found.durationUs = { value: event.atUs - beganUs, seq: event.seq };
        break;
      case 'time-wait-examined':
        found.timeWait = { value: event.found?.side ?? 'none', seq: event.seq };
        break;
      default:
        break;
    }
  }
  return found;
}

function isRefusal(event: Extract<TraceEvent, { kind: 'failed' }>): boolean {
  return roleOf(event.peer) === 'client' && event.problem.code === 'connection-refused';
}

/** How often each outcome came until the cursor, and on which side TIME_WAIT was seen. */
export interface Tally {
  readonly connected: number;
  readonly refused: number;
  readonly other: number;
  /** Of the rounds whose outcome is known. */
  readonly all: number;
  readonly timeWait: Readonly<Record<Side | 'none', number>>;
}

export function tallyAt(outcomes: readonly RoundOutcome[], cursor: number): Tally {
  const counts = { connected: 0, refused: 0, other: 0 };
  const timeWait = { client: 0, server: 0, none: 0 };
  for (const entry of outcomes) {
    const outcome = knownAt(entry.outcome, cursor);
    if (outcome !== undefined) counts[outcome] += 1;
    const side = knownAt(entry.timeWait, cursor);
    if (side !== undefined) timeWait[side] += 1;
  }
  return { ...counts, all: counts.connected + counts.refused + counts.other, timeWait };
}

/** No experiment allows more rounds. A file can ask for any number, and the plots have a place for each. */
const MAX_ROUNDS = 500;

/** How many rounds the run is to have: the number in its first fact, and never fewer than there are. */
export function roundsAsked(facts: readonly TraceEvent[], rounds: readonly Round[]): number {
  const [started] = facts;
  const asked = started?.kind === 'run-started' ? (started.options.rounds ?? started.options.runs ?? 0) : 0;
  return Math.max(rounds.length, Math.min(asked, MAX_ROUNDS));
}

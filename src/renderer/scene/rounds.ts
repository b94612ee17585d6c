// The rounds of a run that does the same several times: which facts belong to which. Pure; the views draw one round's
// ladder at a time and all rounds side by side.

import type { Framing, HandOver, TraceEvent } from '../../shared/trace/fact.ts';

export interface Round {
  readonly round: number;
  readonly framing?: Framing;
  readonly handOver?: HandOver;
  /** `seq` of its `round-started`. */
  readonly seq: number;
  /** From its `round-started` to before the next one; `run-ended` belongs to none. */
  readonly facts: readonly TraceEvent[];
}

/** The rounds of the facts at hand, in order; none for a run that has no rounds. */
export function roundsOf(facts: readonly TraceEvent[]): readonly Round[] {
  const rounds: (Round & { readonly facts: TraceEvent[] })[] = [];
  for (const event of facts) {
    if (event.kind === 'round-started') {
      const { round, framing, handOver, seq } = event;
      rounds.push({
        round,
        ...(framing === undefined ? {} : { framing }),
        ...(handOver === undefined ? {} : { handOver }),
        seq,
        facts: [event],
      });
    } else if (event.kind !== 'run-ended') {
      rounds.at(-1)?.facts.push(event);
    }
  }
  return rounds;
}

/** The facts before the first round: what all rounds have in common, such as the system's range or a server that stays. */
export function prologueOf(facts: readonly TraceEvent[]): readonly TraceEvent[] {
  const first = facts.findIndex((event) => event.kind === 'round-started');
  return first < 0 ? facts : facts.slice(0, first);
}

/** The round that the cursor stands in: the last one that has begun; undefined before the first. */
export function roundAt(rounds: readonly Round[], cursor: number): Round | undefined {
  return rounds.findLast((round) => round.seq <= cursor);
}

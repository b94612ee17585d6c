import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { knownAt, outcomesOf, roundsAsked, tallyAt } from './round-outcomes.ts';
import { raceRun } from './round-facts-for-tests.ts';
import { roundsOf } from './rounds.ts';

const RACE = raceRun(['server', 'refused', 'client', 'none']);
const OUTCOMES = outcomesOf(roundsOf(RACE));

function seqOf(kind: TraceEvent['kind'], nth = 0): number {
  const found = RACE.filter((event) => event.kind === kind)[nth];
  if (found === undefined) throw new Error(`no ${kind}`);
  return found.seq;
}

describe('the outcomes of rounds', () => {
  it('say how each round came out, from which port, and which end stays in TIME_WAIT', () => {
    expect(
      OUTCOMES.map(({ outcome, clientPort, timeWait }) => [
        outcome?.value,
        clientPort?.value,
        timeWait?.value,
      ]),
    ).toEqual([
      ['connected', 40_002, 'server'],
      ['refused', undefined, undefined],
      ['connected', 40_006, 'client'],
      ['connected', 40_008, 'none'],
    ]);
  });

  it('are not known before the fact they come from', () => {
    const [first] = OUTCOMES;
    expect(knownAt(first?.outcome, seqOf('connected') - 0.5)).toBeUndefined();
    expect(knownAt(first?.outcome, seqOf('connected'))).toBe('connected');
    expect(knownAt(first?.timeWait, seqOf('time-wait-examined') - 1)).toBeUndefined();
  });

  it('grow with the cursor and never shrink, to the numbers of the whole run', () => {
    let before = 0;
    for (let cursor = 0; cursor <= RACE.length; cursor += 1) {
      const { all } = tallyAt(OUTCOMES, cursor);
      expect(all).toBeGreaterThanOrEqual(before);
      before = all;
    }
    expect(tallyAt(OUTCOMES, RACE.length)).toEqual({
      connected: 3,
      refused: 1,
      other: 0,
      all: 4,
      timeWait: { client: 1, server: 1, none: 1 },
    });
  });

  it('take from a round’s beginning to the last socket that closed', () => {
    const [first] = OUTCOMES;
    const facts = roundsOf(RACE)[0]?.facts ?? [];
    const lastClosed = facts.findLast((event) => event.kind === 'closed');
    expect(first?.durationUs?.value).toBe((lastClosed?.atUs ?? NaN) - (facts[0]?.atUs ?? NaN));
  });

  it('are none of a round that was cancelled, which neither side did', () => {
    const cancelled = RACE.filter((event) => event.seq < seqOf('connected')).concat({
      kind: 'failed',
      seenBy: 'program',
      problem: { code: 'cancelled', message: 'cancelled', detail: {} },
      seq: seqOf('connected'),
      atUs: 0,
    });
    expect(outcomesOf(roundsOf(cancelled)).map((entry) => entry.outcome)).toEqual([undefined]);
  });

  it('are of as many rounds as were asked for, also before they have begun', () => {
    expect(roundsAsked(RACE.slice(0, 3), [])).toBe(4);
    expect(roundsAsked([], [])).toBe(0);
    const [started] = RACE;
    if (started?.kind !== 'run-started') throw new Error('the first fact is run-started');
    // A number of a run file: nobody draws so many marks.
    expect(roundsAsked([{ ...started, options: { rounds: Number.MAX_SAFE_INTEGER } }], [])).toBe(500);
  });

  it('are of no more rounds than there can be, whatever a file asks for', () => {
    const [started, ...rest] = RACE;
    if (started?.kind !== 'run-started') throw new Error('A run begins with run-started');
    const facts = [{ ...started, options: { rounds: Number.MAX_SAFE_INTEGER } }, ...rest];
    expect(roundsAsked(facts, [])).toBe(500);
    expect(roundsAsked(facts, roundsOf(raceRun(Array.from({ length: 501 }, () => 'none'))))).toBe(501);
  });

  it('take as long as our own connection, however long another client stays', () => {
    const last = RACE[seqOf('closed', 1) - 1];
    if (last?.kind !== 'closed') throw new Error('no closed');
    const before = RACE.filter(({ seq }) => seq <= last.seq);
    const stays = [
      ...before,
      { ...last, peer: 'server', side: 'server', connection: 77, atUs: last.atUs + 9_999 } as const,
    ];
    const took = (facts: readonly TraceEvent[]): number | undefined =>
      outcomesOf(roundsOf(facts))[0]?.durationUs?.value;
    expect(took(stays)).toBe(took(before));
  });
});

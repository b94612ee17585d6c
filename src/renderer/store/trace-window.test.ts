import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { mergeFacts } from './trace-window.ts';

function factsAt(...seqs: readonly number[]): readonly TraceEvent[] {
  return seqs.map((seq) => ({ kind: 'slept', seenBy: 'program', side: 'client', ms: 1, seq, atUs: seq }));
}

describe('facts that are held and facts that come', () => {
  it('are one list in order, each fact once', () => {
    expect(mergeFacts(factsAt(1, 2), factsAt(5, 6))).toEqual(factsAt(1, 2, 5, 6));
    expect(mergeFacts(factsAt(1, 5, 9), factsAt(3, 4, 5))).toEqual(factsAt(1, 3, 4, 5, 9));
    expect(mergeFacts(factsAt(5, 6), factsAt(1, 2))).toEqual(factsAt(1, 2, 5, 6));
    expect(mergeFacts([], factsAt(3))).toEqual(factsAt(3));
  });

  it('are the list that is held where nothing new comes', () => {
    const held = factsAt(1, 3, 5, 9);
    for (const known of [factsAt(), factsAt(1), factsAt(3, 9), factsAt(1, 3, 5, 9)]) {
      expect(mergeFacts(held, known)).toBe(held);
    }
  });
});

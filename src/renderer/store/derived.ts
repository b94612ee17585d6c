// What scene/ computes from the facts at hand, computed once for each set of facts and shared by the views.

import type { TraceEvent } from '../../shared/trace.ts';
import type { Ladder } from '../scene/ladder.ts';
import { buildLadder } from '../scene/ladder.ts';
import type { LineRecord } from '../scene/line-records.ts';
import { lineRecords } from '../scene/line-records.ts';
import type { TranscriptLine } from '../scene/transcript-lines.ts';
import { transcriptLines } from '../scene/transcript-lines.ts';
import { useRun } from './run.ts';

function onceFor<Value>(
  compute: (facts: readonly TraceEvent[]) => Value,
): (facts: readonly TraceEvent[]) => Value {
  const known = new WeakMap<readonly TraceEvent[], Value>();
  return (facts) => {
    const before = known.get(facts);
    if (before !== undefined) return before;
    const value = compute(facts);
    known.set(facts, value);
    return value;
  };
}

const ladderOf = onceFor(buildLadder);
const recordsOf = onceFor(lineRecords);
const transcriptOf = onceFor(transcriptLines);

export function useLadder(): Ladder {
  return ladderOf(useRun((state) => state.facts));
}

export function useLineRecords(): ReadonlyMap<number, LineRecord> {
  return recordsOf(useRun((state) => state.facts));
}

export function useTranscript(): readonly TranscriptLine[] {
  return transcriptOf(useRun((state) => state.facts));
}

// What scene/ computes from the facts at hand, computed once for each set of facts and shared by the views.

import type { TraceEvent } from '../../shared/trace.ts';
import type { Ladder } from '../scene/ladder.ts';
import { buildLadder } from '../scene/ladder.ts';
import type { LineRecord } from '../scene/line-records.ts';
import { lineRecords } from '../scene/line-records.ts';
import type { TranscriptLine } from '../scene/transcript-lines.ts';
import { transcriptLines } from '../scene/transcript-lines.ts';
import type { RunCounts } from '../../shared/counts.ts';
import { NO_COUNTS } from '../../shared/counts.ts';
import type { Phase } from './run.ts';
import { hasShownRun, useRun } from './run.ts';

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

const NO_FACTS: readonly TraceEvent[] = [];

/** The facts of the run shown: none while the window shows an experiment that has not been run. */
function useFacts(): readonly TraceEvent[] {
  return useRun((state) => (hasShownRun(state) ? state.facts : NO_FACTS));
}

export function useCounts(): RunCounts {
  return useRun((state) => (hasShownRun(state) ? state.counts : NO_COUNTS));
}

export function useShownPhase(): Phase {
  return useRun((state) => (hasShownRun(state) ? state.phase : 'empty'));
}

export function useLadder(): Ladder {
  return ladderOf(useFacts());
}

export function useLineRecords(): ReadonlyMap<number, LineRecord> {
  return recordsOf(useFacts());
}

export function useTranscript(): readonly TranscriptLine[] {
  return transcriptOf(useFacts());
}

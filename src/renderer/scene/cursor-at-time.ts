import type { TraceEvent } from '../../shared/trace/fact.ts';

/**
 * The cursor at a time, in microseconds since the run began: between two facts in proportion, at the first or the last of
 * `facts` outside of them; 0 where there are none.
 */
export function cursorAtTime(facts: readonly TraceEvent[], us: number): number {
  let low = 0;
  let high = facts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((facts[middle]?.atUs ?? Infinity) <= us) low = middle + 1;
    else high = middle;
  }
  const before = facts[low - 1];
  const after = facts[low];
  if (before === undefined) return after?.seq ?? 0;
  if (after === undefined || after.atUs <= before.atUs) return before.seq;
  return before.seq + ((after.seq - before.seq) * (us - before.atUs)) / (after.atUs - before.atUs);
}

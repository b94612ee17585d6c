// The facts that the window holds: what was pushed, and stretches that were asked for. Pure.

import type { TraceEvent } from '../../shared/trace/fact.ts';

/** The maximum number of facts held of stretches that were asked for. */
const MAX_LOADED = 30_000;

/**
 * Two ordered lists of facts as one, each `seq` once; `held` itself where nothing is new, so that nothing is drawn anew.
 * Appending, the common case, copies and compares nothing else.
 */
export function mergeFacts(held: readonly TraceEvent[], more: readonly TraceEvent[]): readonly TraceEvent[] {
  const firstMore = more[0];
  if (firstMore === undefined) return held;
  const last = held.at(-1);
  if (last === undefined) return more;
  if (last.seq < firstMore.seq) return [...held, ...more];
  const merged: TraceEvent[] = [];
  let left = 0;
  let right = 0;
  let isNew = false;
  for (;;) {
    const a = held[left];
    const b = more[right];
    if (a === undefined && b === undefined) return isNew ? merged : held;
    if (b === undefined || (a !== undefined && a.seq <= b.seq)) {
      if (a !== undefined) merged.push(a);
      if (a?.seq === b?.seq) right += 1;
      left += 1;
    } else {
      isNew = true;
      merged.push(b);
      right += 1;
    }
  }
}

/** Adds a stretch to those loaded before; where that gets too much, the new stretch alone is kept. */
export function holdLoaded(
  loaded: readonly TraceEvent[],
  stretch: readonly TraceEvent[],
): readonly TraceEvent[] {
  const merged = mergeFacts(loaded, stretch);
  return merged.length > MAX_LOADED ? stretch : merged;
}

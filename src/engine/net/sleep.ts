// A deliberate wait, as the course's programs make with time.sleep().

import { setTimeout as wait } from 'node:timers/promises';

import type { Problem } from '../../shared/result.ts';
import type { Emit, PeerName } from '../../shared/trace/fact.ts';
import { cancelledProblem } from './problems.ts';

/** Waits and records it; 0 ms is no sleep. An abort ends it at once, unrecorded; returns the problem of the abort. */
export async function sleep(
  peer: PeerName,
  ms: number,
  emit: Emit,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  if (ms > 0 && !signal.aborted) {
    const slept = await wait(ms, true, { signal }).catch((error: unknown) => {
      if (signal.aborted) return false;
      throw error;
    });
    if (slept) emit({ kind: 'slept', seenBy: 'program', peer, ms });
  }
  return signal.aborted ? cancelledProblem(signal) : undefined;
}

// The failure that a person has to see at the cursor: it stays in sight, whatever came after it. Pure.

import type { TraceEvent } from '../../shared/trace/fact.ts';
import type { FailedFact } from './failure-words.ts';
import { isOwnFailure, ownConnection } from './ladder.ts';

/** A run that goes on so far after a failure has got over it. */
const MAX_FACTS_AFTER = 24;

/**
 * The last failure of the run itself at the cursor; undefined where there was none, where the run went on after it, or
 * where what had failed went well then: a server that waited has its port. `landmarks` are those of the run or the round.
 */
export function currentFailure(landmarks: readonly TraceEvent[], cursor: number): FailedFact | undefined {
  const own = ownConnection(landmarks);
  let failure: FailedFact | undefined;
  let endedIt = false;
  for (const event of landmarks) {
    if (event.seq > cursor) break;
    switch (event.kind) {
      case 'failed':
        // A person who no longer waits for a port still has none.
        if (isOwnFailure(event, own) && !(isCancel(event) && failure?.problem.code === 'port-in-use'))
          failure = event;
        break;
      case 'listening':
      case 'connected':
        if (failure?.peer === event.peer) failure = undefined;
        break;
      case 'run-ended':
        endedIt = event.outcome !== 'completed';
        break;
      default:
        break;
    }
  }
  if (failure === undefined) return undefined;
  return endedIt || cursor - failure.seq <= MAX_FACTS_AFTER ? failure : undefined;
}

function isCancel({ problem }: FailedFact): boolean {
  return problem.code === 'cancelled' || problem.code === 'window-closed';
}

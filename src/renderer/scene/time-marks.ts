// The marks above the time bar: the side of each fact, and what went wrong with the run itself.

import type { Side, TraceEvent } from '../../shared/trace/fact.ts';
import { sideOf } from './describe.ts';

export interface TimeMark {
  readonly seq: number;
  readonly look: Side | 'bad';
}

/**
 * A mark for every fact of the whole run, of however many rounds, that has a side. What befell a client that is not the
 * run's own is marked as the server's fact that it is: the run did not fail.
 */
export function timeMarksOf(facts: readonly TraceEvent[]): readonly TimeMark[] {
  const own = new Set(facts.flatMap((event) => (event.kind === 'connected' ? [event.connection] : [])));
  return facts.flatMap((event) => {
    const bad =
      event.kind === 'failed' &&
      (event.side !== 'server' || event.connection === undefined || own.has(event.connection));
    const look = bad ? 'bad' : sideOf(event);
    return look === undefined ? [] : [{ seq: event.seq, look }];
  });
}

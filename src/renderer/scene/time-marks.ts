// What stands above the time bar: marks for the side of each fact, for what went wrong with the run itself and for other
// clients that came, and bands where facts were counted and are not here. No more of either than can be told apart.

import type { Connection } from '../../shared/trace/connection.ts';
import type { Side, TraceEvent } from '../../shared/trace/fact.ts';
import { connectionsOf, roleOf, sideOf } from '../../shared/trace/connection.ts';

export interface TimeMark {
  readonly seq: number;
  /** The side of the fact; `bad` is what went wrong with the run itself, `other` a client that comes and is not ours. */
  readonly look: Side | 'bad' | 'other';
}

/**
 * A mark for every fact of the whole run, of however many rounds, that has a side. A failure of another client is marked
 * as an ordinary fact of the server: the run did not fail.
 */
export function timeMarksOf(facts: readonly TraceEvent[]): readonly TimeMark[] {
  const { ofFact } = connectionsOf(facts);
  const come = new Set<Connection>();
  return facts.flatMap((event, index): readonly TimeMark[] => {
    const connection = ofFact[index];
    const isOther = connection?.client.whose === 'other';
    if (isOther && !come.has(connection)) {
      come.add(connection);
      return [{ seq: event.seq, look: 'other' }];
    }
    const bad = event.kind === 'failed' && !(isOther && roleOf(event.peer) === 'server');
    const look = bad ? 'bad' : sideOf(event);
    return look === undefined ? [] : [{ seq: event.seq, look }];
  });
}

/** A stretch of the time bar, between two facts that are here or are the ends of the run. */
export interface Band {
  readonly from: number;
  readonly to: number;
}

/** Where facts are missing, up to the run's `last` one. Bands that come closer to each other than `apart` are one. */
export function gapBandsOf(facts: readonly TraceEvent[], last: number, apart: number): readonly Band[] {
  const bands: { readonly from: number; to: number }[] = [];
  const add = (from: number, to: number): void => {
    const before = bands.at(-1);
    if (before !== undefined && from - before.to < apart) before.to = to;
    else bands.push({ from, to });
  };
  let before = 0;
  for (const { seq } of facts) {
    if (seq > before + 1) add(before, seq);
    before = seq;
  }
  if (before < last) add(before, last);
  return bands;
}

/**
 * Some `max` of the marks in even steps, and besides what went wrong and other clients that came, as far as each is at
 * least `apart` from the last one that looks the same.
 */
export function drawnMarksOf(marks: readonly TimeMark[], max: number, apart: number): readonly TimeMark[] {
  const every = Math.max(1, Math.ceil(marks.length / max));
  const last = new Map<TimeMark['look'], number>();
  return marks.filter(({ seq, look }, index) => {
    if (look !== 'bad' && look !== 'other' && index % every !== 0) return false;
    if (seq - (last.get(look) ?? -Infinity) < apart) return false;
    last.set(look, seq);
    return true;
  });
}

// Finds the round trips of lines in packed facts, without decoding those that are no JSON.

import {
  atUsAt,
  connectionAt,
  factAt,
  isJsonAt,
  kindAt,
  lineAt,
  sideAt,
  type PackedFacts,
} from '../../shared/trace/packed.ts';
import type { RoundTrips } from '../../shared/trace/took.ts';

/** A line that came back. */
interface RoundTrip {
  readonly line: number;
  readonly sentSeq: number;
  readonly us: number;
}

/**
 * Keeps in `trips` what a fact about lines says of lines under way; the round trip that ends with it, undefined where none
 * does.
 */
export function roundTripAt(facts: PackedFacts, index: number, trips: RoundTrips): RoundTrip | undefined {
  const kind = kindAt(facts, index);
  if (kind !== 'wrote' && kind !== 'line-received') return undefined;
  let connection: number;
  let line: number | undefined;
  let isClients: boolean;
  let atUs: number;
  if (isJsonAt(facts, index)) {
    const fact = factAt(facts, index);
    if (!fact.ok || (fact.value.kind !== 'wrote' && fact.value.kind !== 'line-received')) return undefined;
    ({ connection, line, atUs } = fact.value);
    isClients = fact.value.kind === 'wrote' && fact.value.side === 'client';
  } else {
    connection = connectionAt(facts, index);
    line = lineAt(facts, index);
    isClients = sideAt(facts, index) === 'client';
    atUs = atUsAt(facts, index);
  }
  if (line === undefined) return undefined;
  if (kind === 'wrote') {
    if (isClients) trips.sent(connection, line, facts.firstSeq + index, atUs);
    return undefined;
  }
  const sent = trips.received(connection, line);
  return sent === undefined ? undefined : { line, sentSeq: sent.seq, us: Math.max(0, atUs - sent.atUs) };
}

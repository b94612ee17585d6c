// The ladder as text, for people who cannot see it: what has happened up to the cursor, in the order of the picture. Pure.

import type { Transform } from '../../shared/trace/fact.ts';
import { sentenceOf } from './describe.ts';
import { sideOf } from '../../shared/trace/connection.ts';
import type { Arrow, Ladder } from './ladder.ts';
import type { LaneId } from './lanes.ts';
import { indexAt } from './ladder.ts';
import { formatCount, formatCountOf, formatTime } from '../../shared/format.ts';

/** One thing in the picture, in a sentence. */
export interface TextEntry {
  readonly key: string;
  readonly text: string;
  /** The fact that the cursor stands at. */
  readonly now: boolean;
}

/** An entry at its place on the ladder's axis. */
interface Placed extends TextEntry {
  readonly at: number;
}

/**
 * The last `max` things that are in the picture when the cursor stands at `cursor`, the newest last: the facts, what is
 * inferred between them and says so, and how many facts were counted and are not here.
 */
export function ladderText(
  { facts, rows, arrows, gaps }: Ladder,
  cursor: number,
  max: number,
  transform: Transform,
): readonly TextEntry[] {
  const index = indexAt(facts, cursor);
  const nowSeq = facts[index]?.seq;
  const first = Math.max(0, index + 1 - max);
  const from = facts[first]?.seq ?? 0;
  const otherClients = new Map(
    rows
      .slice(Math.max(0, indexAt(rows, from)), indexAt(rows, cursor) + 1)
      .map((row) => [row.seq, row.otherClient]),
  );
  const entries: Placed[] = facts
    .slice(first, index + 1)
    .map((event) => ({
      key: `fact-${event.seq}`,
      at: event.seq,
      text: `Fact ${formatCount(event.seq)}, ${sideOf(event) ?? 'the run'}, ${formatTime(event.atUs)}: ${sentenceOf(event, transform, otherClients.get(event.seq))}`,
      now: event.seq === nowSeq,
    }));
  for (const arrow of arrows) {
    if (!arrow.inferred || arrow.leavesAt < from || (arrow.arrivesAt ?? arrow.leavesAt) > cursor) continue;
    entries.push({ key: arrow.key, at: arrow.leavesAt, text: arrowText(arrow), now: false });
  }
  for (const { fromSeq, toSeq } of gaps) {
    if (fromSeq < from || fromSeq > cursor) continue;
    const text = `${formatCountOf(toSeq - fromSeq + 1, 'fact')} counted, not drawn.`;
    entries.push({ key: `gap-${fromSeq}`, at: fromSeq, text, now: false });
  }
  return entries.sort((a, b) => a.at - b.at).slice(-max);
}

/** "SYN from the client to the server: inferred from connect and accept." */
function arrowText({ label, from, to, otherClient, why }: Arrow): string {
  const nameOf = (lane: LaneId): string =>
    lane === 'server' || otherClient === undefined ? `the ${lane}` : otherClient;
  return `${label} from ${nameOf(from)} to ${nameOf(to)}: ${why}.`;
}

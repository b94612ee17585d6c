// What the field "Find" says: how many hits there are and which one the cursor is at, or what can be asked.

import { formatCount, formatCountOf } from '../../shared/format.ts';
import type { FindAnswer } from '../../shared/find/find-answer.ts';
import { TOOK_MEANS } from '../../shared/trace/took.ts';

/** What can be asked, in a sentence. */
export const FIND_HELP = `Ask for a text, line 12, fact #120, a kind such as accepted, error, or took > 1 ms (${TOOK_MEANS}). In quotes anything is a text.`;

/** "3 of 12", "12 hits", "no hit", with what is still to be searched. */
export function hitsSentence({
  hits,
  isAtHit,
  upToCursor,
  done,
  searched,
  facts,
  unreadable,
}: FindAnswer): string {
  const found = isAtHit
    ? `${formatCount(upToCursor)} of ${formatCount(hits)}`
    : hits === 0
      ? 'no hit'
      : formatCountOf(hits, 'hit');
  if (!done) return `${found} · ${Math.floor((100 * searched) / Math.max(1, facts))} % searched`;
  return unreadable === 0 ? found : `${found} · ${formatCountOf(unreadable, 'fact')} damaged`;
}

// How the cursor moves over the facts that the page has: not before the first one of them.

import { PAGE_FACTS } from '../../shared/trace/packed.ts';
import { usePlayer } from '../store/cursor.ts';
import { playOrPause, scrubTo, stepBack, stepForward } from '../store/player.ts';
import { replay } from './bridge.ts';

const [firstPage] = replay.pages;

/** Where the cursor can go: 0 is before the first fact of a run. */
export const FIRST = firstPage === undefined || firstPage.page === 0 ? 0 : firstPage.page * PAGE_FACTS + 1;
export const LAST = replay.counts.facts;

export async function toFirst(): Promise<void> {
  await scrubTo(FIRST);
}

export async function toLast(): Promise<void> {
  await scrubTo(LAST);
}

export async function back(): Promise<void> {
  if (usePlayer.getState().cursor > FIRST) await stepBack();
}

export async function forward(): Promise<void> {
  await stepForward();
}

/** From its beginning again, where it stands at its end. */
export async function playPause(): Promise<void> {
  const { cursor, playing } = usePlayer.getState();
  if (!playing && cursor >= LAST) await scrubTo(FIRST);
  playOrPause();
}

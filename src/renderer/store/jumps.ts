// From the fact at the cursor to another one that has to do with it: on the same lane, of the same line, the next error.

import type { TraceEvent } from '../../shared/trace/fact.ts';
import { sideOf } from '../../shared/trace/connection.ts';
import { MAX_LANDMARKS } from '../../shared/trace/packed.ts';
import { indexAt } from '../scene/ladder.ts';
import { lineOfFact, seqsOfLine } from '../scene/line-facts.ts';
import { marksBeyond, timeMarksOf } from '../scene/time-marks.ts';
import { usePlayer } from './cursor.ts';
import { mergeFacts } from './pages.ts';
import { scrubTo } from './player.ts';
import { useRun } from './run.ts';
import { useTimeBar } from './time-bar.ts';
import { bring, factsAround } from './trace-view.ts';

export type Direction = 'next' | 'previous';

/** So many pages are gone through: where nothing is found on them there is no such fact near. */
const MAX_PAGES = 8;

/** The number of the fact at the cursor. */
function seqNow(): number {
  const { cursor, seekTo, glideTo } = usePlayer.getState();
  return Math.floor(glideTo ?? seekTo ?? cursor);
}

/** The lane on which a fact stands. */
function laneOf(event: TraceEvent): string | undefined {
  return ('peer' in event ? event.peer : undefined) ?? sideOf(event);
}

/** The nearest number in the direction; undefined where there is none. */
function nearest(seqs: readonly number[], at: number, direction: Direction): number | undefined {
  return direction === 'next' ? seqs.find((seq) => seq > at) : seqs.findLast((seq) => seq < at);
}

/** To the next or the previous fact on the lane of the one at the cursor. */
export async function jumpOnLane(direction: Direction): Promise<void> {
  const from = seqNow();
  await bring(Math.max(1, from));
  const { facts } = useRun.getState();
  const here = facts[indexAt(facts, from)] ?? facts[0];
  const lane = here === undefined ? undefined : laneOf(here);
  let at = from;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const around = await factsAround(direction === 'next' ? at + 1 : at - 1);
    const [first] = around;
    const last = around.at(-1);
    if (first === undefined || last === undefined) return;
    // What belongs to the run as a whole is on no lane: from there any lane will do.
    const onLane = around.filter(
      (event) => laneOf(event) !== undefined && laneOf(event) === (lane ?? laneOf(event)),
    );
    const found = nearest(
      onLane.map(({ seq }) => seq),
      from,
      direction,
    );
    if (found !== undefined) {
      await scrubTo(found);
      return;
    }
    at = direction === 'next' ? last.seq : first.seq;
  }
}

/** To the next or the previous fact of the line that the fact at the cursor is of. */
export async function jumpOnLine(direction: Direction): Promise<void> {
  const at = seqNow();
  await bring(Math.max(1, at));
  const { view, facts } = useRun.getState();
  const near = mergeFacts(view.atHand, view.links);
  const here = facts[indexAt(facts, at)];
  const line = here?.seq === at ? lineOfFact(near, here) : undefined;
  const found = line === undefined ? undefined : nearest(seqsOfLine(near, line), at, direction);
  if (found !== undefined) await scrubTo(found);
}

/** To the next or the previous error of the whole run. */
export async function jumpToError(direction: Direction): Promise<void> {
  const { landmarks } = useRun.getState();
  const { overview } = useTimeBar.getState();
  const known = timeMarksOf(landmarks);
  const beyond =
    overview === undefined || landmarks.length < MAX_LANDMARKS ? [] : marksBeyond(overview, known);
  const errors = [...known, ...beyond].filter(({ look }) => look === 'bad').map(({ seq }) => seq);
  const found = nearest(
    errors.sort((a, b) => a - b),
    seqNow(),
    direction,
  );
  if (found !== undefined) await scrubTo(found);
}

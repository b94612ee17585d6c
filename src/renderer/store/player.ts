// The cursor and how it moves: playing, stepping, scrubbing, following a live run. It moves over what was recorded and
// never slows the exchange. The clock is the window's own frames.

import type { TraceEvent } from '../../shared/trace/fact.ts';
import { PAGE_FACTS } from '../../shared/trace/packed.ts';
import { indexAt, stepWeight } from '../scene/ladder.ts';
import { advance, leapTo, paceOf, STEADY, type Pace } from '../scene/pace.ts';
import { bridge } from './bridge.ts';
import { type PlayerState, usePlayer } from './cursor.ts';
import { bring, isPageHere } from './trace-view.ts';
import { isAsking, stopOnTheWay } from './notes.ts';
import { useRun } from './run.ts';
import { useTimeBar } from './time-bar.ts';
import type { ExperimentName } from '../../shared/experiments/definitions.ts';

const GLIDE_MS = 420;

/** The picture stays as it is for at most so long while the facts come that the person moved to. */
const SEEK_MS = 100;

/** Facts that come later than this are not made up for: the picture would leap. */
const MAX_OWED_MS = 1_000;

const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');

type Move = Pick<PlayerState, 'cursor'> &
  Partial<Pick<PlayerState, 'playing' | 'following' | 'glideTo' | 'seekTo' | 'selectedSeq'>>;

/** Moves the cursor; whatever a move does not name (playing, following, a glide, a selection) ends. */
function move(next: Move): void {
  usePlayer.setState((state) => ({ playing: false, following: false, paceId: state.paceId, ...next }), true);
}

/** The paces of runs with many rounds, which play fast by default; all other runs share one pace. */
const roundsPaces = new Map<ExperimentName, string>([
  ['race', 'facts-300'],
  ['ports', 'facts-30'],
]);
let sharedPace = STEADY;

/** A new run is shown: play it from its first fact. */
export function restart(): void {
  const experiment = useRun.getState().info?.experiment ?? 'file';
  move({ cursor: 0, playing: true });
  usePlayer.setState({ paceId: roundsPaces.get(experiment) ?? sharedPace });
}

/** A new run is shown at a fact of it. */
export function restartAt(seq: number): void {
  restart();
  move({ cursor: seq });
}

/** Stops at a note on the way, where there is one. */
function stopsAtNote(from: number, to: number): boolean {
  const seq = stopOnTheWay(from, to);
  if (seq === undefined) return false;
  move({ cursor: seq });
  return true;
}

function lastSeq(): number {
  return useRun.getState().counts.facts;
}

/** Where the person has put the cursor. */
function cursorNow(): number {
  const { cursor, seekTo } = usePlayer.getState();
  return seekTo ?? cursor;
}

function play(): void {
  // What comes next is hidden until the answer is revealed.
  if (isAsking()) return;
  const cursor = cursorNow();
  const atEnd = cursor >= lastSeq() && useRun.getState().phase === 'settled';
  move({ cursor: atEnd ? 0 : cursor, playing: true });
}

export function pause(): void {
  move({ cursor: cursorNow() });
}

export function playOrPause(): void {
  const { playing, following } = usePlayer.getState();
  if (playing || following) pause();
  else play();
}

/** To the last fact; while the run goes on, stays with it. */
export function toEnd(): void {
  move({ cursor: lastSeq(), following: useRun.getState().phase === 'running' });
}

export function toStart(): void {
  move({ cursor: 0 });
}

/**
 * Puts the cursor on a fact, when the facts around it are here. A picture without them would be rendered and painted for
 * the few milliseconds until they come, and they would wait for it.
 */
export async function scrubTo(seq: number): Promise<void> {
  const target = Math.min(Math.max(0, seq), lastSeq());
  if (!isPageHere(target)) {
    move({ cursor: usePlayer.getState().cursor, seekTo: target });
    await Promise.race([bring(target), new Promise((resolve) => setTimeout(resolve, SEEK_MS))]);
    const { seekTo } = usePlayer.getState();
    if (seekTo !== target) {
      // The person has moved on: while the slider is dragged the picture comes after it, one page behind.
      if (seekTo !== undefined && isPageHere(target)) usePlayer.setState({ cursor: target });
      return;
    }
  }
  move({ cursor: target });
}

/** Puts the cursor behind a line whose facts are not here: on the last one before the next line is sent. */
export async function scrubToLine(line: number): Promise<void> {
  const run = useRun.getState().info?.run;
  if (run === undefined) return;
  const next = await bridge.call('run:seq-of-line', { run, line: line + 1 });
  await scrubTo(next === undefined ? lastSeq() : next - 1);
}

/** Puts the cursor on the client's write of a line. */
export async function scrubToStartOf(line: number): Promise<void> {
  const run = useRun.getState().info?.run;
  const seq = run === undefined ? undefined : await bridge.call('run:seq-of-line', { run, line });
  if (seq !== undefined) await scrubTo(seq);
}

export function select(seq: number): void {
  usePlayer.setState({ selectedSeq: seq });
}

/** Closes the details of the fact that was chosen. */
export function unselect(): void {
  usePlayer.setState({ selectedSeq: undefined });
}

export function setPace(paceId: string): void {
  const experiment = useRun.getState().info?.experiment ?? 'file';
  if (roundsPaces.has(experiment)) roundsPaces.set(experiment, paceId);
  else sharedPace = paceId;
  usePlayer.setState({ paceId });
}

export async function stepForward(): Promise<void> {
  if (isAsking()) return;
  const { cursor, glideTo } = usePlayer.getState();
  const from = Math.floor(glideTo ?? cursor);
  let target = nextDrawn(useRun.getState().facts, from);
  if (target === undefined && from < lastSeq()) {
    await bring(from + 1);
    target = nextDrawn(useRun.getState().facts, from);
  }
  if (target === undefined) {
    move({ cursor: Math.min(from, lastSeq()) });
  } else if (reducedMotion.matches) {
    if (!stopsAtNote(from, target)) move({ cursor: target });
  } else {
    move({ cursor: glideTo ?? cursor, glideTo: target });
  }
}

export async function stepBack(): Promise<void> {
  const { cursor, glideTo } = usePlayer.getState();
  const at = glideTo ?? cursor;
  const from = Number.isInteger(at) ? at - 1 : Math.floor(at);
  await bring(from);
  move({ cursor: Math.max(0, previousDrawn(useRun.getState().facts, from)) });
}

/** The next fact that has a place in the picture; undefined where facts are missing in between, or none is left. */
function nextDrawn(facts: readonly TraceEvent[], from: number): number | undefined {
  let index = indexAt(facts, from);
  for (;;) {
    const here = facts[index];
    const next = facts[index + 1];
    if (next === undefined) return here !== undefined && here.seq > from ? here.seq : undefined;
    if (next.seq > (here?.seq ?? 0) + 1) return undefined;
    if (stepWeight(next, here) > 0) return next.seq;
    index += 1;
  }
}

function previousDrawn(facts: readonly TraceEvent[], from: number): number {
  for (let index = indexAt(facts, from); index >= 0; index -= 1) {
    const here = facts[index];
    if (here !== undefined && stepWeight(here, facts[index - 1]) > 0) return here.seq;
  }
  return 0;
}

/** Starts the player's clock. Returns what stops it. */
export function startPlayer(): () => void {
  let previous = performance.now();
  let frame = requestAnimationFrame(tick);
  let bringing = false;
  /** Time in which the cursor stood because facts were not here: it moves on by as much more when they are. */
  let owedMs = 0;
  function tick(now: number): void {
    // Asked for first: an error in this frame must not stop the clock.
    frame = requestAnimationFrame(tick);
    // A window that was hidden had no frames: it goes on where it was, and does not leap.
    const elapsed = Math.min(now - previous, 100);
    previous = now;
    const { cursor, playing, following, glideTo, paceId } = usePlayer.getState();
    const { facts, phase } = useRun.getState();
    if (following) {
      const last = lastSeq();
      if (last !== cursor) usePlayer.setState({ cursor: last });
      if (phase === 'settled') move({ cursor: last });
    } else if (glideTo !== undefined) {
      const from = facts[indexAt(facts, cursor)]?.seq ?? 0;
      const speed = (glideTo - from) / (GLIDE_MS * glideWeight(facts, glideTo));
      const next = cursor + Math.max(speed, 1 / 2_000) * elapsed;
      if (stopsAtNote(cursor, Math.min(next, glideTo))) return;
      if (next >= glideTo) move({ cursor: glideTo });
      else usePlayer.setState({ cursor: next });
    } else if (playing && bringing) {
      owedMs = Math.min(owedMs + elapsed, MAX_OWED_MS);
    } else if (playing) {
      const pace = paceOf(paceId, lastSeq());
      let next = advance(facts, cursor, elapsed + owedMs, pace);
      owedMs = 0;
      if (stopsAtNote(cursor, next.cursor)) return;
      if (next.cursor !== cursor) usePlayer.setState({ cursor: next.cursor });
      // At a fast pace a frame goes over the edge of a page.
      while (next.stoppedAt !== undefined && isAtHand(next.stoppedAt + 1)) {
        const before = next.cursor;
        next = advance(useRun.getState().facts, before, next.leftMs ?? 0, pace);
        if (stopsAtNote(before, next.cursor)) return;
        usePlayer.setState({ cursor: next.cursor });
      }
      // Of a run that goes on, more facts may have come than are at hand.
      const isAtEdge = next.leftMs !== undefined && next.cursor < lastSeq();
      const stoppedAt = next.stoppedAt ?? (isAtEdge ? next.cursor : undefined);
      if (stoppedAt !== undefined) {
        bringing = true;
        owedMs = next.leftMs ?? 0;
        const target = beyond(stoppedAt, owedMs, pace);
        if (target !== undefined) owedMs = 0;
        void bring(target ?? stoppedAt + 1).then((loaded) => {
          bringing = false;
          if (usePlayer.getState().cursor !== stoppedAt || !usePlayer.getState().playing) return;
          if (target === undefined || !loaded) skipGap(stoppedAt);
          else if (!stopsAtNote(stoppedAt, target)) usePlayer.setState({ cursor: target });
          // Asking again with the next frame would fail again, sixty times a second.
          if (!loaded && usePlayer.getState().cursor === stoppedAt) pause();
        });
      } else if (phase === 'settled' && next.cursor >= lastSeq()) {
        move({ cursor: lastSeq() });
      }
    }
  }
  return () => {
    cancelAnimationFrame(frame);
  };
}

/**
 * Where the cursor will be, if that is so far that the pages up to there are passed without being brought; undefined
 * otherwise.
 */
function beyond(stoppedAt: number, leftMs: number, pace: Pace): number | undefined {
  const target = leapTo(stoppedAt, leftMs, pace, useTimeBar.getState().overview);
  return target !== undefined && target > stoppedAt + PAGE_FACTS ? Math.min(target, lastSeq()) : undefined;
}

function isAtHand(seq: number): boolean {
  const { facts } = useRun.getState();
  return facts[indexAt(facts, seq)]?.seq === seq;
}

/**
 * Facts that were never kept cannot be loaded: playback goes on after them, with the fact that says so. The picture shows
 * the gap. Facts that cannot be read are no such gap.
 */
function skipGap(seq: number): void {
  const { facts } = useRun.getState();
  const { cursor, playing } = usePlayer.getState();
  const next = facts[indexAt(facts, seq) + 1];
  if (!playing || cursor !== seq || next?.kind !== 'detail-left-out') return;
  if (!stopsAtNote(cursor, next.seq)) usePlayer.setState({ cursor: next.seq });
}

function glideWeight(facts: readonly TraceEvent[], seq: number): number {
  const index = indexAt(facts, seq);
  const event = facts[index];
  return event === undefined ? 1 : Math.max(0.6, stepWeight(event, facts[index - 1]));
}

// What the time bar shows of the whole run: its overview, which the worker computes, and the stretch that was chosen.

import { create } from 'zustand';

import type { RunOverview } from '../../shared/trace/overview.ts';
import { bucketsFor } from '../scene/minimap.ts';
import { following, stretchBetween, wholeAxis, zoomed, type Axis } from '../scene/time-axis.ts';
import { bridge } from './bridge.ts';
import { usePlayer } from './cursor.ts';
import { reportProblem, useRun } from './run.ts';

interface TimeBarState {
  /** Of the axis that was shown when it was asked for; absent until the first one has come. */
  readonly overview?: RunOverview;
  /** The stretch that the time bar covers; absent where that is the whole run. */
  readonly stretch?: Axis;
  /** How many buckets there is room for. */
  readonly buckets: number;
}

export const useTimeBar = create<TimeBarState>()(() => ({ buckets: bucketsFor(0) }));

/** Of a run that goes on, and of one that is still read. */
const AGAIN_MS = 400;
/** A stretch that is moved or zoomed several times in a row is asked for once. */
const SOON_MS = 40;

const ZOOM = 4;

function lastSeq(): number {
  return useRun.getState().counts.facts;
}

/** What the time bar covers. */
function axisNow(): Axis {
  return useTimeBar.getState().stretch ?? wholeAxis(lastSeq());
}

/** Covers a stretch, or the whole run. */
function showStretch(stretch: Axis | undefined): void {
  const { buckets, overview } = useTimeBar.getState();
  // The bars of the axis before stay until those of this one are there.
  useTimeBar.setState(
    {
      buckets,
      ...(overview === undefined ? {} : { overview }),
      ...(stretch === undefined ? {} : { stretch }),
    },
    true,
  );
  askIn(SOON_MS);
}

/** Covers the stretch between two places of the cursor. */
export function chooseStretch(one: number, other: number): void {
  const stretch = stretchBetween(one, other, lastSeq());
  showStretch(stretch.to - stretch.from >= lastSeq() ? undefined : stretch);
}

export function showWholeRun(): void {
  showStretch(undefined);
}

export function zoomIn(): void {
  if (lastSeq() > 0) showStretch(zoomed(axisNow(), usePlayer.getState().cursor, 1 / ZOOM, lastSeq()));
}

export function zoomOut(): void {
  if (useTimeBar.getState().stretch !== undefined) {
    showStretch(zoomed(axisNow(), usePlayer.getState().cursor, ZOOM, lastSeq()));
  }
}

/** The time bar has become so wide. */
export function setWidth(width: number): void {
  const buckets = bucketsFor(width);
  if (buckets === useTimeBar.getState().buckets) return;
  useTimeBar.setState({ buckets });
  askIn(SOON_MS);
}

let timer: ReturnType<typeof setTimeout> | undefined;
let timerAtMs = Infinity;
let asking = false;
/** What the overview that is here is of. */
let asked = '';

/** Asks once that time has passed, or earlier where it was to be earlier. */
function askIn(ms: number): void {
  const atMs = performance.now() + ms;
  if (atMs >= timerAtMs) return;
  clearTimeout(timer);
  timerAtMs = atMs;
  timer = setTimeout(() => {
    timerAtMs = Infinity;
    if (asking) askIn(SOON_MS);
    else void ask();
  }, ms);
}

async function ask(): Promise<void> {
  const { info, counts } = useRun.getState();
  const { stretch, buckets } = useTimeBar.getState();
  if (info === undefined || counts.facts === 0) return;
  const from = Math.max(1, Math.floor(stretch?.from ?? 1));
  const to = stretch === undefined ? Number.MAX_SAFE_INTEGER : Math.ceil(stretch.to);
  const what = JSON.stringify([info.run, from, to, buckets, stretch === undefined ? counts.facts : 0]);
  if (what === asked) return;
  asking = true;
  const answer = await bridge.call('run:overview', { run: info.run, from, to, buckets });
  asking = false;
  if (useRun.getState().info?.run !== info.run) return;
  reportProblem(answer);
  if (answer?.ok !== true) return;
  const overview = answer.value;
  if (useTimeBar.getState().stretch === stretch) useTimeBar.setState({ overview });
  if (overview.upTo >= Math.min(to, counts.facts)) asked = what;
  else askIn(AGAIN_MS);
}

/** Keeps the overview up to date, and the cursor inside of the stretch. Returns what stops it. */
export function watchTimeBar(): () => void {
  const stops = [
    useRun.subscribe(({ info, counts, phase }, before) => {
      if (info?.run !== before.info?.run) {
        asked = '';
        useTimeBar.setState(({ buckets }) => ({ buckets }), true);
      }
      if (counts.facts === before.counts.facts && phase === before.phase) return;
      askIn(phase === 'running' && useTimeBar.getState().overview !== undefined ? AGAIN_MS : SOON_MS);
    }),
    usePlayer.subscribe(({ cursor, seekTo }) => {
      const { stretch } = useTimeBar.getState();
      if (stretch === undefined) return;
      const moved = following(stretch, seekTo ?? cursor, lastSeq());
      if (moved !== stretch) showStretch(moved);
    }),
  ];
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}

// The run beside the one that is shown: its page around the cursor, which moves with the shown run's, and how both differ.

import { create } from 'zustand';
import type { ComparedRun } from '../../shared/ipc.ts';
import type { Result } from '../../shared/result.ts';
import type { RunComparison } from '../../shared/trace/comparison.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { PAGE_FACTS } from '../../shared/trace/packed.ts';
import { firstOfExchange } from '../scene/comparison-words.ts';
import { cursorAtTime } from '../scene/cursor-at-time.ts';
import { indexAt, timeAt } from '../scene/ladder.ts';
import { bridge } from './bridge.ts';
import { usePlayer } from './cursor.ts';
import { EMPTY_VIEW, LoadedPage, mergeFacts, PageCache, viewOf, type View } from './pages.ts';
import { pause, scrubTo } from './player.ts';
import { reportProblem, showNotice, useRun } from './run.ts';

/** A fact of each run: these two stand at the same height. */
export interface Aligned {
  readonly here: number;
  readonly there: number;
}

/** How the second cursor follows the first from where both are aligned: by as many facts, or by as much time. */
export type MoveBy = 'facts' | 'time';

interface ComparisonState {
  /** Undefined where nothing is compared. */
  readonly beside: ComparedRun | undefined;
  /** Those of the run beside. */
  readonly landmarks: readonly TraceEvent[];
  readonly view: View;
  readonly cursor: number;
  readonly aligned: Aligned;
  readonly alignedUs: Aligned;
  readonly moveBy: MoveBy;
  /** How far the comparison is. */
  readonly answer: RunComparison | undefined;
  /** In microseconds, as far as they are computed. */
  readonly medians: Partial<Aligned>;
}

const NOTHING: ComparisonState = {
  beside: undefined,
  landmarks: [],
  view: EMPTY_VIEW,
  cursor: 0,
  aligned: { here: 0, there: 0 },
  alignedUs: { here: 0, there: 0 },
  moveBy: 'facts',
  answer: undefined,
  medians: {},
};

export const useComparison = create<ComparisonState>()(() => NOTHING);

/** Where the cursor is so near to the edge of its page, the picture has facts of the next one. */
const NEAR_FACTS = 256;

const cache = new PageCache();
const requests = new Set<number>();
let stopFollowing: (() => void) | undefined;

/** Puts a run of the list beside the one that is shown. */
export async function compareWithRun(run: number): Promise<void> {
  const answer = await bridge.call('compare:with-run', { run });
  reportProblem(answer);
  if (answer?.ok === true) await begin(answer.value);
}

/** Asks for a saved run and puts it beside the one that is shown. */
export async function compareWithFile(): Promise<void> {
  const answer = await bridge.call('compare:with-file');
  reportProblem(answer);
  if (answer?.ok === true && answer.value !== undefined) await begin(answer.value);
}

export async function closeComparison(): Promise<void> {
  forgetComparison();
  await bridge.call('compare:close');
}

/** Another run is shown: main compares nothing any more. */
export function forgetComparison(): void {
  stopFollowing?.();
  stopFollowing = undefined;
  cache.clear();
  requests.clear();
  useComparison.setState(NOTHING);
}

async function begin(beside: ComparedRun): Promise<void> {
  forgetComparison();
  pause();
  useComparison.setState({ beside });
  await bringLandmarks(beside);
  if (!isBeside(beside)) return;
  await align({
    here: firstOfExchange(useRun.getState().landmarks),
    there: firstOfExchange(useComparison.getState().landmarks),
  });
  if (!isBeside(beside)) return;
  stopFollowing = usePlayer.subscribe(follow);
  await compare(beside);
  await computeMedians(beside);
}

function isBeside(beside: ComparedRun): boolean {
  return useComparison.getState().beside === beside;
}

async function bringLandmarks(beside: ComparedRun): Promise<void> {
  const { info, progress } = beside;
  for (;;) {
    const { landmarks } = useComparison.getState();
    if (landmarks.length >= progress.landmarks) return;
    const answer = await bridge.call('run:landmarks', { run: info.run, from: landmarks.length });
    if (!isBeside(beside)) return;
    reportProblem(answer);
    if (answer?.ok !== true) return;
    const more = mergeFacts(landmarks, answer.value);
    if (more.length === landmarks.length) return;
    useComparison.setState({ landmarks: more });
  }
}

/** Asks until the first difference is known. */
async function compare(beside: ComparedRun): Promise<void> {
  while (isBeside(beside)) {
    const answer = await bridge.call('compare:difference');
    if (!isBeside(beside)) return;
    reportProblem(answer);
    if (answer?.ok !== true) return;
    useComparison.setState({ answer: answer.value });
    if (answer.value.done) return;
  }
}

async function computeMedians(beside: ComparedRun): Promise<void> {
  const here = useRun.getState().info?.run;
  for (const [side, run] of [['here', here] as const, ['there', beside.info.run] as const]) {
    while (run !== undefined && isBeside(beside)) {
      const answer = await bridge.call('run:numbers', { run, order: 'slowest', lines: 0 });
      if (answer?.ok !== true || !isBeside(beside)) return;
      const { done, medianUs } = answer.value;
      if (!done) continue;
      if (medianUs === undefined) return;
      useComparison.setState(({ medians }) => ({ medians: { ...medians, [side]: medianUs } }));
      break;
    }
  }
}

/** Has these two facts stand at the same height. */
async function align(aligned: Aligned): Promise<void> {
  const { beside } = useComparison.getState();
  const here = await timeOf(useRun.getState().info?.run, aligned.here);
  const there = await timeOf(beside?.info.run, aligned.there);
  if (useComparison.getState().beside !== beside) return;
  useComparison.setState({ aligned, alignedUs: { here, there } });
  follow();
}

async function timeOf(run: number | undefined, seq: number): Promise<number> {
  if (run === undefined || seq < 1) return 0;
  const fact = await bridge.call('run:fact', { run, seq, bytes: 0 });
  return fact?.ok === true ? fact.value.atUs : 0;
}

/** Aligns both runs by the client's write of a line, and goes there. */
export async function alignByLine(line: number): Promise<void> {
  const here = useRun.getState().info?.run;
  const there = useComparison.getState().beside?.info.run;
  if (here === undefined || there === undefined) return;
  const inHere = await bridge.call('run:seq-of-line', { run: here, line });
  const inThere = await bridge.call('run:seq-of-line', { run: there, line });
  if (inHere === undefined || inThere === undefined) {
    showNotice({ tone: 'info', text: `Line ${line} was not sent in both runs.` });
    return;
  }
  await align({ here: inHere, there: inThere });
  await scrubTo(inHere);
}

/** Goes to the first difference in both runs. */
export async function goToDifference(): Promise<void> {
  const { answer, aligned } = useComparison.getState();
  const difference = answer?.difference;
  if (difference === undefined) return;
  const ahead = aligned.there - aligned.here;
  const here = difference.here?.seq ?? Math.max(0, (difference.there?.seq ?? 0) - ahead);
  const there = difference.there?.seq ?? here + ahead;
  await align({ here, there });
  await scrubTo(here);
}

/** Goes to a fact of the run beside. */
export async function scrubBeside(seq: number): Promise<void> {
  const { moveBy, aligned, alignedUs, view } = useComparison.getState();
  if (moveBy === 'facts') {
    await scrubTo(aligned.here + seq - aligned.there);
    return;
  }
  const run = useRun.getState().info?.run;
  const us = timeAt(view.facts, seq) - alignedUs.there + alignedUs.here;
  if (run === undefined) return;
  const here = await bridge.call('run:seq-at-time', { run, us: Math.max(0, us) });
  if (here !== undefined) await scrubTo(here);
}

export function setMoveBy(moveBy: MoveBy): void {
  useComparison.setState({ moveBy });
  follow();
}

/** Moves the second cursor to where the first one is. */
function follow(): void {
  const { beside, aligned, moveBy } = useComparison.getState();
  if (beside === undefined) return;
  const { cursor } = usePlayer.getState();
  if (moveBy === 'facts') moveTo(beside, aligned.there + cursor - aligned.here);
  else void followTime(beside);
}

/** The last time that was gone to: an answer that comes later than the next question is left out. */
let askedUs = 0;

async function followTime(beside: ComparedRun): Promise<void> {
  const { alignedUs, view } = useComparison.getState();
  const { facts, counts } = useRun.getState();
  const us = Math.max(
    0,
    timeAt(facts, usePlayer.getState().cursor, counts) - alignedUs.here + alignedUs.there,
  );
  askedUs = us;
  if (us >= beside.progress.atUs) {
    moveTo(beside, beside.progress.facts);
    return;
  }
  const [first, last] = [view.facts[0], view.facts.at(-1)];
  if (first !== undefined && last !== undefined && first.atUs <= us && us <= last.atUs) {
    moveTo(beside, cursorAtTime(view.facts, us));
    return;
  }
  const seq = await bridge.call('run:seq-at-time', { run: beside.info.run, us });
  if (seq !== undefined && isBeside(beside) && us === askedUs) moveTo(beside, seq);
}

function moveTo(beside: ComparedRun, wanted: number): void {
  const cursor = Math.max(0, Math.min(beside.progress.facts, wanted));
  useComparison.setState({ cursor });
  const page = Math.max(0, Math.floor((Math.ceil(cursor) - 1) / PAGE_FACTS));
  const at = cursor - page * PAGE_FACTS;
  for (const near of [
    page,
    ...(at < NEAR_FACTS ? [page - 1] : []),
    ...(at > PAGE_FACTS - NEAR_FACTS ? [page + 1] : []),
  ]) {
    if (near >= 0 && near * PAGE_FACTS < beside.progress.facts && cache.get(near) === undefined) {
      void request(beside, near);
    }
  }
  if (useComparison.getState().view.page !== page || useComparison.getState().view === EMPTY_VIEW) show(page);
}

async function request(beside: ComparedRun, page: number): Promise<void> {
  if (requests.has(page)) return;
  // One that cannot be read is asked for once.
  requests.add(page);
  const answer = await bridge.call('run:page', { run: beside.info.run, page });
  if (!isBeside(beside)) return;
  reportProblem(answer);
  if (answer?.ok !== true) return;
  requests.delete(page);
  const report = (failure: Result<never>): void => {
    reportProblem(failure);
  };
  cache.add(new LoadedPage(answer.value, PAGE_FACTS, report), false);
  show(Math.max(0, Math.floor((Math.ceil(useComparison.getState().cursor) - 1) / PAGE_FACTS)));
  if (useComparison.getState().moveBy === 'time') follow();
}

function show(page: number): void {
  if (cache.get(page) === undefined) return;
  cache.touch(page);
  useComparison.setState(({ landmarks }) => ({ view: viewOf(page, cache, landmarks) }));
}

/** The fact of the run beside at its cursor. */
export function factBeside({
  view,
  cursor,
}: Pick<ComparisonState, 'view' | 'cursor'>): TraceEvent | undefined {
  const seq = Math.floor(cursor);
  const fact = view.facts[indexAt(view.facts, seq)];
  return fact?.seq === seq ? fact : undefined;
}

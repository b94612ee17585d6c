// Brings the parts of the trace that the window shows: the landmarks of the whole run, and the pages around the cursor.
// Main keeps the trace; a run of any length costs the window the same.

import type { RunInfo } from '../../shared/ipc.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { PAGE_FACTS, type TracePage, type TraceProgress } from '../../shared/trace/packed.ts';
import type { LineRecord } from '../../shared/trace/line-follower.ts';
import { lineRecords } from '../scene/line-records.ts';
import type { Result } from '../../shared/result.ts';
import { bridge } from './bridge.ts';
import { announceOtherClients } from './other-clients.ts';
import { EMPTY_VIEW, LoadedPage, mergeFacts, PageCache, viewOf, wholeView } from './pages.ts';
import { usePlayer } from './cursor.ts';
import { NO_PROGRESS, reportProblem, useRun } from './run.ts';

/** All of a run of `boundaries` is shown at once: at most 4,096 bytes, five facts each, to three servers in four ways. */
const MAX_WHOLE_PAGES = 60;

/** Where the cursor is so near to the edge of its page, the picture has facts of the next one. */
const NEAR_FACTS = 256;

/** So long after the cursor has come to rest, the neighbours of its page are brought. */
const REST_MS = 120;

/** The picture is laid out anew with each state of the page at the live end. */
const REFRESH_MS = 40;
/** Of a run that is too fast for the eye anyhow. */
const LONG_REFRESH_MS = 100;
/** A refresh waits this many times as long as the one before took: the run needs the processor, too. */
const REFRESH_PAUSES = 8;
const MAX_REFRESH_MS = 500;

const cache = new PageCache();
const requests = new Map<number, Promise<boolean>>();
let landmarksRequest: Promise<void> | undefined;
/** What main said last; the store may show an earlier state. */
let told: TraceProgress = NO_PROGRESS;

/** The page of a fact. */
function pageOf(seq: number): number {
  return Math.max(0, Math.floor((Math.ceil(seq) - 1) / PAGE_FACTS));
}

function showsAll({ info }: { readonly info?: RunInfo }): boolean {
  return info?.experiment === 'boundaries';
}

/** A run is shown: nothing of it is here. */
export function forgetPages(): void {
  cache.clear();
  requests.clear();
  told = NO_PROGRESS;
  landmarksRequest = undefined;
}

function wantedPage(): number {
  return pageOf(usePlayer.getState().cursor);
}

/** Puts what is here into the store. */
function show(page: number): void {
  const state = useRun.getState();
  cache.touch(page);
  const view = showsAll(state)
    ? wholeView(MAX_WHOLE_PAGES, cache, state.landmarks)
    : viewOf(page, cache, state.landmarks);
  useRun.setState({ view, facts: view.atHand, pagesChanged: state.pagesChanged + 1 });
}

/** Shows the page of the cursor, as far as it is here and is not shown. */
function showWhatIsHere(): void {
  const state = useRun.getState();
  const page = wantedPage();
  if (showsAll(state) || cache.get(page) === undefined) return;
  if (state.view.page !== page || state.view === EMPTY_VIEW || endsTooSoon(page)) show(page);
}

/** Whether the cursor is near an edge of the view behind which there is more by now. */
function endsTooSoon(page: number): boolean {
  const { goesOnBefore, goesOnAfter } = useRun.getState().view;
  const at = usePlayer.getState().cursor - page * PAGE_FACTS;
  return (
    (!goesOnBefore && at < NEAR_FACTS && cache.get(page - 1) !== undefined) ||
    (!goesOnAfter && at > PAGE_FACTS - NEAR_FACTS && cache.get(page + 1) !== undefined)
  );
}

/** How many facts of a page there are, as far as main has said. */
function factsOn(page: number): number {
  return Math.max(0, Math.min(PAGE_FACTS, told.facts - page * PAGE_FACTS));
}

/** Whether the page is here as it was when main last said how many facts there are. */
function isHere(page: number): boolean {
  return (cache.get(page)?.asOf ?? 0) >= factsOn(page);
}

/** Brings a page, or its newest state. False where it could not be read, which has been reported to the person. */
function request(page: number): Promise<boolean> {
  const under = requests.get(page);
  if (under !== undefined) return under;
  const asked = ask(page).finally(() => {
    if (requests.get(page) === asked) requests.delete(page);
  });
  requests.set(page, asked);
  return asked;
}

async function ask(page: number): Promise<boolean> {
  const { info } = useRun.getState();
  if (info === undefined) return true;
  const asOf = factsOn(page);
  const answer = await bridge.call('run:page', { run: info.run, page });
  if (useRun.getState().info?.run !== info.run) return true;
  reportProblem(answer, info.run);
  if (answer?.ok !== true) return false;
  add(answer.value, asOf, info.run);
  return true;
}

/** Whether the facts around that one are here. */
export function isPageHere(seq: number): boolean {
  return isHere(pageOf(seq));
}

function add(packed: TracePage, asOf: number, run: number): void {
  const report = (failure: Result<never>): void => {
    reportProblem(failure, run);
  };
  cache.add(new LoadedPage(packed, asOf, report), showsAll(useRun.getState()));
  const { following, seekTo } = usePlayer.getState();
  // Shown together with the cursor, which comes to it now.
  if ((refreshing && following) || (seekTo !== undefined && pageOf(seekTo) === packed.page)) return;
  if (showsAll(useRun.getState()) || packed.page === wantedPage()) {
    show(wantedPage());
  } else {
    useRun.setState(({ pagesChanged }) => ({ pagesChanged: pagesChanged + 1 }));
    showWhatIsHere();
  }
}

/** Brings the page of a fact, and shows what is here around the cursor. False where it could not be read. */
export async function bring(seq: number): Promise<boolean> {
  const page = pageOf(seq);
  const brought = isHere(page) || (await request(page));
  showWhatIsHere();
  return brought;
}

let restTimer: ReturnType<typeof setTimeout> | undefined;
/** The pages for which the next one, or both neighbours, were asked for: a page that cannot be read is asked for once. */
let aheadOf: number | undefined;
let aroundOf: number | undefined;

/** Shows the page in which the cursor stands, and brings what it will come to. */
function followCursor(): void {
  const state = useRun.getState();
  if (showsAll(state)) return;
  const page = wantedPage();
  const { playing, following } = usePlayer.getState();
  if (state.view.page !== page && !following && !isHere(page)) void request(page);
  showWhatIsHere();
  if (playing && aheadOf !== page) {
    aheadOf = page;
    if (!isHere(page + 1)) void request(page + 1);
  }
  clearTimeout(restTimer);
  if (aroundOf !== page) restTimer = setTimeout(bringNeighbours, REST_MS);
}

/** Not while the cursor moves: the page that it comes to would wait for the neighbours of those that it leaves. */
function bringNeighbours(): void {
  const page = wantedPage();
  aroundOf = page;
  for (const near of [page + 1, page - 1]) if (near >= 0 && !isHere(near)) void request(near);
}

async function bringLandmarks(): Promise<void> {
  for (;;) {
    const { info, landmarks } = useRun.getState();
    if (info === undefined || landmarks.length >= told.landmarks) return;
    const answer = await bridge.call('run:landmarks', { run: info.run, from: landmarks.length });
    if (useRun.getState().info?.run !== info.run) return;
    reportProblem(answer, info.run);
    if (answer?.ok !== true || answer.value.length === 0) return;
    const more = mergeFacts(landmarks, answer.value);
    if (more.length === landmarks.length) return;
    useRun.setState({ landmarks: more });
    announceOtherClients();
    if (!(refreshing && usePlayer.getState().following)) show(wantedPage());
  }
}

/** Brings what the window needs of the run as it is now. Resolves when it is here. */
async function sync(): Promise<void> {
  landmarksRequest ??= bringLandmarks().finally(() => {
    landmarksRequest = undefined;
  });
  const asked: Promise<unknown>[] = [landmarksRequest];
  if (showsAll(useRun.getState())) {
    for (let page = 0; page < MAX_WHOLE_PAGES && factsOn(page) > 0; page += 1) {
      if (!isHere(page)) asked.push(request(page));
    }
  } else {
    const page = usePlayer.getState().following ? pageOf(told.facts) : wantedPage();
    if (!isHere(page)) asked.push(request(page));
  }
  await Promise.all(asked);
}

let newest: { readonly run: number; readonly counts: TraceProgress } | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let refreshing = false;
let tookMs = 0;

/** Main has said how far the run is: brings what is new, after a while together with what comes meanwhile. */
export function progressed(run: number, counts: TraceProgress): void {
  newest = { run, counts };
  if (!refreshing) refreshLater();
}

function refreshLater(): void {
  const leastMs = (newest?.counts.facts ?? 0) > PAGE_FACTS ? LONG_REFRESH_MS : REFRESH_MS;
  const pauseMs = Math.max(leastMs, Math.min(MAX_REFRESH_MS, tookMs * REFRESH_PAUSES));
  timer ??= setTimeout(() => {
    timer = undefined;
    void refresh();
  }, pauseMs);
}

/** Whether main has said something new of the run that is shown. */
function hear(): boolean {
  if (newest === undefined) return false;
  const { run, counts } = newest;
  newest = undefined;
  if (useRun.getState().info?.run !== run) return false;
  told = counts;
  return true;
}

/** Brings what is new and shows it. */
async function refresh(): Promise<void> {
  if (!hear()) return;
  refreshing = true;
  try {
    const counts = told;
    const { run } = useRun.getState().info ?? {};
    if (!usePlayer.getState().following) useRun.setState({ counts });
    await sync();
    const beganMs = performance.now();
    if (useRun.getState().info?.run === run) showProgress(counts);
    await painted();
    tookMs = performance.now() - beganMs;
  } finally {
    refreshing = false;
    if (newest !== undefined) refreshLater();
  }
}

/** Shows how far the run is, with the cursor that follows it, at once: each state is a picture of the whole window. */
function showProgress(counts: TraceProgress): void {
  // It may have settled meanwhile.
  if (counts.facts >= useRun.getState().counts.facts) useRun.setState({ counts });
  if (!usePlayer.getState().following) return;
  usePlayer.setState({ cursor: useRun.getState().counts.facts });
  show(wantedPage());
}

/** Resolves when what was rendered is on the screen; in a hidden window, which draws nothing, after a second. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    const hidden = setTimeout(resolve, 1_000);
    requestAnimationFrame(() => {
      clearTimeout(hidden);
      setTimeout(resolve);
    });
  });
}

/** Resolves when everything that main has said of is here. */
export async function settled(): Promise<void> {
  for (;;) {
    hear();
    useRun.setState({ counts: told });
    await sync();
    const page = usePlayer.getState().following ? pageOf(told.facts) : wantedPage();
    const isWhole = useRun.getState().landmarks.length >= told.landmarks && isHere(page);
    // What could not be read has been reported.
    if (isWhole || !requests.has(page)) return;
  }
}

/** Follows the cursor over the pages. Returns what stops it. */
export function watchCursor(): () => void {
  return usePlayer.subscribe(followCursor);
}

const recordsOf = new WeakMap<LoadedPage, ReadonlyMap<number, LineRecord>>();

function recordsOn(loaded: LoadedPage, own: number): ReadonlyMap<number, LineRecord> {
  const before = recordsOf.get(loaded);
  if (before !== undefined) return before;
  const records = lineRecords(mergeFacts(loaded.facts, loaded.links), own);
  recordsOf.set(loaded, records);
  return records;
}

/** What is known of a line, from the pages that are here. */
export function recordOf(line: number): LineRecord | undefined {
  const { connection } = useRun.getState().counts;
  let found: LineRecord | undefined;
  for (const loaded of cache.values()) {
    if (!loaded.mayHaveLine(line)) continue;
    const record = recordsOn(loaded, connection).get(line);
    // A page that has only a part of the line knows less of it.
    if (
      record !== undefined &&
      (found === undefined || (record.receivedSeq ?? 0) > (found.receivedSeq ?? 0))
    ) {
      found = record;
    }
  }
  return found;
}

/** Brings the facts of lines `from` to `to`, which a person scrolled to. */
export async function loadLines(from: number, to: number): Promise<void> {
  const run = useRun.getState().info?.run;
  if (run === undefined) return;
  const first = await bridge.call('run:seq-of-line', { run, line: from });
  if (first === undefined) return;
  const last = await bridge.call('run:seq-of-line', { run, line: to });
  const pages = [pageOf(first), pageOf(last ?? first)];
  for (const page of new Set(pages)) if (!isHere(page)) await request(page);
}

/** The facts of the page of a fact, which is brought; none where it could not be read. */
export async function factsAround(seq: number): Promise<readonly TraceEvent[]> {
  await bring(seq);
  return cache.get(pageOf(seq))?.facts ?? [];
}

/** A fact of a page that is here. */
export function factHere(seq: number): TraceEvent | undefined {
  const facts = cache.get(pageOf(seq))?.facts ?? [];
  return facts.find((event) => event.seq === seq);
}

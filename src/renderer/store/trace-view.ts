// Brings the parts of the trace that the window shows: the landmarks of the whole run, and the pages around the cursor.
// Main keeps the trace; a run of any length costs the window the same.

import type { RunInfo } from '../../shared/ipc.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import {
  factsOf,
  PAGE_FACTS,
  type PackedFacts,
  type TracePage,
  type TraceProgress,
} from '../../shared/trace/packed.ts';
import type { LineRecord } from '../scene/line-records.ts';
import { lineRecords } from '../scene/line-records.ts';
import { bridge } from './bridge.ts';
import { mergeFacts, PageCache, viewOf, wholeView, type LoadedPage } from './pages.ts';
import { usePlayer } from './cursor.ts';
import { reportProblem, useRun } from './run.ts';

/** All of a run of `boundaries` is shown at once: at most 4,096 bytes, five facts each, to three servers in four ways. */
const MAX_WHOLE_PAGES = 60;

/** The picture is laid out anew with each state of the page at the live end. */
const REFRESH_MS = 40;
/** Of a run that is too fast for the eye anyhow. */
const LONG_REFRESH_MS = 100;

const cache = new PageCache();
const requests = new Map<number, Promise<boolean>>();
let landmarksRequest: Promise<void> | undefined;

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

/** How many facts of a page there are, as far as main has said. */
function factsOn(page: number): number {
  const { facts } = useRun.getState().counts;
  return Math.max(0, Math.min(PAGE_FACTS, facts - page * PAGE_FACTS));
}

/** Whether the page is here as it was when main last said how many facts there are. */
function isHere(page: number): boolean {
  return (cache.get(page)?.asOf ?? 0) >= factsOn(page);
}

function decoded(parts: readonly PackedFacts[]): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  for (const part of parts) {
    for (const fact of factsOf(part)) {
      if (fact.ok) events.push(fact.value);
      else reportProblem(fact);
    }
  }
  return events;
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
  reportProblem(answer);
  if (answer?.ok !== true) return false;
  add(answer.value, asOf);
  return true;
}

function add(packed: TracePage, asOf: number): void {
  const loaded = { page: packed.page, asOf, facts: decoded(packed.parts), links: decoded(packed.links) };
  const state = useRun.getState();
  cache.add(loaded, showsAll(state));
  const wanted = wantedPage();
  if (showsAll(state) || Math.abs(packed.page - wanted) <= 1) show(wanted);
  else useRun.setState({ pagesChanged: state.pagesChanged + 1 });
}

/** Brings the page of a fact and shows it, and brings its neighbours. False where it could not be read. */
export async function bring(seq: number): Promise<boolean> {
  const page = pageOf(seq);
  const brought = isHere(page) || (await request(page));
  if (wantedPage() === page && useRun.getState().view.page !== page) show(page);
  return brought;
}

/** Shows the page in which the cursor stands, if another one is shown. */
function followCursor(): void {
  const page = wantedPage();
  const { view } = useRun.getState();
  if (showsAll(useRun.getState()) || view.page === page) return;
  if (cache.get(page) !== undefined) show(page);
  bringAround(page);
}

/** The page and its neighbours, as far as they are not here. */
function bringAround(page: number): void {
  for (const near of [page, page + 1, page - 1]) if (near >= 0 && !isHere(near)) void request(near);
}

async function bringLandmarks(): Promise<void> {
  for (;;) {
    const { info, landmarks, counts } = useRun.getState();
    if (info === undefined || landmarks.length >= counts.landmarks) return;
    const answer = await bridge.call('run:landmarks', { run: info.run, from: landmarks.length });
    if (useRun.getState().info?.run !== info.run) return;
    reportProblem(answer);
    if (answer?.ok !== true || answer.value.length === 0) return;
    const more = mergeFacts(landmarks, answer.value);
    if (more.length === landmarks.length) return;
    useRun.setState({ landmarks: more });
    show(wantedPage());
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
    const page = wantedPage();
    if (!isHere(page)) asked.push(request(page));
    if (!isHere(page + 1)) asked.push(request(page + 1));
  }
  await Promise.all(asked);
}

let newest: { readonly run: number; readonly counts: TraceProgress } | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let syncing = false;

/** Main has said how far the run is: brings what is new, after a while together with what comes meanwhile. */
export function progressed(run: number, counts: TraceProgress): void {
  newest = { run, counts };
  timer ??= setTimeout(applyProgress, counts.facts > PAGE_FACTS ? LONG_REFRESH_MS : REFRESH_MS);
}

function applyProgress(): void {
  clearTimeout(timer);
  timer = undefined;
  if (newest === undefined || useRun.getState().info?.run !== newest.run) return;
  useRun.setState({ counts: newest.counts });
  newest = undefined;
  void keepInStep();
}

/** Brings what is new, and what has become new meanwhile. */
async function keepInStep(): Promise<void> {
  if (syncing) return;
  syncing = true;
  try {
    let brought: TraceProgress | undefined;
    while (brought !== useRun.getState().counts) {
      brought = useRun.getState().counts;
      await sync();
    }
  } finally {
    syncing = false;
  }
}

/** Resolves when everything that main has said of is here. */
export async function settled(): Promise<void> {
  applyProgress();
  for (;;) {
    await sync();
    const { counts, landmarks } = useRun.getState();
    const page = wantedPage();
    const isWhole = landmarks.length >= counts.landmarks && isHere(page);
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

/** A fact of a page that is here. */
export function factHere(seq: number): TraceEvent | undefined {
  const facts = cache.get(pageOf(seq))?.facts;
  return facts?.find((event) => event.seq === seq);
}

// What a person looks for in the run: the words, how far the search is, and which of the facts on the screen are hits. The
// search itself is in the thread that holds the trace; it goes on as long as it is asked.

import { create } from 'zustand';
import { isMarked, MAX_MARKED_PAGES, placeOf, type FindAnswer } from '../../shared/find/find-answer.ts';
import { parseQuery } from '../../shared/find/query.ts';
import { PAGE_FACTS } from '../../shared/trace/packed.ts';
import { bridge } from './bridge.ts';
import { usePlayer } from './cursor.ts';
import { scrubTo } from './player.ts';
import { hasShownRun, useRun } from './run.ts';

/** A search begins when no key was pressed for so long. */
const TYPED_MS = 150;

/** The counts follow the cursor and a run under way at most so often. */
const FOLLOW_MS = 150;

interface FindState {
  readonly open: boolean;
  /** Counts up whenever the field is asked for: it gets the focus. */
  readonly asked: number;
  readonly words: string;
  /** Why the words are no query. */
  readonly wrong: string | undefined;
  /** How far the search for the words is; undefined before its first answer. */
  readonly answer: FindAnswer | undefined;
  /** The hits of each page that was asked about; without bits where it has none. */
  readonly marks: ReadonlyMap<number, Uint8Array>;
  /** The way to the last hit led over the end of the run, or over its start. */
  readonly wentAround: 'to the start' | 'to the end' | undefined;
}

const NO_MARKS: ReadonlyMap<number, Uint8Array> = new Map();
const NOTHING_FOUND = {
  wrong: undefined,
  answer: undefined,
  marks: NO_MARKS,
  wentAround: undefined,
} satisfies Partial<FindState>;

export const useFind = create<FindState>()(() => ({ open: false, asked: 0, words: '', ...NOTHING_FOUND }));

const NO_RUN = 'There is no run to look through: run the experiment first.';

/** Counts up with each new search: an answer of an earlier one is dropped. */
let search = 0;
let typedTimer: ReturnType<typeof setTimeout> | undefined;
/** The pages on which rows of a table are. */
let tablePages: readonly number[] = [];

/** Opens the field, or brings the focus back to it; with `words` in it where they are given. */
export function openFind(words?: string): void {
  const { open, asked } = useFind.getState();
  useFind.setState({ open: true, asked: asked + 1 });
  if (words !== undefined) setWords(words);
  else if (!open) begin();
}

/** Closes the field: nothing is dimmed any more. The words stay for the next time. */
export function closeFind(): void {
  search += 1;
  clearTimeout(typedTimer);
  useFind.setState({ open: false, ...NOTHING_FOUND });
  const { info } = useRun.getState();
  if (info !== undefined) void bridge.call('run:find', { run: info.run, words: '', cursor: 0, pages: [] });
}

/** The person has typed; the search begins when they pause. */
export function setWords(words: string): void {
  search += 1;
  useFind.setState({ words, ...NOTHING_FOUND });
  clearTimeout(typedTimer);
  typedTimer = setTimeout(begin, TYPED_MS);
}

/** Goes to the next hit (1) or the one before (-1) as seen from the cursor, and around the run's end. */
export async function goToHit(step: 1 | -1): Promise<void> {
  clearTimeout(typedTimer);
  if (!isQuery()) return;
  const current = search;
  const { cursor, seekTo } = usePlayer.getState();
  const from = Math.floor(seekTo ?? cursor);
  for (;;) {
    const answer = await ask(from);
    if (answer === undefined || current !== search) return;
    const near = step === 1 ? answer.next : answer.searched >= from ? answer.previous : undefined;
    const around = !answer.done ? undefined : step === 1 ? answer.first : answer.last;
    const target = near ?? around;
    if (target !== undefined) {
      const wentAround = near !== undefined ? undefined : step === 1 ? 'to the start' : 'to the end';
      useFind.setState({ wentAround });
      await scrubTo(target);
    }
    if (target !== undefined || answer.done) break;
  }
  await searchOn();
}

/** Names the pages on which rows of a table are: their hits are asked for. */
export function markTablePages(pages: readonly number[]): void {
  tablePages = pages;
  if (useFind.getState().answer !== undefined) follow();
}

/** Whether the words are a query; where they are a wrong one, the field says why. */
function isQuery(): boolean {
  const parsed = parseQuery(useFind.getState().words);
  const isShown = hasShownRun(useRun.getState());
  const why = parsed?.ok === true && !isShown ? NO_RUN : parsed?.ok === false ? parsed.why : undefined;
  useFind.setState({ wrong: why });
  return parsed?.ok === true && isShown;
}

function begin(): void {
  search += 1;
  useFind.setState(NOTHING_FOUND);
  if (isQuery()) void searchOn();
}

/** Searches until all facts so far were searched. */
async function searchOn(): Promise<void> {
  const current = search;
  for (;;) {
    const answer = await ask(Math.floor(usePlayer.getState().cursor));
    if (answer === undefined || answer.done || current !== search) return;
  }
}

/** Searches on for some time. Undefined where the search is over or failed. */
async function ask(cursor: number): Promise<FindAnswer | undefined> {
  const { info } = useRun.getState();
  const { open, words } = useFind.getState();
  if (info === undefined || !open || !hasShownRun(useRun.getState())) return undefined;
  const current = search;
  const pages = pagesShown();
  const answer = await bridge.call('run:find', { run: info.run, words, cursor, pages });
  if (current !== search || answer === undefined) return undefined;
  if (!answer.ok) {
    // A run that has been replaced is searched anew.
    if (answer.problem.code !== 'run-replaced') useFind.setState({ wrong: answer.problem.message });
    return undefined;
  }
  const found = answer.value;
  const marks = new Map<number, Uint8Array>(pages.map((page) => [page, new Uint8Array()]));
  for (const { page, bits } of found.marks) marks.set(page, bits);
  useFind.setState({ answer: found, marks });
  return found;
}

/** All pages of a run that is small, else those of the picture and the table. */
function pagesShown(): readonly number[] {
  const { counts, view } = useRun.getState();
  const all = Math.ceil(counts.facts / PAGE_FACTS);
  if (all <= MAX_MARKED_PAGES) return Array.from({ length: all }, (_, page) => page);
  const near = [view.page, view.page - 1, view.page + 1].filter((page) => page >= 0);
  return [...new Set([...near, ...tablePages])].slice(0, MAX_MARKED_PAGES);
}

let followTimer: ReturnType<typeof setTimeout> | undefined;

/** Something has moved that an answer depends on: asks anew, after a while together with what moves meanwhile. */
function follow(): void {
  followTimer ??= setTimeout(() => {
    followTimer = undefined;
    if (useFind.getState().answer !== undefined) void searchOn();
  }, FOLLOW_MS);
}

/** Keeps the search in step with the run and the cursor. Returns what stops it. */
export function followFind(): () => void {
  const stops = [
    usePlayer.subscribe(({ cursor }, before) => {
      if (Math.floor(cursor) === Math.floor(before.cursor)) return;
      if (useFind.getState().answer !== undefined) follow();
    }),
    useRun.subscribe((state, before) => {
      const { open, answer } = useFind.getState();
      if (!open) return;
      if (state.info?.run !== before.info?.run || state.chosen !== before.chosen) begin();
      else if (answer !== undefined && (state.counts !== before.counts || state.view !== before.view))
        follow();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Whether the facts from `from` to `to` are known to be no hits. */
function isDimmed({ answer, marks }: FindState, from: number, to: number): boolean {
  if (answer === undefined || to > answer.searched) return false;
  for (let seq = from; seq <= to; seq += 1) {
    const { page, index } = placeOf(seq);
    const bits = marks.get(page);
    if (bits === undefined || isMarked(bits, index)) return false;
  }
  return true;
}

/** Whether something is looked for and none of these facts is a hit; facts that are undefined do not count. */
export function useDimmed(...seqs: readonly (number | undefined)[]): boolean {
  return useFind(
    (state) =>
      state.answer !== undefined && seqs.every((seq) => seq === undefined || isDimmed(state, seq, seq)),
  );
}

/** The same of a stretch of facts. */
export function useDimmedStretch(from: number, to: number): boolean {
  return useFind((state) => state.answer !== undefined && isDimmed(state, from, to));
}

// The pages of the trace that the window holds, and what is at hand around the cursor. Pure.

import type { TraceEvent } from '../../shared/trace/fact.ts';

/** A page of the trace, decoded. */
export interface LoadedPage {
  readonly page: number;
  /** How many facts the page had, those included that were not kept, when it was asked for. */
  readonly asOf: number;
  readonly facts: readonly TraceEvent[];
  /** Facts of other pages that these belong to: earlier writes, and later reads. In order. */
  readonly links: readonly TraceEvent[];
}

/** What the picture shows: the facts of one page, with some of its neighbours so that it goes on at its edges. */
export interface View {
  readonly page: number;
  readonly facts: readonly TraceEvent[];
  readonly links: readonly TraceEvent[];
  /** `facts`, and the landmarks of the whole run. */
  readonly atHand: readonly TraceEvent[];
}

export const EMPTY_VIEW: View = { page: 0, facts: [], links: [], atHand: [] };

/** More than are in view at once before and after the cursor. */
const OVERLAP_FACTS = 64;

/** Pages that are kept. */
const MAX_PAGES = 24;

/** The pages that were asked for, the newest last. */
export class PageCache {
  readonly #pages = new Map<number, LoadedPage>();

  get(page: number): LoadedPage | undefined {
    return this.#pages.get(page);
  }

  values(): Iterable<LoadedPage> {
    return this.#pages.values();
  }

  /** Adds a page or a newer state of it. `keepsAll`: no other page is dropped for it. */
  add(loaded: LoadedPage, keepsAll: boolean): void {
    this.#pages.delete(loaded.page);
    this.#pages.set(loaded.page, loaded);
    if (keepsAll) return;
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) break;
      this.#pages.delete(oldest);
    }
  }

  /** Marks a page as used: others are dropped before it. */
  touch(page: number): void {
    const loaded = this.#pages.get(page);
    if (loaded === undefined) return;
    this.#pages.delete(page);
    this.#pages.set(page, loaded);
  }

  clear(): void {
    this.#pages.clear();
  }
}

/** Two ordered lists of facts as one, each `seq` once. */
export function mergeFacts(
  some: readonly TraceEvent[],
  others: readonly TraceEvent[],
): readonly TraceEvent[] {
  const [firstOther] = others;
  if (firstOther === undefined) return some;
  if (some.length === 0) return others;
  const merged: TraceEvent[] = [];
  let left = 0;
  let right = 0;
  for (;;) {
    const a = some[left];
    const b = others[right];
    if (a === undefined && b === undefined) return merged;
    if (b === undefined || (a !== undefined && a.seq <= b.seq)) {
      if (a !== undefined) merged.push(a);
      if (a?.seq === b?.seq) right += 1;
      left += 1;
    } else {
      merged.push(b);
      right += 1;
    }
  }
}

/** The view of a page, as far as it and its neighbours are in the cache. `landmarks` are those of the whole run. */
export function viewOf(page: number, cache: PageCache, landmarks: readonly TraceEvent[]): View {
  const loaded = cache.get(page);
  const previous = cache.get(page - 1);
  const before = previous?.facts.slice(-OVERLAP_FACTS) ?? [];
  const after = cache.get(page + 1)?.facts.slice(0, OVERLAP_FACTS) ?? [];
  const here = loaded?.facts ?? [];
  // Where the page itself is not here, its neighbours would stand beside a gap that is none.
  const facts = here.length === 0 ? here : [...before, ...here, ...after];
  return { page, facts, links: linksOf(loaded, previous, before), atHand: mergeFacts(facts, landmarks) };
}

/** The links of a page, and of the part of the page before it that is shown with it. */
function linksOf(
  loaded: LoadedPage | undefined,
  previous: LoadedPage | undefined,
  before: readonly TraceEvent[],
): readonly TraceEvent[] {
  const links = loaded?.links ?? [];
  const [first] = before;
  if (first === undefined || previous === undefined) return links;
  const writes = previous.facts.filter(({ kind, seq }) => kind === 'wrote' && seq < first.seq);
  return mergeFacts(mergeFacts(previous.links, writes), links);
}

/** The view of a run of which all pages are held. */
export function wholeView(pages: number, cache: PageCache, landmarks: readonly TraceEvent[]): View {
  const facts: TraceEvent[] = [];
  for (let page = 0; page < pages; page += 1) {
    for (const fact of cache.get(page)?.facts ?? []) facts.push(fact);
  }
  return { page: 0, facts, links: [], atHand: mergeFacts(facts, landmarks) };
}

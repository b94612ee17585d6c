// The pages of the trace that the window holds, and what is at hand around the cursor.

import type { Result } from '../../shared/result.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import {
  factAt,
  factsOf,
  isJsonAt,
  isLandmarkAt,
  lineAt,
  type PackedFacts,
  type TracePage,
} from '../../shared/trace/packed.ts';

/** Receives why a fact of a page could not be decoded. */
type ReportDamage = (failure: Extract<Result<never>, { readonly ok: false }>) => void;

/** A page of the trace. Its facts are decoded when they are asked for: many pages are brought and not looked at. */
export class LoadedPage {
  readonly page: number;
  /** How many facts the page had, those included that were not kept, when it was asked for. */
  readonly asOf: number;
  readonly #packed: TracePage;
  readonly #report: ReportDamage;
  #facts: readonly TraceEvent[] | undefined;
  #links: readonly TraceEvent[] | undefined;
  #lines: { readonly from: number; readonly to: number } | undefined;

  constructor(packed: TracePage, asOf: number, report: ReportDamage) {
    this.page = packed.page;
    this.asOf = asOf;
    this.#packed = packed;
    this.#report = report;
  }

  get facts(): readonly TraceEvent[] {
    return (this.#facts ??= this.#decoded(this.#packed.parts));
  }

  /** Facts of other pages that these belong to: earlier writes, and later reads. In order. */
  get links(): readonly TraceEvent[] {
    return (this.#links ??= this.#decoded(this.#packed.links));
  }

  /** The first facts. */
  head(count: number): readonly TraceEvent[] {
    return this.#facts?.slice(0, count) ?? this.#some(this.#packed.parts.at(0), 0, count);
  }

  /** The last facts. */
  tail(count: number): readonly TraceEvent[] {
    const part = this.#packed.parts.at(-1);
    return this.#facts?.slice(-count) ?? this.#some(part, (part?.count ?? 0) - count, count);
  }

  /** Whether facts of that line may be on the page. */
  mayHaveLine(line: number): boolean {
    const { from, to } = (this.#lines ??= linesOf(this.#packed.parts));
    return line >= from && line <= to;
  }

  #decoded(parts: readonly PackedFacts[]): readonly TraceEvent[] {
    const events: TraceEvent[] = [];
    for (const part of parts) {
      for (const fact of factsOf(part)) {
        if (fact.ok) events.push(fact.value);
        else this.#report(fact);
      }
    }
    return events;
  }

  /** Some facts of a part. Damage is reported where the whole page is decoded. */
  #some(part: PackedFacts | undefined, from: number, count: number): readonly TraceEvent[] {
    if (part === undefined) return [];
    const events: TraceEvent[] = [];
    for (let index = Math.max(0, from); index < Math.min(part.count, from + count); index += 1) {
      const fact = factAt(part, index);
      if (!fact.ok) break;
      events.push(fact.value);
    }
    return events;
  }
}

/** The lines of the facts; all there may be where that is not in the records. */
function linesOf(parts: readonly PackedFacts[]): { readonly from: number; readonly to: number } {
  let from = Infinity;
  let to = 0;
  for (const part of parts) {
    for (let index = 0; index < part.count; index += 1) {
      if (isJsonAt(part, index)) {
        if (!isLandmarkAt(part, index)) return { from: 0, to: Infinity };
        continue;
      }
      const line = lineAt(part, index);
      if (line === undefined) continue;
      from = Math.min(from, line);
      to = Math.max(to, line);
    }
  }
  return { from, to };
}

/** What the picture shows: the facts of one page, with some of its neighbours so that it goes on at its edges. */
export interface View {
  readonly page: number;
  readonly facts: readonly TraceEvent[];
  readonly links: readonly TraceEvent[];
  /** `facts`, and the landmarks of the whole run. */
  readonly atHand: readonly TraceEvent[];
  /** Whether the pages before and after it were here. */
  readonly goesOnBefore: boolean;
  readonly goesOnAfter: boolean;
}

export const EMPTY_VIEW: View = {
  page: 0,
  facts: [],
  links: [],
  atHand: [],
  goesOnBefore: false,
  goesOnAfter: false,
};

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
  const here = cache.get(page);
  const before = cache.get(page - 1);
  const after = cache.get(page + 1);
  const lead = before?.tail(OVERLAP_FACTS) ?? [];
  const tail = after?.head(OVERLAP_FACTS) ?? [];
  // Where the page itself is not here, its neighbours would stand beside a gap that is none.
  const facts = here === undefined || here.facts.length === 0 ? [] : [...lead, ...here.facts, ...tail];
  return {
    page,
    facts,
    links: linksOf(here, before),
    atHand: mergeFacts(facts, landmarks),
    // A page at the live end may have been asked for before it had a fact.
    goesOnBefore: lead.length > 0,
    goesOnAfter: tail.length > 0,
  };
}

/** So many facts before a fact is what belongs to it, where each line waits for the one before. */
const LEAD_FACTS = 8;

/** The links of a page, and of the part of the page before it that is shown with it. */
function linksOf(here: LoadedPage | undefined, before: LoadedPage | undefined): readonly TraceEvent[] {
  const links = here?.links ?? [];
  if (here === undefined || before === undefined) return links;
  if (links.length <= LEAD_FACTS) {
    return mergeFacts(before.tail(OVERLAP_FACTS + LEAD_FACTS).slice(0, -OVERLAP_FACTS), links);
  }
  const writes = before.facts.slice(0, -OVERLAP_FACTS).filter(({ kind }) => kind === 'wrote');
  return mergeFacts(mergeFacts(before.links, writes), links);
}

/** The view of a run of which all pages are held. */
export function wholeView(pages: number, cache: PageCache, landmarks: readonly TraceEvent[]): View {
  const facts: TraceEvent[] = [];
  for (let page = 0; page < pages; page += 1) {
    for (const fact of cache.get(page)?.facts ?? []) facts.push(fact);
  }
  return { ...EMPTY_VIEW, facts, atHand: mergeFacts(facts, landmarks) };
}

// What a search of a run answers: how many hits, where the next ones are, and which facts of some pages are hits. Never a
// list of all hits: a run can have tens of millions.

import { PAGE_FACTS } from '../trace/packed.ts';

/** The most pages of which one call asks for the hits. */
export const MAX_MARKED_PAGES = 32;

export interface FindRequest {
  /** As the person typed it (query.ts). Blank: the search ends and its memory is freed. */
  readonly words: string;
  /** A `seq`, or 0: next and previous are seen from here. */
  readonly cursor: number;
  /** The pages whose hits are drawn. */
  readonly pages: readonly number[];
}

/** How far a search is. It goes on with each call until it is `done`, and then with what a run under way adds. */
export interface FindAnswer {
  readonly hits: number;
  /** Facts up to this `seq` were searched. */
  readonly searched: number;
  /** The facts of the run so far. */
  readonly facts: number;
  /** Whether all facts so far were searched. */
  readonly done: boolean;
  /** Facts that could not be searched, because their part of the file is damaged. */
  readonly unreadable: number;
  /** Hits up to the cursor, one at it included. */
  readonly upToCursor: number;
  readonly isAtHit: boolean;
  /** The hits nearest to the cursor and the outermost ones, as far as they were found. */
  readonly next?: number;
  readonly previous?: number;
  readonly first?: number;
  readonly last?: number;
  readonly marks: readonly PageMarks[];
}

/** The hits of one page: a bit a fact, the lowest bit of the first byte being the page's first fact. */
export interface PageMarks {
  readonly page: number;
  readonly bits: Uint8Array;
}

/** Bytes of the marks of a page. */
export const MARK_BYTES = PAGE_FACTS / 8;

/** The page of a fact, and which one of the page it is. */
export function placeOf(seq: number): { readonly page: number; readonly index: number } {
  const page = Math.floor((seq - 1) / PAGE_FACTS);
  return { page, index: seq - 1 - page * PAGE_FACTS };
}

/** Whether the fact of that index on its page is a hit. */
export function isMarked(bits: Uint8Array, index: number): boolean {
  return ((bits[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;
}

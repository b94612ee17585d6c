// The facts that a search has found, as a bit each: a page of 4,096 facts with a hit costs half a kilobyte, whatever the
// number of hits, and pages without one cost nothing.

import { isMarked, MARK_BYTES, placeOf } from '../../shared/find/find-answer.ts';
import { PAGE_FACTS } from '../../shared/trace/packed.ts';

interface Page {
  readonly bits: Uint8Array;
  count: number;
}

export class HitSet {
  readonly #pages = new Map<number, Page>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Adds a fact; one that is there stays. */
  add(seq: number): void {
    const { page, index } = placeOf(seq);
    let entry = this.#pages.get(page);
    if (entry === undefined) {
      entry = { bits: new Uint8Array(MARK_BYTES), count: 0 };
      this.#pages.set(page, entry);
    }
    if (isMarked(entry.bits, index)) return;
    entry.bits[index >>> 3] = (entry.bits[index >>> 3] ?? 0) | (1 << (index & 7));
    entry.count += 1;
    this.#count += 1;
  }

  has(seq: number): boolean {
    const { page, index } = placeOf(seq);
    const entry = this.#pages.get(page);
    return entry !== undefined && isMarked(entry.bits, index);
  }

  /** Hits up to this fact, it included. */
  upTo(seq: number): number {
    const { page, index } = placeOf(seq);
    let hits = 0;
    for (const [number, { bits, count }] of this.#pages) {
      if (number < page) hits += count;
      else if (number === page) for (let at = 0; at <= index; at += 1) hits += isMarked(bits, at) ? 1 : 0;
    }
    return hits;
  }

  /** The first hit behind this fact. */
  after(seq: number): number | undefined {
    const { page, index } = placeOf(seq + 1);
    const here = this.#inPage(page, index, 1);
    if (here !== undefined) return here;
    let nearest = Infinity;
    for (const number of this.#pages.keys()) if (number > page && number < nearest) nearest = number;
    return this.#inPage(nearest, 0, 1);
  }

  /** The last hit before this fact. */
  before(seq: number): number | undefined {
    if (seq <= 1) return undefined;
    const { page, index } = placeOf(seq - 1);
    const here = this.#inPage(page, index, -1);
    if (here !== undefined) return here;
    let nearest = -1;
    for (const number of this.#pages.keys()) if (number < page && number > nearest) nearest = number;
    return this.#inPage(nearest, PAGE_FACTS - 1, -1);
  }

  /** The bits of a page, which may change. */
  bitsOf(page: number): Uint8Array | undefined {
    return this.#pages.get(page)?.bits;
  }

  #inPage(page: number, from: number, step: 1 | -1): number | undefined {
    const entry = this.#pages.get(page);
    if (entry === undefined) return undefined;
    for (let at = from; at >= 0 && at < PAGE_FACTS; at += step) {
      if (isMarked(entry.bits, at)) return page * PAGE_FACTS + at + 1;
    }
    return undefined;
  }
}

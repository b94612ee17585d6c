// Keeps the greatest of any number of values, with what belongs to each.

export class Extremes<Item> {
  readonly #most: number;
  readonly #rankOf: (item: Item) => number;
  /** A binary heap: the least that is kept is the first. */
  readonly #heap: Item[] = [];

  /** Keeps at most `most` items, those of the greatest ranks. */
  constructor(most: number, rankOf: (item: Item) => number) {
    this.#most = most;
    this.#rankOf = rankOf;
  }

  /** Whether an item of this rank would be kept: it need not be made where it would not. */
  takes(rank: number): boolean {
    const [least] = this.#heap;
    return this.#heap.length < this.#most || (least !== undefined && rank > this.#rankOf(least));
  }

  add(item: Item): void {
    if (!this.takes(this.#rankOf(item))) return;
    const heap = this.#heap;
    if (heap.length < this.#most) {
      heap.push(item);
      this.#rise(heap.length - 1);
    } else {
      heap[0] = item;
      this.#sink();
    }
  }

  /** At most `count` items, the greatest first. */
  first(count: number): readonly Item[] {
    return [...this.#heap].sort((a, b) => this.#rankOf(b) - this.#rankOf(a)).slice(0, count);
  }

  #rankAt(at: number): number {
    const item = this.#heap[at];
    return item === undefined ? Infinity : this.#rankOf(item);
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }

  #rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >>> 1;
      if (this.#rankAt(parent) <= this.#rankAt(at)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const less = this.#rankAt(left + 1) < this.#rankAt(left) ? left + 1 : left;
      if (this.#rankAt(at) <= this.#rankAt(less)) return;
      this.#swap(at, less);
      at = less;
    }
  }
}

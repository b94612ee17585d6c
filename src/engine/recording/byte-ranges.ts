// A set of ranges of a byte stream, for finding which bytes of it are still unaccounted for.

export class ByteRanges {
  /** Begin and end of each range, in order; they do not touch. */
  readonly #froms: number[] = [];
  readonly #ends: number[] = [];

  get isEmpty(): boolean {
    return this.#froms.length === 0;
  }

  /** Adds the bytes from `from` up to `end`, which is not included. */
  add(from: number, end: number): void {
    const first = lowerBound(this.#ends, from);
    let after = first;
    let low = from;
    let high = end;
    for (; (this.#froms[after] ?? Infinity) <= end; after += 1) {
      low = Math.min(low, this.#froms[after] ?? low);
      high = Math.max(high, this.#ends[after] ?? high);
    }
    // Most streams go on where they ended: nothing is moved then.
    if (after - first === 1) {
      this.#froms[first] = low;
      this.#ends[first] = high;
    } else if (first === this.#froms.length) {
      this.#froms.push(low);
      this.#ends.push(high);
    } else {
      this.#replace(first, after, [low], [high]);
    }
  }

  remove(from: number, end: number): void {
    const first = lowerBound(this.#ends, from + 1);
    let after = first;
    while ((this.#froms[after] ?? Infinity) < end) after += 1;
    if (after === first) return;
    const low = this.#froms[first] ?? from;
    const high = this.#ends[after - 1] ?? end;
    // Most lines are removed whole, and in order.
    if (after - first === 1 && low < from !== end < high) {
      if (low < from) this.#ends[first] = from;
      else this.#froms[first] = end;
      return;
    }
    const froms = [...(low < from ? [low] : []), ...(end < high ? [end] : [])];
    const ends = [...(low < from ? [from] : []), ...(end < high ? [high] : [])];
    this.#replace(first, after, froms, ends);
  }

  /** Removes the bytes of another set. */
  removeAll(other: ByteRanges): void {
    for (const [index, from] of other.#froms.entries()) this.remove(from, other.#ends[index] ?? from);
  }

  overlaps(from: number, end: number): boolean {
    return (this.#froms[lowerBound(this.#ends, from + 1)] ?? Infinity) < end;
  }

  #replace(first: number, after: number, froms: readonly number[], ends: readonly number[]): void {
    this.#froms.splice(first, after - first, ...froms);
    this.#ends.splice(first, after - first, ...ends);
  }
}

/** Index of the first value that is at least `limit`. */
function lowerBound(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Where in a trace file which facts are: one entry a chunk of up to 4,096 facts, so that sixty million facts cost half a
// megabyte.

/** A chunk of the file; it ends where the next one begins. */
export interface IndexEntry {
  /** Where it begins in the file, in bytes. */
  readonly offset: number;
  /** `seq` of its first fact. */
  readonly firstSeq: number;
  /** The highest line that the client had sent before it and that was kept. */
  readonly linesBefore: number;
  /** Landmarks in the chunks before it. */
  readonly landmarksBefore: number;
}

/** Adds nothing to the size of the array while there is room, and doubles it otherwise. */
class Column {
  #values = new Float64Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = new Float64Array(2 * this.length);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  at(index: number): number | undefined {
    return index >= 0 && index < this.length ? this.#values[index] : undefined;
  }

  /** Index of the last value that is at most `limit`; -1 where there is none. The values never fall. */
  lastUpTo(limit: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#values[middle] ?? Infinity) <= limit) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** The chunks of a file in their order. `end`, `landmarks` and `lines` are those behind the last one. */
export interface TraceIndex {
  add(entry: IndexEntry): void;
  /** Forgets the chunks from this offset on: they did not reach the disk. */
  forgetFrom(offset: number): void;
  readonly count: number;
  /** Where the last chunk ends, in bytes. */
  end: number;
  /** Landmarks in all chunks. */
  landmarks: number;
  /** The highest line of the client in all chunks. */
  lines: number;
  at(index: number): IndexEntry | undefined;
  /** Where a chunk ends. */
  endOf(index: number): number;
  /** Landmarks up to the end of a chunk. */
  landmarksUpTo(index: number): number;
  /** The chunk that a fact is in if it was kept; -1 before the first. */
  indexOfSeq(seq: number): number;
  /** The chunk in which the client sent a line if that was kept; -1 before the first. */
  indexOfLine(line: number): number;
  /** The chunk with the landmark of this number, from 0 on, if there is one; -1 before the first. */
  indexOfLandmark(number: number): number;
}

export function createTraceIndex(): TraceIndex {
  const offsets = new Column();
  const firstSeqs = new Column();
  const linesBefore = new Column();
  const landmarksBefore = new Column();

  return {
    end: 0,
    landmarks: 0,
    lines: 0,
    add(entry) {
      offsets.push(entry.offset);
      firstSeqs.push(entry.firstSeq);
      linesBefore.push(entry.linesBefore);
      landmarksBefore.push(entry.landmarksBefore);
    },
    forgetFrom(offset) {
      const kept = offsets.lastUpTo(offset - 1) + 1;
      if (kept === offsets.length) return;
      this.end = offset;
      this.landmarks = landmarksBefore.at(kept) ?? 0;
      this.lines = linesBefore.at(kept) ?? 0;
      for (const column of [offsets, firstSeqs, linesBefore, landmarksBefore]) column.length = kept;
    },
    get count() {
      return offsets.length;
    },
    at(index) {
      const offset = offsets.at(index);
      const firstSeq = firstSeqs.at(index);
      const lines = linesBefore.at(index);
      const landmarks = landmarksBefore.at(index);
      if (offset === undefined || firstSeq === undefined || lines === undefined || landmarks === undefined) {
        return undefined;
      }
      return { offset, firstSeq, linesBefore: lines, landmarksBefore: landmarks };
    },
    endOf(index) {
      return offsets.at(index + 1) ?? this.end;
    },
    landmarksUpTo(index) {
      return landmarksBefore.at(index + 1) ?? this.landmarks;
    },
    indexOfSeq: (seq) => firstSeqs.lastUpTo(seq),
    indexOfLine: (line) => linesBefore.lastUpTo(line - 1),
    indexOfLandmark: (number) => landmarksBefore.lastUpTo(number),
  };
}

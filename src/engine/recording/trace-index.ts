// Where in a trace file which facts are: one entry a block of some hundred facts, so that ten million lines cost a few
// megabytes. recording/trace-writer.ts adds to it while it writes, recording/trace-reader.ts looks things up in it.

/** A block is sealed when it has this many bytes (or more, by its last fact). */
export const BLOCK_BYTES = 64 * 1024;

interface Block {
  /** `seq` of its first fact. */
  readonly firstSeq: number;
  /** Where it begins in the file, in bytes. */
  readonly offset: number;
  readonly bytes: number;
  /** Lines that the client had sent before it. */
  readonly linesBefore: number;
}

export interface TraceIndex {
  add(block: Block): void;
  /** Forgets the blocks from this offset on: they did not reach the disk. */
  forgetFrom(offset: number): void;
  readonly count: number;
  at(index: number): Block | undefined;
  /** The block that a fact is in if it was kept; -1 before the first. */
  indexOfSeq(seq: number): number;
  /** The block in which the client sent a line if that was kept; -1 before the first. */
  indexOfLine(line: number): number;
}

export function createTraceIndex(): TraceIndex {
  const firstSeqs: number[] = [];
  const offsets: number[] = [];
  const sizes: number[] = [];
  const linesBefore: number[] = [];

  /** Index of the last entry below or equal to `value` in a list that never falls. */
  const lastUpTo = (list: readonly number[], value: number): number => {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((list[middle] ?? Infinity) <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };

  return {
    add(block) {
      firstSeqs.push(block.firstSeq);
      offsets.push(block.offset);
      sizes.push(block.bytes);
      linesBefore.push(block.linesBefore);
    },
    forgetFrom(offset) {
      const kept = lastUpTo(offsets, offset - 1) + 1;
      for (const list of [firstSeqs, offsets, sizes, linesBefore]) list.length = kept;
    },
    get count() {
      return offsets.length;
    },
    at(index) {
      const firstSeq = firstSeqs[index];
      const offset = offsets[index];
      const bytes = sizes[index];
      const before = linesBefore[index];
      if (firstSeq === undefined || offset === undefined || bytes === undefined || before === undefined) {
        return undefined;
      }
      return { firstSeq, offset, bytes, linesBefore: before };
    },
    indexOfSeq: (seq) => lastUpTo(firstSeqs, seq),
    indexOfLine: (line) => lastUpTo(linesBefore, line - 1),
  };
}

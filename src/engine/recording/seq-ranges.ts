// Which facts of a run the window was given: a few stretches of `seq` instead of the facts themselves. current-run.ts keeps it,
// so that a page that was loaded anew can be given the same facts from the trace.

export interface SeqRange {
  readonly fromSeq: number;
  readonly toSeq: number;
}

export interface SeqRanges {
  /** Adds a `seq` that is greater than all before. */
  add(seq: number): void;
  /** The first stretch at or after `seq`, or undefined where there is none. */
  from(seq: number): SeqRange | undefined;
  /** The stretches at or after `seq`, the last of them cut, that hold `mostSeqs` numbers or all there are. */
  upTo(seq: number, mostSeqs: number): readonly SeqRange[];
  all(): readonly SeqRange[];
}

/** Stretches in order: none to begin with, or those of `known`. */
export function createSeqRanges(known: readonly SeqRange[] = []): SeqRanges {
  const ranges = known.map((range) => ({ ...range }));

  /** Index of the first stretch that does not end before `seq`. A run file can make as many stretches as it has facts. */
  function indexFrom(seq: number): number {
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ranges[middle]?.toSeq ?? Infinity) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function from(seq: number, index = indexFrom(seq)): SeqRange | undefined {
    const range = ranges[index];
    return range && { fromSeq: Math.max(range.fromSeq, seq), toSeq: range.toSeq };
  }

  return {
    add(seq) {
      const last = ranges.at(-1);
      if (last?.toSeq === seq - 1) last.toSeq = seq;
      else ranges.push({ fromSeq: seq, toSeq: seq });
    },
    from: (seq) => from(seq),
    upTo(seq, mostSeqs) {
      const found: SeqRange[] = [];
      let left = mostSeqs;
      for (let index = indexFrom(seq); left > 0; index += 1) {
        const range = from(seq, index);
        if (range === undefined) break;
        const toSeq = Math.min(range.toSeq, range.fromSeq + left - 1);
        found.push({ fromSeq: range.fromSeq, toSeq });
        left -= toSeq - range.fromSeq + 1;
      }
      return found;
    },
    all: () => ranges,
  };
}

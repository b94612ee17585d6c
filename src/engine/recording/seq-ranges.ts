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
  all(): readonly SeqRange[];
}

/** Stretches in order: none to begin with, or those of `known`. */
export function createSeqRanges(known: readonly SeqRange[] = []): SeqRanges {
  const ranges = known.map((range) => ({ ...range }));
  return {
    add(seq) {
      const last = ranges.at(-1);
      if (last?.toSeq === seq - 1) last.toSeq = seq;
      else ranges.push({ fromSeq: seq, toSeq: seq });
    },
    from(seq) {
      const range = ranges.find(({ toSeq }) => toSeq >= seq);
      return range && { fromSeq: Math.max(range.fromSeq, seq), toSeq: range.toSeq };
    },
    all: () => ranges,
  };
}

import { describe, expect, it } from 'vitest';
import type { TraceEvent, Wrote } from '../../shared/trace/fact.ts';
import { FactEncoder, PAGE_FACTS, type PackedFacts } from '../../shared/trace/packed.ts';
import { LoadedPage, mergeFacts, PageCache, viewOf, wholeView } from './pages.ts';

const ours = { seenBy: 'program', peer: 'client', side: 'client', connection: 1 } as const;

function wrote(line: number): Wrote {
  return { kind: 'wrote', ...ours, offset: 2 * line, bytes: 1, data: { bytes: Uint8Array.of(65) }, line };
}

function slept(seq: number): TraceEvent {
  return { kind: 'slept', peer: 'client', seenBy: 'program', ms: 1, seq, atUs: seq };
}

/** Writes with these numbers, each of the line of its number. */
function packed(seqs: readonly number[]): PackedFacts {
  const encoder = new FactEncoder();
  for (const seq of seqs) encoder.append(wrote(seq), seq, seq, false);
  const { facts } = encoder;
  return { ...facts, firstSeq: seqs[0] ?? 1, seqs: Float64Array.from(seqs) };
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function pageOf(page: number, seqs: readonly number[], links: readonly number[] = []): LoadedPage {
  const parts = (some: readonly number[]): PackedFacts[] => (some.length === 0 ? [] : [packed(some)]);
  return new LoadedPage({ page, parts: parts(seqs), links: parts(links) }, seqs.length, (problem) => {
    throw new Error(problem.problem.message);
  });
}

function wholePage(page: number): LoadedPage {
  return pageOf(page, range(page * PAGE_FACTS + 1, (page + 1) * PAGE_FACTS));
}

function cacheOf(...pages: readonly LoadedPage[]): PageCache {
  const cache = new PageCache();
  for (const page of pages) cache.add(page, false);
  return cache;
}

function seqsOf(facts: readonly TraceEvent[]): readonly number[] {
  return facts.map(({ seq }) => seq);
}

describe('a page', () => {
  it('has its facts and links with their own numbers', () => {
    const page = pageOf(1, [4_097, 4_099], [7, 9_000]);
    expect(seqsOf(page.facts)).toEqual([4_097, 4_099]);
    expect(seqsOf(page.links)).toEqual([7, 9_000]);
    expect(page.facts[1]).toMatchObject({ kind: 'wrote', line: 4_099, bytes: 1 });
  });

  it('gives some of its facts without decoding all, and the same ones afterwards', () => {
    const page = pageOf(0, range(1, 10));
    const ends = [[1, 2, 3], [8, 9, 10], range(1, 10)];
    const given = (): unknown => [page.head(3), page.tail(3), page.tail(20)].map(seqsOf);
    expect(given()).toEqual(ends);
    expect(page.facts).toHaveLength(10);
    expect(given()).toEqual(ends);
  });

  it('reports a damaged fact once, and has those before it', () => {
    const damaged = packed(range(1, 3));
    damaged.records[2 * 32] = 200;
    const problems: string[] = [];
    const page = new LoadedPage({ page: 0, parts: [damaged], links: [] }, 3, ({ problem }) => {
      problems.push(problem.code);
    });
    expect(seqsOf(page.tail(1))).toEqual([]);
    expect(problems).toEqual([]);
    expect([seqsOf(page.facts), seqsOf(page.facts)]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(problems).toEqual(['run-damaged']);
  });

  it('knows which lines it may have facts of', () => {
    const page = pageOf(0, range(20, 30));
    expect([19, 20, 30, 31].map((line) => page.mayHaveLine(line))).toEqual([false, true, true, false]);
    expect(pageOf(0, []).mayHaveLine(1)).toBe(false);
  });

  it('may have any line where a fact about lines is JSON', () => {
    const encoder = new FactEncoder();
    encoder.append(
      { ...wrote(5), data: { bytes: Uint8Array.of(65), leftOutBytes: 9 }, bytes: 10 },
      1,
      1,
      false,
    );
    const page = new LoadedPage({ page: 0, parts: [encoder.facts], links: [] }, 1, () => undefined);
    expect([1, 5, 1e9].map((line) => page.mayHaveLine(line))).toEqual([true, true, true]);
  });
});

describe('the view of a page', () => {
  it('is the page alone where its neighbours are not here', () => {
    const view = viewOf(1, cacheOf(wholePage(1)), []);
    expect([view.facts[0]?.seq, view.facts.at(-1)?.seq]).toEqual([4_097, 8_192]);
    expect(view).toMatchObject({ page: 1, goesOnBefore: false, goesOnAfter: false });
  });

  it('goes on at its edges with 64 facts of each neighbour that is here', () => {
    const view = viewOf(1, cacheOf(wholePage(0), wholePage(1), wholePage(2)), []);
    expect(seqsOf(view.facts)).toEqual(range(4_097 - 64, 8_192 + 64));
    expect(view).toMatchObject({ goesOnBefore: true, goesOnAfter: true });
    const first = viewOf(0, cacheOf(wholePage(0), wholePage(1)), []);
    expect(seqsOf(first.facts)).toEqual(range(1, 4_096 + 64));
    expect(first).toMatchObject({ goesOnBefore: false, goesOnAfter: true });
  });

  it('is empty where the page is not here: its neighbours would stand beside each other', () => {
    const view = viewOf(1, cacheOf(wholePage(0), wholePage(2)), [slept(1)]);
    expect([view.facts, view.links, seqsOf(view.atHand)]).toEqual([[], [], [1]]);
  });

  it('has the landmarks of the whole run at hand, those of the page once', () => {
    const view = viewOf(1, cacheOf(pageOf(1, [4_097, 4_098], [3])), [slept(2), slept(4_098), slept(9_999)]);
    expect(seqsOf(view.facts)).toEqual([4_097, 4_098]);
    expect(seqsOf(view.links)).toEqual([3]);
    expect(seqsOf(view.atHand)).toEqual([2, 4_097, 4_098, 9_999]);
  });

  it('of a whole run has the facts of all pages that are here', () => {
    const view = wholeView(4, cacheOf(pageOf(2, [9_000]), pageOf(0, [1, 2])), [slept(5)]);
    expect(seqsOf(view.atHand)).toEqual([1, 2, 5, 9_000]);
  });
});

describe('facts of two lists', () => {
  it('are in order, each once', () => {
    const lists = (some: readonly number[], others: readonly number[]): readonly number[] =>
      seqsOf(mergeFacts(some.map(slept), others.map(slept)));
    expect(lists([1, 3, 5], [2, 3, 6])).toEqual([1, 2, 3, 5, 6]);
    expect(lists([], [2, 3])).toEqual([2, 3]);
    expect(lists([4, 5], [])).toEqual([4, 5]);
    expect(lists([8, 9], [1, 2])).toEqual([1, 2, 8, 9]);
  });
});

describe('the pages that are kept', () => {
  const numbers = (cache: PageCache): readonly number[] => [...cache.values()].map(({ page }) => page);

  it('are 24: the one that was used longest ago goes first', () => {
    const cache = cacheOf(...range(0, 23).map((page) => pageOf(page, [])));
    cache.touch(0);
    cache.add(pageOf(24, []), false);
    expect(numbers(cache)).toEqual([...range(2, 23), 0, 24]);
    expect(cache.get(1)).toBeUndefined();
  });

  it('are all of them for a run that is shown whole', () => {
    const cache = new PageCache();
    for (const page of range(0, 59)) cache.add(pageOf(page, []), true);
    expect(numbers(cache)).toEqual(range(0, 59));
  });

  it('have the newer state of a page, and nothing of a page that was never here', () => {
    const cache = cacheOf(pageOf(0, [1]), pageOf(1, [4_097]));
    cache.add(pageOf(0, [1, 2]), false);
    cache.touch(9);
    expect(numbers(cache)).toEqual([1, 0]);
    expect(cache.get(0)?.asOf).toBe(2);
    cache.clear();
    expect(numbers(cache)).toEqual([]);
  });
});

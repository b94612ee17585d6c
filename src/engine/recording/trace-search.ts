// Searches a trace for what a person asks: one search at a time, which a new one cancels.

import { assertNever, failed, succeeded, type Result } from '../../shared/result.ts';
import type { FindAnswer, FindRequest, PageMarks } from '../../shared/find/find-answer.ts';
import { isAsLong, parseQuery, type Query } from '../../shared/find/query.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import {
  bytesAt,
  connectionAt,
  dataAt,
  dataPlaceAt,
  factAt,
  isJsonAt,
  isLandmarkAt,
  kindAt,
  lineAt,
  offsetAt,
  RECORD_KINDS,
  sideAt,
  type PackedFacts,
} from '../../shared/trace/packed.ts';
import { CallTimes, RoundTrips } from '../../shared/trace/took.ts';
import { HitSet } from './hit-set.ts';
import { roundTripAt } from './round-trip-at.ts';
import { TextSearch } from './text-search.ts';
import { TraceWalk, type FactVisitor, type WalkSource } from './trace-walk.ts';

/** So many facts behind the last fact of a line, no other is looked for: a line's facts are near each other. */
const FACTS_BEHIND_A_LINE = 1_000_000;

/** Searches of one trace. */
export interface TraceFinder {
  /**
   * Searches on for some time and answers how far the search is. Words that differ from those of the last call begin a
   * new search. A failure is `bad-option`.
   */
  find(request: FindRequest): Promise<Result<FindAnswer>>;
}

/** The searches of the trace in `source`. */
export function createFinder(source: WalkSource): TraceFinder {
  let search: Search | undefined;
  return {
    async find(request) {
      if (search?.words !== request.words) {
        search?.walk?.cancel();
        search = undefined;
        const parsed = parseQuery(request.words);
        if (parsed?.ok === false) return failed('bad-option', parsed.why);
        search = new Search(source, request.words, parsed?.query);
      }
      const current = search;
      await current.walk?.advance();
      return succeeded(current.answer(request));
    },
  };
}

class Search {
  readonly words: string;
  readonly walk: TraceWalk | undefined;
  readonly #source: WalkSource;
  readonly #hits = new HitSet();
  readonly #seq: number | undefined;

  constructor(source: WalkSource, words: string, query: Query | undefined) {
    this.words = words;
    this.#source = source;
    if (query?.what === 'fact') this.#seq = query.seq;
    else if (query !== undefined) {
      const after = query.what === 'line' ? firstSeqOfLine(source, query.line) - 1 : 0;
      this.walk = new TraceWalk(source, visitorOf(query, this.#hits), after);
    }
  }

  answer({ cursor, pages }: FindRequest): FindAnswer {
    const { facts } = this.#source.progress();
    const hits = this.#hits;
    if (this.#seq !== undefined && this.#seq <= facts) hits.add(this.#seq);
    const done = this.walk?.isAtEnd ?? true;
    return {
      hits: hits.count,
      searched: done ? facts : (this.walk?.seq ?? 0),
      facts,
      done,
      unreadable: this.walk?.unreadable ?? 0,
      upToCursor: hits.upTo(cursor),
      isAtHit: hits.has(cursor),
      ...given('next', hits.after(cursor)),
      ...given('previous', hits.before(cursor)),
      ...given('first', hits.after(0)),
      ...given('last', hits.before(facts + 1)),
      marks: pages.flatMap((page): PageMarks[] => {
        const bits = hits.bitsOf(page);
        return bits === undefined ? [] : [{ page, bits: bits.slice() }];
      }),
    };
  }
}

function given<Name extends string>(name: Name, value: number | undefined): Partial<Record<Name, number>>;
function given(name: string, value: number | undefined): object {
  return value === undefined ? {} : { [name]: value };
}

/** A fact at or before the first one of that line of our client. */
function firstSeqOfLine({ index }: WalkSource, line: number): number {
  return index.at(Math.max(0, index.indexOfLine(line)))?.firstSeq ?? 1;
}

function visitorOf(query: Exclude<Query, { readonly what: 'fact' }>, hits: HitSet): FactVisitor {
  switch (query.what) {
    case 'text':
      return textVisitor(query, hits);
    case 'line':
      return lineVisitor(query.line, hits);
    case 'kind':
      return kindVisitor(query.kind, hits);
    case 'error':
      return landmarkVisitor(isError, hits);
    case 'took':
      return tookVisitor(query, hits);
    default:
      return assertNever(query);
  }
}

function textVisitor(query: Extract<Query, { readonly what: 'text' }>, hits: HitSet): FactVisitor {
  const search = new TextSearch(query, (seq) => {
    hits.add(seq);
  });
  return {
    needsBytes: true,
    visit(facts, index) {
      const kind = kindAt(facts, index);
      if (kind === 'round-started') search.clear();
      if (kind !== 'wrote' && kind !== 'read') return undefined;
      if (isJsonAt(facts, index)) {
        const fact = factAt(facts, index);
        if (!fact.ok) return undefined;
        if (fact.value.kind === 'wrote') {
          const { seq, connection, side, offset, data } = fact.value;
          return search.wrote(seq, connection, side, offset, data.bytes);
        }
        if (fact.value.kind !== 'read') return undefined;
        const { seq, connection, side, offset, bytes, data } = fact.value;
        return search.read(seq, connection, side, offset, bytes, data?.bytes);
      }
      const seq = facts.firstSeq + index;
      const connection = connectionAt(facts, index);
      const side = sideAt(facts, index);
      const offset = offsetAt(facts, index);
      const data = dataPlaceAt(facts, index).bytes === 0 ? undefined : dataAt(facts, index);
      if (kind === 'read') return search.read(seq, connection, side, offset, bytesAt(facts, index), data);
      return data === undefined ? undefined : search.wrote(seq, connection, side, offset, data);
    },
  };
}

function lineVisitor(line: number, hits: HitSet): FactVisitor {
  let last = 0;
  let seq = 0;
  return {
    visit(facts, index) {
      seq = facts.firstSeq + index;
      last = last === 0 ? seq : last;
      if (lineOf(facts, index) !== line) return undefined;
      last = seq;
      hits.add(seq);
      return undefined;
    },
    isDone: () => seq - last > FACTS_BEHIND_A_LINE,
  };
}

/** The line of a fact about lines. */
function lineOf(facts: PackedFacts, index: number): number | undefined {
  if (isLandmarkAt(facts, index)) return undefined;
  if (!isJsonAt(facts, index)) return lineAt(facts, index);
  const fact = factAt(facts, index);
  return fact.ok && 'line' in fact.value ? fact.value.line : undefined;
}

function kindVisitor(kind: TraceEvent['kind'], hits: HitSet): FactVisitor {
  const inRecord = RECORD_KINDS.find((name) => name === kind);
  if (inRecord === undefined) return landmarkVisitor((fact) => fact.kind === kind, hits);
  return {
    onlyLandmarks: inRecord === 'round-started',
    visit(facts, index) {
      if (kindAt(facts, index) === inRecord) hits.add(facts.firstSeq + index);
      return undefined;
    },
  };
}

function landmarkVisitor(isSought: (fact: TraceEvent) => boolean, hits: HitSet): FactVisitor {
  return {
    onlyLandmarks: true,
    visit(facts, index) {
      if (!isLandmarkAt(facts, index)) return undefined;
      const fact = factAt(facts, index);
      if (fact.ok && isSought(fact.value)) hits.add(facts.firstSeq + index);
      return undefined;
    },
  };
}

function isError(fact: TraceEvent): boolean {
  return (
    fact.kind === 'failed' ||
    (fact.kind === 'closed' && fact.hadError) ||
    (fact.kind === 'run-ended' && fact.outcome === 'failed')
  );
}

function tookVisitor(query: Extract<Query, { readonly what: 'took' }>, hits: HitSet): FactVisitor {
  const trips = new RoundTrips();
  const calls = new CallTimes();
  return {
    visit(facts, index) {
      const us = isLandmarkAt(facts, index)
        ? callTime(facts, index, trips, calls)
        : roundTripAt(facts, index, trips)?.us;
      if (us !== undefined && isAsLong(us, query)) hits.add(facts.firstSeq + index);
      return undefined;
    },
  };
}

function callTime(
  facts: PackedFacts,
  index: number,
  trips: RoundTrips,
  calls: CallTimes,
): number | undefined {
  if (kindAt(facts, index) === 'round-started') trips.clear();
  const fact = factAt(facts, index);
  return fact.ok ? calls.tookUs(fact.value) : undefined;
}

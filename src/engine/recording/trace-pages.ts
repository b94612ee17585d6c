// Makes a page of a trace for the window: its facts with the beginnings of their data, and the facts of other pages that
// belong to them.

import { FACT_DATA_BYTES } from '../../shared/ipc.ts';
import { succeeded, type Result } from '../../shared/result.ts';
import { otherSide } from '../../shared/trace/connection.ts';
import type { Fact, Side } from '../../shared/trace/fact.ts';
import {
  bytesAt,
  connectionAt,
  dataAt,
  dataPlaceAt,
  factAt,
  FactEncoder,
  isJsonAt,
  isLandmarkAt,
  kindAt,
  offsetAt,
  PAGE_FACTS,
  sideAt,
  type PackedFacts,
  type TracePage,
} from '../../shared/trace/packed.ts';
import { ByteRanges } from './byte-ranges.ts';
import { dataOf, loadChunks, type ChunkSource, type LoadedChunk } from './trace-chunks.ts';

/** How far away the facts are looked for that a page needs. */
const PAGES_AROUND = 3;

/** The most facts of other pages. */
const MAX_LINKS = 4_096;

/** About how much data a page has in all. */
const PAGE_DATA_BYTES = 2 * 1024 ** 2;

/** Even where each of a page's facts and of its links has so much data, it is not much more. */
const MIN_DATA_BYTES = 256;

export interface PageSource extends ChunkSource {
  /** The facts that are in no chunk yet. They share memory with the recorder. */
  unsealed(): PackedFacts | undefined;
}

/** One fact, copied with the beginning of its data. */
type Picked = PackedFacts;

/** A fact's place in a byte stream, which is that of the side that wrote the bytes. */
interface Span {
  readonly does: 'writes' | 'reads' | 'frames';
  readonly stream: number;
  readonly from: number;
  readonly end: number;
}

/** The page of that number, as far as its facts were kept. */
export async function readPage(source: PageSource, page: number): Promise<Result<TracePage>> {
  // The recorder adds facts while chunks are read: what is not in a chunk yet is copied first.
  const unsealed = copyOf(source.unsealed());
  const read = await copyPage(source, page, unsealed);
  if (!read.ok) return read;
  const copies = read.value;
  const needs = needsOf(copies);
  // Damage in another page must not keep this one from being read: its arrows then end at the edge.
  const earlier = await pickEarlier(source, page, needs);
  const before = earlier.ok ? earlier.value : [];
  const later = await pickLater(source, page, needs, MAX_LINKS - before.length, unsealed);
  const links = copiesOf([...before, ...(later.ok ? later.value : [])]);
  const cut = cutFor([copies, links]);
  return succeeded({ page, parts: partsOf(copies, cut), links: partsOf(links, cut) });
}

/** A copy of facts that share memory with the recorder. */
export function copyOf(facts: PackedFacts | undefined): PackedFacts | undefined {
  return (
    facts && { ...facts, peers: [...facts.peers], records: facts.records.slice(), data: facts.data.slice() }
  );
}

function firstSeqOf(page: number): number {
  return PAGE_FACTS * page + 1;
}

/** The chunks that may have facts of a page, the last of them first or in order. */
function chunkNumbers(source: PageSource, page: number): { readonly first: number; readonly last: number } {
  return {
    first: Math.max(0, source.index.indexOfSeq(firstSeqOf(page))),
    last: source.index.indexOfSeq(firstSeqOf(page + 1) - 1),
  };
}

/** The part of `facts` that is on the page, as indices from `from` up to `end`. */
function onPage(facts: PackedFacts, page: number): { readonly from: number; readonly end: number } {
  return {
    from: Math.max(0, firstSeqOf(page) - facts.firstSeq),
    end: Math.min(facts.count, firstSeqOf(page + 1) - facts.firstSeq),
  };
}

// --- the page itself --------------------------------------------------------------------------------------------------

async function copyPage(
  source: PageSource,
  page: number,
  unsealed: PackedFacts | undefined,
): Promise<Result<PackedFacts>> {
  const encoder = new FactEncoder();
  const seqs: number[] = [];
  const { first, last } = chunkNumbers(source, page);
  for await (const chunk of loadChunks(source, first, last)) {
    if (!chunk.ok) return chunk;
    const { facts } = chunk.value;
    const { from, end } = onPage(facts, page);
    // Most pages are one chunk of short data, which needs no copy: fact by fact it takes a third of the page's time.
    if (
      first === last &&
      unsealed === undefined &&
      from === 0 &&
      end === facts.count &&
      isShort(chunk.value)
    ) {
      return succeeded({ ...facts, maxDataBytes: FACT_DATA_BYTES });
    }
    for (let index = from; index < end; index += 1) {
      const data = chunk.value.data === undefined ? await pieceOf(source, chunk.value, index) : undefined;
      if (data?.ok === false) return data;
      encoder.appendCopy(facts, index, FACT_DATA_BYTES, data?.value ?? dataAt(facts, index));
      seqs.push(facts.firstSeq + index);
    }
  }
  if (unsealed !== undefined) {
    const { from, end } = onPage(unsealed, page);
    for (let index = from; index < end; index += 1) {
      encoder.appendCopy(unsealed, index, FACT_DATA_BYTES);
      seqs.push(unsealed.firstSeq + index);
    }
  }
  return succeeded(numbered(encoder, seqs));
}

/** Whether a chunk has all of its data in memory, and no fact more of it than the window gets. */
function isShort({ facts, data }: LoadedChunk): boolean {
  if (data === undefined || data.length > PAGE_DATA_BYTES) return false;
  for (let index = 0; index < facts.count; index += 1) {
    if (dataPlaceAt(facts, index).bytes > FACT_DATA_BYTES) return false;
  }
  return true;
}

function pieceOf(
  source: PageSource,
  chunk: LoadedChunk,
  index: number,
): Promise<Result<Uint8Array | undefined>> {
  return dataOf(source, chunk, index, FACT_DATA_BYTES);
}

/** How many bytes of data each fact may keep so that all have about PAGE_DATA_BYTES. */
function cutFor(all: readonly PackedFacts[]): number {
  for (let cut = FACT_DATA_BYTES; ; cut /= 2) {
    let bytes = 0;
    for (const facts of all) {
      for (let index = 0; index < facts.count; index += 1) {
        bytes += Math.min(cut, dataPlaceAt(facts, index).bytes);
      }
    }
    if (bytes <= PAGE_DATA_BYTES || cut <= MIN_DATA_BYTES) return cut;
  }
}

/** The copies of an encoder, which have these numbers. They share its memory. */
function numbered(encoder: FactEncoder, seqs: readonly number[]): PackedFacts {
  const [first = 1] = seqs;
  const isConsecutive = (seqs.at(-1) ?? first) - first === seqs.length - 1;
  const facts = { ...encoder.facts, maxDataBytes: FACT_DATA_BYTES };
  return isConsecutive ? facts : { ...facts, seqs: Float64Array.from(seqs) };
}

/** The copies with data cut to `cut`, in memory that is exactly as large as needed: a clone of a part clones all of it. */
function partsOf(copies: PackedFacts, cut: number): readonly PackedFacts[] {
  if (copies.count === 0) return [];
  let { peers, records, data } = copies;
  if (cut < FACT_DATA_BYTES) {
    const encoder = new FactEncoder();
    for (let index = 0; index < copies.count; index += 1) encoder.appendCopy(copies, index, cut);
    ({ peers, records, data } = encoder.facts);
  }
  return [{ ...copies, peers, maxDataBytes: cut, records: records.slice(), data: data.slice() }];
}

// --- what belongs to it -----------------------------------------------------------------------------------------------

/** Streams of bytes, by `streamOf`. */
type Streams = Map<number, ByteRanges>;

/** Bytes of which the page has one end only. */
interface Needs {
  /** Read, transformed or received on the page, and written before it. */
  readonly written: Streams;
  /** Written on the page, and read after it. */
  readonly read: Streams;
  /** Written on the page, and transformed or received after it. */
  readonly framed: Streams;
}

function streamOf(connection: number, writer: Side): number {
  return 2 * connection + (writer === 'client' ? 0 : 1);
}

/** Where a fact about lines is in which stream; undefined for any other fact and a damaged one. */
function spanAt(facts: PackedFacts, index: number): Span | undefined {
  if (isLandmarkAt(facts, index)) return undefined;
  if (isJsonAt(facts, index)) {
    const fact = factAt(facts, index);
    return fact.ok ? spanOf(fact.value) : undefined;
  }
  const from = offsetAt(facts, index);
  const bytes = bytesAt(facts, index);
  const connection = connectionAt(facts, index);
  switch (kindAt(facts, index)) {
    case 'wrote':
      return spanFrom('writes', connection, sideAt(facts, index), from, bytes);
    case 'read':
      return spanFrom('reads', connection, otherSide(sideAt(facts, index)), from, bytes);
    case 'line-transformed':
    case 'text-transformed':
      return spanFrom('frames', connection, 'client', from, bytes);
    case 'line-received':
      return spanFrom('frames', connection, 'server', from, bytes);
    default:
      return undefined;
  }
}

function spanOf(fact: Fact): Span | undefined {
  switch (fact.kind) {
    case 'wrote':
      return spanFrom('writes', fact.connection, fact.side, fact.offset, fact.bytes);
    case 'read':
      return spanFrom('reads', fact.connection, otherSide(fact.side), fact.offset, fact.bytes);
    case 'line-transformed':
    case 'text-transformed':
      return spanFrom('frames', fact.connection, 'client', fact.offset, fact.bytes);
    case 'line-received':
      return spanFrom('frames', fact.connection, 'server', fact.offset, fact.bytes);
    default:
      return undefined;
  }
}

function spanFrom(does: Span['does'], connection: number, writer: Side, from: number, bytes: number): Span {
  // A line is given without its LF, which belongs to it.
  const end = from + bytes + (does === 'frames' ? 1 : 0);
  return { does, stream: streamOf(connection, writer), from, end };
}

function rangesOf(streams: Streams, stream: number): ByteRanges {
  const known = streams.get(stream);
  if (known !== undefined) return known;
  const ranges = new ByteRanges();
  streams.set(stream, ranges);
  return ranges;
}

function needsOf(facts: PackedFacts): Needs {
  const needs: Needs = { written: new Map(), read: new Map(), framed: new Map() };
  let written: Streams = new Map();
  // A round may number its connections anew: nothing of it belongs to one before or after it.
  let isFirstRound = true;
  const endRound = (): void => {
    if (!isFirstRound) return;
    for (const [stream, ranges] of written) needs.written.get(stream)?.removeAll(ranges);
  };
  for (let index = 0; index < facts.count; index += 1) {
    if (kindAt(facts, index) === 'round-started') {
      endRound();
      isFirstRound = false;
      written = new Map();
      needs.read.clear();
      needs.framed.clear();
      continue;
    }
    const span = spanAt(facts, index);
    if (span === undefined) continue;
    const { does, stream, from, end } = span;
    if (does === 'writes') {
      for (const streams of [written, needs.read, needs.framed]) rangesOf(streams, stream).add(from, end);
    } else {
      if (isFirstRound) rangesOf(needs.written, stream).add(from, end);
      rangesOf(does === 'reads' ? needs.read : needs.framed, stream).remove(from, end);
    }
  }
  endRound();
  return needs;
}

function isMet(streams: Streams): boolean {
  for (const ranges of streams.values()) if (!ranges.isEmpty) return false;
  return true;
}

/** Whether the fact is one that the page needs; what it meets of the needs is removed from them. */
function meets(streams: Streams, { stream, from, end }: Span): boolean {
  const ranges = streams.get(stream);
  if (ranges?.overlaps(from, end) !== true) return false;
  ranges.remove(from, end);
  return true;
}

/** The earlier writes that the page needs, the nearest ones where there are too many. */
async function pickEarlier(source: PageSource, page: number, needs: Needs): Promise<Result<Picked[]>> {
  const picked: Picked[] = [];
  const { first: after } = chunkNumbers(source, page);
  const until = chunkNumbers(source, Math.max(0, page - PAGES_AROUND)).first;
  for (let number = after; number >= until && !isMet(needs.written); number -= 1) {
    for await (const chunk of loadChunks(source, number, number)) {
      if (!chunk.ok) return chunk;
      const { facts } = chunk.value;
      for (let index = Math.min(facts.count, firstSeqOf(page) - facts.firstSeq) - 1; index >= 0; index -= 1) {
        if (kindAt(facts, index) === 'round-started' || picked.length >= MAX_LINKS / 2) {
          return succeeded(picked.reverse());
        }
        const loaded = loadedSpanAt(source, chunk.value, index);
        const span = loaded instanceof Promise ? await loaded : loaded;
        if (span?.does !== 'writes' || !meets(needs.written, span)) continue;
        const pick = await pickFrom(source, chunk.value, index);
        if (!pick.ok) return pick;
        picked.push(pick.value);
      }
    }
  }
  return succeeded(picked.reverse());
}

/** The later facts that read, transform or receive what is written on the page. */
async function pickLater(
  source: PageSource,
  page: number,
  needs: Needs,
  most: number,
  unsealed: PackedFacts | undefined,
): Promise<Result<Picked[]>> {
  const picked: Picked[] = [];
  const isDone = (): boolean => picked.length >= most || (isMet(needs.read) && isMet(needs.framed));
  if (isDone()) return succeeded(picked);
  const isNeeded = (span: Span | undefined): boolean => {
    if (span === undefined || span.does === 'writes') return false;
    return meets(span.does === 'reads' ? needs.read : needs.framed, span);
  };
  const last = chunkNumbers(source, page + PAGES_AROUND).last;
  const first = Math.max(0, source.index.indexOfSeq(firstSeqOf(page + 1)));
  for await (const chunk of loadChunks(source, first, last)) {
    if (!chunk.ok) return chunk;
    const { facts } = chunk.value;
    for (let index = Math.max(0, firstSeqOf(page + 1) - facts.firstSeq); index < facts.count; index += 1) {
      if (kindAt(facts, index) === 'round-started' || isDone()) return succeeded(picked);
      const span = loadedSpanAt(source, chunk.value, index);
      if (!isNeeded(span instanceof Promise ? await span : span)) continue;
      const pick = await pickFrom(source, chunk.value, index);
      if (!pick.ok) return pick;
      picked.push(pick.value);
    }
  }
  if (unsealed === undefined) return succeeded(picked);
  const end = Math.min(unsealed.count, firstSeqOf(page + PAGES_AROUND + 1) - unsealed.firstSeq);
  for (let index = Math.max(0, firstSeqOf(page + 1) - unsealed.firstSeq); index < end; index += 1) {
    if (kindAt(unsealed, index) === 'round-started' || isDone()) break;
    if (isNeeded(spanAt(unsealed, index))) picked.push(onePacked(unsealed, index, dataAt(unsealed, index)));
  }
  return succeeded(picked);
}

/** As `spanAt`, also where the data of the chunk is not in memory. */
function loadedSpanAt(
  source: PageSource,
  chunk: LoadedChunk,
  index: number,
): Span | undefined | Promise<Span | undefined> {
  if (chunk.data !== undefined || !isJsonAt(chunk.facts, index) || isLandmarkAt(chunk.facts, index)) {
    return spanAt(chunk.facts, index);
  }
  return pickFrom(source, chunk, index).then((pick) => (pick.ok ? spanAt(pick.value, 0) : undefined));
}

async function pickFrom(source: PageSource, chunk: LoadedChunk, index: number): Promise<Result<Picked>> {
  const data = await pieceOf(source, chunk, index);
  return data.ok ? succeeded(onePacked(chunk.facts, index, data.value)) : data;
}

/** A copy of one fact, which does not keep its chunk in memory. */
function onePacked(facts: PackedFacts, index: number, data: Uint8Array | undefined): Picked {
  const encoder = new FactEncoder(1);
  encoder.appendCopy(facts, index, FACT_DATA_BYTES, data);
  return { ...encoder.facts, maxDataBytes: FACT_DATA_BYTES };
}

function copiesOf(picked: readonly Picked[]): PackedFacts {
  const encoder = new FactEncoder();
  for (const facts of picked) encoder.appendCopy(facts, 0, FACT_DATA_BYTES);
  return numbered(
    encoder,
    picked.map(({ firstSeq }) => firstSeq),
  );
}

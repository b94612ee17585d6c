// A trace on the disk, of which parts are read: the one that the recorder still writes, or one that was opened from a
// file. Memory does not grow with the trace.

import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';

import type { Note } from '../../shared/notes.ts';
import type { Problem, Result } from '../../shared/result.ts';
import { failed, succeeded } from '../../shared/result.ts';
import {
  factAt,
  isJsonAt,
  isLandmarkAt,
  kindAt,
  lineAt,
  MAX_LANDMARKS,
  MAX_LANDMARKS_A_CALL,
  sideAt,
  withDataCut,
  type PackedFacts,
  type TracePage,
  type TraceProgress,
} from '../../shared/trace/packed.ts';
import type { RunStarted, Stamp, TraceEvent } from '../../shared/trace/fact.ts';
import type { OverviewRequest, RunOverview } from '../../shared/trace/overview.ts';
import { readProblem } from '../files/file-problems.ts';
import { openInput } from '../files/input-file.ts';
import { damagedAt, loadChunks, withData, type LoadedChunk } from './trace-chunks.ts';
import { FILE_HEADER_BYTES, isTraceFile, isTraceFileWithoutHeader } from './trace-file.ts';
import { importJsonLines } from './trace-import.ts';
import { seqAtTime } from './seq-at-time.ts';
import { createCounter, type TraceCounter } from './trace-numbers.ts';
import { createFinder, type TraceFinder } from './trace-search.ts';
import { readNotes, sourceOf } from './trace-notes.ts';
import { openIndex } from './trace-recovery.ts';
import { TraceOverview } from './trace-overview.ts';
import { readPage, type PageSource } from './trace-pages.ts';
import type { WalkSource } from './trace-walk.ts';

/** What the window asks of a trace. */
export interface PagedTrace extends TraceFinder, TraceCounter {
  /** The packed file. */
  readonly path: string;
  /** The counts of all facts so far, those that were not kept included. */
  readonly counts: TraceProgress;
  /** A page of facts, as far as they were kept, their data cut for the window. */
  page(page: number): Promise<Result<TracePage>>;
  /**
   * The facts that are not about lines, in order, from the `from`-th (the first is 0) on: at most MAX_LANDMARKS_A_CALL of
   * them, and in all the first MAX_LANDMARKS and the end of the run.
   */
  landmarks(from: number): Promise<Result<readonly TraceEvent[]>>;
  /** One fact, its data whole or cut to `bytes`; `not-kept` where there is no such fact. */
  fact(seq: number, bytes?: number): Promise<Result<TraceEvent>>;
  /** The `seq` of the client's write of a line, or undefined where it was not sent or not kept. */
  seqOfLine(line: number): Promise<number | undefined>;
  /** The last fact at or before a time, in microseconds since the run began; 0 where there is none. */
  seqAtTime(us: number): Promise<number>;
  /** A stretch of the run in buckets, as far as it has been read: ask again while it is not whole. */
  overview(request: OverviewRequest): Promise<Result<RunOverview>>;
  /** Closes the file. Nothing can be looked up after it. */
  close(): Promise<void>;
}

export interface TraceReader extends PagedTrace {
  /** All facts from `fromSeq` on that were kept, their data whole, some thousand at a time. A failure is the last. */
  facts(fromSeq: number): AsyncGenerator<Result<readonly TraceEvent[]>, void, void>;
}

/** A trace that was opened from a file, with its first fact and the notes that it has. */
export type OpenedTrace = TraceReader & {
  readonly first: RunStarted & Stamp;
  readonly notes: readonly Note[];
  /** Why notes that are in the file are not here. */
  readonly notesProblem?: Problem;
};

/** What a trace is read from: a file, or the recorder with what it has not written yet. */
export interface TraceSource extends PageSource, WalkSource {
  progress(): TraceProgress;
  /** Whether the last landmark is the end of the run. */
  hasEndFact(): boolean;
  close(): Promise<void>;
}

/** The trace in `source`. `overview` is the one that the recorder keeps, where there is one. */
export function createTraceReader(
  source: TraceSource,
  overview: TraceOverview = new TraceOverview(source),
): TraceReader {
  const { path, index } = source;

  /** The chunk of that number, loaded as it is now. */
  async function chunkAt(number: number): Promise<Result<LoadedChunk> | undefined> {
    for await (const chunk of loadChunks(source, number, number)) return chunk;
    return undefined;
  }

  function damagedFact(chunk: LoadedChunk, number: number, problem: Problem): Result<never> {
    return damagedAt(
      path,
      chunk.offset,
      `fact ${chunk.facts.firstSeq + number} is damaged, ${problem.message}`,
    );
  }

  function notKept(seq: number): Result<never> {
    return failed('not-kept', `Fact ${seq} is not in the trace ${path}: it was counted and not kept.`, {
      path,
    });
  }

  async function fact(seq: number): Promise<Result<TraceEvent>> {
    const unsealed = source.unsealed();
    if (unsealed !== undefined && seq >= unsealed.firstSeq) {
      const found =
        seq < unsealed.firstSeq + unsealed.count ? factAt(unsealed, seq - unsealed.firstSeq) : notKept(seq);
      return found.ok ? succeeded(withOwnBytes(found.value)) : found;
    }
    const chunk = await chunkAt(index.indexOfSeq(seq));
    if (chunk === undefined) return notKept(seq);
    if (!chunk.ok) return chunk;
    const number = seq - chunk.value.facts.firstSeq;
    if (!(number < chunk.value.facts.count)) return notKept(seq);
    const facts = await withData(source, chunk.value);
    if (!facts.ok) return facts;
    const found = factAt(facts.value, number);
    return found.ok ? succeeded(withOwnBytes(found.value)) : damagedFact(chunk.value, number, found.problem);
  }

  async function landmarks(from: number): Promise<Result<readonly TraceEvent[]>> {
    if (!Number.isSafeInteger(from) || from < 0) return succeeded([]);
    const sealed = index.landmarks;
    const unsealed = landmarksOf(source.unsealed());
    const total = sealed + unsealed.length;
    const hasEndBeyond = total > MAX_LANDMARKS && source.hasEndFact();
    const end = Math.min(from + MAX_LANDMARKS_A_CALL, MAX_LANDMARKS, total);
    const found: TraceEvent[] = [];
    const collected = await collectSealed(from, Math.min(end, sealed), found);
    if (!collected.ok) return collected;
    if (end > sealed) found.push(...unsealed.slice(Math.max(0, from - sealed), end - sealed));
    if (hasEndBeyond && from <= MAX_LANDMARKS && from + MAX_LANDMARKS_A_CALL > MAX_LANDMARKS) {
      const last = unsealed.at(-1);
      if (last !== undefined) found.push(last);
      else return await collectSealed(sealed - 1, sealed, found);
    }
    return succeeded(found);
  }

  /** Adds the landmarks of chunks from the `from`-th up to the `end`-th to `found`. */
  async function collectSealed(
    from: number,
    end: number,
    found: TraceEvent[],
  ): Promise<Result<readonly TraceEvent[]>> {
    for (let next = from; next < end;) {
      const number = index.indexOfLandmark(next);
      const chunk = await chunkAt(number);
      if (chunk === undefined) break;
      if (!chunk.ok) return chunk;
      const facts = await withData(source, chunk.value);
      if (!facts.ok) return facts;
      let at = index.at(number)?.landmarksBefore ?? 0;
      for (let fact = 0; fact < facts.value.count && at < end; fact += 1) {
        if (!isLandmarkAt(facts.value, fact)) continue;
        if (at >= next) {
          const landmark = factAt(facts.value, fact);
          if (!landmark.ok) return damagedFact(chunk.value, fact, landmark.problem);
          found.push(landmark.value);
        }
        at += 1;
      }
      // What the index says, not what was found: a damaged file must not be read without end.
      next = Math.max(next + 1, index.landmarksUpTo(number));
    }
    return succeeded(found);
  }

  async function seqOfLine(line: number): Promise<number | undefined> {
    const unsealed = source.unsealed();
    const inMemory = unsealed === undefined ? -1 : indexOfLineIn(unsealed, line);
    if (unsealed !== undefined && inMemory !== -1) return unsealed.firstSeq + inMemory;
    const chunk = await chunkAt(index.indexOfLine(line));
    if (chunk?.ok !== true) return undefined;
    const hasJson = hasJsonWrites(chunk.value.facts);
    const facts = hasJson ? await withData(source, chunk.value) : succeeded(chunk.value.facts);
    const found = facts.ok ? indexOfLineIn(facts.value, line) : -1;
    return found === -1 ? undefined : chunk.value.facts.firstSeq + found;
  }

  async function factsOfChunk(chunk: LoadedChunk, fromSeq: number): Promise<Result<readonly TraceEvent[]>> {
    const facts = await withData(source, chunk);
    if (!facts.ok) return facts;
    const found: TraceEvent[] = [];
    for (let at = Math.max(0, fromSeq - facts.value.firstSeq); at < facts.value.count; at += 1) {
      const fact = factAt(facts.value, at);
      if (!fact.ok) return damagedFact(chunk, at, fact.problem);
      found.push(fact.value);
    }
    return succeeded(found);
  }

  async function* facts(fromSeq: number): AsyncGenerator<Result<readonly TraceEvent[]>, void, void> {
    // The recorder may add chunks while these are read.
    for (let number = Math.max(0, index.indexOfSeq(fromSeq)), end = index.count; number < end;) {
      for await (const chunk of loadChunks(source, number, end - 1)) {
        const found = chunk.ok ? await factsOfChunk(chunk.value, fromSeq) : chunk;
        if (!found.ok || found.value.length > 0) yield found;
        if (!found.ok) return;
      }
      number = end;
      end = index.count;
    }
    const unsealed = source.unsealed();
    if (unsealed === undefined) return;
    const found: TraceEvent[] = [];
    for (let at = Math.max(0, fromSeq - unsealed.firstSeq); at < unsealed.count; at += 1) {
      const fact = factAt(unsealed, at);
      if (fact.ok) found.push(withOwnBytes(fact.value));
    }
    if (found.length > 0) yield succeeded(found);
  }

  return {
    ...createFinder(source),
    ...createCounter(source),
    path,
    get counts() {
      return source.progress();
    },
    page: (page) => readPage(source, page),
    landmarks,
    async fact(seq, bytes) {
      const found = await fact(seq);
      return found.ok && bytes !== undefined ? succeeded(withDataCut(found.value, bytes)) : found;
    },
    seqOfLine,
    seqAtTime: (us) =>
      seqAtTime(us, source.progress().facts, async (seq) => {
        const found = await fact(seq);
        return found.ok ? found.value.atUs : undefined;
      }),
    facts,
    overview: async (request) => succeeded(await overview.overview(request)),
    close() {
      overview.stop();
      return source.close();
    },
  };
}

/** The fact with a copy of its bytes: those of a whole chunk are neither kept nor cloned for it. */
function withOwnBytes(event: TraceEvent): TraceEvent {
  if ((event.kind !== 'wrote' && event.kind !== 'read') || event.data === undefined) return event;
  return { ...event, data: { ...event.data, bytes: event.data.bytes.slice() } };
}

function landmarksOf(facts: PackedFacts | undefined): TraceEvent[] {
  const found: TraceEvent[] = [];
  for (let index = 0; index < (facts?.count ?? 0); index += 1) {
    if (facts === undefined || !isLandmarkAt(facts, index)) continue;
    const fact = factAt(facts, index);
    if (fact.ok) found.push(fact.value);
  }
  return found;
}

function hasJsonWrites(facts: PackedFacts): boolean {
  for (let index = 0; index < facts.count; index += 1) {
    if (isJsonAt(facts, index) && kindAt(facts, index) === 'wrote') return true;
  }
  return false;
}

/** Index of the client's write of a line, or -1. */
function indexOfLineIn(facts: PackedFacts, line: number): number {
  for (let index = 0; index < facts.count; index += 1) {
    if (kindAt(facts, index) !== 'wrote') continue;
    if (isJsonAt(facts, index)) {
      const fact = factAt(facts, index);
      const isIt =
        fact.ok && fact.value.kind === 'wrote' && fact.value.side === 'client' && fact.value.line === line;
      if (isIt) return index;
    } else if (lineAt(facts, index) === line && sideAt(facts, index) === 'client') {
      return index;
    }
  }
  return -1;
}

/**
 * Opens a trace: a packed one by its index, without reading the facts; one of JSON lines by packing it into a new file at
 * `temporaryPath`, which the caller removes. A file of another kind is `not-a-run`; a damaged one `run-damaged`, naming
 * the place and what is wrong with it. A packed trace that was cut off opens as far as it goes.
 */
export async function openTrace(path: string, temporaryPath: string): Promise<Result<OpenedTrace>> {
  const input = await openInput(path);
  if (!input.ok) return input;
  let packedPath = path;
  try {
    const packed = await isPacked(path);
    if (!packed.ok) return packed;
    if (!packed.value) {
      const imported = await importJsonLines(input.value, temporaryPath);
      if (!imported.ok) return imported;
      packedPath = temporaryPath;
    }
  } catch (error) {
    return { ok: false, problem: readProblem(error, path) };
  } finally {
    await input.value.close();
  }
  let handle: FileHandle;
  try {
    handle = await open(packedPath, 'r');
  } catch (error) {
    return { ok: false, problem: readProblem(error, packedPath) };
  }
  const opened = await openPacked(packedPath, handle);
  if (!opened.ok) await handle.close();
  return opened;
}

/** The header of a packed trace, and the first bytes of its first chunk. */
const BEGINNING_BYTES = FILE_HEADER_BYTES + 4;

async function isPacked(path: string): Promise<Result<boolean>> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(BEGINNING_BYTES), 0, BEGINNING_BYTES, 0);
    const beginning = buffer.subarray(0, bytesRead);
    const packed = isTraceFile(beginning);
    if (packed.ok) {
      return !packed.value && isTraceFileWithoutHeader(beginning)
        ? damagedAt(path, 0, 'its first bytes are not those of a run')
        : packed;
    }
    return failed('newer-format', `${basename(path)} cannot be opened: ${packed.problem.message}.`, { path });
  } finally {
    await handle.close();
  }
}

async function openPacked(path: string, handle: FileHandle): Promise<Result<OpenedTrace>> {
  const found = await openIndex(path, handle);
  if (!found.ok) return found;
  const { index, counts } = found.value;
  let hasEndFact = false;
  let landmarks = Math.min(index.landmarks, MAX_LANDMARKS);
  const reader = createTraceReader({
    path,
    index,
    progress: () => ({ ...counts, landmarks }),
    hasEndFact: () => hasEndFact,
    unsealed: () => undefined,
    notOnDisk: () => undefined,
    file: () => Promise.resolve(handle),
    close: () => handle.close(),
  });
  const first = await reader.fact(1);
  if (!first.ok) {
    return first.problem.code === 'not-kept'
      ? damagedAt(path, FILE_HEADER_BYTES, 'it has no first fact')
      : first;
  }
  if (first.value.kind !== 'run-started') {
    return damagedAt(
      path,
      FILE_HEADER_BYTES,
      `its first fact is ${first.value.kind} and should be run-started`,
    );
  }
  if (index.landmarks > MAX_LANDMARKS) {
    const last = await reader.fact(counts.facts);
    hasEndFact = last.ok && last.value.kind === 'run-ended';
    if (hasEndFact) landmarks += 1;
  }
  const place = found.value.notes;
  const notes = place === undefined ? succeeded([]) : await readNotes(sourceOf(path, handle), place);
  return succeeded({
    ...reader,
    counts: { ...counts, landmarks },
    first: first.value,
    ...(notes.ok ? { notes: notes.value } : { notes: [], notesProblem: notes.problem }),
  });
}

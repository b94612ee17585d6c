// Records a run: stamps every fact, packs it, writes it to the trace file, and counts. The sockets never wait for it:
// when the disk cannot keep up or is full, facts are counted and not kept.

import { open, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';

import { NO_COUNTS, count } from '../../shared/trace/counts.ts';
import { MAX_LANDMARKS, type TraceProgress } from '../../shared/trace/packed.ts';
import type { Problem, Result } from '../../shared/result.ts';
import { succeeded } from '../../shared/result.ts';
import { isAboutLines } from '../../shared/trace/fact.ts';
import type { Emit, Fact, TraceEvent } from '../../shared/trace/fact.ts';
import { temporaryProblem } from '../files/file-problems.ts';
import { writeWhole } from '../files/whole-write.ts';
import { ChunkBuilder, type SealedChunk } from './chunk-builder.ts';
import { createMerge, type Merge } from './merge.ts';
import { encodeIndex, fileHeader } from './trace-file.ts';
import { TraceOverview } from './trace-overview.ts';
import { createTraceReader, type TraceReader, type TraceSource } from './trace-reader.ts';

export interface TraceWriterOptions {
  /** The trace file; must not be there yet. */
  readonly path: string;
  /** Gets the counts of the run every 16 ms, when they moved. */
  readonly onCounts?: (counts: TraceProgress) => void;
  /** Bytes that may wait to be written before facts about lines are counted and not kept. */
  readonly maxWaitingBytes?: number;
}

export interface TraceWriter {
  readonly emit: Emit;
  /** Adds a witness whose facts come later than they happened: all facts are put in the order of their times. */
  readonly addWitness: Merge['addWitness'];
  /** What was recorded so far, also while the run goes on. */
  readonly log: TraceReader;
  /**
   * Brings everything to the disk; facts that come after it are dropped. A failure says that the trace is not complete
   * on the disk. `log` works on until it is closed.
   */
  end(): Promise<Result<void>>;
}

const COUNTS_MS = 16;
const MAX_WAITING_BYTES = 64 * 1024 ** 2;

/** After this time the facts of a chunk are written, full or not: a crash loses no more. */
const SEAL_MS = 250;

/** Facts of opening, closing and failing are still kept above the bound, up to this many bytes. */
const RESERVE_BYTES = 16 * 1024 ** 2;

/** Facts of a run's end that are kept to be written once more where the disk failed in the middle of them. */
const MAX_TAIL_FACTS = 64;

/** Room for those. */
const TAIL_BYTES = 16 * 1024;

/** How far the trace goes without what was left out. */
interface Kept {
  readonly seq: number;
  readonly lines: number;
}

/** A chunk that is not on the disk yet, and what the trace ended in before it. */
interface WaitingChunk extends SealedChunk {
  readonly keptBefore: Kept;
}

/** Begins a recording. `atUs` counts from the first fact. */
export function createTraceWriter(options: TraceWriterOptions): TraceWriter {
  const { path, onCounts } = options;
  let maxWaitingBytes = options.maxWaitingBytes ?? MAX_WAITING_BYTES;

  /** Takes up the room that the run's last facts will need, should the disk be full by then. */
  const reservePath = `${path}.reserve`;
  const chunks = new ChunkBuilder();
  const { encoder, index } = chunks;
  const counts = { ...NO_COUNTS };
  let startedAtMs: number | undefined;
  let lastUs = 0;
  let ended = false;
  let hasEndFact = false;
  let hasBeginning = false;

  let keptSeq = 0;
  let keptLines = 0;
  /** What was kept before the chunk that is filling. */
  let chunkKeptBefore: Kept = { seq: 0, lines: 0 };

  let waiting: WaitingChunk[] = [];
  /** The chunks that wait or are being written, by their place in the file. */
  const notOnDisk = new Map<number, Buffer>();
  let waitingBytes = 0;
  let pumping: Promise<void> | undefined;
  let leftOutBecause: string | undefined;
  let problem: Problem | undefined;
  /** The facts since the last one about lines: how the run ended. */
  let tail: TraceEvent[] = [];

  const opened = openFile();
  async function openFile(): Promise<FileHandle | undefined> {
    try {
      const handle = await open(path, 'wx+', 0o600);
      const header = await writeWhole(handle, fileHeader(), 0);
      if (header.error !== undefined) {
        await handle.close();
        giveUp(header.error);
        return undefined;
      }
      await writeFile(reservePath, Buffer.alloc(TAIL_BYTES), { flag: 'wx', mode: 0o600 }).catch(
        () => undefined,
      );
      return handle;
    } catch (error) {
      giveUp(error);
      return undefined;
    }
  }

  // --- to the disk -------------------------------------------------------------------------------------------------

  function append(fact: Fact, seq: number, atUs: number, late: boolean): void {
    if (encoder.count > 0 && seq !== keptSeq + 1) seal();
    if (encoder.count === 0) {
      chunkKeptBefore = { seq: keptSeq, lines: keptLines };
      sealTimer ??= setTimeout(sealInTime, SEAL_MS);
    }
    const isFull = chunks.append(fact, seq, atUs, late);
    keptSeq = seq;
    if (fact.kind === 'wrote' && fact.side === 'client' && fact.line !== undefined) keptLines = fact.line;
    // The run's beginning goes to the disk before there are lines, while there is room: without it no trace is one.
    const isBeginning = fact.kind === 'connect-called' && !hasBeginning;
    if (isFull || isBeginning) {
      hasBeginning ||= isBeginning;
      seal();
    }
  }

  let sealTimer: NodeJS.Timeout | undefined;
  function sealInTime(): void {
    sealTimer = undefined;
    seal();
  }

  function seal(): void {
    if (encoder.count > 0) overview.seal(encoder.facts);
    const chunk = chunks.seal(counts);
    if (chunk === undefined) return;
    waiting.push({ ...chunk, keptBefore: chunkKeptBefore });
    notOnDisk.set(chunk.offset, chunk.bytes);
    waitingBytes += chunk.bytes.length;
    pumping ??= pump();
  }

  async function pump(): Promise<void> {
    const handle = await opened;
    while (waiting.length > 0) {
      if (handle === undefined) {
        giveUp(undefined);
        break;
      }
      const writing = waiting;
      waiting = [];
      const [first] = writing;
      if (first === undefined) break;
      const bytes = writing.length === 1 ? first.bytes : Buffer.concat(writing.map((chunk) => chunk.bytes));
      const { bytes: written, error } = await writeWhole(handle, bytes, first.offset);
      if (error === undefined) {
        waitingBytes -= bytes.length;
        for (const { offset } of writing) notOnDisk.delete(offset);
        continue;
      }
      // Chunks that are there whole stay; of the next one at best a part was written.
      const end = first.offset + written;
      const lost = writing.filter((chunk) => chunk.offset + chunk.bytes.length > end);
      waiting = [...lost, ...waiting];
      const from = lost[0]?.offset ?? end;
      giveUp(error);
      await handle.truncate(from).catch(() => undefined);
    }
    pumping = undefined;
  }

  /** The disk does not take it: everything that waits is lost, and facts about lines are counted from here on. */
  function giveUp(error: unknown): void {
    problem ??= temporaryProblem(error, dirname(path), path);
    // Without the path: a trace is made to be shared.
    leftOutBecause ??= problem.code === 'disk-full' ? 'the disk was full' : 'the disk did not take the trace';
    const [first] = waiting;
    const keptBefore =
      first?.keptBefore ?? (encoder.count === 0 ? { seq: keptSeq, lines: keptLines } : chunkKeptBefore);
    chunks.forgetFrom(first?.offset ?? index.end);
    waiting = [];
    notOnDisk.clear();
    waitingBytes = 0;
    keptSeq = keptBefore.seq;
    keptLines = keptBefore.lines;
  }

  /** Brings what was recorded so far to the disk. */
  async function settle(): Promise<void> {
    seal();
    while (waiting.length > 0 || pumping !== undefined) {
      pumping ??= pump();
      await pumping;
    }
  }

  async function file(): Promise<FileHandle> {
    const handle = await opened;
    if (handle === undefined) throw new Error(problem?.message ?? `${path} is not open`);
    return handle;
  }

  // --- to the window -----------------------------------------------------------------------------------------------

  let countsMoved = false;
  let countsTimer: NodeJS.Timeout | undefined;

  function progress(): TraceProgress {
    const { landmarks } = chunks;
    const shown = landmarks <= MAX_LANDMARKS ? landmarks : MAX_LANDMARKS + (hasEndFact ? 1 : 0);
    return { ...counts, landmarks: shown };
  }

  function pushCounts(): void {
    clearTimeout(countsTimer);
    countsTimer = undefined;
    if (!countsMoved || onCounts === undefined) return;
    countsMoved = false;
    onCounts(progress());
  }

  // --- from the sockets --------------------------------------------------------------------------------------------

  /** Microseconds since the first fact. */
  function usOf(seenAtMs: number): number {
    startedAtMs ??= seenAtMs;
    // One decimal: a tenth of a microsecond is below what the clock is good for.
    return Math.round((seenAtMs - startedAtMs) * 10_000) / 10;
  }

  function isOverBound(fact: Fact): boolean {
    const wait = waitingBytes + encoder.bytes;
    if (leftOutBecause === undefined) {
      if (wait <= maxWaitingBytes) return false;
      leftOutBecause = `${wait} bytes of the trace waited for the disk, which could not keep up`;
    }
    if (fact.kind === 'run-ended' || fact.kind === 'detail-left-out') return false;
    return isAboutLines(fact) || wait >= maxWaitingBytes + RESERVE_BYTES;
  }

  function stamp(fact: Fact, seenAtMs: number, late: boolean): void {
    const ownUs = usOf(seenAtMs);
    const isLate = late && ownUs < lastUs;
    if (ownUs > lastUs) lastUs = ownUs;
    const atUs = isLate ? Math.max(0, ownUs) : lastUs;
    count(counts, fact, lastUs);
    const seq = counts.facts;
    if (!isOverBound(fact)) append(fact, seq, atUs, isLate);
    if (isAboutLines(fact)) {
      if (tail.length > 0) tail = [];
    } else if (tail.length < MAX_TAIL_FACTS) {
      tail.push({ ...fact, seq, atUs, ...(isLate ? { late: true } : {}) });
    }
    countsMoved = true;
    if (onCounts !== undefined) countsTimer ??= setTimeout(pushCounts, COUNTS_MS);
  }

  /** A gap in the numbers is explained by the fact right behind it. */
  function explainGap(seenAtMs: number): void {
    const leftOut: Fact = {
      kind: 'detail-left-out',
      seenBy: 'program',
      reason: leftOutBecause ?? 'the disk failed',
      facts: counts.facts - keptSeq,
      lines: Math.max(0, counts.linesSent - keptLines),
    };
    stamp(leftOut, seenAtMs, false);
  }

  function handleRare(fact: Fact): void {
    if (fact.kind === 'run-started') {
      maxWaitingBytes = Math.max(maxWaitingBytes, 4 * (fact.options.maxLineBytes ?? 0));
    } else if (fact.kind === 'run-ended') {
      hasEndFact = true;
    }
  }

  const record: Emit = (fact, seenAtMs = performance.now(), late) => {
    if (ended) return;
    if (!isAboutLines(fact)) handleRare(fact);
    if (keptSeq < counts.facts && !isOverBound(fact)) explainGap(seenAtMs);
    stamp(fact, seenAtMs, late === true);
  };
  const merge = createMerge(record);

  // --- the end -----------------------------------------------------------------------------------------------------

  /** The disk failed in the middle of the run's end: what is small enough may still fit where the failed part was. */
  async function writeTailAgain(): Promise<void> {
    const [first] = tail;
    if (first === undefined || counts.facts <= keptSeq) return;
    const seq = first.seq - 1;
    if (seq > keptSeq) {
      // It takes the number of the last fact that was left out, so that the numbers of the tail stay what they were.
      const leftOut: Fact = {
        kind: 'detail-left-out',
        seenBy: 'program',
        reason: leftOutBecause ?? 'the disk failed',
        facts: seq - keptSeq - 1,
        lines: Math.max(0, counts.linesSent - keptLines),
      };
      append(leftOut, seq, first.atUs, false);
    }
    for (const { seq: tailSeq, atUs, late, ...fact } of tail) {
      if (tailSeq > keptSeq) append(fact, tailSeq, atUs, late === true);
    }
    await settle();
  }

  /** Without an index a trace is as complete; opening it takes longer. */
  async function writeIndex(): Promise<void> {
    const handle = await opened;
    if (handle === undefined) return;
    if (index.count === 0) {
      // An empty file, so that nobody takes it for a trace.
      await handle.truncate(0).catch(() => undefined);
      return;
    }
    const { error } = await writeWhole(handle, encodeIndex(index, index.end, counts), index.end);
    if (error !== undefined) await handle.truncate(index.end).catch(() => undefined);
  }

  async function finish(): Promise<Result<void>> {
    try {
      await settle();
      await rm(reservePath, { force: true });
      if (problem !== undefined) await writeTailAgain();
      await writeIndex();
    } catch (error) {
      problem ??= temporaryProblem(error, dirname(path), path);
    }
    clearTimeout(sealTimer);
    return problem === undefined ? succeeded(undefined) : { ok: false, problem };
  }

  let ending: Promise<Result<void>> | undefined;
  const end = (): Promise<Result<void>> => {
    merge.end();
    ended = true;
    pushCounts();
    ending ??= finish();
    return ending;
  };

  const source: TraceSource = {
    path,
    index,
    progress,
    hasEndFact: () => hasEndFact,
    isUnderWay: () => !ended,
    unsealed: () => (encoder.count === 0 ? undefined : encoder.facts),
    notOnDisk: (offset) => notOnDisk.get(offset),
    file,
    async close() {
      await end();
      await (await opened)?.close();
    },
  };
  const overview = new TraceOverview(source);
  const log = createTraceReader(source, overview);
  return { emit: merge.emit, addWitness: merge.addWitness, log, end };
}

// Records a run: stamps every fact, spills it to the trace file, keeps where it is, counts, and hands batches on to the
// window. The sockets never wait for it: when the disk cannot keep up or is full, facts are counted and not kept.

import { open, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';

import type { RunCounts } from '../../shared/trace/counts.ts';
import { NO_COUNTS, count } from '../../shared/trace/counts.ts';
import { DETAILED_LINES } from '../../shared/ipc.ts';
import type { Problem, Result } from '../../shared/result.ts';
import { succeeded } from '../../shared/result.ts';
import { formatStamped } from '../../shared/trace/json-lines.ts';
import { isAboutLines } from '../../shared/trace/fact.ts';
import type { Emit, Fact, TraceEvent } from '../../shared/trace/fact.ts';
import { temporaryProblem } from '../files/file-problems.ts';
import { writeWhole } from '../files/whole-write.ts';
import { withDataCut } from './cut-data.ts';
import { createPushRule } from './live-window.ts';
import { BLOCK_BYTES, createTraceIndex } from './trace-index.ts';
import { createTraceReader } from './trace-reader.ts';
import type { TraceReader } from './trace-reader.ts';

export interface TraceWriterOptions {
  /** The trace file; must not be there yet. */
  readonly path: string;
  /** Gets facts in batches, as live-window.ts says: not those of lines beyond the first `detailedLines`. */
  readonly onFacts?: (facts: readonly TraceEvent[]) => void;
  /** Gets the running counts at the same beat, when they moved. */
  readonly onCounts?: (counts: RunCounts) => void;
  readonly detailedLines?: number;
  /** Size of the trace from which on facts about lines are counted and not kept. */
  readonly maxTraceBytes?: number;
  /** Bytes that may wait to be written before the same happens. */
  readonly maxWaitingBytes?: number;
}

export interface TraceWriter {
  readonly emit: Emit;
  /** What was recorded so far, also while the run goes on. */
  readonly log: TraceReader;
  /**
   * Brings everything to the disk; facts that come after it are dropped. A failure says that the trace is not complete
   * on the disk. `log` works on until it is closed.
   */
  end(): Promise<Result<void>>;
}

const BATCH_MS = 16;
const BATCH_FACTS = 500;
const WRITE_BYTES = 256 * 1024;
const MAX_TRACE_BYTES = 4 * 1024 ** 3;
const MAX_WAITING_BYTES = 64 * 1024 ** 2;

/** Facts of opening, closing and failing are still kept above the bound, up to this many bytes. */
const RESERVE_BYTES = 16 * 1024 ** 2;

/** Facts of a run's end that are kept to be written once more where the disk failed in the middle of them. */
const MAX_TAIL_FACTS = 64;

/** Room for those. */
const TAIL_BYTES = 16 * 1024;

/** A block that is not on the disk yet, and what the trace ended in before it. */
interface WaitingBlock {
  readonly bytes: Buffer;
  readonly offset: number;
  readonly keptBefore: Kept;
}

/** How far the trace goes without what was left out. */
interface Kept {
  readonly seq: number;
  readonly lines: number;
}

/** Begins a recording. `atUs` counts from the first fact. */
export function createTraceWriter(options: TraceWriterOptions): TraceWriter {
  const { path, onFacts, onCounts } = options;
  const detailedLines = options.detailedLines ?? DETAILED_LINES;
  const maxTraceBytes = options.maxTraceBytes ?? MAX_TRACE_BYTES;
  let maxWaitingBytes = options.maxWaitingBytes ?? MAX_WAITING_BYTES;

  /** Takes up the room that the run's last facts will need, should the disk be full by then. */
  const reservePath = `${path}.reserve`;
  const blocks = createTraceIndex();
  const counts = { ...NO_COUNTS };
  let startedAtMs: number | undefined;
  let lastUs = 0;
  let ended = false;

  /** The block that is filling. */
  let text = '';
  let textFirstSeq = 1;
  let textLinesBefore = 0;
  let textKeptBefore: Kept = { seq: 0, lines: 0 };
  let keptSeq = 0;
  let keptLines = 0;

  let waiting: WaitingBlock[] = [];
  let waitingBytes = 0;
  let sealedBytes = 0;
  let pumping: Promise<void> | undefined;
  let leftOutBecause: string | undefined;
  let problem: Problem | undefined;
  /** The facts since the last one about lines: how the run ended. */
  let tail: TraceEvent[] = [];

  const opened = openFile();
  async function openFile(): Promise<FileHandle | undefined> {
    try {
      const handle = await open(path, 'wx+', 0o600);
      await writeFile(reservePath, Buffer.alloc(TAIL_BYTES), { flag: 'wx', mode: 0o600 }).catch(
        () => undefined,
      );
      return handle;
    } catch (error) {
      giveUp(error);
      return undefined;
    }
  }

  function usOf(now: number): number {
    startedAtMs ??= now;
    // One decimal: a tenth of a microsecond is below what the clock is good for.
    lastUs = Math.max(lastUs, Math.round((now - startedAtMs) * 10_000) / 10);
    return lastUs;
  }

  // --- to the disk -------------------------------------------------------------------------------------------------

  function append(fact: Fact, seq: number, atUs: number): void {
    if (text === '') {
      textFirstSeq = seq;
      textLinesBefore = keptLines;
      textKeptBefore = { seq: keptSeq, lines: keptLines };
    }
    text += formatStamped(fact, seq, atUs) + '\n';
    keptSeq = seq;
    if (fact.kind === 'wrote' && fact.side === 'client' && fact.line !== undefined) keptLines = fact.line;
    // The run's beginning goes to the disk before there are lines, while there is room: without it no trace is one.
    const isBeginning = sealedBytes === 0 && fact.kind === 'connect-called';
    if (isBeginning || text.length >= BLOCK_BYTES) {
      seal();
      if (isBeginning || waitingBytes >= WRITE_BYTES) pumping ??= pump();
    }
  }

  function seal(): void {
    if (text === '') return;
    const bytes = Buffer.from(text, 'utf8');
    text = '';
    const block = {
      firstSeq: textFirstSeq,
      offset: sealedBytes,
      bytes: bytes.length,
      linesBefore: textLinesBefore,
    };
    blocks.add(block);
    waiting.push({ bytes, offset: sealedBytes, keptBefore: textKeptBefore });
    sealedBytes += bytes.length;
    waitingBytes += bytes.length;
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
      const [firstBlock] = writing;
      if (firstBlock === undefined) break;
      const bytes =
        writing.length === 1 ? firstBlock.bytes : Buffer.concat(writing.map((block) => block.bytes));
      const { bytes: written, error } = await writeWhole(handle, bytes, firstBlock.offset);
      if (error === undefined) {
        waitingBytes -= bytes.length;
        continue;
      }
      // Blocks that are there whole stay; of the next one at best a part was written.
      const end = firstBlock.offset + written;
      const lost = writing.filter((block) => block.offset + block.bytes.length > end);
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
      first?.keptBefore ?? (text === '' ? { seq: keptSeq, lines: keptLines } : textKeptBefore);
    const offset = first?.offset ?? sealedBytes;
    blocks.forgetFrom(offset);
    sealedBytes = offset;
    waiting = [];
    waitingBytes = 0;
    text = '';
    keptSeq = keptBefore.seq;
    keptLines = keptBefore.lines;
  }

  async function settle(): Promise<FileHandle> {
    seal();
    while (waiting.length > 0 || pumping !== undefined) {
      pumping ??= pump();
      await pumping;
    }
    const handle = await opened;
    if (handle === undefined) throw new Error(problem?.message ?? `${path} is not open`);
    return handle;
  }

  // --- to the window -----------------------------------------------------------------------------------------------

  let batch: TraceEvent[] = [];
  const isPushed = createPushRule(detailedLines);
  let countsMoved = false;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;

  function push(): void {
    clearTimeout(timer);
    clearImmediate(immediate);
    timer = undefined;
    immediate = undefined;
    if (batch.length > 0 && onFacts !== undefined) {
      const facts = batch;
      batch = [];
      onFacts(facts);
    }
    if (countsMoved && onCounts !== undefined) {
      countsMoved = false;
      onCounts({ ...counts });
    }
  }

  function offer(fact: Fact, seq: number, atUs: number): void {
    countsMoved = true;
    if (onFacts !== undefined && isPushed(fact, counts.linesSent))
      batch.push(withDataCut({ ...fact, seq, atUs }));
    if (onFacts === undefined && onCounts === undefined) return;
    timer ??= setTimeout(push, BATCH_MS);
    if (batch.length >= BATCH_FACTS) immediate ??= setImmediate(push);
  }

  // --- from the sockets --------------------------------------------------------------------------------------------

  function isOverBound(fact: Fact): boolean {
    const wait = waitingBytes + text.length;
    const size = sealedBytes + text.length;
    if (leftOutBecause === undefined && wait > maxWaitingBytes) {
      leftOutBecause = `${wait} bytes of the trace waited for the disk, which could not keep up`;
    }
    if (leftOutBecause === undefined && size >= maxTraceBytes) {
      leftOutBecause = `the trace had reached ${size} bytes`;
    }
    if (leftOutBecause === undefined || fact.kind === 'run-ended') return false;
    return isAboutLines(fact) || size >= maxTraceBytes + RESERVE_BYTES;
  }

  function stamp(fact: Fact, seenAtMs: number): void {
    const atUs = usOf(seenAtMs);
    count(counts, fact, atUs);
    const seq = counts.facts;
    if (!isOverBound(fact)) append(fact, seq, atUs);
    if (isAboutLines(fact)) tail = tail.length === 0 ? tail : [];
    else if (tail.length < MAX_TAIL_FACTS) tail.push({ ...fact, seq, atUs });
    offer(fact, seq, atUs);
  }

  const emit: Emit = (fact, seenAtMs = performance.now()) => {
    if (ended) return;
    if (fact.kind === 'run-started') maxWaitingBytes = Math.max(maxWaitingBytes, 4 * fact.maxLineBytes);
    // A gap in the numbers is explained by the fact right behind it.
    if (keptSeq < counts.facts && !isOverBound(fact)) {
      stamp(
        {
          kind: 'detail-left-out',
          seenBy: 'program',
          reason: leftOutBecause ?? 'the disk failed',
          facts: counts.facts - keptSeq,
          lines: counts.linesSent - keptLines,
        },
        seenAtMs,
      );
    }
    stamp(fact, seenAtMs);
  };

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
        lines: counts.linesSent - keptLines,
      };
      append(leftOut, seq, first.atUs);
    }
    for (const { seq: tailSeq, atUs, ...fact } of tail) if (tailSeq > keptSeq) append(fact, tailSeq, atUs);
    await settle();
  }

  async function finish(): Promise<Result<void>> {
    try {
      await settle();
      await rm(reservePath, { force: true });
      if (problem !== undefined) await writeTailAgain();
    } catch (error) {
      problem ??= temporaryProblem(error, dirname(path), path);
    }
    return problem === undefined ? succeeded(undefined) : { ok: false, problem };
  }

  let ending: Promise<Result<void>> | undefined;
  const end = (): Promise<Result<void>> => {
    ended = true;
    push();
    ending ??= finish();
    return ending;
  };

  const log = createTraceReader({
    path,
    counts,
    blocks,
    settle,
    async close() {
      ended = true;
      await settle().catch(() => undefined);
      await rm(reservePath, { force: true });
      await (await opened)?.close();
    },
  });
  return { emit, log, end };
}

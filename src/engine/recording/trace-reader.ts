// A trace on the disk, looked up by range: the one that the recorder still writes, or one that was opened from a file.
// Main answers the window's questions from it; it never holds more than a block.

import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';

import type { RunCounts } from '../../shared/trace/counts.ts';
import { NO_COUNTS, count } from '../../shared/trace/counts.ts';
import { hasMoreParts } from '../../shared/trace/json-structure.ts';
import type { Result } from '../../shared/result.ts';
import { failed, succeeded } from '../../shared/result.ts';
import { parseFact, parseFactAnywhere } from '../../shared/trace/json-lines.ts';
import type { RunStarted, Stamp, TraceEvent } from '../../shared/trace/fact.ts';
import { readProblem } from '../files/file-problems.ts';
import { openInput } from '../files/input-file.ts';
import type { InputFile } from '../files/input-file.ts';
import type { SeqRange } from './seq-ranges.ts';
import { withDataCut } from './cut-data.ts';
import { BLOCK_BYTES, createTraceIndex } from './trace-index.ts';
import type { TraceIndex } from './trace-index.ts';

export interface TraceReader {
  readonly path: string;
  /** The counts of all facts so far, those that were not kept included. */
  readonly counts: RunCounts;
  /** The facts from `fromSeq` to `toSeq` (both included) that were kept, their data cut as in a push. */
  facts(fromSeq: number, toSeq: number): Promise<Result<readonly TraceEvent[]>>;
  /** The same of several stretches, which are in order: no part of the file is read twice. */
  factsIn(ranges: readonly SeqRange[]): Promise<Result<readonly TraceEvent[]>>;
  /** One fact, its data whole; `not-kept` where there is no such fact. */
  fact(seq: number): Promise<Result<TraceEvent>>;
  /** The `seq` of the client's write of a line, or undefined where it was not sent or not kept. */
  seqOfLine(line: number): Promise<number | undefined>;
  /** Closes the file. Nothing can be looked up after it. */
  close(): Promise<void>;
}

/** A trace that was opened from a file, with its first fact. */
export type OpenedTrace = TraceReader & { readonly first: RunStarted & Stamp };

/** Gets each fact of a trace that is opened, once and in order, and the lines that the client had sent up to it. */
export type EachFact = (fact: TraceEvent, linesSent: number) => void;

/** What a log reads from: the recorder gives its own, with a `settle` that brings everything to the disk. */
export interface TraceSource {
  readonly path: string;
  readonly counts: RunCounts;
  readonly blocks: TraceIndex;
  /** Brings what was recorded so far to the disk and gives the file. */
  settle(): Promise<FileHandle>;
  close(): Promise<void>;
}

/** The log over a file whose blocks are known. */
export function createTraceReader(source: TraceSource): TraceReader {
  const { path, blocks } = source;

  /** The facts of one block, for as long as the caller wants them. */
  async function readBlock(
    index: number,
    take: (event: TraceEvent) => 'go-on' | 'enough',
  ): Promise<Result<'go-on' | 'enough'>> {
    const block = blocks.at(index);
    if (block === undefined) return succeeded('enough');
    const bytes = Buffer.allocUnsafeSlow(block.bytes);
    try {
      const handle = await source.settle();
      const { bytesRead } = await handle.read(bytes, 0, block.bytes, block.offset);
      if (bytesRead !== block.bytes) return changed(path);
    } catch (error) {
      return { ok: false, problem: readProblem(error, path) };
    }
    let start = 0;
    while (start < bytes.length) {
      const lf = bytes.indexOf(0x0a, start);
      const text = decoded(bytes.subarray(start, lf === -1 ? bytes.length : lf));
      const parsed = text.ok ? parseFactAnywhere(text.value) : text;
      if (!parsed.ok) return changed(path);
      if (take(parsed.value) === 'enough') return succeeded('enough');
      start = lf === -1 ? bytes.length : lf + 1;
    }
    return succeeded('go-on');
  }

  async function facts(
    ranges: readonly SeqRange[],
    shorten: (event: TraceEvent) => TraceEvent,
  ): Promise<Result<readonly TraceEvent[]>> {
    const found: TraceEvent[] = [];
    await source.settle().catch(() => undefined);
    let at = 0;
    let index = 0;
    for (;;) {
      const next = ranges[at];
      if (next === undefined) break;
      index = Math.max(index, blocks.indexOfSeq(next.fromSeq));
      if (index >= blocks.count) break;
      const read = await readBlock(index, (event) => {
        let range = ranges[at];
        while (range !== undefined && event.seq > range.toSeq) range = ranges[(at += 1)];
        if (range === undefined) return 'enough';
        if (event.seq >= range.fromSeq) found.push(shorten(event));
        if (event.seq === range.toSeq) at += 1;
        return at < ranges.length ? 'go-on' : 'enough';
      });
      if (!read.ok) return read;
      index += 1;
    }
    return succeeded(found);
  }

  return {
    path,
    get counts() {
      return source.counts;
    },
    facts: (fromSeq, toSeq) => facts([{ fromSeq, toSeq }], (event) => withDataCut(event)),
    factsIn: (ranges) => facts(ranges, (event) => withDataCut(event)),
    async fact(seq) {
      const found = await facts([{ fromSeq: seq, toSeq: seq }], (event) => event);
      if (!found.ok) return found;
      const [event] = found.value;
      return event === undefined
        ? failed('not-kept', `Fact ${seq} is not in the trace ${path}: it was counted and not kept.`, {
            path,
          })
        : succeeded(event);
    },
    async seqOfLine(line) {
      await source.settle().catch(() => undefined);
      let seq: number | undefined;
      await readBlock(blocks.indexOfLine(line), (event) => {
        if (event.kind !== 'wrote' || event.side !== 'client' || event.line !== line) return 'go-on';
        seq = event.seq;
        return 'enough';
      });
      return seq;
    },
    close: () => source.close(),
  };
}

function changed(path: string): Result<never> {
  return failed('run-damaged', `${path} was changed after it was opened. Open it again.`, { path });
}

const BEGINNING = Buffer.from('{"seq":');

/** Beyond this the first line is no fact of ours, whatever it is. */
const MAX_FIRST_LINE_BYTES = 64 * 1024;

/** JSON writes one byte as at most six characters (`\u0000`); the rest of a fact is small. */
const maxFactBytes = (maxLineBytes: number): number => 6 * (maxLineBytes + 1) + MAX_FIRST_LINE_BYTES;

/** Objects, arrays and commas in a line: a fact has some thirty. What a line has more of is built before it is dropped. */
const MAX_FACT_PARTS = 1_000;

/** A line as text, if it is any and has no more parts than a fact can have. */
function decoded(line: Buffer): Result<string> {
  if (!isUtf8(line)) return failed('run-damaged', 'it is no text');
  return hasMoreParts(line, MAX_FACT_PARTS)
    ? failed('run-damaged', 'it has more parts than any fact')
    : succeeded(line.toString('utf8'));
}

/**
 * Goes through a trace file once, checks every line, and gives a log over it. A file of another kind is `not-a-run`; one
 * with a damaged line `run-damaged`, naming the line and what is wrong with it. Memory does not grow with the file.
 * `eachFact` is shown the facts on the way.
 */
export async function openTrace(path: string, eachFact?: EachFact): Promise<Result<OpenedTrace>> {
  const input = await openInput(path);
  if (!input.ok) return input;
  try {
    const first = await readFirst(input.value);
    if (!first.ok) return first;
    const scanned = await scan(input.value, first.value.maxLineBytes, eachFact);
    if (!scanned.ok) return scanned;
    const { blocks, counts } = scanned.value;
    const handle = await open(path, 'r');
    const log = createTraceReader({
      path,
      counts,
      blocks,
      settle: () => Promise.resolve(handle),
      close: () => handle.close(),
    });
    return succeeded({ ...log, counts, first: first.value });
  } catch (error) {
    return { ok: false, problem: readProblem(error, path) };
  } finally {
    await input.value.close();
  }
}

function foreign(path: string, why: string): Result<never> {
  return failed(
    'not-a-run',
    `${basename(path)} is not a SocketScope run: ${why}. Choose a file that Save run wrote.`,
    { path },
  );
}

function damaged(path: string, line: number, what: string): Result<never> {
  return failed(
    'run-damaged',
    `Line ${line} of ${basename(path)} is damaged: ${what}. Open another copy of the run or record it again.`,
    { path, line },
  );
}

async function readFirst(input: InputFile): Promise<Result<RunStarted & Stamp>> {
  const { path } = input;
  for await (const { bytes } of input.lines(MAX_FIRST_LINE_BYTES)) {
    if (!isUtf8(bytes)) return foreign(path, 'it is no text');
    const text = decoded(bytes);
    const parsed = text.ok ? parseFact(text.value, 1) : text;
    if (parsed.ok) {
      return parsed.value.kind === 'run-started'
        ? succeeded(parsed.value)
        : damaged(path, 1, `it is ${parsed.value.kind} and should be run-started`);
    }
    return bytes.subarray(0, BEGINNING.length).equals(BEGINNING)
      ? damaged(path, 1, parsed.problem.message)
      : foreign(path, `its first line is no fact of a run (${parsed.problem.message})`);
  }
  const problem = input.problem();
  if (problem === undefined) return foreign(path, 'it is empty');
  if (problem.code === 'line-too-long')
    return foreign(path, 'its first line is no fact of a run (it is too long)');
  return { ok: false, problem };
}

async function scan(
  input: InputFile,
  maxLineBytes: number,
  eachFact?: EachFact,
): Promise<Result<{ readonly blocks: TraceIndex; readonly counts: RunCounts }>> {
  const { path } = input;
  const blocks = createTraceIndex();
  const counts = { ...NO_COUNTS };
  let offset = 0;
  let block = { firstSeq: 1, offset: 0, linesBefore: 0 };
  let ended = false;

  const seal = (): void => {
    if (offset > block.offset) blocks.add({ ...block, bytes: offset - block.offset });
  };

  for await (const { line, bytes, terminated } of input.lines(maxFactBytes(maxLineBytes))) {
    if (!terminated) return damaged(path, line, 'it ends in the middle');
    const text = decoded(bytes);
    const parsed = text.ok ? parseFact(text.value, counts.facts + 1) : text;
    if (!parsed.ok) return damaged(path, line, parsed.problem.message);
    const event = parsed.value;
    if (ended) return damaged(path, line, 'it comes after the end of the run');
    if (event.kind === 'run-started' && line > 1) return damaged(path, line, 'a second run starts in it');
    if (event.atUs < counts.atUs) return damaged(path, line, 'its time is before that of the line above');

    if (offset - block.offset >= BLOCK_BYTES) {
      seal();
      block = { firstSeq: event.seq, offset, linesBefore: counts.linesSent };
    }
    offset += bytes.length + 1;
    count(counts, event, event.atUs);
    // Facts that were left out have numbers too.
    counts.facts = event.seq;
    eachFact?.(event, counts.linesSent);
    if (event.kind === 'run-ended') {
      ended = true;
      counts.linesSent = event.linesSent;
      counts.linesReceived = event.linesReceived;
      counts.linesByByte = event.linesByByte;
    }
  }
  seal();
  const problem = input.problem();
  if (problem === undefined) return succeeded({ blocks, counts });
  if (problem.code === 'line-too-long') {
    return damaged(path, problem.detail.line ?? 0, 'it is longer than any fact of this run');
  }
  return { ok: false, problem };
}

// Packs a trace of JSON lines, of this or an older format, into a new file. Every line is checked.

import { isUtf8 } from 'node:buffer';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

import { failed, succeeded, type Problem, type Result } from '../../shared/result.ts';
import { NO_COUNTS, count } from '../../shared/trace/counts.ts';
import { createFactParser, type FactParser } from '../../shared/trace/json-lines.ts';
import { hasMoreParts } from '../../shared/trace/json-structure.ts';
import { MAX_FACT_PARTS } from '../../shared/trace/packed.ts';
import type { RunStarted, Stamp, TraceEvent } from '../../shared/trace/fact.ts';
import { OPTIONS } from '../../shared/experiments/definitions.ts';
import { readProblem, temporaryProblem } from '../files/file-problems.ts';
import type { InputFile } from '../files/input-file.ts';
import { writeWhole } from '../files/whole-write.ts';
import { ChunkBuilder } from './chunk-builder.ts';
import { encodeIndex, FILE_HEADER_BYTES, fileHeader } from './trace-file.ts';

const BEGINNING = Buffer.from('{"seq":');

/** Beyond this the first line is no fact of ours, whatever it is. */
const MAX_FIRST_LINE_BYTES = 64 * 1024;

/** JSON writes one byte as at most six characters (`\u0000`); the rest of a fact is small. */
const maxFactBytes = (maxLineBytes: number): number => 6 * (maxLineBytes + 1) + MAX_FIRST_LINE_BYTES;

const WRITE_BYTES = 1024 ** 2;

/**
 * Packs the trace in `input` into a new file at `path`, which is not left there on a failure. A file of another kind is
 * `not-a-run`; one with a damaged line `run-damaged`, naming the line and what is wrong with it. Memory does not grow with
 * the file.
 */
export async function importJsonLines(input: InputFile, path: string): Promise<Result<void>> {
  let handle: FileHandle;
  let outcome: Result<void> | undefined;
  try {
    const first = await readFirst(input);
    if (!first.ok) return first;
    try {
      handle = await open(path, 'wx', 0o600);
    } catch (error) {
      return { ok: false, problem: temporaryProblem(error, dirname(path), path) };
    }
    try {
      const maxLineBytes = first.value.options.maxLineBytes ?? OPTIONS.maxLineBytes.max;
      outcome = await pack(input, maxLineBytes, handle, path);
      return outcome;
    } finally {
      await handle.close();
      if (outcome?.ok !== true) await rm(path, { force: true });
    }
  } catch (error) {
    return { ok: false, problem: readProblem(error, input.path) };
  }
}

function foreign(path: string): Result<never> {
  return failed(
    'not-a-run',
    `${basename(path)} is not a SocketScope run, or its beginning is damaged. Choose a file that Save run wrote, or another copy of it.`,
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

/** Why a line is no fact, in words for a person. */
function lineProblem(path: string, line: number, { code, message }: Problem): Result<never> {
  return code === 'newer-format'
    ? failed(
        'newer-format',
        `${basename(path)} cannot be opened: ${message}. Open it with that SocketScope.`,
        { path },
      )
    : damaged(path, line, message);
}

/** One line as a fact. It has no more parts than a fact can have before any of it is built. */
function parsed(bytes: Buffer, parser: FactParser, expectedSeq: number): Result<TraceEvent> {
  if (!isUtf8(bytes)) return failed('run-damaged', 'it is no text');
  return hasMoreParts(bytes, MAX_FACT_PARTS)
    ? failed('run-damaged', 'it has more parts than any fact')
    : parser.parse(bytes.toString('utf8'), expectedSeq);
}

async function readFirst(input: InputFile): Promise<Result<RunStarted & Stamp>> {
  const { path } = input;
  for await (const { bytes } of input.lines(MAX_FIRST_LINE_BYTES)) {
    const first = parsed(bytes, createFactParser(), 1);
    if (first.ok) {
      return first.value.kind === 'run-started'
        ? succeeded(first.value)
        : damaged(path, 1, `it is ${first.value.kind} and should be run-started`);
    }
    return bytes.subarray(0, BEGINNING.length).equals(BEGINNING)
      ? lineProblem(path, 1, first.problem)
      : foreign(path);
  }
  const problem = input.problem();
  return problem === undefined || problem.code === 'line-too-long' ? foreign(path) : { ok: false, problem };
}

async function pack(
  input: InputFile,
  maxLineBytes: number,
  handle: FileHandle,
  packedPath: string,
): Promise<Result<void>> {
  const { path } = input;
  const parser = createFactParser();
  const chunks = new ChunkBuilder();
  const counts = { ...NO_COUNTS };
  let ended = false;

  /** What is to be written next, and where. Small chunks are written together. */
  let waiting: Buffer[] = [fileHeader()];
  let waitingBytes = FILE_HEADER_BYTES;
  let position = 0;
  const flush = async (): Promise<Result<void>> => {
    const { bytes, error } = await writeWhole(handle, Buffer.concat(waiting), position);
    position += bytes;
    waiting = [];
    waitingBytes = 0;
    return error === undefined
      ? succeeded(undefined)
      : { ok: false, problem: temporaryProblem(error, dirname(packedPath), packedPath) };
  };
  const seal = async (): Promise<Result<void>> => {
    const chunk = chunks.seal(counts);
    if (chunk === undefined) return succeeded(undefined);
    waiting.push(chunk.bytes);
    waitingBytes += chunk.bytes.length;
    return waitingBytes < WRITE_BYTES ? succeeded(undefined) : await flush();
  };

  for await (const { line, bytes, terminated } of input.lines(maxFactBytes(maxLineBytes))) {
    if (!terminated) return damaged(path, line, 'it ends in the middle');
    const fact = parsed(bytes, parser, counts.facts + 1);
    if (!fact.ok) return lineProblem(path, line, fact.problem);
    const event = fact.value;
    const { seq, atUs, late } = event;
    if (ended) return damaged(path, line, 'it comes after the end of the run');
    if (event.kind === 'run-started' && line > 1) return damaged(path, line, 'a second run starts in it');
    if (late !== true && atUs < counts.atUs) {
      return damaged(path, line, 'its time is before that of the line above');
    }
    // A gap in the numbers begins another chunk.
    const beforeGap = seq === counts.facts + 1 ? succeeded(undefined) : await seal();
    if (!beforeGap.ok) return beforeGap;
    count(counts, event, late === true ? counts.atUs : atUs);
    // Facts that were left out have numbers too.
    counts.facts = seq;
    if (event.kind === 'run-ended') {
      ended = true;
      counts.linesSent = event.linesSent;
      counts.linesReceived = event.linesReceived;
      counts.linesByByte = event.linesByByte;
    }
    const isFull = chunks.append(event, seq, atUs, late === true);
    const sealed = isFull ? await seal() : succeeded(undefined);
    if (!sealed.ok) return sealed;
  }
  const problem = input.problem();
  if (problem?.code === 'line-too-long') {
    return damaged(path, problem.detail.line ?? 0, 'it is longer than any fact of this run');
  }
  if (problem !== undefined) return { ok: false, problem };
  const sealed = await seal();
  if (!sealed.ok) return sealed;
  waiting.push(encodeIndex(chunks.index, chunks.index.end, counts));
  return await flush();
}

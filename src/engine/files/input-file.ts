// Opens the file that a run sends and reads its lines a chunk at a time, whatever its size. Anything but a regular file
// is refused before it is read; a change while it is read is detected.

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';

import type { Problem, Result } from '../../shared/result.ts';
import { succeeded } from '../../shared/result.ts';
import { createLineFramer } from '../net/line-framer.ts';
import type { FramedLine, LineFramer } from '../net/line-framer.ts';
import { lineTooLongProblem } from '../net/problems.ts';
import { folderProblem, kindName, notRegularProblem, readProblem } from './file-problems.ts';

export interface InputLine {
  /** Number of the line, the first is 1. */
  readonly line: number;
  /** Without its LF; a CR before the LF is part of it. */
  readonly bytes: Buffer;
  /** False only for a last line without LF. */
  readonly terminated: boolean;
}

export interface LineReader {
  /**
   * The next line, undefined after the last one: directly where it is in memory, as a promise where it has to be read.
   * Must not be called again before that promise has settled.
   */
  next(): InputLine | undefined | Promise<InputLine | undefined>;
}

export interface InputFile {
  readonly path: string;
  /** The file's name without its folder. */
  readonly name: string;
  /** Its size when it was opened. */
  readonly bytes: number;
  /** Reads the lines, once, as `reader` does. */
  lines(maxLineBytes: number, signal?: AbortSignal): AsyncGenerator<InputLine, void, void>;
  /**
   * Reads the lines, once. They end early where a line is over `maxLineBytes`, the file changed or the disk failed:
   * `problem()` then returns the reason. A last line without LF is returned only after a check that the file did not
   * change. A line over the limit is read to its end to measure it, unless `signal` is aborted.
   */
  reader(maxLineBytes: number, signal?: AbortSignal): LineReader;
  /** Why the lines ended early, or undefined. */
  problem(): Problem | undefined;
  close(): Promise<void>;
}

/** Large enough that reading is cheap beside the sockets, small enough not to block the event loop. */
const CHUNK_BYTES = 256 * 1024;

/** A search for the next LF alone can read larger chunks. */
const MEASURING_BYTES = 4 * 1024 * 1024;

/**
 * O_NONBLOCK: opening a FIFO without it would block a thread of the process for good. On Windows both flags are
 * undefined, which counts as no bits.
 */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** Opens `path` for reading, if it is a regular file. */
export async function openInput(path: string): Promise<Result<InputFile>> {
  let handle: FileHandle;
  try {
    handle = await open(path, OPEN_FLAGS);
  } catch (error) {
    return { ok: false, problem: readProblem(error, path) };
  }
  try {
    const before = await stateOf(handle);
    if (!before.regular) {
      await handle.close();
      const problem = before.isDirectory ? folderProblem(path) : notRegularProblem(path, before.kind);
      return { ok: false, problem };
    }
    return succeeded(inputFile(handle, path, before));
  } catch (error) {
    await handle.close();
    return { ok: false, problem: readProblem(error, path) };
  }
}

interface FileState {
  readonly regular: boolean;
  readonly isDirectory: boolean;
  readonly kind: string;
  readonly bytes: number;
  readonly modifiedNs: bigint;
}

async function stateOf(handle: FileHandle): Promise<FileState> {
  const stat = await handle.stat({ bigint: true });
  return {
    regular: stat.isFile(),
    isDirectory: stat.isDirectory(),
    kind: kindName(stat),
    bytes: Number(stat.size),
    modifiedNs: stat.mtimeNs,
  };
}

function inputFile(handle: FileHandle, path: string, before: FileState): InputFile {
  let problem: Problem | undefined;

  const readChunk = async (chunk: Buffer, position: number): Promise<Buffer> => {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    return chunk.subarray(0, bytesRead);
  };

  const changedProblem = (): Problem => ({
    code: 'file-changed',
    message: `${path} was changed while it was read. Run again when nothing writes to it.`,
    detail: { path, bytes: before.bytes },
  });

  /** Reads to the end of a line over the limit, without keeping it, to measure it. */
  const measureOn = async (framer: LineFramer, from: number, signal?: AbortSignal): Promise<void> => {
    const memory = Buffer.allocUnsafeSlow(MEASURING_BYTES);
    let position = from;
    while (framer.tooLong?.whole === false && signal?.aborted !== true) {
      const chunk = await readChunk(memory, position);
      position += chunk.length;
      if (chunk.length === 0 || position > before.bytes) framer.end();
      else framer.push(chunk);
    }
  };

  const reader = (maxLineBytes: number, signal?: AbortSignal): LineReader => {
    const framer = createLineFramer(maxLineBytes);
    let position = 0;
    let line = 0;
    let found: readonly FramedLine[] = [];
    let nextFound = 0;
    let over = false;

    const take = (): InputLine | undefined => {
      const next = found[nextFound];
      if (next === undefined) return undefined;
      nextFound += 1;
      line += 1;
      return { line, bytes: next.bytes, terminated: next.terminated };
    };
    const endBy = (why: Problem): void => {
      problem = why;
      over = true;
    };
    /** Reads chunks until one contains the end of a line, or to the end of the file. */
    const readOn = async (): Promise<InputLine | undefined> => {
      for (;;) {
        // A new buffer for each chunk, because lines share its memory.
        const chunk = await readChunk(Buffer.allocUnsafeSlow(CHUNK_BYTES), position);
        position += chunk.length;
        if (position > before.bytes) {
          endBy(changedProblem());
          return;
        }
        if (chunk.length === 0) break;
        found = framer.push(chunk);
        nextFound = 0;
        const first = take();
        if (first !== undefined) return first;
        if (framer.tooLong !== undefined) {
          await tooLong(framer.tooLong.line);
          return;
        }
      }
      over = true;
      const after = await stateOf(handle);
      const changed =
        position !== before.bytes || after.bytes !== before.bytes || after.modifiedNs !== before.modifiedNs;
      if (changed) {
        endBy(changedProblem());
        return;
      }
      const last = framer.end();
      return last === undefined ? undefined : { line: line + 1, ...last };
    };
    const tooLong = async (number: number): Promise<undefined> => {
      await measureOn(framer, position, signal);
      const { tooLong: measured } = framer;
      if (measured === undefined) return;
      endBy(lineTooLongProblem(`Line ${number} of ${path}`, measured, maxLineBytes));
    };
    const orProblem = async (
      reading: () => Promise<InputLine | undefined>,
    ): Promise<InputLine | undefined> => {
      try {
        return await reading();
      } catch (error) {
        endBy(readProblem(error, path));
        return;
      }
    };

    return {
      next() {
        if (over) return undefined;
        const line = take();
        if (line !== undefined) return line;
        const long = framer.tooLong?.line;
        return orProblem(long === undefined ? readOn : () => tooLong(long));
      },
    };
  };

  async function* lines(maxLineBytes: number, signal?: AbortSignal): AsyncGenerator<InputLine, void, void> {
    const read = reader(maxLineBytes, signal);
    for (let line = await read.next(); line !== undefined; line = await read.next()) yield line;
  }

  return {
    path,
    name: basename(path),
    bytes: before.bytes,
    lines,
    reader,
    problem: () => problem,
    close: () => handle.close(),
  };
}

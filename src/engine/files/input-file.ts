// Opens the file that a run sends and reads its lines, a chunk at a time, whatever its size. A file that is no regular
// file is refused before anything is read; one that changes while it is read is noticed. Hands lines on to experiments/.

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';

import type { Problem, Result } from '../../shared/result.ts';
import { succeeded } from '../../shared/result.ts';
import { createLineFramer } from '../net/line-framer.ts';
import type { LineFramer } from '../net/line-framer.ts';
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

export interface InputFile {
  readonly path: string;
  /** The file's own name, without its folder. */
  readonly name: string;
  /** Its size when it was opened. */
  readonly bytes: number;
  /**
   * The lines, once. Ends early where a line is over `maxLineBytes`, the file changed or the disk failed: `problem()`
   * then says so. A last line without LF is given only after it is known that the file did not change.
   */
  lines(maxLineBytes: number): AsyncGenerator<InputLine, void, void>;
  /** Why the lines ended early, or undefined. */
  problem(): Problem | undefined;
  close(): Promise<void>;
}

/** Large enough that reading costs nothing beside the sockets, small enough to never hold up the event loop. */
const CHUNK_BYTES = 256 * 1024;

/** Looking for nothing but the next LF may go in larger steps. */
const MEASURING_BYTES = 4 * 1024 * 1024;

/**
 * O_NONBLOCK: opening a FIFO without it would block a thread of the process for good. Windows has neither flag: there
 * they are undefined, which counts as no bits.
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

  /** Reads on to the end of a line that is over the limit, without keeping it, to know how long it is. */
  const measureOn = async (framer: LineFramer, from: number): Promise<void> => {
    const memory = Buffer.allocUnsafeSlow(MEASURING_BYTES);
    let position = from;
    while (framer.tooLong?.whole === false) {
      const chunk = await readChunk(memory, position);
      position += chunk.length;
      if (chunk.length === 0 || position > before.bytes) framer.end();
      else framer.push(chunk);
    }
  };

  async function* lines(maxLineBytes: number): AsyncGenerator<InputLine, void, void> {
    const framer = createLineFramer(maxLineBytes);
    let position = 0;
    let line = 0;
    try {
      for (;;) {
        // Memory of its own for each chunk, because lines point into it.
        const chunk = await readChunk(Buffer.allocUnsafeSlow(CHUNK_BYTES), position);
        position += chunk.length;
        if (position > before.bytes) {
          problem = changedProblem();
          return;
        }
        if (chunk.length === 0) break;
        for (const found of framer.push(chunk)) {
          line += 1;
          yield { line, bytes: found.bytes, terminated: found.terminated };
        }
        if (framer.tooLong !== undefined) {
          await measureOn(framer, position);
          problem = lineTooLongProblem(
            `Line ${framer.tooLong.line} of ${path}`,
            framer.tooLong,
            maxLineBytes,
          );
          return;
        }
      }
      const after = await stateOf(handle);
      if (
        position !== before.bytes ||
        after.bytes !== before.bytes ||
        after.modifiedNs !== before.modifiedNs
      ) {
        problem = changedProblem();
        return;
      }
    } catch (error) {
      problem = readProblem(error, path);
      return;
    }
    const last = framer.end();
    if (last !== undefined) yield { line: line + 1, bytes: last.bytes, terminated: last.terminated };
  }

  return {
    path,
    name: basename(path),
    bytes: before.bytes,
    lines,
    problem: () => problem,
    close: () => handle.close(),
  };
}

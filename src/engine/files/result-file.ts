// The file in which a run's result grows. Replies are buffered and written in large pieces, each completely or with a
// problem.

import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Problem, Result } from '../../shared/result.ts';
import { succeeded } from '../../shared/result.ts';
import { temporaryProblem } from './file-problems.ts';
import { writeWhole } from './whole-write.ts';

export interface ResultFile {
  /**
   * Adds a reply and, where `terminated`, its LF. Returns a promise while a piece is written: await it before the next
   * reply. It resolves to the problem where the write failed.
   */
  add(reply: Buffer, terminated: boolean): Promise<Problem | undefined> | undefined;
  /** How many bytes are written to the file. */
  bytes(): number;
  /** Writes the rest, closes the file and returns the first problem, if any. A second call returns the same. */
  close(): Promise<Problem | undefined>;
}

const PIECE_BYTES = 256 * 1024;
const LF = 0x0a;

/** Creates the file, which must not exist yet, for this user alone. */
export async function createResultFile(path: string): Promise<Result<ResultFile>> {
  try {
    return succeeded(resultFile(await open(path, 'wx', 0o600), path));
  } catch (error) {
    return { ok: false, problem: temporaryProblem(error, dirname(path), path) };
  }
}

function resultFile(handle: FileHandle, path: string): ResultFile {
  let piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  let filled = 0;
  let written = 0;
  let problem: Problem | undefined;

  async function flush(rest?: Buffer): Promise<Problem | undefined> {
    const full = piece.subarray(0, filled);
    // A new buffer: the one that is being written must not change.
    if (rest !== undefined) piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    filled = 0;
    for (const bytes of rest === undefined ? [full] : [full, rest]) {
      if (problem !== undefined) break;
      const outcome = await writeWhole(handle, bytes, written);
      written += outcome.bytes;
      if (outcome.error !== undefined) problem = temporaryProblem(outcome.error, dirname(path), path);
    }
    return problem;
  }

  async function close(): Promise<Problem | undefined> {
    await flush();
    try {
      const { size } = await handle.stat();
      if (problem === undefined && size !== written) {
        problem = {
          code: 'save-failed',
          message: `${path} has ${size} bytes on the disk and should have ${written}. Check the disk and run again.`,
          detail: { path, bytes: size },
        };
      }
      await handle.close();
    } catch (error) {
      problem ??= temporaryProblem(error, dirname(path), path);
    }
    return problem;
  }

  let closing: Promise<Problem | undefined> | undefined;
  return {
    add(reply, terminated) {
      const bytes = reply.length + (terminated ? 1 : 0);
      if (filled + bytes <= PIECE_BYTES) {
        piece.set(reply, filled);
        if (terminated) piece[filled + reply.length] = LF;
        filled += bytes;
        return undefined;
      }
      return flush(terminated ? Buffer.concat([reply, LF_BYTES]) : reply);
    },
    bytes: () => written,
    close() {
      closing ??= close();
      return closing;
    },
  };
}

const LF_BYTES = Buffer.from([LF]);

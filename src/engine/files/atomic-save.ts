// Saves a file atomically: at any moment either the old target or the whole new one exists, and nothing
// beside it. Libraries for this treat a short write on a full disk as success; here the byte counts are compared before
// the rename.

import { constants, rmSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { open, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { Problem, Result } from '../../shared/result.ts';
import { succeeded } from '../../shared/result.ts';
import { cancelledProblem } from '../net/problems.ts';
import { systemErrorOf } from '../system/system-error.ts';
import {
  folderProblem,
  kindName,
  notRegularProblem,
  pathProblem,
  readProblem,
  writeProblem,
} from './file-problems.ts';
import { followLinks, isSameFile } from './same-file.ts';
import { writeWhole } from './whole-write.ts';

export interface SavedFile {
  /** The file that was written: the real one where the target is a symbolic link. */
  readonly path: string;
  readonly bytes: number;
}

export interface SaveOptions {
  /** A file that must not be replaced under any of its names (see `isSameFile`): the input of the run. */
  readonly notOver?: string;
  /** An abort cancels the copying; the save fails with the problem that is the abort's reason. */
  readonly signal?: AbortSignal;
}

export interface CopyOptions extends SaveOptions {
  /** Only so many of the first bytes are copied. */
  readonly upTo?: number;
  /** What is written behind the copied bytes. */
  readonly tail?: Uint8Array;
}

const COPY_BYTES = 1024 * 1024;

/**
 * Copies `from` to `to` atomically. A symbolic link is followed to its file; an existing file keeps its mode; a target
 * that exists and is not a regular file is refused. On any failure the old target is unchanged.
 */
export async function saveAtomically(
  from: string,
  to: string,
  options: CopyOptions = {},
): Promise<Result<SavedFile>> {
  const checked = await checkTarget(to, options);
  if (!checked.ok) return checked;
  const { path } = checked.value;

  let source: FileHandle;
  try {
    source = await open(from, 'r');
  } catch (error) {
    return { ok: false, problem: readProblem(error, from) };
  }
  try {
    return await replaceWith(checked.value, (copy) => copyAll(source, from, copy, path, options));
  } finally {
    await source.close();
  }
}

/** Writes `bytes` to `to` atomically; everything else is as with `saveAtomically`. */
export async function writeAtomically(
  bytes: Uint8Array,
  to: string,
  options: SaveOptions = {},
): Promise<Result<SavedFile>> {
  const checked = await checkTarget(to, options);
  if (!checked.ok) return checked;
  const { path } = checked.value;
  return await replaceWith(checked.value, async (copy) => {
    const written = await writeWhole(copy, bytes, 0);
    return written.error === undefined
      ? succeeded(written.bytes)
      : { ok: false, problem: writeProblem(written.error, path, dirname(path)) };
  });
}

/** The file that a save would write. `mode` is that of the existing file. */
export interface SaveTarget {
  readonly path: string;
  readonly mode: number | undefined;
}

/** Checks without writing whether the target may be created or replaced. */
export async function checkTarget(to: string, options: SaveOptions = {}): Promise<Result<SaveTarget>> {
  let path: string;
  try {
    path = await followLinks(to);
  } catch (error) {
    return { ok: false, problem: writeProblem(error, to, dirname(to)) };
  }
  const folder = dirname(path);
  try {
    const inFolder = await stat(folder);
    if (!inFolder.isDirectory()) return missingFolder(to, folder);
  } catch (error) {
    return { ok: false, problem: writeProblem(error, to, folder) };
  }
  const there = await existing(path, to);
  if (!there.ok) return there;
  if (there.value === undefined) return succeeded({ path, mode: undefined });
  if (there.value.isDirectory()) return { ok: false, problem: folderProblem(to) };
  if (!there.value.isFile()) return { ok: false, problem: notRegularProblem(to, kindName(there.value)) };
  if (options.notOver !== undefined && (await isSameFile(path, options.notOver))) {
    return pathProblem(
      'target-is-input',
      to,
      `${to} is the input file itself. Choose another name, so that the input stays as it is.`,
    );
  }
  // Renaming over a write-protected file would succeed, but its owner wants it kept.
  try {
    const handle = await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    await handle.close();
  } catch {
    return pathProblem(
      'not-writable',
      to,
      `${to} is there and is write-protected. Choose another name or change its permissions.`,
    );
  }
  return succeeded({ path, mode: there.value.mode & 0o7777 });
}

function missingFolder(to: string, folder: string): Result<never> {
  return pathProblem(
    'save-failed',
    to,
    `${to} cannot be written: ${folder} is no folder. Choose another one.`,
  );
}

async function existing(path: string, to: string): Promise<Result<Stats | undefined>> {
  try {
    return succeeded(await stat(path));
  } catch (error) {
    if (systemErrorOf(error).code === 'ENOENT') return succeeded(undefined);
    return { ok: false, problem: writeProblem(error, to, dirname(path)) };
  }
}

/** Fills a temporary file beside the target and renames it over the target. `fill` returns the number of its bytes. */
async function replaceWith(
  { path, mode }: SaveTarget,
  fill: (copy: FileHandle) => Promise<Result<number>>,
): Promise<Result<SavedFile>> {
  const folder = dirname(path);
  // Loaded on demand: the start of the app loads this file and would wait for it.
  const { randomBytes } = await import('node:crypto');
  // A hidden file with a short name: the target's name may be as long as the file system allows.
  const temporary = join(folder, `.socketscope-${randomBytes(6).toString('hex')}.tmp`);
  // A process that exits during the copy leaves no temporary file either.
  const removeSync = (): void => {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // The process exits for another reason, which must be reported instead.
    }
  };
  process.once('exit', removeSync);
  let copy: FileHandle;
  try {
    copy = await open(temporary, 'wx', mode === undefined ? 0o666 : 0o600);
  } catch (error) {
    process.removeListener('exit', removeSync);
    return { ok: false, problem: writeProblem(error, path, folder) };
  }
  try {
    let bytes: Result<number>;
    try {
      bytes = await fill(copy);
      if (bytes.ok) {
        if (mode !== undefined) await copy.chmod(mode);
        await copy.sync();
      }
    } finally {
      await copy.close();
    }
    if (!bytes.ok) {
      await removeQuietly(temporary);
      return bytes;
    }
    await renameStubbornly(temporary, path);
    await syncFolder(folder);
    return succeeded({ path, bytes: bytes.value });
  } catch (error) {
    await removeQuietly(temporary);
    return { ok: false, problem: writeProblem(error, path, folder) };
  } finally {
    process.removeListener('exit', removeSync);
  }
}

async function copyAll(
  source: FileHandle,
  from: string,
  copy: FileHandle,
  path: string,
  { signal, upTo = Infinity, tail = new Uint8Array(0) }: CopyOptions,
): Promise<Result<number>> {
  const chunk = Buffer.allocUnsafeSlow(COPY_BYTES);
  let copied = 0;
  for (;;) {
    if (signal?.aborted === true) return { ok: false, problem: cancelledProblem(signal) };
    let bytesRead: number;
    try {
      ({ bytesRead } = await source.read(chunk, 0, Math.min(COPY_BYTES, upTo - copied), copied));
    } catch (error) {
      return { ok: false, problem: readProblem(error, from) };
    }
    if (bytesRead === 0) break;
    const { bytes, error } = await writeWhole(copy, chunk.subarray(0, bytesRead), copied);
    copied += bytes;
    if (error !== undefined) return { ok: false, problem: writeProblem(error, path, dirname(path)) };
  }
  const behind = await writeWhole(copy, tail, copied);
  copied += behind.bytes;
  if (behind.error !== undefined) {
    return { ok: false, problem: writeProblem(behind.error, path, dirname(path)) };
  }
  const [{ size }, got] = await Promise.all([source.stat(), copy.stat()]);
  const wanted = (upTo === Infinity ? size : upTo) + tail.length;
  if (wanted !== got.size || got.size !== copied) {
    const problem: Problem = {
      code: 'save-failed',
      message: `${basename(path)} was not saved: ${wanted} bytes were wanted and ${got.size} arrived on the disk. Check the disk and save again.`,
      detail: { path, bytes: got.size },
    };
    return { ok: false, problem };
  }
  return succeeded(copied);
}

/** On Windows a virus scanner or an indexer may hold the target for a moment. */
async function renameStubbornly(from: string, to: string): Promise<void> {
  const passing: readonly string[] = ['EPERM', 'EBUSY', 'EACCES'];
  for (let waitMs = 10; ; waitMs *= 2) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const retry =
        process.platform === 'win32' && waitMs <= 1280 && passing.includes(systemErrorOf(error).code);
      if (!retry) throw error;
      await pause(waitMs);
    }
  }
}

/** Makes the rename itself durable. Not every system lets a folder be opened or synced: the file itself is safe. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows and some network file systems refuse; the file itself is synced.
  }
}

async function removeQuietly(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch {
    // The failure that led here is the one to report.
  }
}

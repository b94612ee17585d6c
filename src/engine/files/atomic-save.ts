// Saves a copy of a file so that at any moment either the old target or the whole new one is there, and nothing beside
// it. Libraries for this take a short write on a full disk for success; here the byte counts are compared before the
// rename. The window and the terminal save results and traces with it.

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

export interface Saved {
  /** The file that was written: the real one where the target is a symbolic link. */
  readonly path: string;
  readonly bytes: number;
}

export interface SaveOptions {
  /** A file that must not be replaced, whatever name it goes by (see `isSameFile`): the input of the run. */
  readonly notOver?: string;
  /** Gives the save up while the copy grows, with the problem that the abort gave as its reason. */
  readonly signal?: AbortSignal;
}

const COPY_BYTES = 1024 * 1024;

/**
 * Copies `from` to `to` atomically. A symbolic link is followed to the file it names; an existing file keeps its mode;
 * anything that is there and is no regular file is refused. On any failure the old target is as it was.
 */
export async function saveAtomically(
  from: string,
  to: string,
  options: SaveOptions = {},
): Promise<Result<Saved>> {
  const checked = await checkTarget(to, options);
  if (!checked.ok) return checked;
  const { path, mode } = checked.value;

  let source: FileHandle;
  try {
    source = await open(from, 'r');
  } catch (error) {
    return { ok: false, problem: readProblem(error, from) };
  }
  try {
    return await copyAndRename(source, from, { path, mode, signal: options.signal });
  } finally {
    await source.close();
  }
}

/** Where a save would go. `mode` is that of the file which is there already. */
export interface SaveTarget {
  readonly path: string;
  readonly mode: number | undefined;
}

/** The checks that need no writing: is the target one that may be written or replaced. */
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
  // Renaming over it would need no right to write it: who protected a file from writing wants it kept.
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

async function copyAndRename(
  source: FileHandle,
  from: string,
  { path, mode, signal }: SaveTarget & { readonly signal: AbortSignal | undefined },
): Promise<Result<Saved>> {
  const folder = dirname(path);
  // Loaded where it is needed: the window, whose start loads this file, would wait for it.
  const { randomBytes } = await import('node:crypto');
  // Hidden, and of its own short name: the target's may be as long as the file system allows.
  const temporary = join(folder, `.socketscope-${randomBytes(6).toString('hex')}.tmp`);
  // A program that ends in the middle, as for somebody who does not want to wait, leaves nothing beside the target either.
  const removeAtOnce = (): void => {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // It ends for another reason, which the person has to know.
    }
  };
  process.once('exit', removeAtOnce);
  let copy: FileHandle;
  try {
    copy = await open(temporary, 'wx', mode === undefined ? 0o666 : 0o600);
  } catch (error) {
    process.removeListener('exit', removeAtOnce);
    return { ok: false, problem: writeProblem(error, path, folder) };
  }
  try {
    let bytes: Result<number>;
    try {
      bytes = await copyAll(source, from, copy, path, signal);
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
    process.removeListener('exit', removeAtOnce);
  }
}

async function copyAll(
  source: FileHandle,
  from: string,
  copy: FileHandle,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Result<number>> {
  const chunk = Buffer.allocUnsafeSlow(COPY_BYTES);
  let copied = 0;
  for (;;) {
    if (signal?.aborted === true) return { ok: false, problem: cancelledProblem(signal) };
    let bytesRead: number;
    try {
      ({ bytesRead } = await source.read(chunk, 0, COPY_BYTES, copied));
    } catch (error) {
      return { ok: false, problem: readProblem(error, from) };
    }
    if (bytesRead === 0) break;
    const { bytes, error } = await writeWhole(copy, chunk.subarray(0, bytesRead), copied);
    copied += bytes;
    if (error !== undefined) return { ok: false, problem: writeProblem(error, path, dirname(path)) };
  }
  const [wanted, got] = await Promise.all([source.stat(), copy.stat()]);
  if (wanted.size !== got.size || got.size !== copied) {
    const problem: Problem = {
      code: 'save-failed',
      message: `${basename(path)} was not saved: ${wanted.size} bytes were wanted and ${got.size} arrived on the disk. Check the disk and save again.`,
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
    // Windows and some network file systems refuse; nothing is lost by that.
  }
}

async function removeQuietly(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch {
    // The failure that led here is what the person has to know.
  }
}

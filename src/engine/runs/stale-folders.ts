// Removes the run folders of programs that were killed before they could remove them.

import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hasEnded } from '../system/process-mark.ts';
import { isLeftToThePerson, markInName } from './run-folder.ts';

export interface SweepResult {
  readonly removed: readonly string[];
  /** Folders that could not be inspected or removed, with the reason; they stay for the next start. */
  readonly failed: readonly { readonly path: string; readonly cause: unknown }[];
}

/**
 * Searches the system's folder for temporary files. Removes only a real folder of this user whose name is that of a run
 * folder, whose process has ended, and that was not left to the person. Never rejects.
 */
export async function removeStaleFolders(): Promise<SweepResult> {
  const parent = tmpdir();
  const removed: string[] = [];
  const failed: { readonly path: string; readonly cause: unknown }[] = [];
  let names: readonly string[] = [];
  try {
    names = await readdir(parent);
  } catch (cause) {
    failed.push({ path: parent, cause });
  }
  // One after the other: nothing waits for this, and a run may need the disk.
  for (const name of names) {
    const mark = markInName(name);
    if (mark === undefined) continue;
    const path = join(parent, name);
    try {
      if (!(await isOwnFolder(path)) || !(await hasEnded(mark)) || (await isLeftToThePerson(path))) continue;
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      removed.push(path);
    } catch (cause) {
      failed.push({ path, cause });
    }
  }
  return { removed, failed };
}

/** Any user may create files in the folder for temporary files, also links to other places. */
async function isOwnFolder(path: string): Promise<boolean> {
  const found = await lstat(path);
  // Windows has no user ids; there the folder for temporary files is the user's own.
  return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
}

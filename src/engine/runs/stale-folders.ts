// Removes the folders of runs whose program was killed before it could remove them itself. app.ts calls it at the
// start, when the window is there; run-folder.ts makes the folders and names them.

import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hasEnded } from '../system/process-mark.ts';
import { isLeftToThePerson, markInName } from './run-folder.ts';

export interface Swept {
  readonly removed: readonly string[];
  /** What could not be looked at or removed, with the reason; it stays for the next start. */
  readonly failed: readonly { readonly path: string; readonly cause: unknown }[];
}

/**
 * Looks through the system's place for temporary files. Only a real folder of this user's, named as run-folder.ts names
 * them, goes, and only if its process has ended and did not leave it to the person. Never rejects.
 */
export async function removeStaleFolders(): Promise<Swept> {
  const parent = tmpdir();
  const removed: string[] = [];
  const failed: { readonly path: string; readonly cause: unknown }[] = [];
  let names: readonly string[] = [];
  try {
    names = await readdir(parent);
  } catch (cause) {
    failed.push({ path: parent, cause });
  }
  // One after the other: nobody waits for this, and the disk is the run's.
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

/** Everybody may put something into that place, a link to elsewhere, too. */
async function isOwnFolder(path: string): Promise<boolean> {
  const found = await lstat(path);
  // Windows has no such ids; there the place is the user's own.
  return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
}

// The files opened and the runs saved most recently, in recent.json in the user's data folder. A page names one by its
// number, never by its path.

import { basename, dirname } from 'node:path';

import { z } from 'zod';

import type { RecentFile } from '../../shared/ipc.ts';
import { createJsonFileWriter, readJsonFile, type Warn } from '../settings/json-file.ts';

/** The oldest file is dropped where there are more. */
const MAX_FILES = 10;

const KEPT = z.array(z.object({ path: z.string().min(1), kind: z.enum(['input', 'run']) })).max(1_000);

type Kept = z.infer<typeof KEPT>[number];

export interface RecentFiles {
  /** The newest first. */
  readonly files: readonly RecentFile[];
  pathOf(id: number): string | undefined;
  /** Adds a file as the newest; resolves when the list is on the disk. */
  add(path: string, kind: RecentFile['kind']): Promise<void>;
  /** Removes a file that no longer exists. */
  drop(path: string): Promise<void>;
  clear(): Promise<void>;
}

/** Reads the list. `changed` is called after each change, not after reading. */
export function openRecentFiles(
  path: string,
  warn: Warn,
  changed: (files: readonly RecentFile[]) => void,
): RecentFiles {
  const kept = readJsonFile<readonly Kept[]>(
    path,
    [],
    (found) => {
      const read = KEPT.safeParse(found);
      return read.success ? { value: read.data } : { value: [], damage: 'it holds no list of files' };
    },
    warn,
  );
  const writer = createJsonFileWriter(path, warn);
  let lastId = 0;
  let entries = kept.slice(0, MAX_FILES).map((file) => ({ ...file, id: (lastId += 1) }));

  function files(): readonly RecentFile[] {
    return entries.map(({ id, path: where, kind }) => ({
      id,
      name: basename(where),
      folder: dirname(where),
      kind,
    }));
  }
  function replace(next: typeof entries): Promise<void> {
    entries = next;
    changed(files());
    return writer.write(entries.map(({ path: where, kind }) => ({ path: where, kind })));
  }
  return {
    get files() {
      return files();
    },
    pathOf: (id) => entries.find((entry) => entry.id === id)?.path,
    add(added, kind) {
      const others = entries.filter((entry) => entry.path !== added);
      return replace([{ path: added, kind, id: (lastId += 1) }, ...others].slice(0, MAX_FILES));
    },
    drop: (gone) => replace(entries.filter((entry) => entry.path !== gone)),
    clear: () => replace([]),
  };
}

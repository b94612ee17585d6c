// Which of the runs since the start are kept: the newest ones, as far as the disk has room for them.

import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/** The run that is shown among them. */
const MAX_RUNS = 8;

const MAX_BYTES = 1024 ** 3;

/** A run with the size of its files. */
export interface SizedRun {
  readonly isShown: boolean;
  readonly bytes: number;
}

/** The runs that have to go, of runs in their order: all before the newest `MAX_RUNS`, and before those of `room` bytes. */
export function leastRecent<Run extends SizedRun>(runs: readonly Run[], room: number): readonly Run[] {
  let left = MAX_RUNS - runs.filter(({ isShown }) => isShown).length;
  let bytes = 0;
  return runs
    .filter(({ isShown }) => !isShown)
    .reverse()
    .filter((run) => {
      left -= 1;
      bytes += run.bytes;
      return left < 0 || bytes > room;
    });
}

/** How many bytes the runs that are not shown may have: never more than what is free beside them. */
export async function roomForRuns(): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(tmpdir());
    return Math.min(MAX_BYTES, bavail * bsize);
  } catch {
    return MAX_BYTES;
  }
}

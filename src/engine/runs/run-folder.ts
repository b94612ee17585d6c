// A run's own folder in the system's folder for temporary files. It holds the growing result and the trace until they
// are saved or the run is discarded.

import { rmSync, writeFileSync } from 'node:fs';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Result } from '../../shared/result.ts';
import { succeeded } from '../../shared/result.ts';
import { systemErrorOf } from '../system/system-error.ts';
import { temporaryProblem } from '../files/file-problems.ts';
import { traceNameFor } from '../files/names.ts';
import { resultNameFor } from '../../shared/file-name.ts';
import { MARK_PATTERN, markOfThisProcess } from '../system/process-mark.ts';

const PREFIX = 'socketscope-';
/** The prefix, the mark of the process, and the suffix of mkdtemp(). */
const NAME = new RegExp(`^${PREFIX}(${MARK_PATTERN})-[A-Za-z0-9]{6}$`);
/** The file that marks a folder as left to the person. */
const LEFT = 'left-to-the-person';
/** Appends nothing, because the result may have this name. */
const LEAVING = { flag: 'a' } as const;
const REMOVING = { recursive: true, force: true, maxRetries: 3 } as const;

export interface RunFolder {
  readonly path: string;
  /** Where the result grows, under the name that a save will suggest. */
  readonly resultPath: string;
  /** Where the trace is recorded. */
  readonly tracePath: string;
  /** Where the built-in sample is written, if it is the input: in a folder of its own, which does not exist yet. */
  readonly samplePath: string;
  /** Removes the folder and its contents. A missing folder is not an error. */
  remove(): Promise<void>;
  /** Marks the folder so that it is kept after this process ends: the person is told where it is. */
  leave(): Promise<void>;
  /** Synchronous `remove` and `leave`, for a process that exits at once. Throw the error of the system call. */
  removeSync(): void;
  leaveSync(): void;
}

/**
 * Creates the folder of a run, for this user alone (mode 700). The default for `resultName` is derived from
 * `inputName`.
 */
export async function createRunFolder(
  inputName: string,
  resultName: string = resultNameFor(inputName),
): Promise<Result<RunFolder>> {
  const parent = tmpdir();
  let path: string;
  try {
    path = await mkdtemp(join(parent, `${PREFIX}${await markOfThisProcess()}-`));
  } catch (error) {
    return { ok: false, problem: temporaryProblem(error, parent) };
  }
  return succeeded({
    path,
    resultPath: join(path, resultName),
    tracePath: join(
      path,
      besides(resultName, traceNameFor(inputName), 'run.socketscope', 'trace.socketscope'),
    ),
    samplePath: join(path, besides(resultName, 'sample', 'input'), inputName),
    remove: () => rm(path, REMOVING),
    leave: () => writeFile(join(path, LEFT), '', LEAVING),
    removeSync: () => {
      rmSync(path, REMOVING);
    },
    leaveSync: () => {
      writeFileSync(join(path, LEFT), '', LEAVING);
    },
  });
}

/** The mark of the process that created the folder of this name; undefined where it is not a run folder. */
export function markInName(name: string): string | undefined {
  return NAME.exec(name)?.[1];
}

/** Whether this folder was left to the person. Throws where that cannot be read. */
export async function isLeftToThePerson(path: string): Promise<boolean> {
  try {
    await access(join(path, LEFT));
    return true;
  } catch (error) {
    if (systemErrorOf(error).code === 'ENOENT') return false;
    throw error;
  }
}

/** The first of these names that differs from `resultName`, which the person chose; some file systems ignore case. */
function besides(resultName: string, ...names: readonly [string, ...string[]]): string {
  const taken = resultName.toLowerCase();
  return names.find((name) => name.toLowerCase() !== taken) ?? names[0];
}

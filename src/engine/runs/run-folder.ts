// A run's own folder in the system's place for temporary files: the growing result and the trace live here until they
// are saved or the run is thrown away. Made by whoever starts a run: documents/current-run.ts or the terminal command. What a killed
// one leaves is removed by stale-folders.ts.

import { rmSync, writeFileSync } from 'node:fs';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Result } from '../../shared/result.ts';
import { succeeded } from '../../shared/result.ts';
import { systemErrorOf } from '../system/system-error.ts';
import { temporaryProblem } from '../files/file-problems.ts';
import { resultNameFor, traceNameFor } from '../files/names.ts';
import { MARK_PATTERN, markOfThisProcess } from '../system/process-mark.ts';

const PREFIX = 'socketscope-';
/** The prefix, the mark of the process, and what mkdtemp() adds. */
const NAME = new RegExp(`^${PREFIX}(${MARK_PATTERN})-[A-Za-z0-9]{6}$`);
/** A file in a folder that is left to the person. */
const LEFT = 'left-to-the-person';
/** Appends nothing: a person may have given the result this very name. */
const LEAVING = { flag: 'a' } as const;
const REMOVING = { recursive: true, force: true, maxRetries: 3 } as const;

export interface RunFolder {
  readonly path: string;
  /** Where the result grows, named as it will be offered. */
  readonly resultPath: string;
  /** Where the trace is recorded. */
  readonly tracePath: string;
  /** Where the built-in sample is written, where it is the input: in a folder of its own, which is not there yet. */
  readonly samplePath: string;
  /** Removes the folder and what is in it. Not finding it is no error. */
  remove(): Promise<void>;
  /** What is in the folder stays there, whatever becomes of this process: the person is told where it is. */
  leave(): Promise<void>;
  /** As `remove` and `leave`, done when they return: for a program that ends at once. Throw as the system does. */
  removeAtOnce(): void;
  leaveAtOnce(): void;
}

/**
 * Makes the folder, for this user alone (mode 700), for a run of the input of that name. The result is called
 * `resultName`, or as the input's name says where that is left out.
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
    removeAtOnce: () => {
      rmSync(path, REMOVING);
    },
    leaveAtOnce: () => {
      writeFileSync(join(path, LEFT), '', LEAVING);
    },
  });
}

/** The mark of the process that made the folder of this name; undefined where it is no folder of a run. */
export function markInName(name: string): string | undefined {
  return NAME.exec(name)?.[1];
}

/** Whether its process left this folder to the person. Throws where nobody can tell. */
export async function isLeftToThePerson(path: string): Promise<boolean> {
  try {
    await access(join(path, LEFT));
    return true;
  } catch (error) {
    if (systemErrorOf(error).code === 'ENOENT') return false;
    throw error;
  }
}

/** The first of these names that is not the result's: a person may have given it any. Not every system tells cases apart. */
function besides(resultName: string, ...names: readonly [string, ...string[]]): string {
  const taken = resultName.toLowerCase();
  return names.find((name) => name.toLowerCase() !== taken) ?? names[0];
}

// A run's own folder in the system's place for temporary files: the growing result and the trace live here until they
// are saved or the run is thrown away. Made by whoever starts a run: main/runs.ts or the terminal command.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Result } from '../../shared/result.ts';
import { succeeded } from '../../shared/result.ts';
import { writeProblem } from './file-problems.ts';
import { resultNameFor, traceNameFor } from './names.ts';

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
    path = await mkdtemp(join(parent, 'socketscope-'));
  } catch (error) {
    return { ok: false, problem: writeProblem(error, join(parent, 'socketscope-…'), parent) };
  }
  return succeeded({
    path,
    resultPath: join(path, resultName),
    tracePath: join(
      path,
      besides(resultName, traceNameFor(inputName), 'run.socketscope', 'trace.socketscope'),
    ),
    samplePath: join(path, besides(resultName, 'sample', 'input'), inputName),
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  });
}

/** The first of these names that is not the result's: a person may have given it any. Not every system tells cases apart. */
function besides(resultName: string, ...names: readonly [string, ...string[]]): string {
  const taken = resultName.toLowerCase();
  return names.find((name) => name.toLowerCase() !== taken) ?? names[0];
}

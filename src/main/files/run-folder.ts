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
  /** Removes the folder and what is in it. Not finding it is no error. */
  remove(): Promise<void>;
}

/** Makes the folder, for this user alone (mode 700), for a run of the input of that name. */
export async function createRunFolder(inputName: string): Promise<Result<RunFolder>> {
  const parent = tmpdir();
  let path: string;
  try {
    path = await mkdtemp(join(parent, 'socketscope-'));
  } catch (error) {
    return { ok: false, problem: writeProblem(error, join(parent, 'socketscope-…'), parent) };
  }
  return succeeded({
    path,
    resultPath: join(path, resultNameFor(inputName)),
    tracePath: join(path, traceNameFor(inputName)),
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  });
}

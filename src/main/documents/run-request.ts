// What can be asked to be run, how it is spoken of, and what it becomes for the thread that runs it: the person's settings
// come in here. open.ts asks, current-run.ts runs.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { RunInfo, Settings } from '../../shared/ipc.ts';
import { succeeded, type Result } from '../../shared/result.ts';
import type { RuntimeVersions } from '../../shared/trace/fact.ts';
import { temporaryProblem } from '../../engine/files/file-problems.ts';
import type { RunFolder } from '../../engine/runs/run-folder.ts';
import type { ExperimentToRun } from '../../engine/experiments/index.ts';
import { BOUNDARIES_SAMPLE_TEXT, SAMPLE_TEXT } from './sample.ts';
import { EXPERIMENTS, type ExperimentName } from '../../shared/experiments/definitions.ts';

/** What a run reads: a file of the person's, or, without a path, the built-in sample. */
export interface RunInput {
  readonly name: string;
  readonly bytes: number;
  readonly path?: string;
}

/** What reads a file. */
interface ReadingRequest {
  readonly experiment: 'file' | 'boundaries';
  readonly input: RunInput;
}

/** What is to be run: a file is read, greeting and text come from the settings. */
export type RunRequest =
  ReadingRequest | { readonly experiment: Exclude<ExperimentName, 'file' | 'boundaries'> };

/** How it is to be run, where that is not in the settings. */
export interface RunHow {
  readonly port?: number;
  /** Waits for a port that somebody has. */
  readonly wait?: true;
}

/** The name of a run in a sentence: `in-proj.txt`, `Welcome`. */
export function titleOf({ experiment, inputName }: Pick<RunInfo, 'experiment' | 'inputName'>): string {
  return experiment === 'file' ? inputName : EXPERIMENTS[experiment].title;
}

/** The same before there is a run. */
export function titleOfRequest(request: RunRequest): string {
  return request.experiment === 'file' ? request.input.name : EXPERIMENTS[request.experiment].title;
}

/** The file that is read, where one is. */
export function inputOf(request: RunRequest): RunInput | undefined {
  return 'input' in request ? request.input : undefined;
}

/** Where the input lies: the built-in sample is written below the run's folder and read as the file it then is. */
async function pathOf(
  { experiment, input }: ReadingRequest,
  { path, samplePath }: RunFolder,
): Promise<Result<string>> {
  if (input.path !== undefined) return succeeded(input.path);
  const text = experiment === 'boundaries' ? BOUNDARIES_SAMPLE_TEXT : SAMPLE_TEXT;
  try {
    await mkdir(dirname(samplePath));
    await writeFile(samplePath, text, { flag: 'wx' });
  } catch (error) {
    return { ok: false, problem: temporaryProblem(error, dirname(path)) };
  }
  return succeeded(samplePath);
}

/**
 * What is to be run, by the settings of this moment. The built-in sample is written into `folder` for it, which fails where
 * there is no room.
 */
export async function experimentOf(
  request: RunRequest,
  how: RunHow,
  folder: RunFolder,
  settings: Settings,
  runtime: RuntimeVersions,
): Promise<Result<ExperimentToRun>> {
  const inputPath = 'input' in request ? await pathOf(request, folder) : succeeded('');
  if (!inputPath.ok) return inputPath;
  return succeeded({
    name: request.experiment,
    options: {
      ...settings,
      port: how.port ?? settings.port,
      waitForPort: how.wait === true,
      handOvers: [settings.handOver],
      inputPath: inputPath.value,
      resultPath: folder.resultPath,
      runtime,
    },
  });
}

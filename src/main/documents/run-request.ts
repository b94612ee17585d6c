// The request for a run: what to run, its title, and the message to the thread that runs it, which includes the person's
// settings.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { RunInfo, Settings } from '../../shared/ipc.ts';
import { succeeded, type Result } from '../../shared/result.ts';
import type { RuntimeVersions } from '../../shared/trace/fact.ts';
import { temporaryProblem } from '../../engine/files/file-problems.ts';
import type { RunFolder } from '../../engine/runs/run-folder.ts';
import type { ExperimentToRun } from '../../engine/experiments/index.ts';
import { sampleTextFor } from './sample.ts';
import {
  EXPERIMENTS,
  portFor,
  type ExperimentName,
  type FileReaderName,
} from '../../shared/experiments/definitions.ts';

/** The input of a run: a file of the person's, or, without a path, the built-in sample. */
export interface RunInput {
  readonly name: string;
  readonly bytes: number;
  readonly path?: string;
}

/** A request for an experiment that reads a file. */
interface ReadingRequest {
  readonly experiment: FileReaderName;
  readonly input: RunInput;
}

/** What to run. The file is in the request, greeting and text come from the settings. */
export type RunRequest = ReadingRequest | { readonly experiment: Exclude<ExperimentName, FileReaderName> };

/** Options that are not in the settings. */
export interface RunHow {
  readonly port?: number;
  /** Waits for a port that is in use. */
  readonly wait?: true;
}

/** The name of a run in a sentence: `in-proj.txt`, `Welcome`. */
export function titleOf({ experiment, inputName }: Pick<RunInfo, 'experiment' | 'inputName'>): string {
  return experiment === 'file' ? inputName : EXPERIMENTS[experiment].title;
}

/** The title before there is a run. */
export function titleOfRequest(request: RunRequest): string {
  return request.experiment === 'file' ? request.input.name : EXPERIMENTS[request.experiment].title;
}

/** The input, where the experiment reads one. */
export function inputOf(request: RunRequest): RunInput | undefined {
  return 'input' in request ? request.input : undefined;
}

/** The path of the input. The built-in sample is written below the run's folder first, so that it is read as a real file. */
async function pathOf(
  { experiment, input }: ReadingRequest,
  { path, samplePath }: RunFolder,
): Promise<Result<string>> {
  if (input.path !== undefined) return succeeded(input.path);
  try {
    await mkdir(dirname(samplePath));
    await writeFile(samplePath, sampleTextFor(experiment), { flag: 'wx' });
  } catch (error) {
    return { ok: false, problem: temporaryProblem(error, dirname(path)) };
  }
  return succeeded(samplePath);
}

/**
 * The experiment to run, with the current settings. Writes the built-in sample into `folder` where it is the input, which
 * fails where the disk is full.
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
      port: how.port ?? portFor(request.experiment, settings),
      waitForPort: how.wait === true,
      handOvers: [settings.handOver],
      inputPath: inputPath.value,
      resultPath: folder.resultPath,
      runtime,
    },
  });
}

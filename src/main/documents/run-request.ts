// What can be asked to be run, how it is spoken of, and what it becomes for the thread that runs it: the person's settings
// come in here. open.ts asks, current-run.ts runs.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { RunInfo, Settings } from '../../shared/ipc.ts';
import { EVERY_ADDRESS } from '../../shared/trace/fact.ts';
import type { ExperimentName, RuntimeVersions } from '../../shared/trace/fact.ts';
import type { RunFolder } from '../../engine/runs/run-folder.ts';
import type { ExperimentToRun } from '../../engine/runs/run-protocol.ts';
import { BOUNDARIES_SAMPLE_TEXT, SAMPLE_TEXT } from './sample.ts';

/** Only this machine. */
const LOOPBACK = '127.0.0.1';

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

/** How a run is spoken of: by its file, or by the experiment where there is none. */
const TITLES: Readonly<Record<Exclude<ExperimentName, 'file'>, string>> = {
  boundaries: 'Lost boundaries',
  'in-use': 'In use',
  ports: 'Ephemeral ports',
  race: 'Race',
  refused: 'Refused',
  string: 'Reverse a string',
  welcome: 'Welcome',
};

/** The name of a run in a sentence: `in-proj.txt`, `Welcome`. */
export function titleOf({ experiment, inputName }: Pick<RunInfo, 'experiment' | 'inputName'>): string {
  return experiment === 'file' ? inputName : TITLES[experiment];
}

/** The same before there is a run. */
export function titleOfRequest(request: RunRequest): string {
  return request.experiment === 'file' ? request.input.name : TITLES[request.experiment];
}

/** The file that is read, where one is. */
export function inputOf(request: RunRequest): RunInput | undefined {
  return 'input' in request ? request.input : undefined;
}

/** Where the input lies: the built-in sample is written below the run's folder and read as the file it then is. */
async function pathOf({ experiment, input }: ReadingRequest, folder: RunFolder): Promise<string> {
  if (input.path !== undefined) return input.path;
  const { samplePath } = folder;
  await mkdir(dirname(samplePath));
  const text = experiment === 'boundaries' ? BOUNDARIES_SAMPLE_TEXT : SAMPLE_TEXT;
  await writeFile(samplePath, text, { flag: 'wx' });
  return samplePath;
}

/** What the thread is to run, by the settings of this moment. The built-in sample is written into `folder` for it. */
export async function experimentOf(
  request: RunRequest,
  how: RunHow,
  folder: RunFolder,
  settings: Settings,
  runtime: RuntimeVersions,
): Promise<ExperimentToRun> {
  const { by, maxLineBytes, greeting, transform } = settings;
  const options = {
    host: LOOPBACK,
    port: how.port ?? settings.port,
    by,
    maxLineBytes,
    runtime,
    waitForPort: how.wait === true,
  } as const;
  // Every address only where the person has chosen that. Refusals, races and bytes that are looked at one by one are this
  // machine's alone, whatever is set.
  const opened = { ...options, host: settings.openToNetwork ? EVERY_ADDRESS : LOOPBACK } as const;
  const greeted = { ...options, greeting };
  switch (request.experiment) {
    case 'in-use':
      return { name: 'in-use', options: { ...options, takenBy: settings.takenBy } };
    case 'ports':
      return { name: 'ports', options: { ...greeted, runs: settings.runs } };
    case 'race':
      return { name: 'race', options: { ...greeted, rounds: settings.rounds, pauseMs: settings.pauseMs } };
    case 'refused':
      return { name: 'refused', options: { ...greeted, startAfterMs: settings.startAfterMs } };
    case 'string':
      return { name: 'string', options: { ...opened, text: settings.text, transform } };
    case 'welcome':
      return { name: 'welcome', options: { ...opened, greeting } };
    case 'boundaries': {
      const inputPath = await pathOf(request, folder);
      const { handOver, readWhen } = settings;
      return { name: 'boundaries', options: { ...options, inputPath, handOvers: [handOver], readWhen } };
    }
    case 'file': {
      const inputPath = await pathOf(request, folder);
      return { name: 'file', options: { ...opened, inputPath, resultPath: folder.resultPath, transform } };
    }
  }
}

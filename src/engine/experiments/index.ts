// Every experiment's run, by its name.

import type { ExperimentName, OpenableName, OptionValues } from '../../shared/experiments/definitions.ts';
import type { Result } from '../../shared/result.ts';
import { EVERY_ADDRESS } from '../../shared/trace/fact.ts';
import type { Emit } from '../../shared/trace/fact.ts';
import type { LoopbackOptions } from './run-context.ts';
import { runBoundariesExperiment, type BoundariesOptions } from './run/boundaries.ts';
import { runFileExperiment, type FileExperimentOptions } from './run/file.ts';
import { runInUseExperiment } from './run/in-use.ts';
import { runPortsExperiment } from './run/ports.ts';
import { runRaceExperiment } from './run/race.ts';
import { runRefusedExperiment } from './run/refused.ts';
import { runStringExperiment } from './run/string.ts';
import { runWelcomeExperiment } from './run/welcome.ts';

/** The options of all experiments; each uses those that its definition names. Can be sent to a thread. */
export interface RunOptions
  extends
    OptionValues,
    Pick<LoopbackOptions, 'runtime' | 'waitForPort'>,
    Pick<BoundariesOptions, 'handOvers'>,
    Pick<FileExperimentOptions, 'resultPath'> {
  /** The file to read; empty where the experiment reads none. */
  readonly inputPath: string;
  /** Listens on every IPv4 address of this machine, if the experiment allows it; else on 127.0.0.1 only. */
  readonly openToNetwork: boolean;
}

export interface ExperimentToRun {
  readonly name: ExperimentName;
  readonly options: RunOptions;
}

/** Reachable from this machine only. */
const LOOPBACK = '127.0.0.1';

/** Their servers may be opened to the network. */
const OPENABLE = {
  welcome: runWelcomeExperiment,
  string: runStringExperiment,
  file: runFileExperiment,
} satisfies Record<OpenableName, unknown>;

/** Their servers always listen on the loopback interface only. */
const CLOSED = {
  refused: runRefusedExperiment,
  'in-use': runInUseExperiment,
  race: runRaceExperiment,
  boundaries: runBoundariesExperiment,
  ports: runPortsExperiment,
} satisfies Record<Exclude<ExperimentName, OpenableName>, unknown>;

function isOpenable(name: ExperimentName): name is OpenableName {
  return Object.hasOwn(OPENABLE, name);
}

/**
 * Runs the experiment to its last fact and resolves with its outcome. `afterLine` is called after the reply to each
 * line of a file; the next line waits for its promise.
 */
export function runExperiment(
  { name, options }: ExperimentToRun,
  emit: Emit,
  signal: AbortSignal,
  afterLine?: FileExperimentOptions['afterLine'],
): Promise<Result<object>> {
  if (!isOpenable(name)) return CLOSED[name]({ ...options, host: LOOPBACK }, emit, signal);
  const host = options.openToNetwork ? EVERY_ADDRESS : LOOPBACK;
  const waiting = afterLine === undefined ? {} : { afterLine };
  return OPENABLE[name]({ ...options, ...waiting, host }, emit, signal);
}

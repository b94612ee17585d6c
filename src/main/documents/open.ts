// Opens files and starts runs. Every file (from the dialog, a drop, the command line or a second start) goes through
// open(): a saved run is shown, anything else is set as the input and run.

import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

import { dialog, type BrowserWindow, type FileFilter } from 'electron';

import type { ComparedRun, InputInfo, RunInfo, Settings } from '../../shared/ipc.ts';
import { failed, succeeded, type Result } from '../../shared/result.ts';
import { formatCountOf } from '../../shared/format.ts';
import { boundariesProblem } from '../../engine/experiments/run/boundaries.ts';
import { readProblem } from '../../engine/files/file-problems.ts';
import { openInput } from '../../engine/files/input-file.ts';
import { isSameFile } from '../../engine/files/same-file.ts';
import type { Pushes } from '../bridge/pushes.ts';
import type { RecentFiles } from './recent-files.ts';
import type { RunHow, RunInput } from './run-request.ts';
import type { Runs } from './current-run.ts';
import { targetOf } from './link.ts';
import { SAMPLE_BYTES } from './sample.ts';
import { readsFile, type ExperimentName } from '../../shared/experiments/definitions.ts';
import { FILE_MAGIC } from '../../engine/recording/trace-file.ts';

const OPEN_FILTERS: FileFilter[] = [
  { name: 'Text files and saved runs', extensions: ['txt', 'text', 'md', 'csv', 'log', 'socketscope'] },
  { name: 'Saved runs', extensions: ['socketscope'] },
  { name: 'All files', extensions: ['*'] },
];

const RUN_FILTERS: FileFilter[] = [
  { name: 'Saved runs', extensions: ['socketscope'] },
  { name: 'All files', extensions: ['*'] },
];

/** Enough of a file to check whether it begins like a trace. */
const BEGINNING_BYTES = 4 * 1024;
const FIRST_FACT = /^\{"seq":1,"atUs":[\d.]+,"kind":"run-started",/;

/** What is known about opened files beyond their paths. */
export interface OpenOptions {
  /** The number of files that were opened together, where not every path is given. */
  readonly count?: number;
  /** The port of their run, in place of the setting. */
  readonly port?: number;
}

export interface Opening {
  /** What would be run now. */
  readonly input: InputInfo;
  /** The same, with its path where it is a file of the person's. */
  readonly source: RunInput;
  /**
   * Opens exactly one file that was dropped, chosen or given. A file that cannot be opened changes nothing and returns a
   * problem. While a run is under way a notice asks the person instead, and the file waits.
   */
  open(paths: readonly string[], options?: OpenOptions): Promise<Result<void>>;
  /** Opens like open() and shows a problem in the window: for files that did not come by a call of the page. */
  openAndReport(paths: readonly string[], options?: OpenOptions): Promise<void>;
  /** Asks for a file in the system's dialog and opens it. */
  choose(): Promise<Result<void>>;
  /** Runs an experiment; `file` runs the current input. */
  run(experiment: ExperimentName, how?: RunHow): Promise<Result<RunInfo>>;
  /** Sets the experiment that the window shows. It runs an opened file, where it reads one, and is run again. */
  setExperiment(experiment: ExperimentName): void;
  /** Cancels the run under way and opens the file that waits for its end. */
  cancelAndOpen(): Promise<Result<void>>;
  /** Opens the recent file of that number; one that no longer exists is removed from the list. */
  openRecent(id: number): Promise<Result<void>>;
  /** Asks for a saved run in the system's dialog and opens it beside the one that is shown. */
  chooseToCompare(): Promise<Result<ComparedRun | undefined>>;
  /** Shows a run of the list again. */
  showAgain(run: number): Promise<Result<RunInfo>>;
  useSample(): InputInfo;
  /** Pushes the sample's new name to the window, where the sample is the input. */
  sampleWasRenamed(): void;
}

interface InspectedFile {
  readonly kind: 'run' | 'input';
  readonly path: string;
  readonly bytes: number;
}

/** The first bytes of a file that is known to be a regular one. */
async function beginningOf(path: string): Promise<Result<Buffer>> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING_BYTES), 0, BEGINNING_BYTES, 0);
      return succeeded(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (error) {
    return { ok: false, problem: readProblem(error, path) };
  }
}

/** Checks whether a file is a saved run. Reads only its beginning. */
async function inspect(path: string): Promise<Result<InspectedFile>> {
  const opened = await openInput(path);
  if (!opened.ok) return opened;
  const { bytes } = opened.value;
  await opened.value.close();
  if (path.toLowerCase().endsWith('.socketscope')) return succeeded({ kind: 'run', path, bytes });
  const beginning = await beginningOf(path);
  if (!beginning.ok) return beginning;
  return succeeded({ kind: isTrace(beginning.value) ? 'run' : 'input', path, bytes });
}

/** Whether a file that begins so is a trace: a packed one, or one of JSON lines. */
function isTrace(beginning: Buffer): boolean {
  return (
    beginning.subarray(0, FILE_MAGIC.length).equals(FILE_MAGIC) || FIRST_FACT.test(beginning.toString('utf8'))
  );
}

interface OpeningOptions {
  readonly recent: RecentFiles;
  readonly runs: Runs;
  readonly pushes: Pushes;
  readonly window: () => BrowserWindow | undefined;
  /** Asks about notes that would be lost with the shown run. */
  readonly mayReplaceRun: () => Promise<boolean>;
  /** The name of the built-in sample, and how `boundaries` writes a file. */
  readonly settings: () => Settings;
}

export function createOpening({
  recent,
  runs,
  pushes,
  window,
  mayReplaceRun,
  settings,
}: OpeningOptions): Opening {
  let input: RunInput = sample();
  let lastExperiment: ExperimentName = 'file';
  /** The file that waits for the run under way, and the port of its run. */
  let waiting: { readonly path: string; readonly port?: number } | undefined;
  /** One act at a time: two files opened at once must not both find that no run is under way. */
  let lastAct: Promise<unknown> = Promise.resolve();

  function inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const turn = lastAct.then(act);
    lastAct = turn.catch(() => undefined);
    return turn;
  }

  function sample(): RunInput {
    return { name: settings().inputName, bytes: SAMPLE_BYTES };
  }

  function info(): InputInfo {
    const { name, bytes, path } = input;
    return { name, bytes, sample: path === undefined, folder: path === undefined ? '' : dirname(path) };
  }

  function setInput(next: RunInput): void {
    input = next;
    pushes.push({ type: 'input', input: info() });
  }

  async function openOne(given: string, port: number | undefined): Promise<Result<void>> {
    const { path, fact } = await targetOf(given);
    const { shownResultPath } = runs;
    if (shownResultPath !== undefined && (await isSameFile(path, shownResultPath))) {
      return failed(
        'result-dropped-on-itself',
        `This is the result itself, ${basename(path)}: drop it on the desktop or into a folder to save it there.`,
        { path },
      );
    }
    const inspected = await inspect(path);
    if (!inspected.ok) return inspected;
    const name = basename(path);
    const { underWay } = runs;
    if (underWay !== undefined) {
      const asked = failed(
        'busy',
        inspected.value.kind === 'run'
          ? `${underWay} is still running. Cancel it to open ${name}, or wait until it is through.`
          : `${underWay} is still running. Cancel it to run ${name}, or wait until it is through.`,
        { path },
      );
      waiting = { path: given, ...(port === undefined ? {} : { port }) };
      pushes.notifyOf(asked.problem, 'cancel-and-run');
      return succeeded(undefined);
    }
    waiting = undefined;
    if (!(await mayReplaceRun())) return succeeded(undefined);
    if (inspected.value.kind === 'run') {
      const shown = await runs.showTrace(path, fact);
      if (!shown.ok) return shown;
      lastExperiment = shown.value.experiment;
      void recent.add(path, 'run');
      return succeeded(undefined);
    }
    const before = input;
    setInput({ name, bytes: inspected.value.bytes, path });
    const started = await begin(
      lastExperiment === 'boundaries' ? 'boundaries' : 'file',
      port === undefined ? {} : { port },
    );
    if (started.ok) {
      void recent.add(path, 'input');
      return succeeded(undefined);
    }
    setInput(before);
    return started;
  }

  async function begin(experiment: ExperimentName, how: RunHow): Promise<Result<RunInfo>> {
    // Checked before the shown run is replaced.
    if (experiment === 'boundaries' && input.path !== undefined) {
      const { handOver, maxLineBytes } = settings();
      const problem = await boundariesProblem({ inputPath: input.path, handOvers: [handOver], maxLineBytes });
      if (problem !== undefined) return { ok: false, problem };
    }
    const started = await runs.start(readsFile(experiment) ? { experiment, input } : { experiment }, how);
    if (started.ok) lastExperiment = experiment;
    return started;
  }

  /** A file that no longer exists is reported before the shown run is replaced. */
  async function start(experiment: ExperimentName, how: RunHow = {}): Promise<Result<RunInfo>> {
    if (readsFile(experiment) && input.path !== undefined && runs.underWay === undefined) {
      const inspected = await inspect(input.path);
      if (!inspected.ok) return inspected;
      if (inspected.value.bytes !== input.bytes) setInput({ ...input, bytes: inspected.value.bytes });
    }
    if (runs.underWay === undefined && !(await mayReplaceRun())) {
      return failed('notes-kept', 'Nothing was run: the run that is shown has notes that are not saved.');
    }
    return await begin(experiment, how);
  }

  function openGiven(
    paths: readonly string[],
    { count = paths.length, port }: OpenOptions = {},
  ): Promise<Result<void>> {
    const [path] = paths;
    if (count > 1 || paths.length > 1) {
      return Promise.resolve(
        failed(
          'several-files',
          `${formatCountOf(Math.max(count, paths.length), 'file')} came at once. Drop or open one file at a time.`,
        ),
      );
    }
    // What was dragged from a page or out of an archive has no path.
    if (path === undefined || path === '') {
      return Promise.resolve(
        failed('file-missing', 'What was dropped is no file in a folder. Save it as a file, then drop that.'),
      );
    }
    return inTurn(() => openOne(path, port));
  }

  /** The files chosen in the system's dialog; none where it was dismissed. */
  async function ask(title: string, filters: FileFilter[]): Promise<readonly string[]> {
    const over = window();
    const options = { title, filters, properties: ['openFile' as const] };
    const { canceled, filePaths } = await (over === undefined
      ? dialog.showOpenDialog(options)
      : dialog.showOpenDialog(over, options));
    return canceled ? [] : filePaths;
  }

  async function openAndReport(paths: readonly string[], options?: OpenOptions): Promise<void> {
    const opened = await openGiven(paths, options);
    if (!opened.ok) pushes.notifyOf(opened.problem);
  }

  return {
    get input() {
      return info();
    },
    get source() {
      return input;
    },
    open: openGiven,
    openAndReport,
    async choose() {
      const filePaths = await ask('Open a file to run, or a saved run', OPEN_FILTERS);
      return filePaths.length === 0 ? succeeded(undefined) : await openGiven(filePaths);
    },
    async chooseToCompare() {
      const [path] = await ask('Compare with a saved run', RUN_FILTERS);
      return path === undefined ? succeeded(undefined) : await runs.compareWithFile(path);
    },
    setExperiment(experiment) {
      lastExperiment = experiment;
    },
    run: (experiment, how) => inTurn(() => start(experiment, how)),
    async cancelAndOpen() {
      const next = waiting;
      waiting = undefined;
      await runs.cancelAndWait();
      return next === undefined
        ? succeeded(undefined)
        : await openGiven([next.path], next.port === undefined ? {} : { port: next.port });
    },
    async openRecent(id) {
      const path = recent.pathOf(id);
      // The list was cleared while the menu or the window still showed the file.
      if (path === undefined) return succeeded(undefined);
      const opened = await openGiven([path]);
      if (!opened.ok && opened.problem.code === 'file-missing') await recent.drop(path);
      return opened;
    },
    showAgain: (run) =>
      inTurn(async () => {
        const shown = await runs.showAgain(run);
        if (shown.ok) lastExperiment = shown.value.experiment;
        return shown;
      }),
    useSample() {
      lastExperiment = 'file';
      setInput(sample());
      return info();
    },
    sampleWasRenamed() {
      if (input.path === undefined) setInput(sample());
    },
  };
}

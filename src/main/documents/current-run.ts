// The run under way, of which there is at most one, the run that is shown, and those before it: cancel, folder, trace.

import { stat } from 'node:fs/promises';
import { basename } from 'node:path';

import {
  MAX_COPIED_CHARACTERS,
  type ComparedRun,
  type ListedRun,
  type Notice,
  type PastPorts,
  type RunInfo,
  type RunResult,
  type RunText,
  type Settings,
} from '../../shared/ipc.ts';
import type { FindAnswer, FindRequest } from '../../shared/find/find-answer.ts';
import type { NumbersRequest, RunNumbers } from '../../shared/numbers/run-numbers.ts';
import type { Note } from '../../shared/notes.ts';
import type { RunComparison } from '../../shared/trace/comparison.ts';
import { failed, succeeded, type Problem, type Result } from '../../shared/result.ts';
import type { RunEnded, RunStarted, RuntimeVersions, TraceEvent } from '../../shared/trace/fact.ts';
import { formatCount, formatCountOf } from '../../shared/format.ts';
import { resultNameFor } from '../../shared/file-name.ts';
import { createRunFolder, type RunFolder } from '../../engine/runs/run-folder.ts';
import {
  deleteInterruptedRun,
  saveInterruptedRun,
  type InterruptedRun,
} from '../../engine/runs/interrupted-runs.ts';
import { log } from '../log/log.ts';
import { collectPorts, type PortHistory } from '../settings/port-history.ts';
import type { Pushes } from '../bridge/pushes.ts';
import {
  experimentOf,
  inputOf,
  titleOf,
  titleOfRequest,
  type RunHow,
  type RunRequest,
} from './run-request.ts';
import type { ExperimentToRun } from '../../engine/experiments/index.ts';
import { openInThread, runInThread } from '../../engine/runs/run-host.ts';
import { appendNotes } from '../../engine/recording/trace-notes.ts';
import type { PagedTrace } from '../../engine/recording/trace-reader.ts';
import type { ReadText } from '../../engine/recording/trace-text.ts';
import type { RunTrace } from '../../engine/runs/run-protocol.ts';
import type { OverviewRequest, RunOverview } from '../../shared/trace/overview.ts';
import type { TracePage, TraceProgress } from '../../shared/trace/packed.ts';
import { linkOf } from './link.ts';
import { createComparison } from './comparison.ts';
import { leastRecent, roomForRuns } from './run-list.ts';

/** A cancelled run ends within milliseconds. One that does not must not keep the app from quitting. */
const STOP_LIMIT_MS = 5_000;

/** What can be saved of the shown run. It stays on the disk until `release` is called. */
export interface Saveable {
  readonly info: RunInfo;
  readonly settled: boolean;
  readonly tracePath: string;
  readonly progress: TraceProgress;
  readonly result?: RunResult & { readonly path: string };
  /** Absent for the sample and for an opened run. */
  readonly inputPath?: string;
  /** Writes a part of the whole run into a new file. Ends early, as a problem, where the run is closed. */
  writePart: RunTrace['writePart'];
  cancelWriting: RunTrace['cancelWriting'];
  /** The packed file that an opened run is in. */
  readonly openedPath?: string;
  /** The notes, where they are not those in the file of the trace. */
  readonly notes?: readonly Note[];
  markSaved(): void;
  /** The trace was saved there, with its notes. */
  markTraceSaved(path: string): void;
  release(): void;
}

export interface Runs {
  /** The name of the file or experiment while a run is under way. */
  readonly underWay: string | undefined;
  /** The path of the shown run's result, where there is one. */
  readonly shownResultPath: string | undefined;
  /** Starts a run and resolves at its first fact. A failure before that leaves the shown run unchanged. */
  start(request: RunRequest, how?: RunHow): Promise<Result<RunInfo>>;
  cancel(): void;
  /** Cancels the run under way, if any, and waits for its end. */
  cancelAndWait(): Promise<void>;
  /** What the shown run is called, where it has notes that would be lost with it. */
  readonly withUnsavedNotes: string | undefined;
  /** Replaces the notes of the shown run. */
  setNotes(run: number, notes: readonly Note[]): Result<void>;
  /** A link to a fact of the shown run, which has to be in a file. */
  linkTo(run: number, seq: number): Result<string>;
  /**
   * Shows a saved run in place of the shown one, at `openAt` where that fact is in it. Fails where the file is not a run, or
   * while a run is under way.
   */
  showTrace(path: string, openAt?: number): Promise<Result<RunInfo>>;
  /** Shows a run of the list again, from its trace. Fails where it is not there any more, or while a run is under way. */
  showAgain(run: number): Promise<Result<RunInfo>>;
  /** Opens a run of the list, or a saved one, beside the one that is shown, which must not be under way. */
  compareWith(run: number): Promise<Result<ComparedRun>>;
  compareWithFile(path: string): Promise<Result<ComparedRun>>;
  /** Compares both on for some time. */
  difference(): Promise<Result<RunComparison>>;
  stopComparing(): Promise<void>;
  /** Shows a run that was interrupted by closing the window. It is deleted when it is replaced or was saved. */
  showInterrupted(interrupted: InterruptedRun): Promise<Result<RunInfo>>;
  /** Pushes everything again, for a new page. */
  sendAgain(): void;
  page(run: number, page: number): Promise<Result<TracePage>>;
  landmarks(run: number, from: number): Promise<Result<readonly TraceEvent[]>>;
  fact(run: number, seq: number, bytes?: number): Promise<Result<TraceEvent>>;
  seqOfLine(run: number, line: number): Promise<number | undefined>;
  /** A text of the whole run, of at most MAX_COPIED_CHARACTERS. */
  readText(run: number, text: RunText): Promise<Result<ReadText>>;
  seqAtTime(run: number, us: number): Promise<number | undefined>;
  overview(run: number, request: OverviewRequest): Promise<Result<RunOverview>>;
  find(run: number, request: FindRequest): Promise<Result<FindAnswer>>;
  numbers(run: number, request: NumbersRequest): Promise<Result<RunNumbers>>;
  /** What can be saved of the shown run; undefined where none is shown. */
  holdSaveable(): Saveable | undefined;
  /** Ends everything before the app quits. A run under way is cancelled and kept below `interruptedRoot`. */
  close(interruptedRoot: string): Promise<void>;
}

interface Shown {
  info: RunInfo;
  /** Closed while another run is shown and nothing holds it. */
  log: RunTrace;
  isOpen: boolean;
  /** Wall clock at its beginning, ISO 8601. */
  readonly startedAt: string;
  outcome?: RunEnded['outcome'];
  readonly inputPath?: string;
  result?: RunResult & { readonly path: string };
  settled: boolean;
  saved: boolean;
  /** The file that the run is in: the one that was opened, or saved last. */
  filePath?: string;
  notes: readonly Note[];
  /** Those in the file that is read. */
  readonly notesInTrace: readonly Note[];
  /** They are in no file as they are. */
  notesUnsaved: boolean;
  /** How many saves use its files now. */
  holders: number;
  /** Its files are removed when nothing holds them. */
  dropped: boolean;
  /** Where its trace is, or would be if it was packed from JSON lines, in its own folder. */
  readonly ownTracePath: string;
  /** Deletes its files. */
  remove(): Promise<void>;
  /** Leaves its files on the disk, also after the end of the app; absent where the run is not live. */
  leave?(): Promise<void>;
  readonly interrupted?: InterruptedRun;
}

const NO_NOTES: readonly Note[] = [];

interface Live {
  readonly title: string;
  readonly controller: AbortController;
  readonly ended: Promise<Problem | undefined>;
  shown?: Shown;
}

interface RunsOptions {
  readonly pushes: Pushes;
  readonly settings: () => Settings;
  readonly runtime: RuntimeVersions;
  /** Every completed run of `ports` is added to it. */
  readonly portHistory: PortHistory;
}

function cancelReason(code: 'cancelled' | 'window-closed', title: string): Problem {
  const what = code === 'cancelled' ? 'The run was cancelled' : 'The window was closed';
  return { code, message: `${what} before ${title} was through.`, detail: {} };
}

/** The notice at the end of a run that completed and could not be recorded whole. */
function notRecorded(title: string, problem: Problem, run: number): Notice {
  const text = `${title} went well, but not all of it could be recorded, so that Save run can only keep a part. ${problem.message}`;
  return { tone: 'error', text, problem, run };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

/** Why a link does not lead to its fact. */
function noSuchFact(name: string, seq: number, facts: number, { code, message }: Problem): string {
  if (code !== 'not-kept') return message;
  return seq > facts
    ? `There is no fact ${formatCount(seq)} in ${name}, which has ${formatCountOf(facts, 'fact')}. The run is shown from its start.`
    : `Fact ${formatCount(seq)} of ${name} was counted and not kept. The run is shown from its start.`;
}

/** The run of an opened trace. */
function infoOfTrace({ experiment, input }: RunStarted, run: number, traceName: string | undefined): RunInfo {
  return {
    run,
    origin: 'opened',
    experiment,
    inputName: input.name,
    inputBytes: input.bytes,
    sample: false,
    ...(traceName === undefined ? {} : { traceName }),
  };
}

function notKept(): Result<never> {
  return failed(
    'run-replaced',
    'This run is not kept any more. Run it again, or open it where it was saved.',
  );
}

function listedRun({ info, startedAt, outcome, settled, log: trace }: Shown): ListedRun {
  return {
    info,
    startedAt,
    isUnderWay: !settled,
    ...(outcome === undefined ? {} : { outcome }),
    linesSent: trace.counts.linesSent,
    linesReceived: trace.counts.linesReceived,
  };
}

function logBrokenThread(error: unknown): void {
  log.error('The thread of a run broke down', error);
}

export function createRuns({ pushes, settings, runtime, portHistory }: RunsOptions): Runs {
  let lastRun = 0;
  let live: Live | undefined;
  let shown: Shown | undefined;
  /** The runs that can be shown, in the order of their numbers. */
  let listed: readonly Shown[] = [];
  const comparison = createComparison(logBrokenThread);

  async function discard(run: Shown): Promise<void> {
    try {
      await run.log.close();
      await run.remove();
    } catch (error) {
      log.warn(`The files of run ${run.info.run} could not be removed`, error);
    }
  }

  function show(run: Shown): void {
    const before = shown;
    shown = run;
    if (!listed.includes(run)) listed = [...listed, run];
    if (before !== undefined && before !== run) {
      // A run that was interrupted must not be offered again by the next start.
      if (before.interrupted === undefined) closeUnused(before);
      else drop(before);
    }
    void comparison.close();
    pushes.push({ type: 'run-shown', info: run.info });
    pushNotes(run);
    pushList();
    void dropLeastRecent();
  }

  function pushNotes({ info, notes, notesUnsaved }: Shown): void {
    pushes.push({ type: 'notes', run: info.run, notes, unsaved: notesUnsaved });
  }

  function closeUnused(run: Shown): void {
    if (run === shown || run.holders > 0 || !run.isOpen) return;
    run.isOpen = false;
    void run.log.close();
  }

  function drop(run: Shown): void {
    listed = listed.filter((other) => other !== run);
    run.dropped = true;
    if (run.holders === 0) void discard(run);
  }

  /** Drops the runs for which there is no room. */
  async function dropLeastRecent(): Promise<void> {
    const sizes = await Promise.all(
      listed.map(async (run) => ({
        run,
        isShown: run === shown,
        bytes:
          (await sizeOf(run.ownTracePath)) + (run.result === undefined ? 0 : await sizeOf(run.result.path)),
      })),
    );
    const tooMany = leastRecent(sizes, await roomForRuns()).filter(({ run }) => listed.includes(run));
    for (const { run } of tooMany) if (run !== shown) drop(run);
    if (tooMany.length > 0) pushList();
  }

  function pushList(): void {
    pushes.push({ type: 'runs', runs: listed.map(listedRun) });
  }

  function pushSettled(run: Shown): void {
    const { result } = run;
    pushes.push({
      type: 'run-settled',
      run: run.info.run,
      ...(result === undefined
        ? {}
        : { result: { name: result.name, bytes: result.bytes, complete: result.complete } }),
    });
  }

  /** How far the run is, for a page that asks for the facts itself. */
  function pushProgress(run: Shown): void {
    pushes.push({ type: 'progress', run: run.info.run, progress: { ...run.log.counts } });
    if (run.settled) pushSettled(run);
  }

  /** Makes a run's folder and the message to its thread. Where that fails, no folder is left. */
  async function prepare(
    request: RunRequest,
    how: RunHow,
  ): Promise<Result<{ readonly folder: RunFolder; readonly experiment: ExperimentToRun }>> {
    const made = await createRunFolder(
      inputOf(request)?.name ?? request.experiment,
      settings().outputName || undefined,
    );
    if (!made.ok) return made;
    const folder = made.value;
    let experiment: Result<ExperimentToRun> | undefined;
    try {
      experiment = await experimentOf(request, how, folder, settings(), runtime);
      return experiment.ok ? succeeded({ folder, experiment: experiment.value }) : experiment;
    } finally {
      if (experiment?.ok !== true) await folder.remove();
    }
  }

  /** Runs one request from its folder to its end. `started` is called at its first fact. Returns the run's problem. */
  async function runToEnd(
    request: RunRequest,
    how: RunHow,
    signal: AbortSignal,
    started: (shown: Shown) => void,
  ): Promise<Problem | undefined> {
    const title = titleOfRequest(request);
    const prepared = await prepare(request, how);
    if (!prepared.ok) return prepared.problem;
    const { folder, experiment } = prepared.value;
    const run = (lastRun += 1);
    let current: Shown | undefined;
    const { resultPath, tracePath } = folder;
    const thread = runInThread(
      experiment,
      tracePath,
      {
        started: (fact) => {
          current ??= present(fact);
        },
        progress: (progress) => {
          pushes.push({ type: 'progress', run, progress });
        },
      },
      logBrokenThread,
    );
    function forwardCancel(): void {
      thread.cancel(cancelReason(signal.reason === 'window-closed' ? 'window-closed' : 'cancelled', title));
    }
    signal.addEventListener('abort', forwardCancel, { once: true });
    if (signal.aborted) forwardCancel();
    function present(fact: RunStarted): Shown {
      const path = inputOf(request)?.path;
      const now: Shown = {
        info: {
          run,
          origin: 'live',
          experiment: fact.experiment,
          inputName: fact.input.name,
          inputBytes: fact.input.bytes,
          sample: 'input' in request && path === undefined,
        },
        log: thread.trace,
        isOpen: true,
        ...(path === undefined ? {} : { inputPath: path }),
        settled: false,
        saved: false,
        notes: NO_NOTES,
        notesInTrace: NO_NOTES,
        notesUnsaved: false,
        holders: 0,
        dropped: false,
        startedAt: fact.startedAt,
        ownTracePath: tracePath,
        remove: () => folder.remove(),
        leave: () => folder.leave(),
      };
      show(now);
      started(now);
      return now;
    }

    const { problem, ended, traceProblem, unexpected } = await thread.ended;
    if (unexpected !== undefined) log.error(`Run ${run} of ${title} ended by ${unexpected}`);
    if (traceProblem !== undefined) log.warn(`The trace of run ${run} is not whole: ${traceProblem.message}`);
    if (current === undefined) {
      await thread.trace.close();
      await folder.remove();
      return problem;
    }
    if (request.experiment === 'ports' && ended?.outcome === 'completed') {
      rememberPorts(await pastPortsOf(thread.trace));
    }
    if (request.experiment === 'file') {
      // A thread that broke down could not report the size of the result, which is on the disk all the same.
      const resultBytes = ended?.resultBytes ?? (await sizeOf(resultPath));
      const complete = ended?.outcome === 'completed';
      if (complete || resultBytes > 0) {
        current.result = { name: basename(resultPath), bytes: resultBytes, complete, path: resultPath };
      }
    }
    current.settled = true;
    if (ended !== undefined) current.outcome = ended.outcome;
    live = undefined;
    pushSettled(current);
    pushList();
    // What went wrong stands in the picture, unless the fact of it is not in the trace.
    const isInTrace = ended !== undefined && traceProblem === undefined;
    if (problem !== undefined && !isInTrace) {
      pushes.notify({ tone: 'error', text: problem.message, problem, run });
    } else if (problem === undefined && traceProblem !== undefined) {
      pushes.notify(notRecorded(title, traceProblem, run));
    }
    return problem;
  }

  async function pastPortsOf(trace: PagedTrace): Promise<PastPorts | undefined> {
    const ports = collectPorts();
    let read = 0;
    for (;;) {
      const facts = await trace.landmarks(read);
      if (!facts.ok || facts.value.length === 0) return ports.pastPorts();
      ports.handle(facts.value);
      read += facts.value.length;
    }
  }

  function rememberPorts(past: PastPorts | undefined): void {
    if (past === undefined) return;
    // The history has it at once: nothing has to wait for the disk.
    void portHistory.add(past);
    pushes.push({ type: 'port-history', history: portHistory.runs });
  }

  function isRunning(): boolean {
    return live !== undefined;
  }

  function busy(what: string): Result<never> {
    return failed('busy', `${live?.title ?? 'A run'} is still running: cancel it to ${what}.`);
  }

  async function start(request: RunRequest, how: RunHow = {}): Promise<Result<RunInfo>> {
    const title = titleOfRequest(request);
    if (live !== undefined) return busy(`run ${title}`);
    const controller = new AbortController();
    return await new Promise((resolve, reject) => {
      const ended = runToEnd(request, how, controller.signal, (run) => {
        if (live !== undefined) live.shown = run;
        resolve(succeeded(run.info));
      }).finally(() => {
        live = undefined;
      });
      live = { title, controller, ended };
      ended.then((problem) => {
        // Has no effect where the run has started.
        resolve({
          ok: false,
          problem: problem ?? failed('unexpected', `${title} was not run; the log says why.`).problem,
        });
      }, reject);
    });
  }

  function abort(code: 'cancelled' | 'window-closed'): Promise<unknown> {
    if (live === undefined) return Promise.resolve();
    live.controller.abort(code);
    return live.ended;
  }

  async function showOpened(
    path: string,
    rest: Pick<Shown, 'remove'> & Partial<Pick<Shown, 'interrupted' | 'result' | 'inputPath'>>,
    filePath: string | undefined,
    openAt?: number,
  ): Promise<Result<RunInfo>> {
    // A run of JSON lines is packed into it.
    const made = await createRunFolder('run');
    if (!made.ok) return made;
    const folder = made.value;
    const opened = await openInThread(path, folder.tracePath, logBrokenThread);
    if (!opened.ok) {
      await folder.remove();
      return opened;
    }
    const { trace, first, notes, notesProblem } = opened.value;
    const asked = openAt === undefined ? undefined : await trace.fact(openAt);
    if (live !== undefined) {
      await trace.close();
      await folder.remove();
      return busy(`open ${basename(path)}`);
    }
    const { startedAt } = first;
    const end = await trace.landmarks(Math.max(0, trace.counts.landmarks - 1));
    const last = end.ok ? end.value.at(-1) : undefined;
    const run: Shown = {
      info: {
        ...infoOfTrace(first, (lastRun += 1), filePath === undefined ? undefined : basename(filePath)),
        ...(openAt !== undefined && asked?.ok === true ? { openAt } : {}),
      },
      log: trace,
      ...(filePath === undefined ? {} : { filePath }),
      isOpen: true,
      startedAt,
      ...(last?.kind === 'run-ended' ? { outcome: last.outcome } : {}),
      ownTracePath: folder.tracePath,
      settled: true,
      saved: false,
      notes,
      notesInTrace: notes,
      notesUnsaved: false,
      holders: 0,
      dropped: false,
      ...rest,
      async remove() {
        await folder.remove();
        await rest.remove();
      },
    };
    show(run);
    pushProgress(run);
    const shownRun = run.info.run;
    if (notesProblem !== undefined) {
      pushes.notify({ tone: 'error', text: notesProblem.message, problem: notesProblem, run: shownRun });
    }
    if (openAt !== undefined && asked?.ok === false) {
      const text = noSuchFact(basename(path), openAt, trace.counts.facts, asked.problem);
      pushes.notify({ tone: 'error', text, run: shownRun });
    }
    return succeeded(run.info);
  }

  async function showAgain(number: number): Promise<Result<RunInfo>> {
    const run = listed.find(({ info }) => info.run === number);
    if (run === undefined) return notKept();
    if (run === shown) return succeeded(run.info);
    if (isRunning()) return busy('show another run');
    run.holders += 1;
    try {
      if (!run.isOpen) {
        // Its trace is packed: nothing is written.
        const opened = await openInThread(run.log.path, run.ownTracePath, logBrokenThread);
        if (!opened.ok) {
          if (!run.dropped) drop(run);
          pushList();
          return opened;
        }
        run.log = opened.value.trace;
        run.isOpen = true;
        // A run that began meanwhile is shown.
        if (isRunning()) return busy('show another run');
        if (run.dropped) return notKept();
      }
      run.info = { ...run.info, origin: 'opened' };
      show(run);
      pushProgress(run);
      return succeeded(run.info);
    } finally {
      release(run);
    }
  }

  function release(run: Shown): void {
    run.holders -= 1;
    if (run.holders > 0) return;
    if (run.dropped) void discard(run);
    else closeUnused(run);
  }

  /** Why the shown run cannot be compared now. */
  function notComparable(): Result<never> | undefined {
    if (shown?.settled === true) return undefined;
    return shown === undefined
      ? failed('run-replaced', 'There is no run to compare: run something first.')
      : busy('compare it');
  }

  async function compareWith(number: number): Promise<Result<ComparedRun>> {
    const problem = notComparable();
    if (problem !== undefined) return problem;
    const run = listed.find(({ info }) => info.run === number);
    if (run === undefined || run === shown) return notKept();
    run.holders += 1;
    return await comparison.open({
      path: run.log.path,
      temporaryPath: run.ownTracePath,
      infoOf: () => run.info,
      release() {
        release(run);
        return Promise.resolve();
      },
    });
  }

  async function compareWithFile(path: string): Promise<Result<ComparedRun>> {
    const problem = notComparable();
    if (problem !== undefined) return problem;
    const made = await createRunFolder('run');
    if (!made.ok) return made;
    const folder = made.value;
    return await comparison.open({
      path,
      temporaryPath: folder.tracePath,
      infoOf: (first) => infoOfTrace(first, (lastRun += 1), basename(path)),
      release: () => folder.remove(),
    });
  }

  async function difference(): Promise<Result<RunComparison>> {
    return shown === undefined ? notKept() : await comparison.compareWith(shown.log.path);
  }

  function logOf(run: number): Result<RunTrace> {
    const beside = comparison.traceOf(run);
    if (beside !== undefined) return succeeded(beside);
    return shown?.info.run === run ? succeeded(shown.log) : replaced();
  }

  /** Asks the trace of a run, where it is still shown. */
  async function ask<Value>(
    run: number,
    question: (trace: RunTrace) => Promise<Result<Value>>,
  ): Promise<Result<Value>> {
    const trace = logOf(run);
    return trace.ok ? await question(trace.value) : trace;
  }

  function replaced(): Result<never> {
    return failed('run-replaced', 'The run that was asked about is no longer shown.');
  }

  async function leave(run: Shown): Promise<void> {
    try {
      await run.leave?.();
    } catch (error) {
      log.warn(`The files of run ${run.info.run} could not be marked to be left`, error);
    }
  }

  /** The run is kept without its notes where they cannot be written. */
  async function keepNotes(run: Shown): Promise<void> {
    try {
      await appendNotes(run.log.path, run.notes);
    } catch (error) {
      log.warn(`The notes of run ${run.info.run} could not be kept`, error);
    }
  }

  async function saveInterrupted(run: Shown, interruptedRoot: string): Promise<void> {
    await run.log.close();
    // First of all: the system may end the app while the files are copied.
    await leave(run);
    if (run.notes !== NO_NOTES) await keepNotes(run);
    const folder = await saveInterruptedRun(interruptedRoot, {
      tracePath: run.log.path,
      ...(run.result === undefined ? {} : { resultPath: run.result.path }),
      note: {
        inputName: titleOf(run.info),
        ...(run.inputPath === undefined ? {} : { inputPath: run.inputPath }),
        resultName: run.result?.name ?? resultNameFor(run.info.inputName),
        resultBytes: run.result?.bytes ?? 0,
        linesReceived: run.log.counts.linesReceived,
      },
    });
    log.info(`The run of ${titleOf(run.info)} was cut off by closing the window and is kept in ${folder}`);
  }

  return {
    get underWay() {
      return live?.title;
    },
    get shownResultPath() {
      return shown?.result?.path;
    },
    start,
    cancel() {
      void abort('cancelled');
    },
    async cancelAndWait() {
      await abort('cancelled');
    },
    get withUnsavedNotes() {
      return shown?.notesUnsaved === true ? titleOf(shown.info) : undefined;
    },
    setNotes(run, notes) {
      if (shown?.info.run !== run) return replaced();
      shown.notes = notes;
      shown.notesUnsaved = true;
      pushNotes(shown);
      return succeeded(undefined);
    },
    linkTo(run, seq) {
      if (shown?.info.run !== run) return replaced();
      return shown.filePath === undefined
        ? failed(
            'nothing-to-save',
            'A link names the file of the run, which has none yet: save the run first.',
          )
        : succeeded(linkOf(shown.filePath, seq));
    },
    showTrace: (path, openAt) => showOpened(path, { remove: () => Promise.resolve() }, path, openAt),
    showAgain,
    compareWith,
    compareWithFile,
    difference,
    stopComparing: () => comparison.close(),
    showInterrupted: (interrupted) =>
      showOpened(
        interrupted.tracePath,
        {
          interrupted,
          remove: () => deleteInterruptedRun(interrupted),
          ...(interrupted.note.inputPath === undefined ? {} : { inputPath: interrupted.note.inputPath }),
          ...(interrupted.resultPath === undefined
            ? {}
            : {
                result: {
                  name: interrupted.note.resultName,
                  bytes: interrupted.note.resultBytes,
                  complete: false,
                  path: interrupted.resultPath,
                },
              }),
        },
        undefined,
      ),
    sendAgain() {
      void comparison.close();
      if (shown === undefined) return;
      pushes.push({ type: 'run-shown', info: shown.info });
      pushNotes(shown);
      pushProgress(shown);
      pushList();
    },
    page: (run, page) => ask(run, (trace) => trace.page(page)),
    landmarks: (run, from) => ask(run, (trace) => trace.landmarks(from)),
    fact: (run, seq, bytes) => ask(run, (trace) => trace.fact(seq, bytes)),
    async seqOfLine(run, line) {
      const trace = logOf(run);
      return trace.ok ? await trace.value.seqOfLine(line) : undefined;
    },
    readText: (run, text) => ask(run, (trace) => trace.readText(text, MAX_COPIED_CHARACTERS)),
    overview: (run, request) => ask(run, (trace) => trace.overview(request)),
    find: (run, request) => ask(run, (trace) => trace.find(request)),
    async seqAtTime(run, us) {
      const trace = logOf(run);
      return trace.ok ? await trace.value.seqAtTime(us) : undefined;
    },
    numbers: (run, request) => ask(run, (trace) => trace.numbers(request)),
    holdSaveable() {
      const run = shown;
      if (run === undefined) return undefined;
      run.holders += 1;
      let released = false;
      const { notes } = run;
      return {
        info: run.info,
        settled: run.settled,
        tracePath: run.log.path,
        progress: { ...run.log.counts },
        ...(run.result === undefined ? {} : { result: run.result }),
        ...(run.inputPath === undefined ? {} : { inputPath: run.inputPath }),
        writePart: (part, path, onProgress) => run.log.writePart(part, path, onProgress),
        cancelWriting(problem) {
          run.log.cancelWriting(problem);
        },
        ...(run.info.origin === 'opened' && run.filePath === run.log.path
          ? { openedPath: run.filePath }
          : {}),
        ...(notes === run.notesInTrace ? {} : { notes }),
        markSaved() {
          run.saved = true;
        },
        markTraceSaved(path) {
          run.filePath = path;
          // They may have been changed while they were saved.
          if (run.notes !== notes) return;
          run.notesUnsaved = false;
          if (shown === run) pushNotes(run);
        },
        release() {
          if (released) return;
          released = true;
          release(run);
        },
      };
    },
    async close(interruptedRoot) {
      const cutOff = live;
      if (cutOff !== undefined) {
        let timer: NodeJS.Timeout | undefined;
        const limit = new Promise<'late'>((resolve) => {
          timer = setTimeout(resolve, STOP_LIMIT_MS, 'late');
        });
        const end = await Promise.race([abort('window-closed'), limit]);
        clearTimeout(timer);
        if (end === 'late') {
          log.error(`The run of ${cutOff.title} did not end; what it wrote is left where it is.`);
          if (cutOff.shown !== undefined) await leave(cutOff.shown);
          return;
        }
      }
      await comparison.close();
      for (const run of listed) if (run !== shown) await discard(run);
      if (shown === undefined) return;
      if (cutOff?.shown !== undefined) await saveInterrupted(cutOff.shown, interruptedRoot);
      if (shown.interrupted === undefined || shown.saved) await discard(shown);
    },
  };
}

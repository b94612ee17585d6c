// The terminal command: runs the experiments without a window. Prints the transcript, and saves the result of a file.
// It is built as one file, which must also work as the program of the race's threads.

import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';

import { version } from '../../package.json';
import { runExperiment } from '../engine/experiments/index.ts';
import { checkTarget, saveAtomically } from '../engine/files/atomic-save.ts';
import { openInput } from '../engine/files/input-file.ts';
import { networkAddresses } from '../engine/system/network-addresses.ts';
import { createRunFolder } from '../engine/runs/run-folder.ts';
import type { RunFolder } from '../engine/runs/run-folder.ts';
import { isSameFile } from '../engine/files/same-file.ts';
import type { TraceReader } from '../engine/recording/trace-reader.ts';
import { writePart } from '../engine/recording/trace-text.ts';
import { createTraceWriter } from '../engine/recording/trace-writer.ts';
import { listOf } from '../shared/experiments/options.ts';
import { collectOtherClients } from '../shared/experiments/summary/other-clients.ts';
import type { Problem, Result } from '../shared/result.ts';
import { failed, succeeded } from '../shared/result.ts';
import type { Fact, RuntimeVersions } from '../shared/trace/fact.ts';
import { printable, transcriptOf } from '../shared/trace/transcript.ts';
import { parseRequest } from './arguments.ts';
import type { ExchangeRequest } from './arguments.ts';
import { HELP } from './help.ts';
import { boundariesLines } from './boundaries-lines.ts';
import { createVerdict, freedLines, holderLines, otherPortLines } from './port-lines.ts';
import { createPrinter, transcriptLines } from './printer.ts';
import type { Printer } from './printer.ts';
import { portsLines, raceLines, type LinesOf } from './round-lines.ts';
import { createEnding } from './signals.ts';
import { exit, print, printWithoutWaiting } from './standard-streams.ts';

const ending = createEnding();

async function main(): Promise<Problem | undefined> {
  // npm changes to the project's folder before it starts a script; paths on the command line are relative to INIT_CWD.
  const cameFrom = process.env.INIT_CWD;
  const isScript = cameFrom !== undefined && process.env.npm_lifecycle_event === 'exchange';
  const folder = isScript ? cameFrom : currentFolder();
  if (folder === undefined) {
    const message = 'The folder in which this was started is gone. Go to another one and start again.';
    return failed('file-missing', message).problem;
  }
  const request = parseRequest(process.argv.slice(2), folder);
  if (!request.ok) return request.problem;
  if (request.value.help) {
    await print(process.stdout, HELP, ending.signal);
    return undefined;
  }
  const asked = request.value.exchange;
  const checked = asked.experiment === 'file' ? await checkFiles(asked) : await checkTraces(asked);
  if (checked !== undefined) return checked;
  if (asked.openToNetwork) await print(process.stderr, `${openWarning(asked.options.port)}\n`, ending.signal);
  return await exchange(asked);
}

/** Undefined where the folder was deleted since the shell went there. */
function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** The warning that is printed first, also with --quiet. */
function openWarning(port: number): string {
  const addresses = networkAddresses();
  const where = addresses.length === 0 ? '' : ` (${addresses.join(', ')})`;
  const which = port === 0 ? 'a free port' : `port ${port}`;
  return `Warning: open to the network. While it runs, anybody who reaches this machine${where} can connect to the server on ${which}.`;
}

/** Checks the files before the run: a problem found afterwards would cost a whole run. */
async function checkFiles(request: ExchangeRequest): Promise<Problem | undefined> {
  const { inputPath, outputPath } = request;
  const input = await openInput(inputPath);
  if (!input.ok) return input.problem;
  await input.value.close();
  const output = await checkTarget(outputPath, { notOver: inputPath });
  if (!output.ok) return output.problem;
  return await checkTraces(request);
}

/** A form in which the trace is saved. */
interface TraceTarget {
  readonly flag: '--trace' | '--record';
  readonly path: string;
}

function traceTargets({ tracePath, recordPath }: ExchangeRequest): readonly TraceTarget[] {
  return [
    ...(recordPath === undefined ? [] : [{ flag: '--record', path: recordPath } as const]),
    ...(tracePath === undefined ? [] : [{ flag: '--trace', path: tracePath } as const]),
  ];
}

/** The problem of a trace that would replace the result, or the other form of the trace. */
async function traceOverAnother(request: ExchangeRequest): Promise<Problem | undefined> {
  const targets = traceTargets(request);
  for (const { flag, path } of targets) {
    if (request.experiment !== 'file' || !(await isSameFile(path, request.outputPath))) continue;
    return failed('bad-option', `${path} is also OUTPUT. Give ${flag} a name of its own.`).problem;
  }
  const [first, second] = targets;
  if (first === undefined || second === undefined || !(await isSameFile(first.path, second.path))) {
    return undefined;
  }
  const message = `${first.path} is given for --record and for --trace. Give each a name of its own.`;
  return failed('bad-option', message).problem;
}

async function checkTraces(request: ExchangeRequest): Promise<Problem | undefined> {
  for (const { path } of traceTargets(request)) {
    const target = await checkTarget(path, notOverInput(request));
    if (!target.ok) return target.problem;
  }
  return await traceOverAnother(request);
}

/** The input is never replaced. */
function notOverInput(request: ExchangeRequest): { readonly notOver?: string } {
  return request.inputPath === '' ? {} : { notOver: request.inputPath };
}

async function exchange(request: ExchangeRequest): Promise<Problem | undefined> {
  const made = await createRunFolder(
    request.inputPath === '' ? request.experiment : basename(request.inputPath),
  );
  if (!made.ok) return made.problem;
  const folder = made.value;

  const progress: Progress = { outputSaved: false, tracesSaved: [] };
  let over = false;
  ending.handleSignals((problem) => {
    // Nothing asynchronous can finish from here on.
    if (!over)
      printWithoutWaiting(process.stderr, asLine(leaveFolderSync(request, folder, problem, progress)));
    exit(1);
  });
  const { signal } = ending;
  const printer = request.quiet ? undefined : createPrinter(process.stdout, linesOf(request), signal);
  const outcome = await record(request, folder, printer, signal, progress).catch(
    (error: unknown): ExchangeEnd => ({ problem: unexpectedProblem(error) }),
  );
  let printed = (await printer?.end()) ?? true;
  if (outcome.problem !== undefined) {
    const { sentence, anyLeft } = whatIsLeft(request, folder, progress);
    // Where this fails too, the first problem is still the one to report.
    await (anyLeft ? folder.leave().catch(() => undefined) : folder.remove());
    over = true;
    return { ...outcome.problem, message: outcome.problem.message + sentence };
  }
  await folder.remove();
  over = true;
  const { expectedError, verdict = [] } = outcome;
  if (expectedError !== undefined && !request.quiet) {
    const last = [errorLine(expectedError), ...verdict, ''].join('\n');
    printed = (await print(process.stdout, last, signal)) && printed;
  }
  return printed ? undefined : notPrinted(request, progress);
}

/** How far the saving has come. */
interface Progress {
  outputSaved: boolean;
  /** The files of the trace that are saved. */
  readonly tracesSaved: string[];
}

/** Leaves to the person what was not saved, or removes the folder where there is nothing. Synchronous. */
function leaveFolderSync(
  request: ExchangeRequest,
  folder: RunFolder,
  cancelled: Problem,
  progress: Progress,
): Problem {
  const why = cancelMessage(cancelled, request, progress);
  try {
    const { sentence, anyLeft } = whatIsLeft(request, folder, progress);
    if (anyLeft) folder.leaveSync();
    else folder.removeSync();
    return { ...cancelled, message: why + sentence };
  } catch {
    // The disk fails as well: only the problem is reported.
    return { ...cancelled, message: why };
  }
}

/** What a signal cancelled: the exchange, or only what came after it. */
function cancelMessage({ message }: Problem, request: ExchangeRequest, { outputSaved }: Progress): string {
  if (!outputSaved) return message;
  return `${ending.name() ?? 'A signal'} ended the ${traceTargets(request).length === 0 ? 'printing' : 'saving of the trace'}.`;
}

/** What was saved of a run that failed, and what lies in its folder and was not, as sentences behind the problem's. */
function whatIsLeft(
  request: ExchangeRequest,
  folder: RunFolder,
  progress: Progress,
): { readonly sentence: string; readonly anyLeft: boolean } {
  const bytes = sizeOf(folder.resultPath);
  const files = savedFiles(request, progress);
  const saved = files === '' ? '' : ` ${files} saved.`;
  const isTraceLeft = traceTargets(request).length > 0 && sizeOf(folder.tracePath) > 0;
  const trace = isTraceLeft ? ` The trace is in ${folder.tracePath}.` : '';
  const part = bytes === 0 ? '' : ` What came back, ${bytes} bytes, is in ${folder.resultPath}.`;
  return { sentence: saved + trace + part, anyLeft: trace + part !== '' };
}

/** "out-proj.txt is", "run.jsonl and run.socketscope are"; empty where none is saved. */
function savedFiles({ outputPath }: ExchangeRequest, { outputSaved, tracesSaved }: Progress): string {
  const files = [...(outputSaved ? [outputPath] : []), ...tracesSaved];
  return files.length === 0 ? '' : `${listOf(files, 'and')} ${files.length === 1 ? 'is' : 'are'}`;
}

/** The size of a file, 0 where there is none. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** The exchange has completed and everything is saved, but a signal ended the wait for the reader of the transcript. */
function notPrinted(request: ExchangeRequest, progress: Progress): Problem {
  const files = savedFiles(request, progress);
  const saved = files === '' ? '' : ` and ${files} saved`;
  const message = `${ending.name() ?? 'A signal'} ended the printing. The exchange was through${saved}.`;
  return { code: 'cancelled', message, detail: {} };
}

/**
 * The lines that a fact adds: its transcript, or a line a round where there are many rounds; and the holder of a port.
 */
function linesOf(request: ExchangeRequest): LinesOf {
  const { experiment } = request;
  const words = wordsOf(request);
  const holders = holderLines();
  // For in-use the verdict at the end contains it.
  const freed: LinesOf = experiment === 'in-use' ? () => [] : freedLines();
  const otherPort: LinesOf = experiment === 'in-use' ? otherPortLines() : () => [];
  const others = collectOtherClients();
  return (fact) => {
    others.handle(fact);
    // Printed also where each round is one line.
    if (fact.kind === 'other-clients-left-out') return transcriptOf(fact);
    const lines = [...holders(fact), ...freed(fact), ...otherPort(fact)];
    if (fact.kind === 'run-ended') return [...others.sentences(), ...words(fact)];
    return lines.length === 0 ? words(fact) : [...words(fact), ...lines];
  };
}

function wordsOf(request: ExchangeRequest): LinesOf {
  if (request.experiment === 'race') return raceLines();
  if (request.experiment === 'boundaries') return boundariesLines(request.handOvers);
  return request.experiment === 'ports' ? portsLines() : transcriptLines();
}

function unexpectedProblem(error: unknown): Problem {
  const why = error instanceof Error ? error.message : String(error);
  return failed('unexpected', `The program failed where it should not (${why}).`).problem;
}

interface ExchangeEnd {
  readonly problem: Problem | undefined;
  /** The error that the experiment demonstrates. */
  readonly expectedError?: Problem;
  /** The lines printed after it. */
  readonly verdict?: readonly string[];
}

/** An error as one line: the system's code and number, and the message. */
function errorLine({ code, message, detail: { errorCode = code, errno } }: Problem): string {
  return printable(`${errorCode}${errno === undefined ? '' : ` (errno ${errno})`}: ${message}`);
}

/** The message where the error that the experiment demonstrates did not occur; undefined where it demonstrates none. */
function withoutRefusal({ experiment, options }: ExchangeRequest): string | undefined {
  if (experiment === 'refused' && options.startAfterMs < 0) {
    return 'The client was not refused: another program took it in. Choose another port (--port N, or --port 0 for any free one).';
  }
  if (experiment !== 'in-use') return undefined;
  return options.takenBy === 'listener'
    ? 'The second server was not refused: the system let two servers have one port. Choose another port (--port N, or --port 0 for any free one).'
    : 'The server was not refused: this system lets a server that sets SO_REUSEADDR, as Node does, have a port in TIME_WAIT. Choose --taken-by listener to see a port in use.';
}

/** The error that the experiment demonstrates; fails where it did not occur. */
function expectedErrorOf(
  request: ExchangeRequest,
  outcome: Result<object>,
): Result<{ readonly expectedError?: Problem }> {
  if (!outcome.ok) return outcome;
  const missing = withoutRefusal(request);
  if (missing === undefined) return succeeded({});
  const { value } = outcome;
  return isRefusal(value) ? succeeded({ expectedError: value.refusal }) : failed('unexpected', missing);
}

function isRefusal(outcome: object): outcome is { readonly refusal: Problem } {
  return 'refusal' in outcome && outcome.refusal !== undefined;
}

/** Runs, records and prints the experiment, and saves result and trace. */
async function record(
  request: ExchangeRequest,
  folder: RunFolder,
  printer: Printer | undefined,
  signal: AbortSignal,
  progress: Progress,
): Promise<ExchangeEnd> {
  const recorder =
    traceTargets(request).length === 0 ? undefined : createTraceWriter({ path: folder.tracePath });
  const verdict = createVerdict();
  const emit = (fact: Fact, seenAtMs?: number): void => {
    recorder?.emit(fact, seenAtMs);
    printer?.emit(fact);
    verdict.handle(fact);
  };
  const { experiment, options, wait, handOvers, inputPath, openToNetwork } = request;
  const ran = await runExperiment(
    {
      name: experiment,
      options: {
        ...options,
        handOvers,
        inputPath,
        openToNetwork,
        resultPath: folder.resultPath,
        runtime: runtimeVersions(),
        waitForPort: wait,
      },
    },
    emit,
    signal,
    printer === undefined ? undefined : () => printer.room(),
  );
  const outcome = expectedErrorOf(request, ran);
  const recorded = await recorder?.end();
  const saved = outcome.ok ? await saveOutput(request, folder, signal, progress) : outcome;
  const traced =
    recorder === undefined
      ? succeeded(undefined)
      : await saveTraces(request, folder, recorder.log, signal, progress);
  await recorder?.log.close();
  if (!saved.ok) return { problem: forTerminal(saved.problem, request.experiment) };
  const notTraced = recorded?.ok === false ? recorded : traced;
  if (!notTraced.ok) {
    const { problem } = notTraced;
    const isCancel = problem.code === 'cancelled';
    return {
      problem: isCancel ? { ...problem, message: cancelMessage(problem, request, progress) } : problem,
    };
  }
  return { problem: undefined, verdict: verdict.lines(), ...(outcome.ok ? outcome.value : {}) };
}

/** Saves the result of a file. What is saved is no longer in the run's folder. */
async function saveOutput(
  request: ExchangeRequest,
  folder: RunFolder,
  signal: AbortSignal,
  progress: Progress,
): Promise<Result<unknown>> {
  if (request.experiment !== 'file') return succeeded(undefined);
  const options = { notOver: request.inputPath, signal };
  const saved = await saveAtomically(folder.resultPath, request.outputPath, options);
  if (!saved.ok) return saved;
  progress.outputSaved = true;
  await rm(folder.resultPath, { force: true });
  return saved;
}

/** Saves the trace, of a cancelled run too. A signal that comes while it is copied ends that. */
async function saveTraces(
  request: ExchangeRequest,
  folder: RunFolder,
  log: TraceReader,
  signal: AbortSignal,
  progress: Progress,
): Promise<Result<unknown>> {
  // Checked again: the output exists only now, and on a file system that ignores case two names can now be one file.
  const over = await traceOverAnother(request);
  if (over !== undefined) return { ok: false, problem: over };
  // A trace that a full disk cut short is saved as far as it goes: it records what was left out.
  const options = { ...notOverInput(request), ...(signal.aborted ? {} : { signal }) };
  const linesPath = `${folder.tracePath}.jsonl`;
  for (const { flag, path } of traceTargets(request)) {
    if (flag === '--trace') {
      const exported = await writePart(log, 'facts', linesPath, options.signal);
      if (!exported.ok) return exported;
    }
    const saved = await saveAtomically(flag === '--trace' ? linesPath : folder.tracePath, path, options);
    if (!saved.ok) return saved;
    progress.tracesSaved.push(path);
  }
  await rm(linesPath, { force: true });
  await rm(folder.tracePath, { force: true });
  return succeeded(undefined);
}

/** Adds to the message of a problem the flag that solves it. */
function forTerminal(problem: Problem, experiment: ExchangeRequest['experiment']): Problem {
  const aPort = ' (--port N, or --port 0 for any free one)';
  const how: Partial<Record<Problem['code'], string>> = {
    // The race listens in every round and never waits for its port.
    'port-in-use': experiment === 'race' ? aPort : `${aPort}, or wait for this one (--wait)`,
    'port-not-permitted': aPort,
    'listen-failed': aPort,
    'line-too-long': ' (--max-line BYTES)',
    'program-missing': ' (--taken-by listener)',
    'program-failed': ' (--taken-by listener)',
  };
  const hint = how[problem.code];
  return hint === undefined
    ? problem
    : { ...problem, message: `${problem.message.replace(/\.$/, '')}${hint}.` };
}

function runtimeVersions(): RuntimeVersions {
  const { platform, arch, versions } = process;
  return { app: version, node: versions.node, platform, arch };
}

async function runCommand(): Promise<never> {
  let problem: Problem | undefined;
  try {
    problem = await main();
  } catch (error) {
    problem = unexpectedProblem(error);
  }
  if (problem !== undefined) await print(process.stderr, asLine(problem), ending.signal);
  // Exits although the name lookup may still be pending.
  exit(problem === undefined ? 0 : 1);
}

/** The message as one line, whatever characters it contains. */
function asLine(problem: Problem): string {
  return `${printable(problem.message)}\n`;
}

// Built as one file, the command is also the program of the race's two threads.
if (isMainThread) await runCommand();
else await import('../engine/experiments/run/race/racer.ts');

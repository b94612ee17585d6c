// The terminal command: the experiments without a window. Arguments in, transcript out, a file's result saved; the same
// experiments/ code as in the app. scripts/terminal-build.mjs makes one file of it.

import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
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
import { createTraceWriter } from '../engine/recording/trace-writer.ts';
import type { Problem, Result } from '../shared/result.ts';
import { failed, succeeded } from '../shared/result.ts';
import type { Fact, RuntimeVersions } from '../shared/trace/fact.ts';
import { printable, transcriptOf } from '../shared/trace/transcript.ts';
import { parseRequest } from './arguments.ts';
import type { ExchangeRequest } from './arguments.ts';
import { HELP } from './help.ts';
import { boundariesLines } from './boundaries-lines.ts';
import { createVerdict, freedLines, holderLines } from './port-lines.ts';
import { createPrinter, transcriptLines } from './printer.ts';
import type { Printer } from './printer.ts';
import { portsLines, raceLines, type LinesOf } from './round-lines.ts';
import { createEnding } from './signals.ts';
import { exit, say, sayAtOnce } from './standard-streams.ts';

const ending = createEnding();

async function main(): Promise<Problem | undefined> {
  // npm goes to the project's folder before it starts a script; what the person typed is relative to INIT_CWD.
  const cameFrom = process.env.INIT_CWD;
  const folder =
    cameFrom !== undefined && process.env.npm_lifecycle_event === 'exchange' ? cameFrom : process.cwd();
  const request = parseRequest(process.argv.slice(2), folder);
  if (!request.ok) return request.problem;
  if (request.value.help) {
    await say(process.stdout, HELP, ending.signal);
    return undefined;
  }
  const asked = request.value.exchange;
  const checked = asked.experiment === 'file' ? await checkFiles(asked) : await checkTrace(asked);
  if (checked !== undefined) return checked;
  if (asked.openToNetwork) await say(process.stderr, `${openWarning(asked.options.port)}\n`, ending.signal);
  return await exchange(asked);
}

/** Said before anything else, whatever else is quiet. */
function openWarning(port: number): string {
  const addresses = networkAddresses();
  const where = addresses.length === 0 ? '' : ` (${addresses.join(', ')})`;
  const which = port === 0 ? 'a free port' : `port ${port}`;
  return `Warning: open to the network. While it runs, anybody who reaches this machine${where} can connect to the server on ${which}.`;
}

/** What can be told without opening a port: finding it afterwards would cost a whole run. */
async function checkFiles(request: ExchangeRequest): Promise<Problem | undefined> {
  const { inputPath, outputPath, tracePath } = request;
  const input = await openInput(inputPath);
  if (!input.ok) return input.problem;
  await input.value.close();
  const output = await checkTarget(outputPath, { notOver: inputPath });
  if (!output.ok) return output.problem;
  if (tracePath === undefined) return undefined;
  const trace = await checkTarget(tracePath, { notOver: inputPath });
  if (!trace.ok) return trace.problem;
  return await traceOverOutput(request);
}

/** A trace never replaces the result. */
async function traceOverOutput(request: ExchangeRequest): Promise<Problem | undefined> {
  const { tracePath } = request;
  if (tracePath === undefined || request.experiment !== 'file') return undefined;
  if (!(await isSameFile(tracePath, request.outputPath))) return undefined;
  return failed('bad-option', `${tracePath} is also OUTPUT. Give --trace a name of its own.`).problem;
}

async function checkTrace(request: ExchangeRequest): Promise<Problem | undefined> {
  const { tracePath } = request;
  if (tracePath === undefined) return undefined;
  const trace = await checkTarget(tracePath, notOverInput(request));
  return trace.ok ? undefined : trace.problem;
}

/** What is sent is never replaced. */
function notOverInput(request: ExchangeRequest): { readonly notOver?: string } {
  return request.inputPath === '' ? {} : { notOver: request.inputPath };
}

async function exchange(request: ExchangeRequest): Promise<Problem | undefined> {
  const made = await createRunFolder(
    request.inputPath === '' ? request.experiment : basename(request.inputPath),
  );
  if (!made.ok) return made.problem;
  const folder = made.value;

  let over = false;
  ending.hear((problem) => {
    // Nobody waits for what is asynchronous any more.
    if (!over) sayAtOnce(process.stderr, asLine(leaveAtOnce(folder, problem)));
    exit(1);
  });
  const { signal } = ending;
  const printer = request.quiet ? undefined : createPrinter(process.stdout, linesOf(request), signal);
  const outcome = await record(request, folder, printer, signal).catch((error: unknown) =>
    unexpectedEnd(error, folder),
  );
  let printed = (await printer?.end()) ?? true;
  if (outcome.problem !== undefined && outcome.resultBytes > 0) {
    // Where not even this can be written, what went wrong is still to be told.
    await folder.leave().catch(() => undefined);
    over = true;
    return withPartNamed(outcome.problem, folder, outcome.resultBytes);
  }
  await folder.remove();
  over = true;
  if (outcome.problem !== undefined) return outcome.problem;
  const { lesson, verdict = [] } = outcome;
  if (lesson !== undefined && !request.quiet) {
    const last = [lessonLine(lesson), ...verdict, ''].join('\n');
    printed = (await say(process.stdout, last, signal)) && printed;
  }
  return printed ? undefined : notPrinted(request);
}

/** Leaves what came back to the person, or removes the folder where nothing did, without waiting for anything. */
function leaveAtOnce(folder: RunFolder, problem: Problem): Problem {
  try {
    const bytes = statSync(folder.resultPath, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes === 0) {
      folder.removeAtOnce();
      return problem;
    }
    folder.leaveAtOnce();
    return withPartNamed(problem, folder, bytes);
  } catch {
    // The disk fails as well: the reason is all there is to say.
    return problem;
  }
}

/** The exchange was through and everything is saved, but a signal ended the wait for who reads the transcript. */
function notPrinted(request: ExchangeRequest): Problem {
  const saved = request.experiment === 'file' ? ` and ${request.outputPath} is saved` : '';
  const message = `${ending.name() ?? 'A signal'} ended the printing. The exchange was through${saved}.`;
  return { code: 'cancelled', message, detail: {} };
}

/** What is printed of it: its transcript, or a line a round where it has many; and who has a port that is taken. */
function linesOf(request: ExchangeRequest): LinesOf {
  const { experiment } = request;
  const words = wordsOf(request);
  const holders = holderLines();
  // The verdict of in-use tells it at the end.
  const freed: LinesOf = experiment === 'in-use' ? () => [] : freedLines();
  return (fact) => {
    // Where each round is a line, this is one all the same.
    if (fact.kind === 'other-clients-left-out') return transcriptOf(fact);
    const lines = [...holders(fact), ...freed(fact)];
    return lines.length === 0 ? words(fact) : [...words(fact), ...lines];
  };
}

function wordsOf(request: ExchangeRequest): LinesOf {
  if (request.experiment === 'race') return raceLines();
  if (request.experiment === 'boundaries') return boundariesLines(request.handOvers);
  return request.experiment === 'ports' ? portsLines() : transcriptLines();
}

/** A mistake of the program itself: what came back until then is kept all the same. */
async function unexpectedEnd(error: unknown, folder: RunFolder): Promise<ExchangeEnd> {
  const part = await stat(folder.resultPath).catch(() => undefined);
  return { problem: unexpectedProblem(error), resultBytes: part?.size ?? 0 };
}

function unexpectedProblem(error: unknown): Problem {
  const why = error instanceof Error ? error.message : String(error);
  return failed('unexpected', `The program failed where it should not (${why}).`).problem;
}

function withPartNamed(problem: Problem, folder: RunFolder, bytes: number): Problem {
  const part = ` What came back, ${bytes} bytes, is in ${folder.resultPath}.`;
  return { ...problem, message: problem.message + part };
}

interface ExchangeEnd {
  readonly problem: Problem | undefined;
  /** Size of the result in the run's folder, where it was not saved. */
  readonly resultBytes: number;
  /** The error that the experiment was to bring about. */
  readonly lesson?: Problem;
  /** What there is to say after it. */
  readonly verdict?: readonly string[];
}

/** An error as one line: the system's code and number, and the sentence. */
function lessonLine({ code, message, detail: { errorCode = code, errno } }: Problem): string {
  return printable(`${errorCode}${errno === undefined ? '' : ` (errno ${errno})`}: ${message}`);
}

/** Why the error that the experiment is for did not come, as what to do about it; undefined where it is for none. */
function withoutRefusal({ experiment, options }: ExchangeRequest): string | undefined {
  if (experiment === 'refused' && options.startAfterMs < 0) {
    return 'The client was not refused: another program took it in. Choose another port (--port N, or --port 0 for any free one).';
  }
  if (experiment !== 'in-use') return undefined;
  return options.takenBy === 'listener'
    ? 'The second server was not refused: the system let two servers have one port. Choose another port (--port N, or --port 0 for any free one).'
    : 'The server was not refused: this system lets a server that sets SO_REUSEADDR, as Node does, have a port in TIME_WAIT. Choose --taken-by listener to see a port in use.';
}

/** The error that an experiment was to bring about; that it did not come is the failure. */
function lessonOf(request: ExchangeRequest, outcome: Result<object>): Result<{ readonly lesson?: Problem }> {
  if (!outcome.ok) return outcome;
  const missing = withoutRefusal(request);
  if (missing === undefined) return succeeded({});
  const { value } = outcome;
  return isRefusal(value) ? succeeded({ lesson: value.refusal }) : failed('unexpected', missing);
}

function isRefusal(outcome: object): outcome is { readonly refusal: Problem } {
  return 'refusal' in outcome && outcome.refusal !== undefined;
}

/** Runs the experiment with what records and prints it, and saves result and trace. */
async function record(
  request: ExchangeRequest,
  folder: RunFolder,
  printer: Printer | undefined,
  signal: AbortSignal,
): Promise<ExchangeEnd> {
  const recorder =
    request.tracePath === undefined ? undefined : createTraceWriter({ path: folder.tracePath });
  const verdict = createVerdict();
  let resultBytes = 0;
  const emit = (fact: Fact, seenAtMs?: number): void => {
    if (fact.kind === 'run-ended') resultBytes = fact.resultBytes;
    recorder?.emit(fact, seenAtMs);
    printer?.emit(fact);
    verdict.take(fact);
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
  const outcome = lessonOf(request, ran);
  const recorded = await recorder?.end();
  await recorder?.log.close();

  const saved: Result<unknown> =
    outcome.ok && request.experiment === 'file'
      ? await saveAtomically(folder.resultPath, request.outputPath, { notOver: request.inputPath, signal })
      : outcome;
  const traced = await saveTrace(request, folder, recorded);
  if (!saved.ok) return { problem: forTerminal(saved.problem, request.experiment), resultBytes };
  if (!traced.ok) return { problem: traced.problem, resultBytes: 0 };
  return {
    problem: undefined,
    resultBytes: 0,
    verdict: verdict.lines(),
    ...(outcome.ok ? outcome.value : {}),
  };
}

async function saveTrace(
  request: ExchangeRequest,
  folder: RunFolder,
  recorded: Result<void> | undefined,
): Promise<Result<unknown>> {
  if (recorded === undefined || request.tracePath === undefined) return succeeded(undefined);
  // Again: what is there by now was not there before the run, and only now do the names of a file system that ignores
  // case show that they are one.
  const overOutput = await traceOverOutput(request);
  if (overOutput !== undefined) return { ok: false, problem: overOutput };
  // A trace that the disk cut short is saved as far as it goes: it says itself what was left out.
  const saved = await saveAtomically(folder.tracePath, request.tracePath, notOverInput(request));
  return recorded.ok ? saved : recorded;
}

/** The sentence of a problem says what to do; here it can also say how. */
function forTerminal(problem: Problem, experiment: ExchangeRequest['experiment']): Problem {
  const aPort = ' (--port N, or --port 0 for any free one)';
  const how: Partial<Record<Problem['code'], string>> = {
    // The race asks for its port in every round and waits for none.
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
  if (problem !== undefined) await say(process.stderr, asLine(problem), ending.signal);
  // The name lookup may still be under way: nobody waits for it any more.
  exit(problem === undefined ? 0 : 1);
}

/** One line, whatever is in a path or an error. */
function asLine(problem: Problem): string {
  return `${printable(problem.message)}\n`;
}

// Built as one file, the command is also the program of the race's two threads (race/racers.ts).
if (isMainThread) await runCommand();
else await import('../engine/experiments/run/race/racer.ts');

// A thread of the main process in which one run's sockets live, with its recorder and its trace; or in which a saved
// trace is read. Electron's own thread would take every socket event through Chromium's message loop, at a third of the
// speed, and a line of a megabyte would hold up the window. run-host.ts starts it and talks to it.

import { inspect } from 'node:util';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';

import { DETAILED_LINES, MOST_FACT_DATA_BYTES } from '../../shared/ipc.ts';
import { failed, succeeded, type Problem, type Result } from '../../shared/result.ts';
import type { Emit, Fact, RunEnded } from '../../shared/trace/fact.ts';
import { runBoundariesExperiment } from '../experiments/run/boundaries.ts';
import { runFileExperiment } from '../experiments/run/file.ts';
import { runInUseExperiment } from '../experiments/run/in-use.ts';
import { runPortsExperiment } from '../experiments/run/ports.ts';
import { runRaceExperiment } from '../experiments/run/race.ts';
import { runRefusedExperiment } from '../experiments/run/refused.ts';
import { runStringExperiment } from '../experiments/run/string.ts';
import { runWelcomeExperiment } from '../experiments/run/welcome.ts';
import type { Answer, ExperimentToRun, FromThread, Job, Opened, Question, ToThread } from './run-protocol.ts';
import { createSeqRanges } from '../recording/seq-ranges.ts';
import { withDataCut } from '../recording/cut-data.ts';
import { createPushRule } from '../recording/live-window.ts';
import { createRecorder } from '../recording/trace-writer.ts';
import { openTrace, type TraceLog } from '../recording/trace-reader.ts';

function runExperiment(
  { name, options }: ExperimentToRun,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<unknown>> {
  switch (name) {
    case 'boundaries':
      return runBoundariesExperiment(options, emit, signal);
    case 'ports':
      return runPortsExperiment(options, emit, signal);
    case 'race':
      return runRaceExperiment(options, emit, signal);
    case 'file':
      return runFileExperiment(options, emit, signal);
    case 'in-use':
      return runInUseExperiment(options, emit, signal);
    case 'refused':
      return runRefusedExperiment(options, emit, signal);
    case 'string':
      return runStringExperiment(options, emit, signal);
    case 'welcome':
      return runWelcomeExperiment(options, emit, signal);
  }
}

/** Conducts a run to its end, says so, and gives its trace to be asked about. */
async function conduct(
  job: Extract<Job, { kind: 'run' }>,
  signal: AbortSignal,
  say: (message: FromThread) => void,
  traceIsThere: (trace: TraceLog) => void,
): Promise<void> {
  let ended: RunEnded | undefined;
  const recorder = createRecorder({
    path: job.tracePath,
    detailedLines: DETAILED_LINES,
    onFacts: (facts) => {
      say({ say: 'facts', facts });
    },
    onCounts: (counts) => {
      say({ say: 'counts', counts });
    },
  });
  traceIsThere(recorder.log);
  function emit(fact: Fact, seenAtMs?: number): void {
    if (fact.kind === 'run-started') say({ say: 'started', fact });
    if (fact.kind === 'run-ended') ended = fact;
    recorder.emit(fact, seenAtMs);
  }

  let problem: Problem | undefined;
  let unexpected: string | undefined;
  try {
    const outcome = await runExperiment(job.experiment, emit, signal);
    if (!outcome.ok) problem = outcome.problem;
  } catch (error) {
    unexpected = inspect(error);
    problem = failed(
      'unexpected',
      'The run ended by an error that SocketScope was not prepared for; the log says which one.',
    ).problem;
  }
  const recorded = await recorder.end();
  say({
    say: 'ended',
    end: {
      ...(problem === undefined ? {} : { problem }),
      ...(ended === undefined ? {} : { ended }),
      ...(recorded.ok ? {} : { traceProblem: recorded.problem }),
      ...(unexpected === undefined ? {} : { unexpected }),
    },
  });
}

async function openSaved(path: string, traceIsThere: (trace: TraceLog) => void): Promise<Result<Opened>> {
  const isPushed = createPushRule(DETAILED_LINES);
  const pushed = createSeqRanges();
  // Facts are taken as they come and never looked up by counting: a file can say that any number was left out.
  const trace = await openTrace(path, (fact, linesSent) => {
    if (isPushed(fact, linesSent)) pushed.add(fact.seq);
  });
  if (!trace.ok) return trace;
  traceIsThere(trace.value);
  const { first, counts } = trace.value;
  return succeeded({ first, counts: { ...counts }, pushed: pushed.all() });
}

async function answerTo(question: Question, trace: TraceLog): Promise<Answer> {
  switch (question.about) {
    case 'facts':
      return { about: 'facts', facts: await trace.facts(question.fromSeq, question.toSeq) };
    case 'fact': {
      const fact = await trace.fact(question.seq);
      return {
        about: 'fact',
        fact: fact.ok ? succeeded(withDataCut(fact.value, MOST_FACT_DATA_BYTES)) : fact,
      };
    }
    case 'seq-of-line':
      return { about: 'seq-of-line', seq: await trace.seqOfLine(question.line) };
  }
}

function serve(port: MessagePort, job: Job): void {
  const cancel = new AbortController();
  let trace: TraceLog | undefined;
  function say(message: FromThread): void {
    port.postMessage(message);
  }
  function traceIsThere(log: TraceLog): void {
    trace = log;
  }
  async function take(message: ToThread): Promise<void> {
    switch (message.say) {
      case 'cancel':
        cancel.abort(message.problem);
        return;
      case 'question':
        // Main asks about a trace only after it has heard of it.
        if (trace === undefined) throw new Error('There is no trace to ask about');
        say({ say: 'answer', id: message.id, answer: await answerTo(message.question, trace) });
        return;
      case 'close':
        await trace?.close();
        // Nothing else keeps the thread alive.
        port.close();
    }
  }
  port.on('message', (message: ToThread) => void take(message));

  if (job.kind === 'run') void conduct(job, cancel.signal, say, traceIsThere);
  else
    void openSaved(job.path, traceIsThere).then((opened) => {
      say({ say: 'opened', opened });
    });
}

/** What run-host.ts starts a thread with: both are of one build, so its kind is all there is to see to. */
function isJob(data: unknown): data is Job {
  return (
    typeof data === 'object' &&
    data !== null &&
    'kind' in data &&
    (data.kind === 'run' || data.kind === 'open')
  );
}

const job: unknown = workerData;
if (parentPort === null || !isJob(job))
  throw new Error('This is a thread of the app and no program of its own');
serve(parentPort, job);

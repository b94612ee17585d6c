// The thread in which one run's sockets live, with its recorder and its trace; or in which a saved trace is read.
// Electron's own thread would take every socket event through Chromium's message loop, at a third of the speed, and a line
// of a megabyte would hold up the window.

import { inspect } from 'node:util';
import { parentPort, type MessagePort } from 'node:worker_threads';

import { DETAILED_LINES, MAX_FACT_DATA_BYTES } from '../../shared/ipc.ts';
import { failed, succeeded, type Problem, type Result } from '../../shared/result.ts';
import type { Emit, RunEnded } from '../../shared/trace/fact.ts';
import { runExperiment } from '../experiments/index.ts';
import { withDataCut } from '../recording/cut-data.ts';
import { createPushRule } from '../recording/live-window.ts';
import { createSeqRanges } from '../recording/seq-ranges.ts';
import { openTrace, type TraceReader } from '../recording/trace-reader.ts';
import { createTraceWriter } from '../recording/trace-writer.ts';
import { connectRpc } from '../system/thread-rpc.ts';
import type { HostCalls, Opened, RunEnd, WorkerCalls } from './run-protocol.ts';

function serve(port: MessagePort): void {
  const cancel = new AbortController();
  let log: TraceReader | undefined;

  /** The host asks about a trace only after it has heard of it. */
  function trace(): TraceReader {
    if (log === undefined) throw new Error('There is no trace to ask about');
    return log;
  }

  const host = connectRpc<HostCalls, WorkerCalls>(port, {
    async run(experiment, tracePath) {
      let ended: RunEnded | undefined;
      const recorder = createTraceWriter({
        path: tracePath,
        detailedLines: DETAILED_LINES,
        onFacts: (facts) => {
          host.send('facts', facts);
        },
        onCounts: (counts) => {
          host.send('counts', counts);
        },
      });
      log = recorder.log;
      const emit: Emit = (fact, seenAtMs) => {
        if (fact.kind === 'run-started') host.send('started', fact);
        if (fact.kind === 'run-ended') ended = fact;
        recorder.emit(fact, seenAtMs);
      };
      const how = await endOf(() => runExperiment(experiment, emit, cancel.signal));
      const recorded = await recorder.end();
      return {
        ...how,
        ...(ended === undefined ? {} : { ended }),
        ...(recorded.ok ? {} : { traceProblem: recorded.problem }),
      };
    },
    cancel(problem) {
      cancel.abort(problem);
    },
    async open(path) {
      const isPushed = createPushRule(DETAILED_LINES);
      const pushed = createSeqRanges();
      // Facts are handled as they come and never looked up by counting: a file can say that any number was left out.
      const opened = await openTrace(path, (fact, linesSent) => {
        if (isPushed(fact, linesSent)) pushed.add(fact.seq);
      });
      if (!opened.ok) return opened;
      log = opened.value;
      const { first, counts } = opened.value;
      return succeeded<Opened>({ first, counts: { ...counts }, pushed: pushed.all() });
    },
    factsIn: (ranges) => trace().factsIn(ranges),
    async fact(seq) {
      const fact = await trace().fact(seq);
      return fact.ok ? succeeded(withDataCut(fact.value, MAX_FACT_DATA_BYTES)) : fact;
    },
    seqOfLine: (line) => trace().seqOfLine(line),
    async close() {
      await log?.close();
      // Nothing else keeps the thread alive.
      port.close();
    },
  });
}

/** Why a run ended early: its problem, or an error that nothing was prepared for. */
async function endOf(run: () => Promise<Result<unknown>>): Promise<Pick<RunEnd, 'problem' | 'unexpected'>> {
  try {
    const outcome = await run();
    return outcome.ok ? {} : { problem: outcome.problem };
  } catch (error) {
    return { problem: unexpectedProblem(), unexpected: inspect(error) };
  }
}

function unexpectedProblem(): Problem {
  return failed(
    'unexpected',
    'The run ended by an error that SocketScope was not prepared for; the log says which one.',
  ).problem;
}

if (parentPort === null) throw new Error('This is a thread of the app and no program of its own');
serve(parentPort);

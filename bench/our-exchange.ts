// Our exchange without terminal or window, with or without a trace. bench/exchange.ts runs it in a process of its own.

import { runFileExperiment } from '../src/engine/experiments/run/file.ts';
import { createTraceWriter } from '../src/engine/recording/trace-writer.ts';

const [, , source, target, trace] = process.argv;
if (source === undefined || target === undefined)
  throw new Error('usage: our-exchange.ts INPUT OUTPUT [TRACE]');

const recorder = trace === undefined ? undefined : createTraceWriter({ path: trace });
const outcome = await runFileExperiment(
  {
    inputPath: source,
    resultPath: target,
    host: '127.0.0.1',
    port: 0,
    by: 'grapheme',
    maxLineBytes: 1_048_576,
    runtime: { app: 'bench', node: process.version, platform: process.platform, arch: process.arch },
  },
  recorder?.emit ?? (() => undefined),
  new AbortController().signal,
);
const recorded = await recorder?.end();
await recorder?.log.close();
if (!outcome.ok) throw new Error(outcome.problem.message);
if (recorded?.ok === false) throw new Error(recorded.problem.message);

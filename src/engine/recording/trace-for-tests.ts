// Opens traces in tests, and reads all of them.

import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TraceEvent } from '../../shared/trace/fact.ts';
import { openTrace, type OpenedTrace, type TraceReader } from './trace-reader.ts';

/** The trace in this file; one of JSON lines is packed into a file that is gone when the trace is closed. */
export async function traceIn(path: string): Promise<OpenedTrace> {
  const packed = join(tmpdir(), `packed-${randomUUID()}`);
  const opened = await openTrace(path, packed);
  if (!opened.ok) throw new Error(opened.problem.message);
  const trace = opened.value;
  return {
    ...trace,
    async close() {
      await trace.close();
      await rm(packed, { force: true });
    },
  };
}

/** All facts that were kept, their data whole. */
export async function allFactsOf(trace: TraceReader): Promise<readonly TraceEvent[]> {
  const facts: TraceEvent[] = [];
  for await (const some of trace.facts(1)) {
    if (!some.ok) throw new Error(some.problem.message);
    facts.push(...some.value);
  }
  return facts;
}

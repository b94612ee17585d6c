// Compares two traces, a slice at a time: neither is held whole, and pages are served in between.

import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

import { FACT_DATA_BYTES } from '../../shared/ipc.ts';
import { succeeded, type Result } from '../../shared/result.ts';
import {
  RunComparer,
  type ComparedSide,
  type Difference,
  type RunComparison,
} from '../../shared/trace/comparison.ts';
import type { TraceReader } from './trace-reader.ts';

/** One call works for about so long. */
const CALL_MS = 60;

/** The comparison of two traces. */
export interface TraceComparison {
  /** Compares on for some time and answers how far it is. Calls at the same time wait for each other. */
  advance(): Promise<Result<RunComparison>>;
}

type Facts = ReturnType<TraceReader['facts']>;

/** Compares the run that is shown with the one beside it. Both readers are the caller's to close. */
export function compareTraces(here: TraceReader, there: TraceReader): TraceComparison {
  const comparer = new RunComparer();
  const traces = { here, there };
  const left: Record<ComparedSide, Facts | undefined> = { here: here.facts(1), there: there.facts(1) };
  const read = { here: 0, there: 0 };
  let failure: Extract<Result<never>, { readonly ok: false }> | undefined;
  let difference: Difference | undefined;
  let advancing: Promise<unknown> = Promise.resolve();

  /** Reads on in the run of which less was read. */
  async function readOn(): Promise<void> {
    const isHere = left.there === undefined || (left.here !== undefined && read.here <= read.there);
    const side = isHere ? 'here' : 'there';
    const next = await left[side]?.next();
    if (next === undefined || next.done === true) {
      left[side] = undefined;
      read[side] = traces[side].counts.facts;
      comparer.end(side);
      return;
    }
    if (!next.value.ok) {
      failure = next.value;
      return;
    }
    for (const fact of next.value.value) comparer.add(side, fact);
    read[side] = next.value.value.at(-1)?.seq ?? read[side];
  }

  async function factsOf(): Promise<Result<Difference>> {
    const place = comparer.difference ?? {};
    let found: Difference = {};
    for (const side of ['here', 'there'] as const) {
      const seq = place[side];
      if (seq === undefined) continue;
      const fact = await traces[side].fact(seq, FACT_DATA_BYTES);
      if (!fact.ok) return fact;
      found = { ...found, [side]: fact.value };
    }
    return succeeded(found);
  }

  async function advance(): Promise<Result<RunComparison>> {
    const begin = performance.now();
    while (!comparer.isDone && failure === undefined && performance.now() - begin < CALL_MS) {
      await readOn();
      await setImmediate();
    }
    if (failure !== undefined) return failure;
    if (comparer.isDone && comparer.difference !== undefined && difference === undefined) {
      const found = await factsOf();
      if (!found.ok) return found;
      difference = found.value;
    }
    return succeeded({
      read: read.here + read.there,
      facts: here.counts.facts + there.counts.facts,
      done: comparer.isDone,
      same: comparer.same,
      ...(difference === undefined ? {} : { difference }),
    });
  }

  return {
    advance() {
      const turn = advancing.then(advance);
      advancing = turn.catch(() => undefined);
      return turn;
    },
  };
}

// The numbers of the whole run, computed by the thread that holds the trace for as long as somebody shows them.

import { useEffect, useState } from 'react';
import type { LineOrder, RunNumbers } from '../../shared/numbers/run-numbers.ts';
import { bridge } from './bridge.ts';
import { hasShownRun, reportProblem, useRun } from './run.ts';

/** Of a run under way they are computed anew at most so often. */
const AGAIN_MS = 500;

/** The numbers as far as they are computed, with this many lines listed; undefined before there are any. */
export function useRunNumbers(order: LineOrder, lines: number): RunNumbers | undefined {
  const run = useRun((state) => (hasShownRun(state) ? state.info?.run : undefined));
  const [answer, setAnswer] = useState<{ readonly of: string; readonly numbers: RunNumbers }>();
  const of = `${String(run)} ${order} ${lines}`;
  useEffect(() => {
    if (run === undefined) return undefined;
    const gone = new AbortController();
    void follow(run, { order, lines }, gone.signal, (numbers) => {
      setAnswer({ of, numbers });
    });
    return () => {
      gone.abort();
    };
  }, [run, order, lines, of]);
  return answer?.of === of ? answer.numbers : undefined;
}

/** Asks on until all facts are counted, and again when there are more. */
async function follow(
  run: number,
  request: { readonly order: LineOrder; readonly lines: number },
  gone: AbortSignal,
  show: (numbers: RunNumbers) => void,
): Promise<void> {
  while (!gone.aborted) {
    const answer = await bridge.call('run:numbers', { run, ...request });
    if (isOver(gone) || answer === undefined) return;
    if (!answer.ok) {
      if (answer.problem.code !== 'run-replaced') reportProblem(answer);
      return;
    }
    show(answer.value);
    if (answer.value.done) await moreThan(answer.value.facts, gone);
  }
}

function isOver(gone: AbortSignal): boolean {
  return gone.aborted;
}

/** Resolves when the run has more facts than that, after some time, or when nobody waits any more. */
function moreThan(facts: number, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = useRun.subscribe(check);
    function finish(): void {
      clearTimeout(timer);
      stop();
      resolve();
    }
    function check(): void {
      if (useRun.getState().counts.facts > facts) timer ??= setTimeout(finish, AGAIN_MS);
    }
    gone.addEventListener('abort', finish, { once: true });
    check();
  });
}

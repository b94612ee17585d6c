// The sentences at the end of a race and of a run of ports, made from the trace's own numbers.

import { portsSentences, raceSentences } from '../../shared/experiments/summary/rounds.ts';
import type { RunEnded, TraceEvent } from '../../shared/trace/fact.ts';
import { outcomesOf, tallyAt } from '../scene/round-outcomes.ts';
import { roundsOf } from '../scene/rounds.ts';

/** The sentences at the end of a race; empty where no round was run. */
export function raceSummary(facts: readonly TraceEvent[], ended: RunEnded): readonly string[] {
  const started = startOf(facts);
  return raceSentences({
    ...tallyAt(outcomesOf(roundsOf(facts)), Infinity),
    pauseMs: started?.options.pauseMs ?? 0,
    asked: started?.options.rounds ?? 0,
    completed: ended.outcome === 'completed',
  });
}

/** The sentences at the end of a run of ports; empty where no client was given one. */
export function portsSummary(facts: readonly TraceEvent[], ended: RunEnded): readonly string[] {
  const started = startOf(facts);
  const listening = facts.find((event) => event.kind === 'listening');
  return portsSentences({
    clientPorts: outcomesOf(roundsOf(facts)).flatMap(({ clientPort }) =>
      clientPort === undefined ? [] : [clientPort.value],
    ),
    serverPort: listening?.local.port,
    range: facts.find((event) => event.kind === 'ephemeral-range-read'),
    platform: started?.runtime.platform ?? '',
    asked: started?.options.runs ?? 0,
    completed: ended.outcome === 'completed',
  });
}

function startOf([first]: readonly TraceEvent[]) {
  return first?.kind === 'run-started' ? first : undefined;
}

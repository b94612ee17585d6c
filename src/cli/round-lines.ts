// What the terminal command prints of an experiment with many rounds: one line a round, and a summary at the end.

import { portsSentences, raceSentences } from '../shared/experiments/summary/rounds.ts';
import type { Problem } from '../shared/result.ts';
import { CLIENT } from '../shared/trace/fact.ts';
import type { Fact, TimeWaitExamined } from '../shared/trace/fact.ts';

/** The lines (without line ends) that a fact adds to the output, none for most. */
export type LinesOf = (fact: Fact) => readonly string[];

interface RaceRound {
  readonly round: number;
  clientPort?: number;
  problem?: Problem;
  timeWait?: TimeWaitExamined;
}

/**
 * For one run of `race`: a round's line is printed when the next one begins, the summary when the run has completed.
 */
export function raceLines(): LinesOf {
  const outcomes = { connected: 0, refused: 0, failed: 0 };
  const timeWait = { client: 0, server: 0, none: 0 };
  let pauseMs = 0;
  let asked = 0;
  let current: RaceRound | undefined;

  function finished(): readonly string[] {
    const round = current;
    current = undefined;
    const outcome = round === undefined ? undefined : outcomeOf(round);
    if (round === undefined || outcome === undefined) return [];
    outcomes[outcome] += 1;
    if (round.timeWait !== undefined) timeWait[round.timeWait.found?.side ?? 'none'] += 1;
    return [raceLine(round, outcome)];
  }

  return (fact) => {
    switch (fact.kind) {
      case 'run-started':
        pauseMs = fact.options.pauseMs ?? 0;
        asked = fact.options.rounds ?? 0;
        return [];
      case 'round-started': {
        const lines = finished();
        current = { round: fact.round };
        return lines;
      }
      case 'connected':
        if (current !== undefined) current.clientPort = fact.local.port;
        return [];
      case 'failed':
        if (current !== undefined && fact.peer === CLIENT) current.problem = fact.problem;
        return [];
      case 'time-wait-examined':
        if (current !== undefined) current.timeWait = fact;
        return [];
      case 'run-ended': {
        const lines = finished();
        if (fact.outcome !== 'completed') return lines;
        const { connected, refused, failed: other } = outcomes;
        const race = { connected, refused, other, timeWait, pauseMs, asked, completed: true };
        return [...lines, raceSentences(race).join(' ')];
      }
      default:
        return [];
    }
  };
}

type Outcome = 'connected' | 'refused' | 'failed';

/** Undefined for a round that was cancelled before it had an outcome. */
function outcomeOf({ clientPort, problem }: RaceRound): Outcome | undefined {
  if (problem !== undefined) return problem.code === 'connection-refused' ? 'refused' : 'failed';
  return clientPort === undefined ? undefined : 'connected';
}

function raceLine({ round, clientPort, problem, timeWait }: RaceRound, outcome: Outcome): string {
  if (outcome === 'connected') {
    return `round ${round}: connected from port ${clientPort ?? 0}${timeWaitWords(timeWait)}`;
  }
  const { errorCode, errno } = problem?.detail ?? {};
  const number = errno === undefined ? '' : ` (errno ${errno})`;
  return `round ${round}: ${outcome}: ${errorCode ?? problem?.code ?? ''}${number}`;
}

function timeWaitWords(examined: TimeWaitExamined | undefined): string {
  if (examined === undefined) return '';
  const { found } = examined;
  if (found === undefined) return '; no TIME_WAIT was seen';
  const seconds = found.secondsLeft === undefined ? '' : ` for ${found.secondsLeft} s`;
  return `; TIME_WAIT stays on the ${found.side}'s side${seconds}`;
}

/** For one run of `ports`: a client's line is printed when it is connected, the summary when the run has completed. */
export function portsLines(): LinesOf {
  const clientPorts: number[] = [];
  let round = 0;
  let serverPort = 0;
  let range: { readonly from: number; readonly to: number } | undefined;
  let platform = '';
  let asked = 0;

  return (fact) => {
    switch (fact.kind) {
      case 'run-started':
        ({ platform } = fact.runtime);
        asked = fact.options.runs ?? 0;
        return [];
      case 'ephemeral-range-read':
        range = fact;
        return [];
      case 'listening':
        serverPort = fact.local.port;
        return [];
      case 'round-started':
        ({ round } = fact);
        return [];
      case 'connected':
        clientPorts.push(fact.local.port);
        return [`run ${round}: client port ${fact.local.port}, server port ${serverPort}`];
      case 'run-ended':
        return fact.outcome === 'completed'
          ? [portsSentences({ clientPorts, serverPort, range, platform, asked, completed: true }).join(' ')]
          : [];
      default:
        return [];
    }
  };
}

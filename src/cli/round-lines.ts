// What the terminal command prints of an experiment that does the same several times: one line a round, and at the end
// one sentence made of their numbers. cli/index.ts gives it to the printer.

import type { Problem } from '../shared/result.ts';
import type { Fact, TimeWaitExamined } from '../shared/trace/fact.ts';

/** The lines (without line ends) that a fact adds to what is printed, none for most. */
export type LinesOf = (fact: Fact) => readonly string[];

interface RaceRound {
  readonly round: number;
  clientPort?: number;
  problem?: Problem;
  timeWait?: TimeWaitExamined;
}

/** For one run of `race`: a round's line comes when the next one begins, the sentence where the run completed. */
export function raceLines(): LinesOf {
  const outcomes = { connected: 0, refused: 0, failed: 0 };
  let pauseMs = 0;
  let current: RaceRound | undefined;

  function finished(): readonly string[] {
    const round = current;
    current = undefined;
    const outcome = round === undefined ? undefined : outcomeOf(round);
    if (round === undefined || outcome === undefined) return [];
    outcomes[outcome] += 1;
    return [raceLine(round, outcome)];
  }

  return (fact) => {
    switch (fact.kind) {
      case 'run-started':
        pauseMs = fact.pauseMs ?? 0;
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
        if (current !== undefined && fact.side === 'client') current.problem = fact.problem;
        return [];
      case 'time-wait-examined':
        if (current !== undefined) current.timeWait = fact;
        return [];
      case 'run-ended':
        return fact.outcome === 'completed' ? [...finished(), raceSentence(outcomes, pauseMs)] : finished();
      default:
        return [];
    }
  };
}

type Outcome = 'connected' | 'refused' | 'failed';

/** Undefined for a round that was cut off before anything came of it. */
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

function raceSentence(outcomes: Readonly<Record<Outcome, number>>, pauseMs: number): string {
  const { connected, refused, failed } = outcomes;
  const rounds = connected + refused + failed;
  const others = failed === 0 ? '' : `, ${failed} failed in another way`;
  if (connected === rounds) {
    return pauseMs > 0
      ? `All of ${rounds} clients connected: ${pauseMs} ms were enough for the server to listen first each time, which without a pause is a race and no certainty.`
      : `All of ${rounds} clients connected: it is a race and no certainty, and this time the server's thread won each round.`;
  }
  if (refused === rounds) {
    return `All of ${rounds} clients were refused: it is a race and no certainty, and this time the client's thread won each round.`;
  }
  const were = refused === 1 ? 'was' : 'were';
  return `${refused} of ${rounds} clients ${were} refused and ${connected} connected${others}: the error in the course's report is not a certainty, it is a race between two threads.`;
}

/** For one run of `ports`: a client's line comes when it is connected, the sentence where the run completed. */
export function portsLines(): LinesOf {
  const clientPorts: number[] = [];
  let round = 0;
  let serverPort = 0;
  let range: { readonly from: number; readonly to: number } | undefined;
  let platform = '';

  return (fact) => {
    switch (fact.kind) {
      case 'run-started':
        ({ platform } = fact.runtime);
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
          ? [portsSentence({ clientPorts, serverPort, range, platform })]
          : [];
      default:
        return [];
    }
  };
}

function portsSentence({
  clientPorts,
  serverPort,
  range,
  platform,
}: {
  readonly clientPorts: readonly number[];
  readonly serverPort: number;
  readonly range: { readonly from: number; readonly to: number } | undefined;
  readonly platform: string;
}): string {
  const runs = `${clientPorts.length} ${clientPorts.length === 1 ? 'run' : 'runs'}`;
  const different = new Set(clientPorts).size;
  const ports = `${different} different client ${different === 1 ? 'port' : 'ports'}`;
  const even = clientPorts.filter((port) => port % 2 === 0).length;
  const counts = `${even} even and ${clientPorts.length - even} odd`;
  const from = range === undefined ? '' : ` from the system's ${range.from} to ${range.to}`;
  // Of the range's first port's kind, to be exact (net/ipv4/inet_hashtables.c): even, unless somebody changed the range.
  const prefers =
    platform === 'linux' && (range === undefined || range.from % 2 === 0)
      ? ' (Linux since 4.2 prefers even ones for connect())'
      : '';
  return `${runs} had ${ports}${from}, ${counts}${prefers}; the server's port was ${serverPort} each time.`;
}

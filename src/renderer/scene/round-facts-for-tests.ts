// Facts of runs with rounds, built by hand: a race whose rounds come out differently, and clients one after the other.

import { runEnded } from '../../shared/trace/facts-for-tests.ts';
import type { Fact, RunStarted, Side, TraceEvent } from '../../shared/trace/fact.ts';
import { OPENING, stamped } from './facts-for-tests.ts';

const SERVER = { address: '127.0.0.1', port: 50_007 };
const program = { seenBy: 'program' } as const;

function started(more: Partial<RunStarted>): readonly Fact[] {
  const [first] = OPENING;
  if (first?.kind !== 'run-started') throw new Error('a run begins with run-started');
  return [
    { ...first, ...more },
    { kind: 'ephemeral-range-read', seenBy: 'kernel', from: 32_768, to: 60_999, source: '/proc' },
  ];
}

const ENDED = runEnded('completed');

const LISTENING: readonly Fact[] = [
  { ...program, kind: 'server-created', peer: 'server' },
  { ...program, kind: 'listen-called', peer: 'server', requested: SERVER },
  { ...program, kind: 'listening', peer: 'server', local: SERVER },
];

const CALLED: readonly Fact[] = [
  { ...program, kind: 'client-created', peer: 'client' },
  { ...program, kind: 'connect-called', peer: 'client', remote: SERVER },
];

/** The connection `round` from its accept to its close, the server first. */
function greeted(round: number, port: number): readonly Fact[] {
  const own = { ...program, connection: round };
  const client = { address: '127.0.0.1', port };
  return [
    { ...own, kind: 'connected', peer: 'client', local: client, remote: SERVER },
    { ...own, kind: 'accepted', peer: 'server', local: SERVER, remote: client },
    { ...own, kind: 'end-called', peer: 'server', side: 'server' },
    { ...own, kind: 'closed', peer: 'client', side: 'client', hadError: false },
    { ...own, kind: 'closed', peer: 'server', side: 'server', hadError: false },
  ];
}

const REFUSED: Fact = {
  ...program,
  kind: 'failed',
  peer: 'client',
  problem: { code: 'connection-refused', message: 'refused', detail: { errorCode: 'ECONNREFUSED' } },
};

/** How a round of the race comes out: refused, or connected with what the kernel's table then shows. */
export type RaceRound = 'refused' | Side | 'none';

function raceRound(round: number, way: RaceRound): readonly Fact[] {
  const begins: Fact = { ...program, kind: 'round-started', round };
  if (way === 'refused')
    return [begins, ...CALLED, ...LISTENING, REFUSED, { ...program, kind: 'server-closed', peer: 'server' }];
  const port = 40_000 + 2 * round;
  const client = { address: '127.0.0.1', port };
  const ends = way === 'server' ? { local: SERVER, remote: client } : { local: client, remote: SERVER };
  return [
    begins,
    ...LISTENING,
    ...CALLED,
    ...greeted(round, port),
    { ...program, kind: 'server-closed', peer: 'server' },
    {
      kind: 'time-wait-examined',
      seenBy: 'kernel',
      connection: round,
      ...(way === 'none' ? {} : { found: { side: way, ...ends } }),
      source: '/proc/net/tcp',
    },
  ];
}

/** A race whose rounds come out in these ways, in order. */
export function raceRun(ways: readonly RaceRound[], more: Partial<RunStarted> = {}): readonly TraceEvent[] {
  return stamped([
    ...started({ experiment: 'race', options: { rounds: ways.length, pauseMs: 0 }, ...more }),
    ...ways.flatMap((way, index) => raceRound(index + 1, way)),
    ENDED,
  ]);
}

/** One server that stays, and a client from each of these ports. */
export function portsRun(ports: readonly number[], more: Partial<RunStarted> = {}): readonly TraceEvent[] {
  return stamped([
    ...started({ experiment: 'ports', options: { runs: ports.length }, ...more }),
    ...LISTENING,
    ...ports.flatMap((port, index) => [
      { ...program, kind: 'round-started', round: index + 1 } as const,
      ...CALLED,
      ...greeted(index + 1, port),
    ]),
    { ...program, kind: 'server-closed', peer: 'server' },
    ENDED,
  ]);
}

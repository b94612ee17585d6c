import { describe, expect, it } from 'vitest';

import { NO_COUNTS } from '../../shared/trace/counts.ts';
import { runEnded } from '../../shared/trace/facts-for-tests.ts';
import { failed } from '../../shared/result.ts';
import type { Fact, TraceEvent } from '../../shared/trace/fact.ts';
import { landmarksOf } from '../scene/ladder.ts';
import { CLOSING, CONNECTED, OPENING, stamped } from '../scene/facts-for-tests.ts';
import { summaryOf } from './summary.ts';

const SERVER = { address: '127.0.0.1', port: 50_007 };
const [STARTED, RANGE, CREATED, CALLED, LISTENING, ...CLIENT] = OPENING;
const REFUSED: Fact = {
  kind: 'failed',
  peer: 'server',
  seenBy: 'program',
  problem: failed('port-in-use', 'Port 50007 on 127.0.0.1 is in use.', { errorCode: 'EADDRINUSE', errno: 98 })
    .problem,
};
const EXAMINED: Fact = {
  kind: 'port-examined',
  peer: 'server',
  seenBy: 'kernel',
  port: 50_007,
  holder: {
    what: 'time-wait',
    local: SERVER,
    remote: { address: '127.0.0.1', port: 41_794 },
    secondsLeft: 58,
  },
  source: '/proc/net/tcp',
};
const AWAITED: Fact = { kind: 'port-awaited', peer: 'server', seenBy: 'program', port: 50_007 };

/** The facts with the times given (in seconds) from the fact of that kind on. */
function summary(facts: readonly (Fact | undefined)[], times: Partial<Record<Fact['kind'], number>>): string {
  let fromUs = 0;
  const events = stamped(facts.filter((fact) => fact !== undefined)).map((event): TraceEvent => {
    fromUs = (times[event.kind] ?? fromUs / 1_000_000) * 1_000_000;
    return { ...event, atUs: fromUs };
  });
  return summaryOf(landmarksOf(events), NO_COUNTS, new Map(), events) ?? '';
}

describe('the end of a run that found its port in use', () => {
  it('says how long it waited until the server listened, and is no failure', () => {
    const facts = [STARTED, RANGE, CREATED, CALLED, REFUSED, EXAMINED, AWAITED, CALLED, LISTENING];
    expect(summary([...facts, ...CLIENT, ...CONNECTED, ...CLOSING], { failed: 1, listening: 59.3 })).toMatch(
      /^At first the port was in use: EADDRINUSE \(errno 98\)\. Port 50007 was free again after 58\.3 s; the server then listened\. The kernel gave/,
    );
  });

  it('says how long it had waited when it was cancelled', () => {
    const facts = [STARTED, CREATED, CALLED, REFUSED, EXAMINED, AWAITED, runEnded('cancelled')];
    expect(summary(facts, { failed: 1, 'run-ended': 13 })).toBe(
      'At first the port was in use: EADDRINUSE (errno 98). The server had waited 12 s for port 50007 when the run was cancelled.',
    );
  });

  const inTimeWait: Fact | undefined =
    STARTED?.kind === 'run-started'
      ? { ...STARTED, experiment: 'in-use', options: { takenBy: 'time-wait' } }
      : undefined;
  const owner: readonly Fact[] = [
    { kind: 'program-started', peer: 'program', seenBy: 'program', program: 'python3', pid: 4711 },
    { kind: 'end-received', peer: 'client', seenBy: 'program', side: 'client', connection: 1 },
    { kind: 'program-ended', peer: 'program', seenBy: 'program', program: 'python3', pid: 4711, exitCode: 0 },
  ];

  it('says who left the port in TIME_WAIT and that the refusal is what it is for', () => {
    const facts = [inTimeWait, ...owner, CREATED, CALLED, REFUSED, EXAMINED, runEnded('completed')];
    expect(summary(facts, {})).toBe(
      'python3 (process 4711) had the port without SO_REUSEADDR, closed first and ended. As it should, our server got EADDRINUSE (errno 98), although it sets SO_REUSEADDR. Port 50007 is still kept by a connection that has ended (TIME_WAIT): free again in about 58 s.',
    );
  });

  it('says that it was there before, and how long the server waited for its end', () => {
    const facts = [inTimeWait, EXAMINED, CREATED, CALLED, REFUSED, EXAMINED, AWAITED, CALLED, LISTENING];
    expect(summary([...facts, runEnded('completed')], { failed: 2, listening: 42 })).toBe(
      'Port 50007 was in TIME_WAIT before the run began. As it should, our server got EADDRINUSE (errno 98), although it sets SO_REUSEADDR. Port 50007 is still kept by a connection that has ended (TIME_WAIT): free again in about 58 s. Port 50007 was free again after 40 s; the server then listened.',
    );
  });
});

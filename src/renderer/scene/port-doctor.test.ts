import { describe, expect, it } from 'vitest';

import { failed } from '../../shared/result.ts';
import type { Fact, PortHolder } from '../../shared/trace/fact.ts';
import { OPENING, stamped } from './facts-for-tests.ts';
import { diagnosisAt, freeAtMs, secondsUntil, waitingFor } from './port-doctor.ts';

const SERVER = { address: '127.0.0.1', port: 50_007 };
const [STARTED, RANGE, CREATED, CALLED, LISTENING] = OPENING;
const REFUSED: Fact = {
  kind: 'failed',
  peer: 'server',
  seenBy: 'program',
  problem: failed('port-in-use', 'Port 50007 on 127.0.0.1 is in use.').problem,
};

function examined(secondsLeft?: number): Fact {
  const holder: PortHolder = {
    what: 'time-wait',
    local: SERVER,
    remote: { address: '127.0.0.1', port: 41_794 },
    ...(secondsLeft === undefined ? {} : { secondsLeft }),
  };
  return {
    kind: 'port-examined',
    peer: 'server',
    seenBy: 'kernel',
    port: 50_007,
    holder,
    source: '/proc/net/tcp',
  };
}

function factsOf(...facts: readonly (Fact | undefined)[]) {
  return stamped(facts.filter((fact) => fact !== undefined));
}

const AWAITED: Fact = { kind: 'port-awaited', peer: 'server', seenBy: 'program', port: 50_007 };
const WAITED = factsOf(
  STARTED,
  RANGE,
  CREATED,
  CALLED,
  REFUSED,
  examined(3),
  AWAITED,
  examined(2),
  examined(1),
  CALLED,
  LISTENING,
);

describe('the port doctor at the cursor', () => {
  it('says nothing before the table was read', () => {
    expect(diagnosisAt(WAITED, 5)).toBeUndefined();
  });

  it('uses the newest reading at or before the cursor, and stands still between two', () => {
    expect(diagnosisAt(WAITED, 6)).toMatchObject({ seq: 6, holder: { secondsLeft: 3 }, waits: false });
    expect(diagnosisAt(WAITED, 7)).toMatchObject({ seq: 6, holder: { secondsLeft: 3 }, waits: true });
    expect(diagnosisAt(WAITED, 10)).toMatchObject({ seq: 9, holder: { secondsLeft: 1 }, waits: true });
  });

  it('says how long after the refusal the server had the port', () => {
    const got = diagnosisAt(WAITED, 11);
    expect(got).toMatchObject({ waits: false, hadAfterUs: 60 });
  });

  it('computes from the kernel’s timer when the port is free, on the wall clock', () => {
    const diagnosis = diagnosisAt(WAITED, 6);
    const at = diagnosis === undefined ? undefined : freeAtMs(diagnosis);
    // Fact 6 is 50 µs after the start of the run.
    expect(at).toBe(Date.parse('2026-01-01T00:00:03.000Z') + 0.05);
    expect([-1, 0, 2_999, 3_000, 3_001, 9_000].map((ms) => secondsUntil(3_000, ms))).toEqual([
      4, 3, 1, 0, 0, 0,
    ]);
  });

  it('computes nothing where the system reports no time', () => {
    const diagnosis = diagnosisAt(factsOf(STARTED, CREATED, CALLED, REFUSED, examined()), 5);
    expect(diagnosis === undefined ? 0 : freeAtMs(diagnosis)).toBeUndefined();
  });

  it('knows the second server of a run, which is to be refused', () => {
    const facts = factsOf(STARTED, CREATED, CALLED, LISTENING, { ...REFUSED, peer: 'server-2' }, examined(9));
    expect(diagnosisAt(facts, 6)).toMatchObject({ ofSecondServer: true });
  });

  it('knows what a run waits for until it listens', () => {
    expect(waitingFor(WAITED.slice(0, 6))).toBeUndefined();
    expect(waitingFor(WAITED.slice(0, 8))).toMatchObject({ port: 50_007, holder: { secondsLeft: 2 } });
    expect(waitingFor(WAITED)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';

import { runEnded, runStarted } from '../../shared/trace/facts-for-tests.ts';
import { formatStamped } from '../../shared/trace/json-lines.ts';
import type { Emit, Fact, FactKind } from '../../shared/trace/fact.ts';
import { createOtherClients } from './other-clients.ts';
import type { OtherClientsLimits } from './other-clients.ts';
import { tooManyClientsProblem } from './problems.ts';
import { bytesOfText } from '../../shared/trace/recorded-bytes.ts';

const seen = { seenBy: 'program' } as const;
const server = { address: '127.0.0.1', port: 50_007 };
const LIMITS: OtherClientsLimits = { maxBytes: 100_000, maxOtherFacts: 10 };

const started = runStarted('file');
const connectCalled: Fact = { ...seen, kind: 'connect-called', peer: 'client', remote: server };

function client(connection: number) {
  return { address: '127.0.0.1', port: 40_000 + connection };
}

function accepted(connection: number): Fact {
  return { ...seen, kind: 'accepted', peer: 'server', connection, local: server, remote: client(connection) };
}

function connected(connection: number): Fact {
  return {
    ...seen,
    kind: 'connected',
    peer: 'client',
    connection,
    local: client(connection),
    remote: server,
  };
}

function greeted(connection: number): Fact {
  const data = bytesOfText('Welcome');
  return { ...seen, kind: 'wrote', peer: 'server', side: 'server', connection, offset: 0, bytes: 7, data };
}

function read(connection: number, text = 'x'): Fact {
  const bytes = text.length;
  return {
    ...seen,
    kind: 'read',
    peer: 'server',
    side: 'server',
    connection,
    offset: 0,
    bytes,
    data: bytesOfText(text),
  };
}

function closed(connection: number): Fact {
  return { ...seen, kind: 'closed', peer: 'server', side: 'server', connection, hadError: false };
}

function turnedAway(connection: number): Fact {
  const problem = tooManyClientsProblem(client(connection), 100);
  return { ...seen, kind: 'failed', peer: 'server', connection, problem };
}

function leftOut(facts: number, bytes: number): Fact {
  return { ...seen, kind: 'other-clients-left-out', peer: 'server', facts, bytes };
}

/** What is forwarded of the facts, which are emitted 1 ms apart. */
function passed(facts: readonly Fact[], limits = LIMITS): { readonly fact: Fact; readonly atMs?: number }[] {
  const out: { readonly fact: Fact; readonly atMs?: number }[] = [];
  const emit: Emit = (fact, atMs) => out.push(atMs === undefined ? { fact } : { fact, atMs });
  const others = createOtherClients(emit, limits, () => facts.length);
  for (const [index, fact] of facts.entries()) others.emit(fact, index);
  return out;
}

function factsOf(facts: readonly Fact[], limits = LIMITS): readonly Fact[] {
  return passed(facts, limits).map(({ fact }) => fact);
}

function kindsOf(facts: readonly Fact[]): readonly FactKind[] {
  return facts.map(({ kind }) => kind);
}

/** The facts of `count` other clients that connect and close. */
function comeAndGo(count: number, from = 1_000): readonly Fact[] {
  return Array.from({ length: count }, (_, index) => [accepted(from + index), closed(from + index)]).flat();
}

describe('what other clients do in a run', () => {
  it('is recorded in full below the limits, without a report', () => {
    const facts = [started, ...comeAndGo(5), connectCalled, connected(1), read(1), runEnded('completed')];
    expect(factsOf(facts)).toEqual(facts);
  });

  it('is left out where they connect without end, which is reported once, and at the end how much it was', () => {
    const ours = [connectCalled, accepted(1), connected(1), read(1), closed(1)];
    const facts = [started, ...comeAndGo(5), ...comeAndGo(500, 2_000), read(2_000, 'four'), ...ours];
    expect(factsOf([...facts, runEnded('completed')])).toEqual([
      started,
      ...comeAndGo(5),
      leftOut(0, 0),
      ...ours,
      leftOut(1_001, 4),
      runEnded('completed'),
    ]);
  });

  it('takes no more bytes in the trace than the limit, not by one fact', () => {
    const long = read(7, '\u0001'.repeat(1_000));
    const facts = factsOf([started, ...Array.from({ length: 100 }, () => long), runEnded('completed')]);
    const others = facts.filter((fact) => fact.kind === 'read');
    const size = others.reduce((sum, fact) => sum + formatStamped(fact, 99, 99.9).length + 1, 0);
    expect(size).toBeLessThanOrEqual(LIMITS.maxBytes);
    expect(size).toBeGreaterThan(LIMITS.maxBytes - 7_000);
    expect(facts.at(-2)).toEqual(leftOut(100 - others.length, (100 - others.length) * 1_000));

    const tooLong = read(7, 'x'.repeat(LIMITS.maxBytes));
    expect(kindsOf(factsOf([started, tooLong]))).toEqual(['run-started', 'other-clients-left-out']);
  });

  it('hides nothing of our client, which the server accepts and greets before it is known to be ours', () => {
    const crowd = [started, ...comeAndGo(6)];
    const facts = [...crowd, connectCalled, accepted(2), accepted(1), greeted(1), greeted(2), connected(1)];
    const all = passed([...facts, accepted(3), read(2, 'abc'), closed(1), runEnded('completed')]);
    const after = all.slice(all.findIndex(({ fact }) => fact.kind === 'connect-called'));
    expect(after.map(({ fact }) => fact)).toEqual([
      connectCalled,
      accepted(1),
      greeted(1),
      connected(1),
      closed(1),
      leftOut(2 + 4, 3),
      runEnded('completed'),
    ]);
    // Each with its own time.
    const atMs = after.slice(0, 4).map((each) => each.atMs);
    expect(atMs).toEqual(
      [connectCalled, accepted(1), greeted(1), connected(1)].map((fact) => indexIn(facts, fact)),
    );
  });

  it('is recorded to the end of each connection whose opening was recorded', () => {
    const facts = [started, accepted(2), ...comeAndGo(5), read(2, 'abc'), accepted(3), closed(2), closed(3)];
    expect(factsOf([...facts, closed(2), runEnded('completed')])).toEqual([
      started,
      accepted(2),
      ...comeAndGo(5).slice(0, -1),
      leftOut(0, 0),
      ...comeAndGo(5).slice(-1),
      closed(2),
      leftOut(4, 3),
      runEnded('completed'),
    ]);
  });

  it('is recorded to the end also where the connection could have been our client’s until then', () => {
    const crowd = [started, ...comeAndGo(4), connectCalled, accepted(2), accepted(3), closed(3)];
    const facts = [...crowd, greeted(2), closed(2), connected(1), runEnded('completed')];
    const out = factsOf(facts).slice(crowd.length - 1);
    expect(out).toEqual([
      leftOut(0, 0),
      closed(2),
      closed(3),
      connected(1),
      leftOut(1, 0),
      runEnded('completed'),
    ]);
    const ours = factsOf([...crowd, greeted(2), connected(2), closed(2), runEnded('completed')]);
    expect(ours.slice(crowd.length - 1)).toEqual([
      leftOut(0, 0),
      greeted(2),
      closed(3),
      connected(2),
      closed(2),
      runEnded('completed'),
    ]);
  });

  it('hides no server that turns our client away', () => {
    const facts = [started, ...comeAndGo(6), connectCalled, turnedAway(2), turnedAway(1), connected(1)];
    expect(factsOf(facts).slice(-3)).toEqual([connectCalled, turnedAway(1), connected(1)]);
  });

  it('hides nothing of our client where thousands connect at the same time, and holds few of them', () => {
    const crowd = Array.from({ length: 5_000 }, (_, index) => accepted(10 + index));
    const facts = [started, ...comeAndGo(6), connectCalled, ...crowd, accepted(1), ...crowd.slice(0, 500)];
    const out = factsOf([...facts, connected(1), runEnded('completed')]);
    expect(out.slice(-4)).toEqual([accepted(1), connected(1), leftOut(2 + 5_500, 0), runEnded('completed')]);
  });

  it('does not include what our client used of their limits before it was known', () => {
    const round = (number: number): readonly Fact[] => [
      { ...seen, kind: 'round-started', round: number },
      connectCalled,
      accepted(number),
      greeted(number),
      connected(number),
      closed(number),
    ];
    const rounds = Array.from({ length: 500 }, (_, index) => round(index + 1)).flat();
    expect(factsOf([started, ...rounds])).toEqual([started, ...rounds]);
  });

  it('is not shown where our client does not get connected', () => {
    const refused: Fact = {
      ...seen,
      kind: 'failed',
      peer: 'client',
      problem: { code: 'connection-refused', message: 'refused', detail: {} },
    };
    const facts = [started, ...comeAndGo(6), connectCalled, accepted(1), refused, runEnded('failed')];
    expect(factsOf(facts).slice(-4)).toEqual([connectCalled, refused, leftOut(3, 0), runEnded('failed')]);
  });
});

function indexIn(facts: readonly Fact[], fact: Fact): number {
  return facts.findIndex((each) => JSON.stringify(each) === JSON.stringify(fact));
}

import { describe, expect, it } from 'vitest';
import type { Endpoint, Fact, TraceEvent } from '../../shared/trace/fact.ts';
import { CLOSING, CONNECTED, lineFacts, OPENING, stamped, WHOLE_RUN } from './facts-for-tests.ts';
import { buildLadder, indexAt, timeAt, yAt } from './ladder.ts';
import { bytesOfText } from '../../shared/trace/recorded-bytes.ts';

const ladder = buildLadder(WHOLE_RUN);

function seqOf(kind: Fact['kind'], nth = 0): number {
  const found = WHOLE_RUN.filter((event) => event.kind === kind)[nth];
  if (found === undefined) throw new Error(`no ${kind} in the run`);
  return found.seq;
}

describe('the ladder', () => {
  it('stands in the order of facts, whatever the clock says', () => {
    expect([...ladder.ys].sort((a, b) => a - b)).toEqual(ladder.ys);
  });

  it('draws a data arrow solid, from the write to the read that returned its bytes', () => {
    const data = ladder.arrows.filter((arrow) => !arrow.inferred);
    expect(data.map((arrow) => [arrow.from, arrow.label, arrow.leavesAt, arrow.arrivesAt])).toEqual([
      ['client', 'line 1', seqOf('wrote', 0), seqOf('read', 0)],
      ['server', 'line 1', seqOf('wrote', 1), seqOf('read', 1)],
      ['client', 'line 2', seqOf('wrote', 2), seqOf('read', 2)],
      ['server', 'line 2', seqOf('wrote', 3), seqOf('read', 3)],
    ]);
  });

  it('infers the three arrows of the handshake between connect() and the next fact, dashed and with their reason', () => {
    const handshake = ladder.arrows.filter((arrow) => arrow.seq === seqOf('connect-called'));
    expect(handshake.map((arrow) => [arrow.label, arrow.from, arrow.inferred])).toEqual([
      ['SYN', 'client', true],
      ['SYN, ACK', 'server', true],
      ['ACK', 'client', true],
    ]);
    for (const arrow of handshake) {
      expect(arrow.leavesAt).toBeGreaterThan(seqOf('connect-called'));
      expect(arrow.arrivesAt).toBeLessThan(seqOf('connect-called') + 1);
      expect(arrow.why).toContain('inferred from');
    }
  });

  it('infers no handshake before a fact shows that it worked', () => {
    expect(buildLadder(stamped(OPENING)).arrows).toEqual([]);
  });

  it('infers a SYN and an RST from a refused connection, and no more', () => {
    const refused = buildLadder(
      stamped([
        ...OPENING,
        {
          kind: 'failed',
          peer: 'client',
          seenBy: 'program',
          problem: { code: 'connection-refused', message: 'refused', detail: { errorCode: 'ECONNREFUSED' } },
        },
      ]),
    );
    expect(refused.arrows.map((arrow) => [arrow.label, arrow.inferred])).toEqual([
      ['SYN', true],
      ['RST', true],
    ]);
    expect(refused.failures.map((failure) => failure.side)).toEqual(['client']);
  });

  it('infers both FINs from end() and the end of the stream', () => {
    const fins = ladder.arrows.filter((arrow) => arrow.label === 'FIN');
    expect(fins.map((arrow) => [arrow.from, arrow.leavesAt, arrow.arrivesAt, arrow.inferred])).toEqual([
      ['client', seqOf('end-called', 0), seqOf('end-received', 0), true],
      ['server', seqOf('end-called', 1), seqOf('end-received', 1), true],
    ]);
  });

  it('gives every fact that was seen its place, and nothing a place that was not seen', () => {
    const drawn = new Set(ladder.rows.map((row) => row.seq));
    for (const event of WHOLE_RUN) {
      const hasPlace = !['run-started', 'ephemeral-range-read', 'run-ended'].includes(event.kind);
      expect([event.kind, drawn.has(event.seq)]).toEqual([event.kind, hasPlace]);
    }
  });

  it('splits one write over the reads that returned it, with the bytes of each', () => {
    const facts = stamped([
      ...OPENING,
      ...CONNECTED,
      {
        kind: 'wrote',
        peer: 'client',
        seenBy: 'program',
        side: 'client',
        connection: 1,
        offset: 0,
        bytes: 10,
        data: bytesOfText('123456789\n'),
        line: 1,
      },
      { kind: 'read', peer: 'server', seenBy: 'program', side: 'server', connection: 1, offset: 0, bytes: 4 },
      { kind: 'read', peer: 'server', seenBy: 'program', side: 'server', connection: 1, offset: 4, bytes: 6 },
    ]);
    expect(
      buildLadder(facts)
        .arrows.filter((arrow) => !arrow.inferred)
        .map((arrow) => [arrow.label, arrow.data]),
    ).toEqual([
      ['bytes 0–3', undefined],
      ['bytes 4–9', undefined],
    ]);
  });

  it('draws one arrow for each write that one read returned together', () => {
    const write = {
      kind: 'wrote',
      peer: 'client',
      seenBy: 'program',
      side: 'client',
      connection: 1,
      bytes: 2,
    } as const;
    const facts = stamped([
      ...OPENING,
      ...CONNECTED,
      { ...write, offset: 0, data: bytesOfText('a\n'), line: 1 },
      { ...write, offset: 2, data: bytesOfText('b\n'), line: 2 },
      { kind: 'read', peer: 'server', seenBy: 'program', side: 'server', connection: 1, offset: 0, bytes: 4 },
    ]);
    const arrows = buildLadder(facts).arrows.filter((arrow) => !arrow.inferred);
    expect(arrows.map((arrow) => [arrow.label, arrow.arrivesAt])).toEqual([
      ['line 1', 12],
      ['line 2', 12],
    ]);
  });

  it('shows a write that nobody was seen to read without an arrival', () => {
    const facts = stamped([...OPENING, ...CONNECTED, ...lineFacts(1, 'HELLO', 'OLLEH', 0).slice(0, 1)]);
    const [arrow] = buildLadder(facts).arrows.filter((candidate) => !candidate.inferred);
    expect(arrow?.arrivesAt).toBeUndefined();
    expect(arrow?.why).toContain('nobody has seen it read');
  });

  it('leaves a gap where facts were counted and are not here, and pairs nothing across it', () => {
    const holed = WHOLE_RUN.filter((event) => event.seq < 11 || event.seq > 20);
    const { gaps, arrows } = buildLadder(holed);
    expect(gaps.map((gap) => [gap.fromSeq, gap.toSeq])).toEqual([[11, 20]]);
    for (const arrow of arrows) {
      if (!arrow.inferred && arrow.arrivesAt !== undefined)
        expect(arrow.leavesAt > 20 || arrow.arrivesAt < 11).toBe(true);
    }
  });

  it('reverses a line between the fact before and the fact that it was reversed', () => {
    expect(ladder.stages.map((stage) => [stage.line, stage.startsAt, stage.endsAt])).toEqual([
      [1, seqOf('line-transformed', 0) - 1, seqOf('line-transformed', 0)],
      [2, seqOf('line-transformed', 1) - 1, seqOf('line-transformed', 1)],
    ]);
  });
});

const seen = { seenBy: 'program' } as const;
const server = { address: '127.0.0.1', port: 50_007 };

function client(connection: number): Endpoint {
  return { address: '127.0.0.1', port: 40_000 + (connection % 10_000) };
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

const CONNECT_CALLED: Fact = { ...seen, kind: 'connect-called', peer: 'client', remote: server };

const REFUSED: Fact = {
  ...seen,
  kind: 'failed',
  peer: 'client',
  problem: { code: 'connection-refused', message: 'refused', detail: { errorCode: 'ECONNREFUSED' } },
};

/** The labels of each connect()'s handshake, in the order of the calls. */
function handshakesIn(facts: readonly TraceEvent[]): readonly (readonly string[])[] {
  const { arrows } = buildLadder(facts);
  return facts.flatMap(({ kind, seq }) =>
    kind === 'connect-called' ? [arrows.filter((arrow) => arrow.seq === seq).map(({ label }) => label)] : [],
  );
}

describe('a handshake', () => {
  const whole = ['SYN', 'SYN, ACK', 'ACK'];

  it('is not whole because another client was accepted', () => {
    const begun = [...OPENING, accepted(2), connected(1)];
    expect(handshakesIn(stamped(begun))).toEqual([['SYN', 'SYN, ACK']]);
    expect(handshakesIn(stamped([...begun, accepted(1)]))).toEqual([whole]);
  });

  it('is found behind any number of facts of other clients', () => {
    const others = Array.from({ length: 60 }, (_, index) => accepted(index + 2));
    expect(handshakesIn(stamped([...OPENING, ...others, accepted(1), ...others, connected(1)]))).toEqual([
      whole,
    ]);
    expect(handshakesIn(stamped([...OPENING, connected(1), ...others, accepted(1)]))).toEqual([whole]);
    expect(handshakesIn(stamped([...OPENING, ...others, REFUSED]))).toEqual([['SYN', 'RST']]);
  });

  it('is each client’s own where two are interleaved', () => {
    const interleaved = [CONNECT_CALLED, CONNECT_CALLED, accepted(2), connected(1), connected(2)];
    expect(handshakesIn(stamped(interleaved))).toEqual([['SYN', 'SYN, ACK'], whole]);
    expect(handshakesIn(stamped([...interleaved, accepted(1)]))).toEqual([whole, whole]);
    expect(
      handshakesIn(stamped([CONNECT_CALLED, REFUSED, CONNECT_CALLED, accepted(1), connected(1)])),
    ).toEqual([['SYN', 'RST'], whole]);
  });

  it('is never that of another round', () => {
    const round = (number: number): Fact => ({ ...seen, kind: 'round-started', round: number });
    const facts = [round(1), CONNECT_CALLED, round(2), CONNECT_CALLED, accepted(1), connected(1)];
    expect(handshakesIn(stamped(facts))).toEqual([[], whole]);
  });

  it('stands behind the fact that the server listens where that came after the call', () => {
    const listening: Fact = { ...seen, kind: 'listening', peer: 'server', local: server };
    const facts = stamped([
      CONNECT_CALLED,
      { ...seen, kind: 'server-created', peer: 'server' },
      listening,
      accepted(1),
      connected(1),
    ]);
    const [syn] = buildLadder(facts).arrows;
    expect(syn?.leavesAt).toBeGreaterThan(3);
    expect(syn?.arrivesAt).toBeLessThan(4);
  });
});

describe('a trace that somebody else made', () => {
  const MANY = 30_000;

  it('may have 60,000 connections of which one side has ended', () => {
    const facts = stamped([
      ...OPENING,
      ...CONNECTED,
      ...Array.from({ length: 2 * MANY }, (_, index): Fact[] => [
        accepted(index + 2),
        { ...seen, kind: 'end-called', peer: 'server', side: 'server', connection: index + 2 },
        { ...seen, kind: 'slept', peer: 'client', ms: 1 },
        { ...seen, kind: 'end-received', peer: 'server', side: 'server', connection: index + 2 },
      ]).flat(),
      ...CLOSING,
    ]);
    const { arrows, rows, others } = buildLadder(facts);
    const fins = arrows.filter(({ label }) => label === 'FIN');
    expect(fins.filter(({ otherClient }) => otherClient === undefined)).toHaveLength(2);
    // Of each other client: one that the server sent, one that it received.
    expect(fins).toHaveLength(2 + 4 * MANY);
    expect(rows.length).toBeGreaterThan(8 * MANY);
    expect(others.map(({ clients }) => clients.length)).toEqual([1, 1, 2 * MANY - 2]);
  });

  it('may have 30,000 calls of connect(), answered and unanswered', () => {
    const calls = Array.from({ length: MANY }, () => CONNECT_CALLED);
    const listens = calls.map((): Fact => ({ ...seen, kind: 'listening', peer: 'server', local: server }));
    const answers = calls.flatMap((_, index) => [connected(index + 1), accepted(index + 1)]);
    const { arrows } = buildLadder(stamped([...calls, ...listens, ...answers, ...calls]));
    expect(arrows).toHaveLength(3 * MANY);
  });

  it('may have 30,000 writes that one read returned', () => {
    const common = { ...seen, connection: 1, bytes: 1 } as const;
    const writes = Array.from({ length: MANY }, (_, offset): Fact => ({
      ...common,
      kind: 'wrote',
      peer: 'client',
      side: 'client',
      offset,
      data: bytesOfText('x'),
    }));
    const read: Fact = { ...common, kind: 'read', peer: 'server', side: 'server', offset: 0, bytes: MANY };
    const { arrows } = buildLadder(stamped([...OPENING, ...CONNECTED, ...writes, read]));
    expect(arrows.filter(({ inferred, arrivesAt }) => !inferred && arrivesAt !== undefined)).toHaveLength(
      MANY,
    );
  });
});

describe('the cursor', () => {
  it('finds the last fact at or before it', () => {
    expect([0, 0.9, 1, 5.5, 900].map((cursor) => indexAt(WHOLE_RUN, cursor))).toEqual([
      -1,
      -1,
      0,
      4,
      WHOLE_RUN.length - 1,
    ]);
  });

  it('stands between the heights and times of the two facts around it', () => {
    const seq = seqOf('wrote');
    expect(yAt(ladder, seq + 0.5)).toBeCloseTo((yAt(ladder, seq) + yAt(ladder, seq + 1)) / 2);
    expect(timeAt(WHOLE_RUN, seq + 0.5)).toBeCloseTo((seq - 1) * 10 + 5);
  });

  it('ends at the last fact', () => {
    expect(yAt(ladder, 9_999)).toBe(ladder.ys.at(-1));
    expect(timeAt(WHOLE_RUN, 9_999)).toBe((WHOLE_RUN.length - 1) * 10);
  });
});

describe('closing', () => {
  it('keeps the facts that are not about lines as landmarks', () => {
    expect(ladder.landmarks).toHaveLength(OPENING.length + CONNECTED.length + CLOSING.length);
  });
});

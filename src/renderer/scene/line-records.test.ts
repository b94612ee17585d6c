import { describe, expect, it } from 'vitest';
import { CONNECTED, lineFacts, OPENING, stamped, WHOLE_RUN } from './facts-for-tests.ts';
import { buildLadder } from './ladder.ts';
import { lineAt, lineRecords, linesSentence, linesSoFar, roundTripUs, stateAt } from './line-records.ts';
import { NO_COUNTS } from '../../shared/trace/counts.ts';
import { bytesOfText } from '../../shared/trace/recorded-bytes.ts';

describe('the line at the cursor', () => {
  const lineTwo = WHOLE_RUN.findLast((event) => event.kind === 'wrote' && event.side === 'client')?.seq ?? 0;

  it('is the last one sent before it', () => {
    expect([1, lineTwo - 1, lineTwo, lineTwo + 5.5].map((cursor) => lineAt(WHOLE_RUN, cursor, 2))).toEqual([
      0, 1, 2, 2,
    ]);
  });

  it('is the last of all while the run closes, though the facts of its lines are not here', () => {
    const closing = WHOLE_RUN.filter((event) => event.seq < 10 || event.seq > lineTwo + 5);
    expect(lineAt(closing, WHOLE_RUN.length, 60_000)).toBe(60_000);
  });

  it('is not known where facts were counted and are not here', () => {
    const closing = WHOLE_RUN.filter((event) => event.seq < 10 || event.seq > lineTwo + 5);
    expect(lineAt(closing, 12, 60_000)).toBe(0);
    expect(lineAt(WHOLE_RUN, 5_000, 60_000)).toBe(0);
  });
});

describe('the lines up to the cursor', () => {
  const counts = { ...NO_COUNTS, facts: WHOLE_RUN.length, atUs: 1_000_000, linesSent: 2, linesReceived: 2 };
  const [first, second] = WHOLE_RUN.filter((event) => event.kind === 'wrote' && event.side === 'client');
  const back = WHOLE_RUN.filter((event) => event.kind === 'line-received').map(({ seq }) => seq);
  const at = (cursor: number): string => linesSentence(linesSoFar(WHOLE_RUN, cursor, counts), counts);

  it('are those sent and received by then, not those of the whole run', () => {
    expect(at(0)).toBe('none of 2 lines sent so far');
    expect(at((first?.seq ?? 0) - 1)).toBe('none of 2 lines sent so far');
    expect(at(first?.seq ?? 0)).toBe('0 of 1 line sent so far have come back');
    expect(at(back[0] ?? 0)).toBe('1 of 1 line sent so far has come back');
    expect(at((second?.seq ?? 0) + 0.5)).toBe('1 of 2 lines sent so far has come back');
    expect(at(back[1] ?? 0)).toBe('2 of 2 lines sent came back');
    expect(at(WHOLE_RUN.length)).toBe('2 of 2 lines sent came back');
  });

  it('are not known where facts are not here, but at the end of the run', () => {
    const atHand = WHOLE_RUN.filter((event) => event.seq < 10 || event.seq > (back[1] ?? 0));
    const long = { ...counts, linesSent: 60_000, linesReceived: 60_000 };
    expect(linesSoFar(atHand, 12, long)).toBeUndefined();
    expect(linesSentence(undefined, long)).toBe('60,000 lines');
    expect(linesSoFar(atHand, WHOLE_RUN.length - 1, long)).toEqual({ sent: 60_000, back: 60_000 });
    expect(linesSentence({ sent: 60_000, back: 60_000 }, long)).toBe(
      '60,000 of 60,000 lines sent came back · 60,000 lines/s',
    );
  });
});

describe('line records', () => {
  it('have for each line what was sent, what came back and in how many reads', () => {
    const records = lineRecords(WHOLE_RUN);
    expect(
      [...records.values()].map((record) => [record.sent, record.reply, record.readsThere, record.readsBack]),
    ).toEqual([
      [bytesOfText('HELLO\n'), bytesOfText('OLLEH\n'), 1, 1],
      [bytesOfText('abc\n'), bytesOfText('cba\n'), 1, 1],
    ]);
  });

  it('tell of several lines on their way at once, read together and in pieces', () => {
    const wrote = (side: 'client' | 'server', line: number, offset: number, text: string) =>
      ({
        kind: 'wrote',
        peer: side,
        seenBy: 'program',
        side,
        connection: 1,
        offset,
        bytes: text.length,
        data: bytesOfText(text),
        line,
      }) as const;
    const read = (side: 'client' | 'server', offset: number, bytes: number) =>
      ({ kind: 'read', peer: side, seenBy: 'program', side, connection: 1, offset, bytes }) as const;
    const transformed = (line: number, offset: number, bytes: number) =>
      ({
        kind: 'line-transformed',
        peer: 'server',
        seenBy: 'program',
        connection: 1,
        line,
        offset,
        bytes,
        by: 'grapheme',
        validUtf8: true,
      }) as const;
    const received = (line: number, offset: number, bytes: number) =>
      ({
        kind: 'line-received',
        peer: 'client',
        seenBy: 'program',
        connection: 1,
        line,
        offset,
        bytes,
      }) as const;
    const facts = stamped([
      ...OPENING,
      ...CONNECTED,
      wrote('client', 1, 0, 'ab\n'),
      wrote('client', 2, 3, 'cd\n'),
      wrote('client', 3, 6, 'efgh\n'),
      // Both of the first two and a part of the third, then its rest.
      read('server', 0, 8),
      transformed(1, 0, 2),
      wrote('server', 1, 0, 'ba\n'),
      transformed(2, 3, 2),
      wrote('server', 2, 3, 'dc\n'),
      read('server', 8, 3),
      transformed(3, 6, 4),
      wrote('server', 3, 6, 'hgfe\n'),
      read('client', 0, 4),
      received(1, 0, 2),
      read('client', 4, 7),
      received(2, 3, 2),
      received(3, 6, 4),
    ]);
    const records = lineRecords(facts);
    expect(
      [...records.values()].map(({ line, readsThere, readsBack }) => [line, readsThere, readsBack]),
    ).toEqual([
      [1, 1, 1],
      [2, 1, 2],
      [3, 2, 1],
    ]);
    const statesAt = (cursor: number) => [...records.values()].map((record) => stateAt(record, cursor));
    const seqOf = (kind: string) => facts.find((fact) => fact.kind === kind)?.seq ?? 0;
    expect(statesAt(seqOf('line-transformed'))).toEqual(['transformed', 'at the server', 'at the server']);
    expect(statesAt(seqOf('line-received'))).toEqual(['back', 'returning', 'returning']);
    expect(statesAt(facts.length)).toEqual(['back', 'back', 'back']);
  });

  it('come to an end for 200,000 writes at one place that are read again and again', () => {
    const facts = stamped([
      ...OPENING,
      ...CONNECTED,
      ...Array.from({ length: 200_000 }, (_, index) => ({
        kind: 'wrote' as const,
        peer: 'client' as const,
        seenBy: 'program' as const,
        side: 'client' as const,
        connection: 1,
        offset: 0,
        bytes: 1_000,
        data: bytesOfText('x'),
        line: index + 1,
      })),
      ...Array.from({ length: 200_000 }, () => ({
        kind: 'read' as const,
        peer: 'server' as const,
        seenBy: 'program' as const,
        side: 'server' as const,
        connection: 1,
        offset: 0,
        bytes: 999,
      })),
    ]);
    expect(lineRecords(facts).size).toBe(200_000);
  });

  it('follow a line through its states as the cursor moves', () => {
    const record = lineRecords(WHOLE_RUN).get(1);
    if (record === undefined) throw new Error('line 1 has no record');
    const states = [0, 0.5, 1, 2, 3, 4, 5].map((step) => stateAt(record, record.sentSeq - 1 + step));
    expect(states).toEqual([
      'waiting',
      'waiting',
      'going',
      'at the server',
      'transformed',
      'returning',
      'returning',
    ]);
    expect(stateAt(record, record.sentSeq + 5)).toBe('back');
  });

  it('measure the round trip from the write to the reply', () => {
    const record = lineRecords(WHOLE_RUN).get(2);
    expect(record === undefined ? undefined : roundTripUs(record)).toBe(50);
  });

  it('use nothing of another client that talks to our server at the same time', () => {
    const otherClients = lineFacts(1, 'xyz', 'zyx', 0)
      .filter((fact) => ('side' in fact ? fact.side === 'server' : fact.kind === 'line-transformed'))
      .map((fact) => ({ ...fact, connection: 2 }));
    const [first, ...rest] = lineFacts(1, 'HELLO', 'OLLEH', 0);
    if (first === undefined) throw new Error('a line has facts');
    const facts = stamped([...OPENING, ...CONNECTED, first, ...otherClients, ...rest]);
    const record = lineRecords(facts).get(1);
    expect([record?.reply, record?.readsThere]).toEqual([bytesOfText('OLLEH\n'), 1]);
    const { arrows, rows } = buildLadder(facts);
    const seenLeaving = arrows.filter((arrow) => !arrow.inferred);
    expect(seenLeaving.filter(({ arrivesAt }) => arrivesAt !== undefined)).toHaveLength(2);
    expect(seenLeaving.map(({ to }) => to)).toEqual(['server', 'other-1', 'client']);
    expect(rows.filter((row) => row.otherClient === 'another client')).toHaveLength(otherClients.length);
  });

  it('leave open what has not happened', () => {
    const record = lineRecords(
      stamped([...OPENING, ...CONNECTED, ...lineFacts(1, 'HELLO', 'OLLEH', 0).slice(0, 2)]),
    ).get(1);
    expect(record?.reply).toBeUndefined();
    expect(record === undefined ? '' : stateAt(record, 99)).toBe('at the server');
  });
});

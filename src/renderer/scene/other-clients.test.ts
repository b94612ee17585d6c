// Traces with other clients: clients that are not the run's own, and a run file that somebody else made.

import { describe, expect, it } from 'vitest';
import { NO_COUNTS } from '../../shared/trace/counts.ts';
import { endpointName } from '../../shared/trace/port-words.ts';
import type { Fact, TraceEvent } from '../../shared/trace/fact.ts';
import { labelOf, sentenceOf } from './describe.ts';
import { endsAt } from './peers.ts';
import { CLOSING, CONNECTED, lineFacts, OPENING, stamped } from './facts-for-tests.ts';
import { buildLadder, landmarksOf } from './ladder.ts';
import { outcomesOf } from './round-outcomes.ts';
import { roundsOf } from './rounds.ts';
import { summaryOf } from '../experiments/summary.ts';
import { lineRecords } from './line-records.ts';
import { drawnMarksOf, timeMarksOf } from './time-marks.ts';

/** Reverses the direction of what follows, rings a terminal's bell, ends a line. */
const TURN = '\u202e\u0007\n';
const TURN_SHOWN = '\\u202e\\x07\\x0a';

const otherClient = { address: '127.0.0.1', port: 40_001 };
const thirdClient = { address: '127.0.0.1', port: 40_002 };
const server = { address: '127.0.0.1', port: 50_007 };
const seen = { seenBy: 'program' } as const;

function turnedAway(connection: number): Fact {
  return {
    ...seen,
    kind: 'failed',
    peer: 'server',
    connection,
    problem: {
      code: 'too-many-clients',
      message: 'The other client was turned away.',
      detail: { ...thirdClient },
    },
  };
}

/** A run that completes, while another client comes before ours, and is served, and a third one is turned away. */
const CROWDED = stamped([
  ...OPENING,
  { ...seen, kind: 'accepted', peer: 'server', connection: 2, local: server, remote: otherClient },
  turnedAway(3),
  ...CONNECTED,
  ...lineFacts(1, 'HELLO', 'OLLEH', 0),
  {
    ...seen,
    kind: 'failed',
    peer: 'server',
    connection: 2,
    problem: { code: 'line-too-long', message: 'The other client sent too long a line.', detail: {} },
  },
  { ...seen, kind: 'closed', peer: 'server', side: 'server', connection: 2, hadError: true },
  ...lineFacts(2, 'abc', 'cba', 6),
  ...CLOSING,
]);

function stateOfServer(facts: readonly TraceEvent[], seq: number): string {
  return endsAt(landmarksOf(facts), seq).server.state;
}

function seqOf(facts: readonly TraceEvent[], kind: Fact['kind'], nth = 0): number {
  const found = facts.filter((event) => event.kind === kind)[nth];
  if (found === undefined) throw new Error(`no ${kind} in the run`);
  return found.seq;
}

describe('a client that is not the run’s own', () => {
  it('does not make the server connected, failed or closed when it comes, is turned away and goes', () => {
    expect(stateOfServer(CROWDED, seqOf(CROWDED, 'failed'))).toBe('listening');
    expect(stateOfServer(CROWDED, seqOf(CROWDED, 'failed', 1))).toBe('connected');
    expect(stateOfServer(CROWDED, seqOf(CROWDED, 'closed'))).toBe('connected');
    expect(stateOfServer(CROWDED, CROWDED.length)).toBe('closed');
  });

  it('has its failures as rows of its own, and no card of what went wrong', () => {
    const { failures, rows, others } = buildLadder(CROWDED);
    expect(failures).toEqual([]);
    const failed = rows.filter(({ event }) => event.kind === 'failed');
    expect(
      failed.map(({ event, otherClient }) => [labelOf(event, 'reverse', 'Python'), otherClient]),
    ).toEqual([
      ['too-many-clients', 'another client 127.0.0.1:40002'],
      ['line-too-long', 'another client 127.0.0.1:40001'],
    ]);
    expect(others.map(({ id, clients }) => [id, clients.map(({ name }) => name)])).toEqual([
      ['other-1', ['another client 127.0.0.1:40001']],
      ['other-2', ['another client 127.0.0.1:40002']],
    ]);
  });

  it('is named at the end, and is no part of how long our lines took', () => {
    const records = lineRecords(CROWDED);
    const last = seqOf(CROWDED, 'line-received', 1) - seqOf(CROWDED, 'connected');
    expect(summaryOf(landmarksOf(CROWDED), { ...NO_COUNTS, atUs: 3_170_000 }, records)).toMatch(
      new RegExp(
        `2 lines came back in ${10 * last} µs; the median round trip took 50 µs\\. Another client connected, too: 127\\.0\\.0\\.1:40001\\. Another client was turned away: 127\\.0\\.0\\.1:40002\\.$`,
      ),
    );
  });

  it('does not make the server connected before our client has called connect()', () => {
    const facts = stamped([
      ...OPENING.slice(0, -1),
      { ...seen, kind: 'accepted', peer: 'server', connection: 1, local: server, remote: otherClient },
      { ...seen, kind: 'closed', peer: 'server', side: 'server', connection: 1, hadError: false },
    ]);
    expect(stateOfServer(facts, seqOf(facts, 'accepted'))).toBe('listening');
    expect(stateOfServer(facts, facts.length)).toBe('listening');
  });

  it('does not make the server connected after our client was refused', () => {
    const problem = { code: 'connection-refused', message: 'Refused.', detail: {} } as const;
    const facts = stamped([
      ...OPENING.slice(0, 1),
      ...OPENING.slice(-2),
      { ...seen, kind: 'failed', peer: 'client', problem },
      ...OPENING.slice(2, 5),
      { ...seen, kind: 'accepted', peer: 'server', connection: 1, local: server, remote: otherClient },
    ]);
    expect(stateOfServer(facts, facts.length)).toBe('listening');
    expect(summaryOf(landmarksOf(stamped([...facts, ...CLOSING.slice(-1)])), NO_COUNTS, new Map())).toContain(
      'Another client connected, too: 127.0.0.1:40001.',
    );
  });

  it('is not the client that was greeted', () => {
    const [started, ...opening] = OPENING;
    if (started?.kind !== 'run-started') throw new Error('A run begins with run-started');
    const [closed, ...closing] = [...CLOSING].reverse();
    if (closed?.kind !== 'run-ended') throw new Error('A run ends with run-ended');
    const facts = stamped([
      { ...started, experiment: 'welcome' },
      { ...seen, kind: 'accepted', peer: 'server', connection: 2, local: server, remote: otherClient },
      ...opening,
      ...CONNECTED,
      { ...seen, kind: 'text-received', peer: 'client', side: 'client', connection: 1, offset: 0, bytes: 18 },
      ...closing.reverse(),
      { ...closed, linesSent: 0, linesReceived: 0 },
    ]);
    // The facts are 10 µs apart, and two of them lie between its accept and its greeting.
    expect(summaryOf(landmarksOf(facts), NO_COUNTS, new Map())).toContain(
      'The greeting, 18 bytes, was whole at the client 20 µs after the server had accepted it.',
    );
  });

  it('leaves the failure of our own connection what it is', () => {
    const facts = stamped([...OPENING, ...CONNECTED, turnedAway(1), ...CLOSING]);
    expect(stateOfServer(facts, seqOf(facts, 'failed'))).toBe('failed');
    expect(buildLadder(facts).failures).toHaveLength(1);
    expect(summaryOf(landmarksOf(facts), NO_COUNTS, new Map())).toContain('was turned away');
  });

  it('is told apart from ours while no connection of ours is known', () => {
    const facts = stamped([...OPENING, turnedAway(1)]);
    expect(stateOfServer(facts, seqOf(facts, 'failed'))).toBe('listening');
  });

  it('leaves no mark of a failure above the time bar, and our own connections’ failures leave theirs', () => {
    const looks = (facts: readonly TraceEvent[]): readonly string[] =>
      timeMarksOf(facts).map(({ look }) => look);
    expect(looks(CROWDED)).not.toContain('bad');
    // Where it was turned away it has a mark as the client that came.
    expect(timeMarksOf(CROWDED).filter(({ seq }) => seq === seqOf(CROWDED, 'failed', 1))).toEqual([]);
    const facts = stamped([
      { ...seen, kind: 'round-started', round: 1 },
      ...CONNECTED,
      { ...seen, kind: 'round-started', round: 2 },
      { ...seen, kind: 'connected', peer: 'client', connection: 2, local: otherClient, remote: server },
      turnedAway(1),
      turnedAway(2),
      turnedAway(3),
      { ...seen, kind: 'failed', problem: { code: 'unexpected', message: 'No socket.', detail: {} } },
    ]);
    // The first one has the number of our client's connection in the other round.
    expect(looks(facts).slice(-4)).toEqual(['other', 'bad', 'other', 'bad']);
  });

  it('has a mark of its own above the time bar where it comes, which does not drop out', () => {
    const marks = timeMarksOf(CROWDED);
    const others = [seqOf(CROWDED, 'accepted'), seqOf(CROWDED, 'failed')].map((seq) => ({
      seq,
      look: 'other',
      count: 1,
    }));
    expect(marks.filter(({ look }) => look === 'other')).toEqual(others);
    const drawn = drawnMarksOf(marks, { from: 0, to: CROWDED.length }, 0.01);
    expect(drawn.filter(({ look }) => look === 'other')).toEqual(others);
  });

  it('does not decide a round that our client connected in', () => {
    const facts = stamped([
      ...OPENING.slice(0, 1),
      { ...seen, kind: 'round-started', round: 1 },
      turnedAway(2),
      ...CONNECTED,
    ]);
    expect(outcomesOf(roundsOf(facts))[0]?.outcome?.value).toBe('connected');
  });
});

describe('what other clients did and is not in the run', () => {
  const begins: Fact = { ...seen, kind: 'other-clients-left-out', peer: 'server', facts: 0, bytes: 0 };
  const ends: Fact = { ...begins, facts: 12_345, bytes: 6_000_000 };
  const facts = stamped([
    ...OPENING,
    ...CONNECTED,
    begins,
    ...CLOSING.slice(0, -1),
    ends,
    ...CLOSING.slice(-1),
  ]);

  it('is shown where it begins and where it ends, in a row and in a sentence each', () => {
    const { rows, landmarks } = buildLadder(facts);
    const found = rows.filter(({ event }) => event.kind === 'other-clients-left-out');
    expect(found.map(({ event, side }) => [labelOf(event, 'reverse', 'Python'), side])).toEqual([
      ['others left out', 'server'],
      ['others left out', 'server'],
    ]);
    expect(found.map(({ event }) => sentenceOf(event))).toEqual([
      'Other clients have had their share of the record: what they do from here on is counted and left out. Our own exchange is recorded as before.',
      '12,345 facts about other clients were counted and left out, with 6.0 MB that the server read from them.',
    ]);
    expect(landmarks).toHaveLength(facts.length);
  });

  it('is in the sentences at the end, of all rounds together', () => {
    const left = '12,345 facts about other clients were counted and left out, with 6.0 MB';
    expect(summaryOf(landmarksOf(facts), NO_COUNTS, new Map())).toContain(left);
    expect(summaryOf(landmarksOf(CROWDED), NO_COUNTS, new Map())).not.toContain('left out');
    const [started] = OPENING;
    if (started?.kind !== 'run-started') throw new Error('A run begins with run-started');
    const rounds = [1, 2].flatMap((round): Fact[] => [
      { ...seen, kind: 'round-started', round },
      ...CONNECTED,
      ends,
    ]);
    const race = stamped([
      { ...started, experiment: 'race', options: { rounds: 2 } },
      ...rounds,
      ...CLOSING.slice(-1),
    ]);
    expect(summaryOf(landmarksOf(race), NO_COUNTS, new Map())).toMatch(
      /24,690 facts about other clients were counted and left out, with 12\.0 MB that the server read from them\.$/,
    );
  });
});

describe('a name, an address or a sentence from somebody else’s trace', () => {
  const endpoint = { address: TURN, port: 1 };
  const problem = { code: 'unexpected', message: TURN, detail: { errorCode: TURN } } as const;
  const facts: readonly Fact[] = [
    { ...seen, kind: 'host-named', peer: 'server', hostName: TURN, address: TURN },
    { ...seen, kind: 'program-started', peer: 'program', program: TURN, version: TURN, pid: 1 },
    { ...seen, kind: 'program-ended', peer: 'program', program: TURN, pid: 1 },
    { ...seen, kind: 'listen-called', peer: 'server', requested: endpoint },
    { ...seen, kind: 'listening', peer: 'server', local: endpoint },
    { ...seen, kind: 'accepted', peer: 'server', connection: 1, local: endpoint, remote: endpoint },
    {
      kind: 'port-examined',
      peer: 'server',
      seenBy: 'kernel',
      port: 1,
      source: TURN,
      holder: { what: 'listener', local: endpoint, program: TURN },
    },
    { ...seen, kind: 'failed', problem },
    { ...seen, kind: 'detail-left-out', reason: TURN, facts: 1, lines: 1 },
  ];
  const isPlain = /^[^\u0000-\u001f\u202e]*$/;

  it('is written out, in labels and in sentences', () => {
    for (const event of stamped(facts)) {
      expect(labelOf(event, 'reverse', 'Python')).toMatch(isPlain);
      expect(sentenceOf(event)).toMatch(isPlain);
    }
    const [named] = stamped(facts);
    expect(named === undefined ? '' : sentenceOf(named)).toBe(
      `The host is called ${TURN_SHOWN}, address ${TURN_SHOWN}.`,
    );
  });

  it('is written out beside the ends and at the end of the run', () => {
    expect(endpointName(endpoint)).toBe(`${TURN_SHOWN}:1`);
    const run = stamped([...OPENING, ...facts, ...CLOSING]);
    expect(endsAt(landmarksOf(run), run.length).hostName).toBe(TURN_SHOWN);
    expect(summaryOf(landmarksOf(run), NO_COUNTS, new Map())).toMatch(isPlain);
  });
});

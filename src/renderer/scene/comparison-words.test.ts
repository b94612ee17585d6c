import { describe, expect, it } from 'vitest';

import type { RunComparison } from '../../shared/trace/comparison.ts';
import type { Fact, TraceEvent } from '../../shared/trace/fact.ts';
import { runStarted } from '../../shared/trace/facts-for-tests.ts';
import { bytesOfText } from '../../shared/trace/recorded-bytes.ts';
import { firstOfExchange, medianWords, optionWords, portWords, verdictOf } from './comparison-words.ts';

const both = { seenBy: 'program', connection: 1 } as const;
const reverse = { here: 'reverse', there: 'reverse' } as const;

function at(seq: number, fact: Fact): TraceEvent {
  return { ...fact, seq, atUs: seq };
}
function read(seq: number, bytes: number): TraceEvent {
  return at(seq, { kind: 'read', peer: 'server', side: 'server', ...both, offset: 0, bytes });
}
function wrote(seq: number, text: string): TraceEvent {
  const data = bytesOfText(text);
  return at(seq, {
    kind: 'wrote',
    peer: 'server',
    side: 'server',
    ...both,
    offset: 0,
    bytes: 6,
    data,
    line: 1,
  });
}
function found(difference: RunComparison['difference']): RunComparison {
  return { read: 80, facts: 118, done: true, same: 30, ...(difference === undefined ? {} : { difference }) };
}

describe('the verdict', () => {
  it('says what is different and where', () => {
    expect(verdictOf(found({ here: read(34, 6), there: read(34, 3) }), reverse)).toBe(
      'The first difference: fact 34. Here the server read 6 bytes in one read; there it read 3 bytes in one read.',
    );
    expect(verdictOf(found({ here: read(34, 6), there: read(1_036, 3) }), reverse)).toContain(
      'fact 34 here, 1,036 there. Here',
    );
  });

  it('shows bytes, which may be as many and others', () => {
    expect(verdictOf(found({ here: wrote(9, 'OLLEH\n'), there: wrote(9, 'HELLO\n') }), reverse)).toBe(
      'The first difference: fact 9. Here the server wrote line 1: 6 bytes, “OLLEH⏎”; there it wrote line 1: 6 bytes, “HELLO⏎”.',
    );
    const long = 'x'.repeat(100);
    expect(verdictOf(found({ here: wrote(9, `${long}a`), there: wrote(9, `${long}b`) }), reverse)).toContain(
      '; there the same was seen with other bytes.',
    );
  });

  it('says where nothing more happened', () => {
    expect(verdictOf(found({ here: read(34, 6) }), reverse)).toBe(
      'The first difference: fact 34 here. Here the server read 6 bytes in one read; there the server did nothing more.',
    );
    expect(verdictOf(found({ there: read(34, 6) }), reverse)).toBe(
      'The first difference: fact 34 there. Here the server did nothing more; there the server read 6 bytes in one read.',
    );
  });

  it('says that there is none, and nothing before that is known', () => {
    expect(verdictOf(found(undefined), reverse)).toBe(
      'The same 59 facts in both; only ports and times differ.',
    );
    expect(verdictOf({ ...found(undefined), done: false }, reverse)).toBeUndefined();
  });
});

it('names the options that differ, by their labels and values', () => {
  const here = runStarted('file', { options: { transform: 'reverse' } });
  const there = runStarted('file', { options: { transform: 'upper-case' } });
  expect(optionWords(here, there)).toEqual(['What the server does: reverse here, upper case there']);
  expect(optionWords(here, here)).toEqual([]);
  expect(optionWords(here, runStarted('welcome'))).toEqual([
    'Experiment: Reverse a file here, Welcome there',
  ]);
});

it('gives ports and medians that both have', () => {
  const server = { address: '127.0.0.1', port: 50_007 };
  const connected = (port: number): TraceEvent =>
    at(5, { kind: 'connected', peer: 'client', ...both, local: { ...server, port }, remote: server });
  expect(portWords([connected(40_001)], [connected(40_002)])).toEqual([
    'Client port: 40001 here, 40002 there',
    'Server port: 50007 in both',
  ]);
  expect(portWords([connected(40_001)], [])).toEqual([]);
  expect(medianWords(74, 1_240)).toEqual(['Median round trip: 74 µs here, 1.24 ms there']);
  expect(medianWords(74, undefined)).toEqual([]);
});

it('aligns by the call to connect, or by what a side did first', () => {
  const start = at(1, runStarted('file'));
  const created = at(2, { kind: 'server-created', seenBy: 'program', peer: 'server' });
  const remote = { address: '127.0.0.1', port: 1 };
  const connect = at(7, { kind: 'connect-called', seenBy: 'program', peer: 'client', remote });
  expect(firstOfExchange([start, created, connect])).toBe(7);
  expect(firstOfExchange([start, created])).toBe(2);
  expect(firstOfExchange([])).toBe(0);
});

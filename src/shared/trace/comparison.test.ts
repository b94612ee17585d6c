import fc from 'fast-check';
import { expect, it } from 'vitest';

import { RunComparer } from './comparison.ts';
import type { Fact, TraceEvent } from './fact.ts';
import { runEnded, runStarted } from './facts-for-tests.ts';
import { bytesOfText } from './recorded-bytes.ts';

/** A run of these lines, each of which is sent, read, reversed and sent back. */
function runOf(lines: readonly string[], port = 40_000): readonly TraceEvent[] {
  const server = { address: '127.0.0.1', port: 50_007 };
  const client = { address: '127.0.0.1', port };
  const both = { seenBy: 'program', connection: 1 } as const;
  const facts: Fact[] = [
    runStarted('file'),
    { kind: 'connected', peer: 'client', ...both, local: client, remote: server },
    { kind: 'accepted', peer: 'server', ...both, local: server, remote: client },
  ];
  let offset = 0;
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    const [bytes, data] = [text.length, bytesOfText(text)];
    const of = { ...both, offset, bytes };
    facts.push(
      { kind: 'wrote', peer: 'client', side: 'client', ...of, data, line },
      { kind: 'read', peer: 'server', side: 'server', ...of },
      { kind: 'line-transformed', peer: 'server', ...of, line, by: 'codepoint', validUtf8: true },
      { kind: 'wrote', peer: 'server', side: 'server', ...of, data, line },
      { kind: 'read', peer: 'client', side: 'client', ...of },
      { kind: 'line-received', peer: 'client', ...of, line },
    );
    offset += bytes + 1;
  }
  facts.push(runEnded('completed'));
  return numbered(facts);
}

function numbered(facts: readonly Fact[]): readonly TraceEvent[] {
  return facts.map((fact, index) => ({ ...fact, seq: index + 1, atUs: index * 10 }));
}

/** Both runs to their ends, in pieces of so many facts by turns. */
function compared(
  here: readonly TraceEvent[],
  there: readonly TraceEvent[],
  piece = 1,
  maxWaiting?: number,
): RunComparer {
  const comparer = new RunComparer(maxWaiting);
  for (let at = 0; at < Math.max(here.length, there.length); at += piece) {
    for (const fact of here.slice(at, at + piece)) comparer.add('here', fact);
    for (const fact of there.slice(at, at + piece)) comparer.add('there', fact);
    if (comparer.isDone) return comparer;
  }
  comparer.end('here');
  comparer.end('there');
  return comparer;
}

const someLines = fc.array(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 });
const piece = fc.integer({ min: 1, max: 40 });

it('finds no difference between a run and itself at another time on other ports', () => {
  fc.assert(
    fc.property(someLines, piece, (lines, size) => {
      const comparer = compared(runOf(lines), runOf(lines, 41_234), size);
      expect(comparer.difference).toBeUndefined();
      expect(comparer.isDone).toBe(true);
      expect(comparer.same).toBe(runOf(lines).length - 1);
    }),
  );
});

it('finds one fact that is another, wherever it is', () => {
  fc.assert(
    fc.property(someLines, fc.nat(), piece, (lines, at, size) => {
      const here = runOf(lines);
      const index = 3 + (at % (here.length - 4));
      const there = here.map((fact, other) =>
        other === index && 'bytes' in fact ? { ...fact, bytes: 99 } : fact,
      );
      expect(compared(here, there, size).difference).toEqual({ here: index + 1, there: index + 1 });
    }),
  );
});

it('finds where a fact is missing or there is one more, in the lane in which it is', () => {
  fc.assert(
    fc.property(someLines, fc.nat(), piece, (lines, at, size) => {
      const here = runOf(lines);
      const index = 3 + (at % (here.length - 4));
      const there = numbered(here.filter((_, other) => other !== index));
      expect(compared(here, there, size).difference?.here).toBe(index + 1);
      expect(compared(there, here, size).difference?.there).toBe(index + 1);
    }),
  );
});

it('does not mind in which order two peers were recorded', () => {
  const here = runOf(['a', 'b']);
  const swapped = [...here];
  const [connected, accepted] = [here[1], here[2]];
  if (connected === undefined || accepted === undefined) throw new Error('They are there');
  swapped.splice(1, 2, accepted, connected);
  expect(compared(here, numbered(swapped)).difference).toBeUndefined();
});

it('tells bytes apart that are as many', () => {
  expect(compared(runOf(['abc', 'def']), runOf(['abc', 'deg'])).difference).toEqual({ here: 10, there: 10 });
});

it('says that nothing more happened in a run that was cut off', () => {
  const here = runOf(['a', 'b']);
  expect(compared(here, here.slice(0, 6)).difference).toEqual({ here: 7 });
  expect(compared(here.slice(0, 6), here).difference).toEqual({ there: 7 });
});

it('is done before the ends where no earlier difference can come', () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
  const comparer = new RunComparer();
  for (const [index, fact] of runOf(lines).entries()) {
    comparer.add('here', fact);
    const other = runOf(lines.map((line, at) => (at === 2 ? `${line}!` : line)))[index];
    if (other !== undefined) comparer.add('there', other);
    if (comparer.isDone) break;
  }
  expect(comparer.difference).toEqual({ here: 16, there: 16 });
  expect(comparer.isDone).toBe(true);
});

it('keeps no more facts waiting than it may: the first of more has no counterpart', () => {
  const many = Array.from({ length: 50 }, (_, index) => `line ${index}`);
  const here = runOf(many).filter((fact) => !('peer' in fact) || fact.peer === 'client');
  const there = runOf(many).filter((fact) => !('peer' in fact) || fact.peer === 'server');
  expect(compared(here, there, 1, 20).difference).toEqual({ here: 2 });
});

it('leaves out how often a port that is waited for was examined', () => {
  const examined: Fact = {
    kind: 'port-examined',
    seenBy: 'kernel',
    peer: 'server',
    port: 1,
    holder: { what: 'unknown', why: '' },
    source: '',
  };
  const withSome = (count: number): readonly TraceEvent[] =>
    numbered([runStarted('file'), ...Array.from({ length: count }, () => examined), runEnded('failed')]);
  expect(compared(withSome(2), withSome(5)).difference).toBeUndefined();
  expect(compared(withSome(0), withSome(5)).difference).toEqual({ there: 2 });
});

import { expect, it } from 'vitest';

import type { TraceEvent } from '../../shared/trace/fact.ts';
import { cursorAtTime } from './cursor-at-time.ts';
import { timeAt } from './ladder.ts';

const facts = [0, 10, 10, 40].map((atUs, index): TraceEvent => ({
  seq: index + 1,
  atUs,
  kind: 'server-created',
  seenBy: 'program',
  peer: 'server',
}));

it('is the inverse of the time at a cursor, also between two facts', () => {
  for (const cursor of [1, 1.5, 3, 3.25, 4]) expect(cursorAtTime(facts, timeAt(facts, cursor))).toBe(cursor);
});

it('stays at the edges outside of the facts', () => {
  expect(cursorAtTime(facts.slice(1), 5)).toBe(2);
  expect(cursorAtTime(facts, 1_000)).toBe(4);
  expect(cursorAtTime([], 5)).toBe(0);
});

import { describe, expect, it } from 'vitest';

import { runEnded } from '../../shared/trace/facts-for-tests.ts';
import type { Fact } from '../../shared/trace/fact.ts';
import { createPushRule } from './live-window.ts';

const SLEPT: Fact = { kind: 'slept', seenBy: 'program', side: 'client', ms: 1 };
const READ: Fact = { kind: 'read', seenBy: 'program', side: 'server', connection: 1, offset: 0, bytes: 1 };
const ENDED = runEnded('completed');

/** How many of `times` such facts are pushed. */
function pushed(
  rule: ReturnType<typeof createPushRule>,
  fact: Fact,
  linesSent: number,
  times: number,
): number {
  let count = 0;
  for (let time = 0; time < times; time += 1) if (rule(fact, linesSent)) count += 1;
  return count;
}

describe('what the window is given unasked', () => {
  it('is every fact of the first lines, and of later lines none', () => {
    const rule = createPushRule(10);
    expect(pushed(rule, READ, 10, 40)).toBe(40);
    expect(pushed(rule, READ, 11, 40)).toBe(0);
    expect(rule(SLEPT, 11)).toBe(true);
  });

  it('is bounded where a stranger reads and writes while no line of ours is sent', () => {
    expect(pushed(createPushRule(10), READ, 0, 1_000)).toBe(160);
    expect(pushed(createPushRule(0), READ, 0, 1_000)).toBe(16);
  });

  it('is bounded where there is no end of opening and closing, and the end of the run is in it all the same', () => {
    const rule = createPushRule(10);
    expect(pushed(rule, SLEPT, 0, 100_000)).toBe(30_000);
    expect(rule(ENDED, 0)).toBe(true);
  });
});

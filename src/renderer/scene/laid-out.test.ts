import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { buildLadder } from './ladder.ts';
import { laidOut, partAt } from './laid-out.ts';

/** The facts of `lines` lines of three bytes, of which `ahead` are written before the first is read. */
function exchange(lines: number, ahead: number): readonly TraceEvent[] {
  const facts: TraceEvent[] = [];
  const put = (line: number, kind: 'wrote' | 'read'): void => {
    const place = { seenBy: 'program', connection: 1, offset: 3 * (line - 1), bytes: 3 } as const;
    const stamp = { seq: facts.length + 1, atUs: facts.length };
    const data = { bytes: Uint8Array.of(65, 66, 10) };
    facts.push(
      kind === 'wrote'
        ? { ...stamp, ...place, kind, peer: 'client', side: 'client', data, line }
        : { ...stamp, ...place, kind, peer: 'server', side: 'server' },
    );
  };
  for (let line = 1; line <= lines + ahead; line += 1) {
    if (line <= lines) put(line, 'wrote');
    if (line > ahead) put(line - ahead, 'read');
  }
  return facts;
}

describe('the part of the facts that is laid out', () => {
  it('is all of them where they are few', () => {
    const facts = exchange(1_000, 1);
    expect([0, 1, 1_500, 9_999].map((cursor) => partAt(facts, cursor))).toEqual([0, 0, 0, 0]);
    expect(laidOut(facts, [], 0)).toEqual({ facts, links: [] });
  });

  it('is around the cursor, with facts before and after it', () => {
    const facts = exchange(2_048, 1);
    expect([0, 1, 1_024, 1_024.5, 1_025, 4_096, 9_999].map((cursor) => partAt(facts, cursor))).toEqual([
      0, 0, 0, 0, 1, 3, 3,
    ]);
    const seqs = (part: number): readonly unknown[] => {
      const { facts: here } = laidOut(facts, [], part);
      return [here[0]?.seq, here.at(-1)?.seq];
    };
    expect(seqs(0)).toEqual([1, 1_024 + 256]);
    expect(seqs(1)).toEqual([1_024 - 255, 2_048 + 256]);
    expect(seqs(3)).toEqual([3 * 1_024 - 255, 4_096]);
  });

  it('has the arrows of the whole, also those that begin or end elsewhere', () => {
    for (const ahead of [1, 100, 1_000]) {
      const facts = exchange(2_048, ahead);
      const whole = buildLadder(facts);
      for (const part of [0, 1, 2, 3]) {
        const { facts: here, links } = laidOut(facts, [], part);
        const [from, to] = [here[0]?.seq ?? 0, here.at(-1)?.seq ?? 0];
        const isHere = (seq: number | undefined): boolean => seq !== undefined && seq >= from && seq <= to;
        const expected = whole.arrows.filter(
          ({ leavesAt, arrivesAt }) => isHere(leavesAt) || isHere(arrivesAt),
        );
        const found = buildLadder(here, facts.slice(0, from - 1), links).arrows;
        expect(found.map(({ key, leavesAt, arrivesAt }) => [key, leavesAt, arrivesAt])).toEqual(
          expected.map(({ key, leavesAt, arrivesAt }) => [key, leavesAt, arrivesAt]),
        );
      }
    }
  });

  it('has the links of the page that belong to it', () => {
    const all = exchange(4_096, 1_000);
    const facts = all.slice(2_000, 6_000);
    const links = [...all.slice(0, 2_000), ...all.slice(6_000)];
    const { facts: here, links: needed } = laidOut(facts, links, 2);
    const offsetsOf = (events: readonly TraceEvent[], kind: 'wrote' | 'read'): readonly number[] =>
      events.flatMap((event) => (event.kind === kind && 'offset' in event ? [event.offset] : []));
    const written = new Set(offsetsOf([...needed, ...here], 'wrote'));
    expect(offsetsOf(here, 'read').every((offset) => written.has(offset))).toBe(true);
    expect(offsetsOf(needed, 'wrote').some((offset) => offset < 3_000)).toBe(true);
    expect(needed.map(({ seq }) => seq)).toEqual(needed.map(({ seq }) => seq).sort((a, b) => a - b));
  });
});

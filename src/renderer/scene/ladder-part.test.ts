import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Fact } from '../../shared/trace/fact.ts';
import { CLOSING, CONNECTED, lineFacts, OPENING, stamped, WHOLE_RUN } from './facts-for-tests.ts';
import { buildLadder, type Ladder } from './ladder.ts';
import { partOf } from './ladder-part.ts';

/** All lines are written, then all come back: the arrows are long and cross each other's heights. */
function manyOnTheirWay(lines: number): readonly Fact[] {
  const facts = Array.from({ length: lines }, (_, index) => lineFacts(index + 1, 'abc', 'cba', 4 * index));
  return [
    ...OPENING,
    ...CONNECTED,
    ...facts.flatMap((ofLine) => ofLine.slice(0, 1)),
    ...facts.flatMap((ofLine) => ofLine.slice(1)),
    ...CLOSING,
  ];
}

/** What a look at every mark finds. */
function wholeLook(ladder: Ladder, cursor: number, top: number, bottom: number): object {
  const inView = (from: number, to: number): boolean => to > top - 60 && from < bottom + 60;
  return {
    rows: ladder.rows.filter(({ seq, y }) => seq <= cursor && inView(y, y)),
    arrows: ladder.arrows.filter(({ leavesAt, y1, y2 }) => leavesAt < cursor && inView(y1, y2)),
    stages: ladder.stages.filter((stage) => stage.startsAt < cursor && inView(stage.top, stage.bottom)),
    failures: ladder.failures.filter(
      ({ seq, y, cardPx }) => seq <= cursor && y > top - 60 && y - cardPx < bottom + 60,
    ),
    gaps: ladder.gaps.filter((gap) => gap.fromSeq <= cursor && gap.bottom > top && gap.top < bottom),
  };
}

describe('the part of a ladder that is in view', () => {
  const gapped = WHOLE_RUN.filter(({ seq }) => seq < 12 || seq > 17);
  it.each([
    ['a small run', buildLadder(WHOLE_RUN)],
    ['a run with a gap', buildLadder(gapped)],
    ['50 lines on their way at once', buildLadder(stamped(manyOnTheirWay(50)))],
  ])('is of %s what a look at every mark finds', (_what, ladder) => {
    const last = ladder.facts.at(-1)?.seq ?? 0;
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: last, noNaN: true }),
        fc.integer({ min: -200, max: Math.ceil(ladder.height) }),
        fc.integer({ min: 1, max: 900 }),
        (cursor, top, height) => {
          expect(partOf(ladder, cursor, top, top + height)).toEqual(
            wholeLook(ladder, cursor, top, top + height),
          );
        },
      ),
    );
  });
});

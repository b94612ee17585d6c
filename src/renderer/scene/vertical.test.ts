import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CLIENT, SERVER, type TraceEvent } from '../../shared/trace/fact.ts';
import { buildLadder } from './ladder.ts';
import { drawLadder, fittingZoom, scaleBarUs, withRoom } from './vertical.ts';

function bytes(text: string): { readonly bytes: Uint8Array } {
  return { bytes: new TextEncoder().encode(text) };
}

/** A client that writes at these times; the server reads each write 10 us later. */
function writesAt(...timesUs: readonly number[]): readonly TraceEvent[] {
  const facts: TraceEvent[] = [];
  for (const [index, atUs] of timesUs.entries()) {
    const offset = 2 * index;
    facts.push({
      seq: facts.length + 1,
      atUs,
      kind: 'wrote',
      seenBy: 'program',
      peer: CLIENT,
      side: 'client',
      connection: 1,
      offset,
      bytes: 2,
      data: bytes('a\n'),
      line: index + 1,
    });
    facts.push({
      seq: facts.length + 1,
      atUs: atUs + 10,
      kind: 'read',
      seenBy: 'program',
      peer: SERVER,
      side: 'server',
      connection: 1,
      offset,
      bytes: 2,
    });
  }
  return facts;
}

describe('the ladder at other heights', () => {
  it('is the same at zoom 1', () => {
    const ladder = buildLadder(writesAt(0, 100, 200));
    const { rows, arrows, stages } = ladder;
    expect(drawLadder(ladder, 'order', 1)).toMatchObject({ rows, arrows, stages, folds: [] });
  });

  it('has every row, arrow and end closer together, in the same order', () => {
    const ladder = buildLadder(writesAt(0, 100, 200));
    const half = drawLadder(ladder, 'order', 0.5);
    expect(half.rows.map(({ y }) => y)).toEqual(ladder.rows.map(({ y }) => 30 + (y - 30) / 2));
    expect(half.arrows.map(({ y1, y2 }) => [y1, y2])).toEqual(
      ladder.arrows.map(({ y1, y2 }) => [30 + (y1 - 30) / 2, 30 + (y2 - 30) / 2]),
    );
  });

  it('has arrows that end where the facts are that show it', () => {
    const times = fc.array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(
        times,
        fc.constantFrom('order' as const, 'time' as const),
        fc.double({ min: 0.05, max: 4, noNaN: true }),
        (at, axis, zoom) => {
          const facts = writesAt(...[...at].sort((a, b) => a - b));
          const drawn = drawLadder(buildLadder(facts), axis, zoom);
          for (let index = 1; index < drawn.ys.length; index += 1) {
            expect(drawn.ys[index]).toBeGreaterThanOrEqual(drawn.ys[index - 1] ?? 0);
          }
          for (const { leavesAt, arrivesAt, y1, y2 } of drawn.arrows) {
            expect(y1).toBeCloseTo(drawn.ys[leavesAt - 1] ?? NaN);
            expect(y2).toBeCloseTo(drawn.ys[(arrivesAt ?? NaN) - 1] ?? NaN);
          }
        },
      ),
    );
  });
});

describe('heights to the scale of time', () => {
  it('are as far apart as the facts are in time', () => {
    const drawn = drawLadder(buildLadder(writesAt(0, 100, 300)), 'time', 1);
    const [first = 0, , second = 0, , third = 0] = drawn.ys;
    expect((third - second) / (second - first)).toBeCloseTo(2);
    expect(drawn.folds).toEqual([]);
  });

  it('fold a long stretch, and say how long it is', () => {
    const drawn = drawLadder(buildLadder(writesAt(0, 100, 200, 5_000_200)), 'time', 1);
    expect(drawn.folds).toHaveLength(1);
    expect(drawn.folds[0]).toMatchObject({ us: 4_999_990, seq: 7 });
    expect(drawn.height).toBeLessThan(1_000);
  });

  it('have a scale bar of a round length', () => {
    expect(scaleBarUs(1)).toBe(50);
    expect(scaleBarUs(0.01)).toBe(5_000);
    expect(scaleBarUs(30)).toBe(2);
  });
});

describe('fitting', () => {
  it.each(['order', 'time'] as const)('shows every fact of a small run at once, by %s', (axis) => {
    const ladder = buildLadder(writesAt(...Array.from({ length: 40 }, (_, index) => 120 * index)));
    const drawn = drawLadder(ladder, axis, fittingZoom(ladder, axis, 400));
    expect(drawn.height).toBeLessThanOrEqual(400.5);
    expect(drawn.height).toBeGreaterThan(300);
  });

  it('does not enlarge a run that has room', () => {
    expect(fittingZoom(buildLadder(writesAt(0)), 'order', 2_000)).toBe(1);
  });
});

it('keeps words apart, and those that are needed whatever stands beside them', () => {
  const kept = withRoom(
    [0, 5, 10, 20, 22, 40],
    (y) => y,
    15,
    (y) => y === 22,
  );
  expect([...kept]).toEqual([0, 22, 40]);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { LogHistogram } from '../../shared/numbers/log-histogram.ts';
import {
  barsOf,
  formatPace,
  pacePlot,
  paceSentence,
  placeOfTime,
  roundTripsSentence,
  runTicks,
  scaleOf,
  ticksOf,
  type Bar,
  type TimeScale,
} from './numbers-plot.ts';

function plotOf(times: readonly number[]): { readonly scale: TimeScale; readonly bars: readonly Bar[] } {
  const histogram = new LogHistogram();
  for (const us of times) histogram.add(us);
  const scale = scaleOf(histogram.buckets);
  if (scale === undefined) throw new Error('no times');
  return { scale, bars: barsOf(histogram.buckets, scale) };
}

describe('the bars of round trips', () => {
  it('hold every line once, inside the axis, the highest at full height', () => {
    const times = fc.array(fc.double({ min: 0, max: 17, noNaN: true }).map(Math.exp), {
      minLength: 1,
      maxLength: 80,
    });
    fc.assert(
      fc.property(times, (all) => {
        const { bars } = plotOf(all);
        expect(bars.reduce((sum, { lines }) => sum + lines, 0)).toBe(all.length);
        expect(Math.max(...bars.map(({ height }) => height))).toBe(1);
        for (const { left, right } of bars) {
          expect(left).toBeGreaterThanOrEqual(0);
          expect(right).toBeLessThanOrEqual(1.000_001);
          expect(right).toBeGreaterThan(left);
        }
      }),
    );
  });

  it('stand on a logarithmic axis where the spread asks for it, and else on an even one', () => {
    const near = plotOf([50, 60, 70, 80]);
    expect(near.scale.isLog).toBe(false);
    expect(ticksOf(near.scale, 4).map(({ label }) => label)).toEqual(['50 µs', '60 µs', '70 µs', '80 µs']);
    const far = plotOf([20, 40, 74, 1_200, 90_000]);
    expect(far.scale.isLog).toBe(true);
    expect(ticksOf(far.scale, 12).map(({ label }) => label)).toEqual([
      ...['20 µs', '50 µs', '100 µs', '200 µs', '500 µs'],
      ...['1 ms', '2 ms', '5 ms', '10 ms', '20 ms', '50 ms'],
    ]);
    expect(ticksOf(far.scale, 5).map(({ label }) => label)).toEqual(['100 µs', '1 ms', '10 ms']);
  });

  it('leave no gaps between the times that are there', () => {
    const { bars } = plotOf(Array.from({ length: 5_000 }, (_, index) => 1_000 + index / 5));
    for (const [index, bar] of bars.slice(1).entries())
      expect(bar.left).toBeCloseTo(bars[index]?.right ?? 0, 6);
  });

  it('have ticks in order on any axis, never more than asked for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 1e8, noNaN: true }),
        fc.double({ min: 1.1, max: 1e6, noNaN: true }),
        fc.integer({ min: 2, max: 12 }),
        (fromUs, factor, most) => {
          const scale = { fromUs, toUs: fromUs * factor, isLog: factor > 6 };
          const ticks = ticksOf(scale, most);
          expect(ticks.length).toBeLessThanOrEqual(most + 1);
          expect(ticks.map(({ at }) => at)).toEqual(ticks.map(({ at }) => at).sort((a, b) => a - b));
        },
      ),
    );
    expect(placeOfTime(5, { fromUs: 10, toUs: 20, isLog: false })).toBe(0);
  });
});

describe('the pace', () => {
  it('is lines per second of each stretch, over the same time as the run', () => {
    const plot = pacePlot({ stretchUs: 1_000, lines: [10, 0, 30] }, 3_000);
    expect(plot?.topPerSecond).toBe(50_000);
    expect(plot?.mostPerSecond).toBe(30_000);
    expect(plot?.columns.map(({ height }) => height)).toEqual([0.2, 0, 0.6]);
    expect(plot?.columns.at(-1)?.right).toBe(1);
    expect(plot === undefined ? '' : paceSentence(plot, 3_000)).toBe(
      'Lines per second over the 3 ms of the run: 13,333 on average, at most 30,000.',
    );
  });

  it('does not fall or rise because the last stretch is cut off', () => {
    const cut = pacePlot({ stretchUs: 1_000, lines: [10, 10, 6] }, 2_600);
    expect(cut?.columns.map(({ height }) => height)).toEqual([1, 1, 1]);
    const rest = pacePlot({ stretchUs: 1_000, lines: [10, 10, 1] }, 2_001);
    expect(rest?.columns).toHaveLength(2);
    expect(rest?.columns.at(-1)?.right).toBe(1);
  });

  it('is nothing without a line', () => {
    expect(pacePlot({ stretchUs: 64, lines: [] }, 10)).toBeUndefined();
    expect(runTicks(0, 5)).toEqual([]);
    expect(runTicks(10_000, 5).map(({ label }) => label)).toEqual([
      '0',
      '2 ms',
      '4 ms',
      '6 ms',
      '8 ms',
      '10 ms',
    ]);
    expect(formatPace(2.52)).toBe('2.5');
  });
});

it('the round trips are also a sentence', () => {
  const numbers = {
    ...{ counted: 9, facts: 9, done: true, unreadable: 0, buckets: { first: 0, counts: [] }, listed: [] },
    pace: { stretchUs: 64, lines: [] },
  };
  expect(roundTripsSentence({ ...numbers, lines: 0 })).toBe('No line has come back.');
  expect(roundTripsSentence({ ...numbers, lines: 1_204, medianUs: 74.2, p95Us: 210, slowestUs: 1_240 })).toBe(
    'Round trips of 1,204 lines: median 74.2 µs, 95 % were faster than 210 µs, the slowest took 1.24 ms.',
  );
  // 95 % of seven lines are all of them.
  expect(roundTripsSentence({ ...numbers, lines: 7, medianUs: 74.2, p95Us: 210, slowestUs: 210 })).toBe(
    'Round trips of 7 lines: median 74.2 µs, the slowest took 210 µs.',
  );
});

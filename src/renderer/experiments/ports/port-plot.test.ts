import { describe, expect, it } from 'vitest';
import type { PastPorts } from '../../../shared/ipc.ts';
import { outcomesOf } from '../../scene/round-outcomes.ts';
import { parityOf } from '../../../shared/experiments/summary/rounds.ts';
import { earlierRuns, portPlot, portScale } from './port-plot.ts';
import { portsRun } from '../../scene/round-facts-for-tests.ts';
import { roundsOf } from '../../scene/rounds.ts';

const FACTS = portsRun([40_002, 40_005, 40_006]);
const OUTCOMES = outcomesOf(roundsOf(FACTS));

function past(startedAt: string, ...clientPorts: readonly number[]): PastPorts {
  return { startedAt, serverPort: 50_007, clientPorts };
}

const HISTORY = [past('2025-12-30T10:00:00.000Z', 33_000, 33_002), past('2025-12-31T10:00:00.000Z', 60_000)];

describe('the plot of ports', () => {
  it('puts each run in its column, behind the runs that are remembered, oldest first', () => {
    const plot = portPlot({ outcomes: OUTCOMES, asked: 3, history: HISTORY }, Infinity, 100);
    const marks = [...plot.past.flatMap((group) => group.marks), ...plot.now];
    expect(marks.map((mark) => [mark.run, mark.port, mark.even, mark.column])).toEqual([
      [1, 33_000, true, 0.5],
      [2, 33_002, true, 1.5],
      [1, 60_000, true, 2.5],
      [1, 40_002, true, 3.5],
      [2, 40_005, false, 4.5],
      [3, 40_006, true, 5.5],
    ]);
    expect(plot).toMatchObject({ columns: 6, nowFromColumn: 3, leftOut: 0 });
  });

  it('shows a port when the cursor has passed the fact with it, and keeps its column free until then', () => {
    const connected = FACTS.filter((event) => event.kind === 'connected').map((event) => event.seq);
    const at = (cursor: number) => portPlot({ outcomes: OUTCOMES, asked: 3, history: [] }, cursor, 100);
    expect(at((connected[1] ?? NaN) - 0.1).now).toHaveLength(1);
    expect(at(connected[1] ?? NaN).now).toHaveLength(2);
    expect(at(0).columns).toBe(3);
  });

  it('draws of the remembered ports the newest that there is room for, and counts the others', () => {
    const plot = portPlot({ outcomes: OUTCOMES, asked: 3, history: HISTORY }, Infinity, 5);
    expect(plot.past.map((group) => group.marks.map((mark) => [mark.run, mark.port]))).toEqual([
      [[2, 33_002]],
      [[1, 60_000]],
    ]);
    expect(plot.leftOut).toBe(1);
    expect(portPlot({ outcomes: OUTCOMES, asked: 3, history: HISTORY }, Infinity, 2)).toMatchObject({
      past: [],
      leftOut: 3,
      columns: 3,
    });
  });

  it('stands alone with what is remembered, before anything is run', () => {
    const plot = portPlot({ outcomes: [], asked: 0, history: HISTORY }, 0, 100);
    expect(plot).toMatchObject({ columns: 3, now: [], nowFromColumn: 3 });
  });

  it('does not count the run at hand, which is remembered when it has ended, as an earlier one', () => {
    const now = past('2026-01-01T00:00:00.000Z', 40_002);
    const later = past('2026-01-02T00:00:00.000Z', 40_002);
    expect(earlierRuns([...HISTORY, now, later], now.startedAt)).toEqual(HISTORY);
    expect(earlierRuns(HISTORY, undefined)).toEqual(HISTORY);
  });

  it('has a scale that holds the range, the server’s port and every port drawn', () => {
    const scale = portScale([61_500, 40_002], { from: 32_768, to: 60_999 }, 5_000);
    for (const port of [61_500, 40_002, 32_768, 60_999, 5_000]) {
      expect(port).toBeGreaterThanOrEqual(scale.from);
      expect(port).toBeLessThanOrEqual(scale.to);
    }
    expect(portScale([], undefined, undefined)).toEqual({ from: 0, to: 65_535 });
  });

  it('counts even and odd', () => {
    expect(parityOf([40_002, 40_005, 40_006])).toEqual({ even: 2, odd: 1 });
  });
});

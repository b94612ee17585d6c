// A time axis below a plot: a line with round times.

import type { Tick } from '../../scene/numbers-plot.ts';

interface TimeAxisProps {
  readonly ticks: readonly Tick[];
  /** The width of the axis, in pixels. */
  readonly across: number;
  readonly y: number;
}

export function TimeAxis({ ticks, across, y }: TimeAxisProps) {
  return (
    <g className="number-axis">
      <line x1={0} x2={across} y1={y} y2={y} />
      {ticks.map(({ at, label }) => {
        const x = at * across;
        const anchor = x < 24 ? 'start' : x > across - 24 ? 'end' : 'middle';
        return (
          <g key={label}>
            <line x1={x} x2={x} y1={y} y2={y + 4} />
            <text x={x} y={y + 18} textAnchor={anchor}>
              {label}
            </text>
          </g>
        );
      })}
    </g>
  );
}

// What the ports are measured against: the system's range as a band with its two numbers, the server's fixed port as a
// line, and below the columns which run they are of.

import type { PortPlot, PortRange, PortScale } from './port-plot.ts';
import { formatCount, formatMoment } from '../../../shared/format.ts';

/** The plot's own room, in pixels. */
export interface PlotPlaces {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Width of one run's column. */
  readonly column: number;
}

/** The height of a port on the scale: high ports are on top. */
export function portY(port: number, { from, to }: PortScale, { top, bottom }: PlotPlaces): number {
  return bottom - ((port - from) / (to - from)) * (bottom - top);
}

interface PortAxesProps {
  readonly plot: PortPlot;
  readonly places: PlotPlaces;
  readonly scale: PortScale;
  readonly range: PortRange | undefined;
  readonly serverPort: number | undefined;
}

/** Narrower groups have no room for their date: it is in the names of their marks. */
const DATE_PX = 118;
/** Of one figure of a run's number, and between two numbers. */
const FIGURE_PX = 7.5;
const NUMBERS_APART_PX = 10;

/** The room that a number and the space beside it need. */
function spaceOf(run: number): number {
  return String(run).length * FIGURE_PX + NUMBERS_APART_PX;
}

/** Every how many runs a number has room: 1, 2 or 5 times a power of ten. */
function numberedEvery(runs: number, column: number): number {
  const least = spaceOf(runs) / column;
  for (let power = 1; ; power *= 10) {
    const step = [1, 2, 5].find((times) => times * power >= least);
    if (step !== undefined) return step * power;
  }
}

export function PortAxes({ plot, places, scale, range, serverPort }: PortAxesProps) {
  const { left, right, top, bottom, column } = places;
  const xOf = (columns: number): number => left + columns * column;
  const runs = Math.round(plot.columns - plot.nowFromColumn);
  const every = numberedEvery(runs, column);
  return (
    <g className="port-axes" aria-hidden>
      {range === undefined ? null : (
        <g className="range-band">
          <rect
            x={left}
            y={portY(range.to, scale, places)}
            width={Math.max(0, right - left)}
            height={portY(range.from, scale, places) - portY(range.to, scale, places)}
          />
          <text x={left - 8} y={portY(range.to, scale, places) + 5} textAnchor="end">
            {range.to}
          </text>
          <text x={left - 8} y={portY(range.from, scale, places) + 5} textAnchor="end">
            {range.from}
          </text>
          <text className="range-name" x={right + 8} y={portY(range.to, scale, places) + 5}>
            ephemeral
          </text>
        </g>
      )}
      {plot.past.map((group) => (
        <g key={group.startedAt} className="past-group">
          {group.toColumn === plot.columns ? null : (
            <line x1={xOf(group.toColumn)} x2={xOf(group.toColumn)} y1={top} y2={bottom + 6} />
          )}
          {(group.toColumn - group.fromColumn) * column < DATE_PX ? null : (
            <text x={(xOf(group.fromColumn) + xOf(group.toColumn)) / 2} y={bottom + 20} textAnchor="middle">
              {formatMoment(group.startedAt)}
            </text>
          )}
        </g>
      ))}
      {Array.from({ length: runs }, (_, index) => index + 1)
        .filter((run) => run % every === 0 || (run === 1 && (every - 1) * column > spaceOf(every)))
        .map((run) => (
          <text
            key={run}
            className="run-number"
            x={xOf(plot.nowFromColumn + run - 0.5)}
            y={bottom + 20}
            textAnchor="middle"
          >
            {run}
          </text>
        ))}
      {plot.leftOut === 0 ? null : (
        <g className="left-out">
          <text x={right + 8} y={bottom + 6}>
            {formatCount(plot.leftOut)} earlier
          </text>
          <text x={right + 8} y={bottom + 20}>
            not drawn
          </text>
        </g>
      )}
      {serverPort === undefined ? null : (
        <g className="server-line">
          <line
            x1={left}
            x2={right}
            y1={portY(serverPort, scale, places)}
            y2={portY(serverPort, scale, places)}
          />
          <text x={right + 8} y={portY(serverPort, scale, places) - 2}>
            server
          </text>
          <text x={right + 8} y={portY(serverPort, scale, places) + 15}>
            {serverPort}
          </text>
        </g>
      )}
    </g>
  );
}

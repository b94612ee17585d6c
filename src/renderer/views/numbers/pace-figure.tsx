// Lines per second over the run, on the same time axis as the time bar; a line shows where the cursor stands.

import { useRef } from 'react';
import type { RunNumbers } from '../../../shared/numbers/run-numbers.ts';
import { timeAt } from '../../scene/ladder.ts';
import { formatPace, pacePlot, paceSentence, runTicks, type PacePlot } from '../../scene/numbers-plot.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useAllFacts, useCounts } from '../../store/derived.ts';
import { useElementSize } from '../../ui/use-element-size.ts';
import { TimeAxis } from './time-axis.tsx';

const TOP_PX = 24;
const BOTTOM_PX = 24;
const SIDE_PX = 8;
const TICK_PX = 72;

export function PaceFigure({ pace }: { readonly pace: RunNumbers['pace'] }) {
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(box);
  const { atUs } = useCounts();
  const plot = pacePlot(pace, atUs);
  const across = Math.max(1, width - 2 * SIDE_PX);
  const bottom = Math.max(TOP_PX + 1, height - BOTTOM_PX);
  return (
    <figure className="numbers-figure">
      <figcaption title="Lines per second, over the run">Lines per second</figcaption>
      <div ref={box} className="numbers-box">
        {width === 0 || plot === undefined ? null : (
          <svg width={width} height={height} role="img" aria-label={paceSentence(plot, atUs)}>
            <g transform={`translate(${SIDE_PX} 0)`}>
              <line className="number-grid" x1={0} x2={across} y1={TOP_PX} y2={TOP_PX} />
              <text className="number-top" x={0} y={TOP_PX - 7}>
                {`${formatPace(plot.topPerSecond)} lines/s`}
              </text>
              <path className="pace-area" d={areaOf(plot, across, bottom)} />
              <TimeAxis ticks={runTicks(atUs, Math.floor(across / TICK_PX))} across={across} y={bottom} />
              <Cursor across={across} bottom={bottom} />
            </g>
          </svg>
        )}
      </div>
    </figure>
  );
}

function areaOf({ columns }: PacePlot, across: number, bottom: number): string {
  const high = bottom - TOP_PX;
  const steps = columns.map(({ left, right, height }) => {
    const y = (bottom - height * high).toFixed(1);
    return `L${(left * across).toFixed(1)} ${y}L${(right * across).toFixed(1)} ${y}`;
  });
  const [first, last] = [columns[0]?.left ?? 0, columns.at(-1)?.right ?? 0];
  return `M${(first * across).toFixed(1)} ${bottom}${steps.join('')}L${(last * across).toFixed(1)} ${bottom}z`;
}

function Cursor({ across, bottom }: { readonly across: number; readonly bottom: number }) {
  const facts = useAllFacts();
  const counts = useCounts();
  const cursor = usePlayer((state) => Math.floor(state.cursor));
  const x = (Math.min(counts.atUs, timeAt(facts, cursor, counts)) / Math.max(1, counts.atUs)) * across;
  return <line className="pace-cursor" x1={x} x2={x} y1={TOP_PX - 4} y2={bottom} />;
}

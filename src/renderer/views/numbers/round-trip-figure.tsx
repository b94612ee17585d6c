// Round trips as a distribution: a bar for each stretch of times, the median and the 95th percentile named in plain words.

import { useRef } from 'react';
import { formatCountOf, formatDuration } from '../../../shared/format.ts';
import type { RunNumbers } from '../../../shared/numbers/run-numbers.ts';
import {
  barsOf,
  namedTimes,
  placeOfTime,
  roundTripsSentence,
  scaleOf,
  ticksOf,
  type TimeScale,
} from '../../scene/numbers-plot.ts';
import { useElementSize } from '../../ui/use-element-size.ts';
import { TimeAxis } from './time-axis.tsx';

/** Above the bars are the words of the two marks, one below the other. */
const TOP_PX = 42;
const BOTTOM_PX = 24;
const SIDE_PX = 8;
const TICK_PX = 64;
/** Of the words of a mark. */
const CHARACTER_PX = 6.9;

export function RoundTripFigure({ numbers }: { readonly numbers: RunNumbers }) {
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(box);
  const scale = scaleOf(numbers.buckets);
  const across = Math.max(1, width - 2 * SIDE_PX);
  const bottom = Math.max(TOP_PX + 1, height - BOTTOM_PX);
  return (
    <figure className="numbers-figure">
      <figcaption>Round trips, write to reply</figcaption>
      <div ref={box} className="numbers-box">
        {width === 0 || scale === undefined ? null : (
          <svg width={width} height={height} role="img" aria-label={roundTripsSentence(numbers)}>
            <g transform={`translate(${SIDE_PX} 0)`}>
              {barsOf(numbers.buckets, scale).map((bar) => {
                const barPx = Math.max(1.5, bar.height * (bottom - TOP_PX));
                return (
                  <rect
                    key={bar.left}
                    className="number-bar"
                    x={bar.left * across}
                    width={Math.max(1, (bar.right - bar.left) * across - 1)}
                    y={bottom - barPx}
                    height={barPx}
                  >
                    <title>
                      {`${formatCountOf(bar.lines, 'line')}: ${formatDuration(bar.fromUs)} to ${formatDuration(bar.toUs)}`}
                    </title>
                  </rect>
                );
              })}
              <TimeAxis ticks={ticksOf(scale, Math.floor(across / TICK_PX))} across={across} y={bottom} />
              {namedTimes(numbers).map(({ name, us }, row) => (
                <Mark key={name} {...{ us, name, row, scale, across, bottom }} />
              ))}
            </g>
          </svg>
        )}
      </div>
    </figure>
  );
}

interface MarkProps {
  readonly us: number;
  readonly name: string;
  /** The first of the two rows of words is 0. */
  readonly row: number;
  readonly scale: TimeScale;
  readonly across: number;
  readonly bottom: number;
}

/** A line at a time, with its words beside its upper end: right of it where there is room. */
function Mark({ us, name, row, scale, across, bottom }: MarkProps) {
  const x = placeOfTime(us, scale) * across;
  const y = 15 + row * 18;
  const words = `${name} ${formatDuration(us)}`;
  const wordsPx = words.length * CHARACTER_PX;
  // Right of the line, else left of it, else as far right as there is room.
  const isLeft = x + 6 + wordsPx > across && x - 6 - wordsPx > 0;
  const left = Math.max(0, Math.min(x + 6, across - wordsPx));
  return (
    <g className="number-mark">
      <line x1={x} x2={x} y1={y - 11} y2={bottom} />
      <text x={isLeft ? x - 6 : left} y={y} textAnchor={isLeft ? 'end' : 'start'}>
        {words}
      </text>
    </g>
  );
}

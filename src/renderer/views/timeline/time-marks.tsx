// Above the slider: a mark for each fact by its side, and a hatched band where facts were counted and are not here.

import { memo } from 'react';
import type { TraceEvent } from '../../../shared/trace.ts';
import { sideOf } from '../../scene/describe.ts';

const WIDTH = 1_000;
/** More marks than this cannot be told apart on any screen. */
const MOST_MARKS = 400;

interface TimeMarksProps {
  readonly facts: readonly TraceEvent[];
  readonly last: number;
}

export const TimeMarks = memo(function TimeMarks({ facts, last }: TimeMarksProps) {
  if (last === 0) return <svg className="time-marks" aria-hidden />;
  const x = (seq: number): number => (seq / last) * WIDTH;
  const every = Math.max(1, Math.ceil(facts.length / MOST_MARKS));
  const gaps: { readonly from: number; readonly to: number }[] = [];
  let before = 0;
  for (const event of facts) {
    if (event.seq > before + 1) gaps.push({ from: before, to: event.seq });
    before = event.seq;
  }
  if (before < last) gaps.push({ from: before, to: last });
  return (
    <svg className="time-marks" viewBox={`0 0 ${WIDTH} 22`} preserveAspectRatio="none" aria-hidden>
      <defs>
        <pattern id="counted" width="8" height="8" patternUnits="userSpaceOnUse">
          <path d="M0 8 8 0" />
        </pattern>
      </defs>
      {gaps.map((gap) => (
        <rect
          key={gap.from}
          className="counted"
          x={x(gap.from)}
          y={8}
          width={x(gap.to) - x(gap.from)}
          height={10}
        />
      ))}
      {facts.map((event, index) => {
        const side = sideOf(event);
        const failed = event.kind === 'failed';
        if (!failed && (side === undefined || index % every !== 0)) return null;
        return (
          <rect
            key={event.seq}
            className={failed ? 'bad' : side}
            x={x(event.seq) - 1}
            y={side === 'client' ? 2 : failed ? 0 : 8}
            width={failed ? 4 : 2}
            height={failed ? 22 : 12}
          />
        );
      })}
    </svg>
  );
});

// Above the slider: a mark for each fact by its side, and a hatched band where facts were counted and are not here.

import { memo } from 'react';
import type { TraceEvent } from '../../../shared/trace/fact.ts';
import { drawnMarksOf, gapBandsOf, timeMarksOf } from '../../scene/time-marks.ts';

const WIDTH = 1_000;
/** More marks than this cannot be told apart on any screen. */
const MAX_MARKS = 400;

interface TimeMarksProps {
  readonly facts: readonly TraceEvent[];
  readonly last: number;
}

export const TimeMarks = memo(function TimeMarks({ facts, last }: TimeMarksProps) {
  if (last === 0) return <svg className="time-marks" aria-hidden />;
  const x = (seq: number): number => (seq / last) * WIDTH;
  const apart = last / WIDTH;
  return (
    <svg className="time-marks" viewBox={`0 0 ${WIDTH} 22`} preserveAspectRatio="none" aria-hidden>
      <defs>
        <pattern id="counted" width="8" height="8" patternUnits="userSpaceOnUse">
          <path d="M0 8 8 0" />
        </pattern>
      </defs>
      {gapBandsOf(facts, last, apart).map((gap) => (
        <rect
          key={gap.from}
          className="counted"
          x={x(gap.from)}
          y={8}
          width={x(gap.to) - x(gap.from)}
          height={10}
        />
      ))}
      {drawnMarksOf(timeMarksOf(facts), MAX_MARKS, apart).map(({ seq, look }) => {
        // The whole height, so that they are seen among the others.
        const rare = look === 'bad' || look === 'other';
        return (
          <rect
            key={seq}
            className={look}
            x={x(seq) - 1}
            y={rare ? 0 : look === 'client' ? 2 : 8}
            width={rare ? 4 : 2}
            height={rare ? 22 : 12}
          />
        );
      })}
    </svg>
  );
});

// The run as a picture: its facts by side, what went wrong, waits, and what was not recorded. It is drawn anew with the
// overview and the axis; while the run plays only the playhead moves.

import { memo, useMemo, useRef } from 'react';
import type { RunOverview } from '../../../shared/trace/overview.ts';
import { minimapOf } from '../../scene/minimap.ts';
import { partOf, type Axis } from '../../scene/time-axis.ts';
import type { TimeMark } from '../../scene/time-marks.ts';
import { useElementSize } from '../../ui/use-element-size.ts';

interface MinimapProps {
  readonly overview: RunOverview | undefined;
  readonly axis: Axis;
  readonly marks: readonly TimeMark[];
}

export const Minimap = memo(function Minimap({ overview, axis, marks }: MinimapProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(frame);
  const picture = useMemo(
    () => (overview === undefined || width === 0 ? undefined : minimapOf(overview, axis, width, height)),
    [overview, axis, width, height],
  );
  return (
    <div className="minimap-picture" ref={frame} aria-hidden>
      <svg className="minimap-bars" width={width} height={height}>
        <defs>
          <pattern id="left-out" width="6" height="6" patternUnits="userSpaceOnUse">
            <path d="M0 6 6 0" />
          </pattern>
        </defs>
        <line className="middle" x1={0} x2={width} y1={height / 2} y2={height / 2} />
        {picture === undefined ? null : (
          <>
            {picture.leftOut.map((band) => (
              <rect key={band.x} className="left-out" x={band.x} width={band.width} y={0} height={height} />
            ))}
            <path className="client" d={picture.client} />
            <path className="server" d={picture.server} />
          </>
        )}
      </svg>
      <svg className="minimap-marks" width={width} height={height}>
        {width === 0
          ? null
          : marks.map(({ seq, look, count }) => {
              const x = partOf(axis, seq) * width;
              const wide = count > 1 ? 5 : 3;
              return look === 'wait' ? (
                <line key={`${look}-${seq}`} className={look} x1={x} x2={x} y1={0} y2={height} />
              ) : (
                <rect
                  key={`${look}-${seq}`}
                  className={look}
                  x={x - wide / 2}
                  width={wide}
                  height={height}
                  rx={1.5}
                />
              );
            })}
      </svg>
    </div>
  );
});

// What the time axis needs to be read: long stretches that are folded, and the length of a round time.

import { formatDuration } from '../../../shared/format.ts';
import { scaleBarUs, type DrawnLadder } from '../../scene/vertical.ts';
import type { Places } from './places.ts';

const MAX_BAND_PX = 28;

interface FoldsProps {
  readonly ladder: DrawnLadder;
  readonly cursor: number;
  readonly places: Places;
}

export function Folds({ ladder, cursor, places }: FoldsProps) {
  return ladder.folds
    .filter(({ seq }) => seq <= cursor + 1)
    .map(({ top, bottom, us, seq }) => {
      const y = (top + bottom) / 2;
      const words = `${formatDuration(us)}, not to scale`;
      return (
        <g key={seq} className="fold">
          <title>{words}</title>
          <line
            x1={places.client}
            x2={places.last}
            y1={y}
            y2={y}
            strokeWidth={Math.min(MAX_BAND_PX, (bottom - top) * 0.6)}
          />
          <text x={(places.client + places.server) / 2} y={y + 4.5}>
            {words}
          </text>
        </g>
      );
    });
}

export function ScaleBar({ pxPerUs }: { readonly pxPerUs: number }) {
  const us = scaleBarUs(pxPerUs);
  return (
    <div
      className="scale-bar"
      role="img"
      aria-label={`${formatDuration(us)} is ${Math.round(us * pxPerUs)} pixels high`}
    >
      <span style={{ height: us * pxPerUs }} />
      {formatDuration(us)}
    </div>
  );
}

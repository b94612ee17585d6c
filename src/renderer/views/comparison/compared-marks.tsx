// What only a comparison marks in a ladder: where the runs differ first, and failures in a line each.

import type { Failure } from '../../scene/ladder.ts';
import { failureTitle } from '../../scene/failure-words.ts';
import type { Places } from '../wire/places.ts';

const BAND_PX = 26;

/** Behind the fact of the first difference, from edge to edge. */
export function DifferenceBand({ y, width }: { readonly y: number; readonly width: number }) {
  return (
    <g className="difference-band">
      <title>The first difference</title>
      <rect x={0} y={y - BAND_PX / 2} width={width} height={BAND_PX} />
      <rect className="edge" x={0} y={y - BAND_PX / 2} width={4} height={BAND_PX} />
    </g>
  );
}

export function FailureRows({
  failures,
  places,
}: {
  readonly failures: readonly Failure[];
  readonly places: Places;
}) {
  return failures.map(({ seq, y, side, event }) => {
    const x = side === undefined ? (places.client + places.server) / 2 : places[side];
    return (
      <g key={seq} className="row of-error">
        <circle cx={x} cy={y} r={5} />
        <text x={(places.client + places.server) / 2} y={y - 12} textAnchor="middle">
          {failureTitle(event)}
        </text>
      </g>
    );
  });
}

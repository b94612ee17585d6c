// What lies over the ladder and is read and used by itself: facts that are not here, and what went wrong. The ladder is a
// picture, and a picture is one thing to a screen reader.

import type { Gap, Ladder } from '../../scene/ladder.ts';
import { FailureCard, GapBand } from './bands.tsx';
import type { LifelineX } from './places.ts';

/** A band of which less than this can be seen is left out: its words would be cut. */
const MIN_BAND_PX = 40;

interface LadderCardsProps {
  readonly ladder: Ladder;
  /** Of a run under way: what was counted after the last fact. */
  readonly liveGap: Gap | undefined;
  readonly cursor: number;
  readonly x: LifelineX;
  readonly width: number;
  /** The part of the ladder that is in view. */
  readonly top: number;
  readonly bottom: number;
}

export function LadderCards({ ladder, liveGap, cursor, x, width, top, bottom }: LadderCardsProps) {
  const gaps = [
    ...ladder.gaps.filter((gap) => gap.fromSeq <= cursor),
    ...(liveGap === undefined ? [] : [liveGap]),
  ]
    // As far as they are in view, so that the words and the focus are.
    .map((gap) => ({ ...gap, top: Math.max(gap.top, top + 4), bottom: Math.min(gap.bottom, bottom - 4) }))
    .filter((gap) => gap.bottom - gap.top >= MIN_BAND_PX);
  return (
    <svg className="ladder-cards" width={width} height={Math.max(0, bottom - top)} role="presentation">
      <g transform={`translate(0 ${-top})`}>
        {gaps.map((gap) => (
          <GapBand key={gap.fromSeq} gap={gap} from={x.client - 60} to={x.server + 60} />
        ))}
        {ladder.failures
          .filter(({ seq, y }) => seq <= cursor && y > top - 60 && y - 110 < bottom + 60)
          .map((failure) => (
            <FailureCard key={failure.seq} failure={failure} x={x} width={width} />
          ))}
      </g>
    </svg>
  );
}

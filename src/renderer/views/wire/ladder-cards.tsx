// What lies over the ladder and is read by itself: facts that are not here. The ladder is a picture, and a picture is one
// thing to a screen reader.

import type { LadderPart } from '../../scene/ladder-part.ts';
import { GapBand } from './bands.tsx';
import type { Places } from './places.ts';

/** A band of which less than this can be seen is left out: its words would be cut. */
const MIN_BAND_PX = 28;

interface LadderCardsProps {
  readonly part: LadderPart;
  readonly places: Places;
  readonly width: number;
  /** The part of the ladder that is in view. */
  readonly top: number;
  readonly bottom: number;
}

export function LadderCards({ part, places, width, top, bottom }: LadderCardsProps) {
  const gaps = part.gaps
    // As far as they are in view, so that the words and the focus are.
    .map((gap) => ({ ...gap, top: Math.max(gap.top, top + 4), bottom: Math.min(gap.bottom, bottom - 4) }))
    .filter((gap) => gap.bottom - gap.top >= MIN_BAND_PX);
  return (
    <svg className="ladder-cards" width={width} height={Math.max(0, bottom - top)} role="presentation">
      <g transform={`translate(0 ${-top})`}>
        {gaps.map((gap) => (
          <GapBand key={gap.fromSeq} gap={gap} from={places.client - 60} to={places.last + 60} />
        ))}
      </g>
    </svg>
  );
}

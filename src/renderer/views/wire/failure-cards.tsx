// The cards of failures over the ladder, each above its place. That of the current one stays in sight: where its place has
// scrolled out of it, it stands at the top.

import type { CSSProperties } from 'react';
import type { FailedFact } from '../../scene/failure-words.ts';
import { FAILURE_CARD_PX } from '../../scene/failure-words.ts';
import type { Failure } from '../../scene/ladder.ts';
import { FailureCard } from './failure-card.tsx';
import type { Places } from './places.ts';

/** From a card to the fact below it, and from the edges. */
const APART_PX = 6;
const EDGE_PX = 24;

interface FailureCardsProps {
  readonly failures: readonly Failure[];
  /** Of the run, wherever it is. */
  readonly all: readonly Failure[];
  readonly current: FailedFact | undefined;
  readonly places: Places;
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
}

export function FailureCards({ failures, all, current, places, width, top, bottom }: FailureCardsProps) {
  const placed = all.find(({ seq }) => seq === current?.seq);
  const others = failures.filter(({ seq }) => seq !== current?.seq);
  const cardWidth = Math.min(FAILURE_CARD_PX, width - 2 * EDGE_PX);

  function placeOf(side: Failure['side'], y: number): CSSProperties {
    const centre = side === undefined ? (places.client + places.server) / 2 : places[side];
    const left = Math.min(Math.max(EDGE_PX, centre - cardWidth / 2), width - cardWidth - EDGE_PX);
    return { left, width: cardWidth, bottom: bottom - y + APART_PX };
  }

  return (
    <div className="failure-cards">
      {others.map(({ seq, side, y, event }) => (
        <div key={seq} className="failure-place" style={placeOf(side, y)}>
          <FailureCard event={event} current={false} />
        </div>
      ))}
      {current === undefined ? null : (
        <div
          key={current.seq}
          className="failure-place current"
          style={placeOf(placed?.side, placed?.y ?? top)}
        >
          <FailureCard event={current} current />
        </div>
      )}
    </div>
  );
}

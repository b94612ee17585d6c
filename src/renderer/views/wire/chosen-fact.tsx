// The details of the fact that was chosen in the picture, beside it.

import { X } from 'lucide-react';
import { useRef, type CSSProperties } from 'react';
import { indexAt } from '../../scene/ladder.ts';
import { useAllFacts, useNearFacts, useOtherClients } from '../../store/derived.ts';
import { unselect } from '../../store/player.ts';
import { Button } from '../../ui/button.tsx';
import { useElementSize } from '../../ui/use-element-size.ts';
import { FactDetails } from '../evidence/selected-fact.tsx';
import type { Places } from './places.ts';

const WIDTH_PX = 320;
/** From the fact's row or lane to the card, so that the row's own label can be read. */
const BESIDE_PX = 16;
const EDGE_PX = 8;

interface ChosenFactProps {
  readonly seq: number;
  readonly side: 'client' | 'server';
  /** The row's place in the view, and the view's size. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly places: Places;
}

export function ChosenFact({ seq, ...place }: ChosenFactProps) {
  const facts = useAllFacts();
  const near = useNearFacts();
  const others = useOtherClients();
  const card = useRef<HTMLDivElement>(null);
  const { height } = useElementSize(card);
  const index = indexAt(facts, seq);
  const event = facts[index];
  if (event?.seq !== seq) return null;
  return (
    <section className="chosen-fact" aria-label="Chosen fact" style={styleOf(place, height)}>
      <div ref={card}>
        <FactDetails event={event} facts={near} otherClient={others.of(seq)?.name} />
      </div>
      <Button icon={X} look="plain" iconOnly onClick={unselect}>
        Close the details
      </Button>
    </section>
  );
}

/** The card's padding and border above and below. */
const FRAME_PX = 24;

/**
 * Outside of the lanes, below the row or above it, where the card fits there; otherwise between the lanes beside the row,
 * as near to it as the view's height lets it.
 */
function styleOf(
  { side, y, width, height, places }: Omit<ChosenFactProps, 'seq'>,
  contentPx: number,
): CSSProperties {
  const cardPx = Math.min(contentPx + FRAME_PX, height - 2 * EDGE_PX);
  const cardWidth = Math.min(WIDTH_PX, width - 2 * EDGE_PX);
  const margin = side === 'client' ? places.client : width - places.server;
  const isBelow = y + BESIDE_PX + cardPx + EDGE_PX <= height;
  const isAbove = y - BESIDE_PX - cardPx - EDGE_PX >= 0;
  const fitsOutside = margin >= cardWidth + EDGE_PX && (isBelow || isAbove);
  const toTheRight = (side === 'server') === fitsOutside;
  const lane = places[side];
  const left = toTheRight ? lane + BESIDE_PX : lane - BESIDE_PX - cardWidth;
  const top = fitsOutside ? (isBelow ? y + BESIDE_PX : y - BESIDE_PX - cardPx) : y - cardPx / 2;
  return {
    width: cardWidth,
    left: Math.max(EDGE_PX, Math.min(left, width - cardWidth - EDGE_PX)),
    top: Math.max(EDGE_PX, Math.min(top, height - cardPx - EDGE_PX)),
    maxHeight: height - 2 * EDGE_PX,
    // Not before its height is known: it would be seen to jump.
    visibility: contentPx === 0 ? 'hidden' : 'visible',
  };
}

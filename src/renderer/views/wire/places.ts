import type { Side } from '../../../shared/trace/fact.ts';

/** Where the two lifelines stand, in pixels from the left. */
export type LifelineX = Readonly<Record<Side, number>>;

/** The lifelines' places in a view of this width; wire.css puts the two ends above them. */
export function lifelineX(width: number): LifelineX {
  const client = Math.min(Math.max(152, width * 0.24), 260);
  return { client, server: width - client };
}

export function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}

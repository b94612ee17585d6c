// The lifelines: coloured while the end has an address, grey before and after. Of another client nobody saw its own end:
// its lifeline is dashed.

import type { Ends } from '../../scene/peers.ts';
import { otherEndAt } from '../../scene/peers.ts';
import type { Ladder } from '../../scene/ladder.ts';
import { yAt } from '../../scene/ladder.ts';
import type { Places } from './places.ts';

interface LifelinesProps {
  readonly ladder: Ladder;
  readonly ends: Ends;
  readonly places: Places;
  readonly cursor: number;
  readonly cursorY: number;
  readonly top: number;
  readonly bottom: number;
}

interface Life {
  readonly key: string;
  readonly look: 'client' | 'server' | 'other';
  readonly x: number;
  readonly aliveFrom?: number;
  readonly aliveTo?: number;
}

export function Lifelines({ ladder, ends, places, cursor, cursorY, top, bottom }: LifelinesProps) {
  const lives: readonly Life[] = [
    { key: 'client', look: 'client', x: places.client, ...ends.client },
    { key: 'server', look: 'server', x: places.server, ...ends.server },
    ...places.others.map(({ lane, x }): Life => ({
      key: lane.id,
      look: 'other',
      x,
      ...otherEndAt(lane, cursor),
    })),
  ];
  return lives.map(({ key, look, x, aliveFrom, aliveTo }) => {
    // What was there before the first fact drawn is there from the top.
    const wasThere = aliveFrom !== undefined && aliveFrom < (ladder.facts[0]?.seq ?? 0);
    const from = aliveFrom === undefined ? undefined : Math.max(top, wasThere ? 0 : yAt(ladder, aliveFrom));
    const hasGone = aliveTo !== undefined && aliveTo < (ladder.facts[0]?.seq ?? 0);
    const goneAt = aliveTo === undefined ? cursorY : hasGone ? -Infinity : yAt(ladder, aliveTo);
    const to = Math.min(bottom, cursorY, goneAt);
    return (
      <g key={key}>
        <line className="lifeline" x1={x} x2={x} y1={Math.max(0, top)} y2={bottom} />
        {from !== undefined && to > from ? (
          <line className={`lifeline ${look}-alive`} x1={x} x2={x} y1={from} y2={to} />
        ) : null}
      </g>
    );
  });
}

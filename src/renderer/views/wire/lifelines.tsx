// The two lifelines: coloured while the end has an address, grey before and after.

import type { Side } from '../../../shared/trace/fact.ts';
import type { Ends } from '../../scene/peers.ts';
import type { Ladder } from '../../scene/ladder.ts';
import { yAt } from '../../scene/ladder.ts';
import type { LifelineX } from './places.ts';

interface LifelinesProps {
  readonly ladder: Ladder;
  readonly ends: Ends;
  readonly x: LifelineX;
  readonly cursorY: number;
  readonly top: number;
  readonly bottom: number;
}

const SIDES: readonly Side[] = ['client', 'server'];

export function Lifelines({ ladder, ends, x, cursorY, top, bottom }: LifelinesProps) {
  return SIDES.map((side) => {
    const { aliveFrom, aliveTo } = ends[side];
    // What was there before the first fact drawn is there from the top.
    const wasThere = aliveFrom !== undefined && aliveFrom < (ladder.facts[0]?.seq ?? 0);
    const from = aliveFrom === undefined ? undefined : Math.max(top, wasThere ? 0 : yAt(ladder, aliveFrom));
    const to = Math.min(bottom, aliveTo === undefined ? cursorY : yAt(ladder, aliveTo));
    return (
      <g key={side}>
        <line className="lifeline" x1={x[side]} x2={x[side]} y1={Math.max(0, top)} y2={bottom} />
        {from !== undefined && to > from ? (
          <line className={`lifeline ${side}-alive`} x1={x[side]} x2={x[side]} y1={from} y2={to} />
        ) : null}
      </g>
    );
  });
}

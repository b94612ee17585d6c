// Draws the part of the ladder around the cursor. It only places what scene/ladder.ts computed.

import { useMemo, useRef, useState } from 'react';
import { indexAt, timeAt, yAt } from '../../scene/ladder.ts';
import { endsAt } from '../../scene/peers.ts';
import { formatTime } from '../../../shared/format.ts';
import { useAllFacts, useCounts, useLadder } from '../../store/derived.ts';
import { select, usePlayer } from '../../store/player.ts';
import { ArrowMark } from './arrow-mark.tsx';
import { LadderCards } from './ladder-cards.tsx';
import { Lifelines } from './lifelines.tsx';
import { lifelineX } from './places.ts';
import { RowMark } from './row-mark.tsx';
import { StageMark } from './stage-mark.tsx';
import { useElementSize } from '../../ui/use-element-size.ts';

/** Where on the screen the cursor stands, as a part of the view's height: most of the view is what has happened. */
const CURSOR_AT = 0.68;

/** Room kept below the cursor: for a line that is being reversed there, or for the time alone. */
const ROOM_BELOW_PX = 120;
const MIN_ROOM_BELOW_PX = 32;

/** The window is one column that scrolls (app.css): the wheel belongs to it. */
const onePage = window.matchMedia('(width < 800px) or (height < 520px)');

const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');

export function LadderView() {
  const ladder = useLadder();
  const facts = useAllFacts();
  const exact = usePlayer((state) => state.cursor);
  const selected = usePlayer((state) => state.selectedSeq);
  const counts = useCounts();
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(box);
  const [lookBack, setLookBack] = useState({ px: 0, at: 0 });
  // With reduced motion marks appear where they end.
  const cursor = reducedMotion.matches ? Math.floor(exact) : exact;
  const whole = Math.floor(cursor);
  const ends = useMemo(() => endsAt(ladder.landmarks, whole), [ladder, whole]);
  const cursorY = yAt(ladder, cursor);
  const shownBack = lookBack.at === exact ? lookBack.px : 0;
  const roomBelow = ladder.stages.length > 0 ? ROOM_BELOW_PX : MIN_ROOM_BELOW_PX;
  const cursorAt = Math.max(height * 0.3, Math.min(height * CURSOR_AT, height - roomBelow));
  const top = Math.max(0, cursorY - cursorAt) - shownBack;
  const bottom = top + height;
  const x = lifelineX(width);
  const inView = (from: number, to: number): boolean => to > top - 60 && from < bottom + 60;
  const nowSeq = facts[indexAt(facts, cursor)]?.seq;
  const last = facts.at(-1)?.seq ?? 0;

  function onWheel({ deltaY }: { readonly deltaY: number }): void {
    if (onePage.matches) return;
    setLookBack((before) => {
      const px = before.at === exact ? before.px : 0;
      return { px: Math.max(0, Math.min(px - deltaY, Math.max(0, cursorY - height * 0.3))), at: exact };
    });
  }

  return (
    <div ref={box} className="fill" onWheel={onWheel}>
      {width === 0 ? null : (
        <>
          <svg
            width={width}
            height={height}
            role="img"
            aria-label="Ladder diagram: the client on the left, the server on the right, time runs down. The list of facts after it says the same."
          >
            <g transform={`translate(0 ${-top})`}>
              <Lifelines ladder={ladder} ends={ends} x={x} cursorY={cursorY} top={top} bottom={bottom} />
              {ladder.arrows
                .filter((arrow) => arrow.leavesAt < cursor && inView(arrow.y1, arrow.y2))
                .map((arrow) => (
                  <ArrowMark key={arrow.key} arrow={arrow} cursor={cursor} x={x} onSelect={select} />
                ))}
              <line className="cursor-line" x1={x.client - 12} x2={x.server + 12} y1={cursorY} y2={cursorY} />
              {ladder.stages
                .filter((stage) => stage.startsAt < cursor && inView(stage.top, stage.bottom))
                .map((stage) => (
                  <StageMark key={stage.seq} stage={stage} cursor={cursor} x={x} />
                ))}
              {ladder.rows
                .filter((row) => row.seq <= cursor && inView(row.y, row.y))
                .map((row) => (
                  <RowMark
                    key={row.seq}
                    row={row}
                    x={x[row.side]}
                    room={row.side === 'client' ? x.client : width - x.server}
                    now={row.seq === nowSeq}
                    selected={row.seq === selected}
                    onSelect={select}
                  />
                ))}
              <text className="cursor-time" x={12} y={cursorY + 20}>
                {formatTime(timeAt(facts, cursor, counts))}
              </text>
            </g>
          </svg>
          <LadderCards
            ladder={ladder}
            liveGap={
              counts.facts > last && cursor > last
                ? { fromSeq: last + 1, toSeq: counts.facts, top: cursorY + 16, bottom: cursorY + 68 }
                : undefined
            }
            cursor={cursor}
            x={x}
            width={width}
            top={top}
            bottom={bottom}
          />
        </>
      )}
    </div>
  );
}

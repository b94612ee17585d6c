// Draws the part of the ladder around the cursor. It only places what scene/ladder.ts computed.

import { useMemo, useRef, useState } from 'react';
import { currentFailure } from '../../scene/current-failure.ts';
import type { FailedFact } from '../../scene/failure-words.ts';
import type { Ladder, Row } from '../../scene/ladder.ts';
import { indexAt, timeAt, yAt } from '../../scene/ladder.ts';
import { lanesAt } from '../../scene/lanes.ts';
import { partOf } from '../../scene/ladder-part.ts';
import { endsAt } from '../../scene/peers.ts';
import { formatTime } from '../../../shared/format.ts';
import { useAllFacts, useCounts, useLadder } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { select } from '../../store/player.ts';
import { ArrowMark } from './arrow-mark.tsx';
import { ChosenFact } from './chosen-fact.tsx';
import { FailureCards } from './failure-cards.tsx';
import { LadderCards } from './ladder-cards.tsx';
import { Lifelines } from './lifelines.tsx';
import type { Places } from './places.ts';
import { placesOf } from './places.ts';
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
  const failure = useMemo(() => currentFailure(ladder.landmarks, whole), [ladder, whole]);
  const top = topOf(ladder, failure, cursorY, cursorAt, height) - shownBack;
  const bottom = top + height;
  const places = placesOf(width, lanesAt(ladder.others, Math.ceil(exact)));
  const part = partOf(ladder, cursor, top, bottom);
  const chosenRow = selected === undefined ? undefined : part.rows.find(({ seq }) => seq === selected);
  const nowSeq = facts[indexAt(facts, cursor)]?.seq;

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
            aria-label={`Ladder diagram: the client on the left, the server ${places.others.length === 0 ? 'on the right' : 'right of it, other clients of the server further right'}, time runs down. The list of facts after it says the same.`}
          >
            <g transform={`translate(0 ${-top})`}>
              <Lifelines
                ladder={ladder}
                ends={ends}
                places={places}
                cursor={whole}
                cursorY={cursorY}
                top={top}
                bottom={bottom}
              />
              <line
                className="cursor-line"
                x1={places.client - 12}
                x2={places.last + 12}
                y1={cursorY}
                y2={cursorY}
              />
              {part.arrows.map((arrow) => (
                <ArrowMark
                  key={arrow.key}
                  arrow={arrow}
                  cursor={cursor}
                  cursorY={cursorY}
                  places={places}
                  onSelect={select}
                />
              ))}
              {part.stages.map((stage) => (
                <StageMark key={stage.seq} stage={stage} cursor={cursor} places={places} />
              ))}
              {part.rows.map((row) => (
                <RowMark
                  key={row.seq}
                  row={row}
                  x={places[row.side]}
                  {...labelPlace(row, places, width)}
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
          <LadderCards part={part} places={places} width={width} top={top} bottom={bottom} />
          {chosenRow === undefined ? null : (
            <ChosenFact
              seq={chosenRow.seq}
              side={chosenRow.side}
              y={chosenRow.y - top}
              width={width}
              height={height}
              places={places}
            />
          )}
          <FailureCards
            failures={part.failures}
            all={ladder.failures}
            current={failure}
            places={places}
            width={width}
            top={top}
            bottom={bottom}
          />
        </>
      )}
    </div>
  );
}

/** The top of the view: with what went wrong in sight, as far as the cursor is as well. */
function topOf(
  { failures }: Ladder,
  current: FailedFact | undefined,
  cursorY: number,
  cursorAt: number,
  height: number,
): number {
  const top = Math.max(0, cursorY - cursorAt);
  const failure = failures.find(({ seq }) => seq === current?.seq);
  if (failure === undefined) return top;
  const cardTop = failure.y - failure.cardPx - MIN_ROOM_BELOW_PX;
  return Math.max(0, Math.min(top, Math.max(cardTop, cursorY - height + MIN_ROOM_BELOW_PX)));
}

/** Where a row's label stands: outside the lifelines, or left of the server's where the arrows of its fact are right of it. */
function labelPlace(
  { side, otherClient }: Row,
  { client, server, others }: Places,
  width: number,
): { readonly labelAt: 'left' | 'right'; readonly room: number } {
  if (side === 'client') return { labelAt: 'left', room: client };
  if (otherClient !== undefined) return { labelAt: 'left', room: server - client };
  return { labelAt: 'right', room: (others[0]?.x ?? width) - server };
}

// Draws the part of the ladder around the cursor. It only places what scene/ladder.ts computed.

import { useMemo, useRef, useState } from 'react';
import { currentFailure } from '../../scene/current-failure.ts';
import { yAt } from '../../scene/ladder.ts';
import { lanesAt } from '../../scene/lanes.ts';
import { partOf } from '../../scene/ladder-part.ts';
import { endsAt } from '../../scene/peers.ts';
import { useAllFacts, useCounts, useLadder } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { select } from '../../store/player.ts';
import { zoomBy } from '../../store/scale.ts';
import { ChosenFact } from './chosen-fact.tsx';
import { FailureCards } from './failure-cards.tsx';
import { LadderCards } from './ladder-cards.tsx';
import { LadderMarks } from './ladder-marks.tsx';
import { cursorPlace, topOf } from './ladder-places.ts';
import { placesOf } from './places.ts';
import { ScaleBar } from './scale-marks.tsx';
import { useDrawn } from './use-drawn.ts';
import { useElementSize } from '../../ui/use-element-size.ts';
import { onePage } from '../../ui/use-media.ts';

/** Of the zoom, for each pixel that the wheel reports: a notch is about a fifth. */
const WHEEL_ZOOM = 0.002;

const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');

export function LadderView() {
  const atRest = useLadder();
  const facts = useAllFacts();
  const exact = usePlayer((state) => state.cursor);
  const selected = usePlayer((state) => state.selectedSeq);
  const counts = useCounts();
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(box);
  const { ladder, isFitted } = useDrawn(atRest, height);
  const [lookBack, setLookBack] = useState({ px: 0, at: 0 });
  // With reduced motion marks appear where they end.
  const cursor = reducedMotion.matches ? Math.floor(exact) : exact;
  const whole = Math.floor(cursor);
  const ends = useMemo(() => endsAt(ladder.landmarks, whole), [ladder, whole]);
  const cursorY = yAt(ladder, cursor);
  const shownBack = lookBack.at === exact ? lookBack.px : 0;
  const cursorAt = cursorPlace(ladder, height);
  const failure = useMemo(() => currentFailure(ladder.landmarks, whole), [ladder, whole]);
  const top = isFitted ? 0 : topOf(ladder, failure, cursorY, cursorAt, height) - shownBack;
  const bottom = top + height;
  const places = placesOf(width, lanesAt(ladder.others, Math.ceil(exact)));
  const part = partOf(ladder, cursor, top, bottom);
  const chosenRow = selected === undefined ? undefined : part.rows.find(({ seq }) => seq === selected);

  function onWheel({ deltaY, ctrlKey }: { readonly deltaY: number; readonly ctrlKey: boolean }): void {
    if (ctrlKey) {
      zoomBy(Math.exp(-deltaY * WHEEL_ZOOM));
      return;
    }
    if (onePage.matches || isFitted) return;
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
              <LadderMarks
                ladder={ladder}
                part={part}
                ends={ends}
                facts={facts}
                counts={counts}
                cursor={cursor}
                cursorY={cursorY}
                top={top}
                bottom={bottom}
                width={width}
                places={places}
                selected={selected}
                onSelect={select}
              />
            </g>
          </svg>
          {ladder.pxPerUs === undefined ? null : <ScaleBar pxPerUs={ladder.pxPerUs} />}
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

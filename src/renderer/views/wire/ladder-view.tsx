// Draws the part of the ladder around the cursor. It only places what scene/ladder.ts computed.

import { useMemo, useRef, useState } from 'react';
import { currentFailure } from '../../scene/current-failure.ts';
import { indexAt, timeAt, yAt } from '../../scene/ladder.ts';
import { lanesAt } from '../../scene/lanes.ts';
import { partOf } from '../../scene/ladder-part.ts';
import { endsAt } from '../../scene/peers.ts';
import { formatTime } from '../../../shared/format.ts';
import { useAllFacts, useCounts, useLadder } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { select } from '../../store/player.ts';
import { zoomBy } from '../../store/scale.ts';
import { ArrowMark } from './arrow-mark.tsx';
import { BundleMark, wordsOf } from './bundle-mark.tsx';
import { ChosenFact } from './chosen-fact.tsx';
import { FailureCards } from './failure-cards.tsx';
import { LadderCards } from './ladder-cards.tsx';
import { cursorPlace, labelPlace, rowsWithRoom, topOf } from './ladder-places.ts';
import { Lifelines } from './lifelines.tsx';
import { placesOf } from './places.ts';
import { RowMark } from './row-mark.tsx';
import { Folds, ScaleBar } from './scale-marks.tsx';
import { StageMark } from './stage-mark.tsx';
import { useDrawn } from './use-drawn.ts';
import { useElementSize } from '../../ui/use-element-size.ts';

/** Of the zoom, for each pixel that the wheel reports: a notch is about a fifth. */
const WHEEL_ZOOM = 0.002;

/** The window is one column that scrolls (app.css): the wheel belongs to it. */
const onePage = window.matchMedia('(width < 800px) or (height < 520px)');

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
  const nowSeq = facts[indexAt(facts, cursor)]?.seq;
  const labelled = rowsWithRoom(part.rows, nowSeq, selected);
  const { withWords, bundles } = wordsOf(part.arrows, cursor);

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
              <Folds ladder={ladder} cursor={cursor} places={places} />
              {part.stages.map((stage) => (
                <StageMark key={stage.seq} stage={stage} cursor={cursor} places={places} />
              ))}
              {part.arrows.map((arrow) => (
                <ArrowMark
                  key={arrow.key}
                  arrow={arrow}
                  cursor={cursor}
                  cursorY={cursorY}
                  places={places}
                  hasWords={withWords.has(arrow)}
                  onSelect={select}
                />
              ))}
              {bundles.map((bundle) => (
                <BundleMark key={bundle.from} bundle={bundle} places={places} y={cursorY} />
              ))}
              {part.rows.map((row) => (
                <RowMark
                  key={row.seq}
                  row={row}
                  x={places[row.side]}
                  {...labelPlace(row, places, width)}
                  now={row.seq === nowSeq}
                  selected={row.seq === selected}
                  hasLabel={labelled.has(row)}
                  onSelect={select}
                />
              ))}
              <text className="cursor-time" x={12} y={cursorY + 20}>
                {formatTime(timeAt(facts, cursor, counts))}
              </text>
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

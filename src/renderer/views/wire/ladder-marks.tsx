// The marks of the part of a ladder that is in view: lifelines, arrows, rows, stages, and the line of the cursor.

import { formatTime } from '../../../shared/format.ts';
import type { RunCounts } from '../../../shared/trace/counts.ts';
import type { TraceEvent } from '../../../shared/trace/fact.ts';
import { indexAt, timeAt } from '../../scene/ladder.ts';
import type { LadderPart } from '../../scene/ladder-part.ts';
import type { Ends } from '../../scene/peers.ts';
import type { DrawnLadder } from '../../scene/vertical.ts';
import { ArrowMark } from './arrow-mark.tsx';
import { BundleMark, wordsOf } from './bundle-mark.tsx';
import { labelPlace, rowsWithRoom } from './ladder-places.ts';
import { Lifelines } from './lifelines.tsx';
import type { Places } from './places.ts';
import { RowMark } from './row-mark.tsx';
import { Folds } from './scale-marks.tsx';
import { StageMark } from './stage-mark.tsx';

interface LadderMarksProps {
  readonly ladder: DrawnLadder;
  readonly part: LadderPart;
  /** Both ends at the cursor. */
  readonly ends: Ends;
  /** The facts at hand. */
  readonly facts: readonly TraceEvent[];
  readonly counts: RunCounts;
  readonly cursor: number;
  readonly cursorY: number;
  readonly top: number;
  readonly bottom: number;
  readonly width: number;
  readonly places: Places;
  readonly selected: number | undefined;
  readonly onSelect: (seq: number) => void;
}

export function LadderMarks({
  ladder,
  part,
  ends,
  facts,
  counts,
  cursor,
  cursorY,
  top,
  bottom,
  width,
  places,
  selected,
  onSelect,
}: LadderMarksProps) {
  const nowSeq = facts[indexAt(facts, cursor)]?.seq;
  const labelled = rowsWithRoom(part.rows, nowSeq, selected);
  const { withWords, bundles } = wordsOf(part.arrows, cursor);
  return (
    <>
      <Lifelines
        ladder={ladder}
        ends={ends}
        places={places}
        cursor={Math.floor(cursor)}
        cursorY={cursorY}
        top={top}
        bottom={bottom}
      />
      <line className="cursor-line" x1={places.client - 12} x2={places.last + 12} y1={cursorY} y2={cursorY} />
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
          onSelect={onSelect}
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
          onSelect={onSelect}
        />
      ))}
      <text className="cursor-time" x={12} y={cursorY + 20}>
        {formatTime(timeAt(facts, cursor, counts))}
      </text>
    </>
  );
}

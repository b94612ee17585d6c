// One of two runs side by side: what it is and where it was recorded, what happens in it at its cursor, and its ladder.

import { useMemo, useRef } from 'react';
import type { RunInfo } from '../../../shared/ipc.ts';
import type { RunCounts } from '../../../shared/trace/counts.ts';
import type { TraceEvent, Transform } from '../../../shared/trace/fact.ts';
import { formatCount } from '../../../shared/format.ts';
import { sentenceOf } from '../../scene/describe.ts';
import { yAt, type Ladder } from '../../scene/ladder.ts';
import { lanesAt } from '../../scene/lanes.ts';
import { partOf } from '../../scene/ladder-part.ts';
import { ladderText } from '../../scene/ladder-text.ts';
import { endsAt } from '../../scene/peers.ts';
import { recordedOf, recordedWords } from '../../scene/recorded.ts';
import { runName } from '../../scene/run-name.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useElementSize } from '../../ui/use-element-size.ts';
import { LadderCards } from '../wire/ladder-cards.tsx';
import { LadderMarks } from '../wire/ladder-marks.tsx';
import { cursorPlace, topOf } from '../wire/ladder-places.ts';
import { placesOf } from '../wire/places.ts';
import { useDrawn } from '../wire/use-drawn.ts';
import { ComparedHeads } from './compared-heads.tsx';
import { DifferenceBand, FailureRows } from './compared-marks.tsx';

/** As many as show what led here. */
const MAX_ENTRIES = 12;

const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');

interface ComparedRunProps {
  readonly name: 'Here' | 'There';
  readonly info: RunInfo;
  readonly landmarks: readonly TraceEvent[];
  readonly ladder: Ladder;
  readonly facts: readonly TraceEvent[];
  readonly counts: RunCounts;
  readonly cursor: number;
  /** The fact at the cursor, where it is at hand. */
  readonly now: TraceEvent | undefined;
  readonly transform: Transform;
  /** The fact of the first difference. */
  readonly different: number | undefined;
  /** So far above the cursor is looked. */
  readonly lookBackPx: number;
  readonly onLookBack: (px: number) => void;
  readonly onSelect: (seq: number) => void;
}

export function ComparedRun(props: ComparedRunProps) {
  const { name, info, landmarks, ladder, cursor, now, transform } = props;
  const recorded = recordedOf(landmarks);
  const seq = Math.floor(cursor);
  const sentence =
    now !== undefined
      ? sentenceOf(now, transform)
      : seq === 0
        ? 'Nothing has happened yet.'
        : 'The facts of this place are not here.';
  // A screen reader cannot keep pace with playback.
  const moving = usePlayer((state) => state.playing || state.following);
  return (
    <section className="compared-run" aria-label={name}>
      <div className="compared-title">
        <h3 title={recorded === undefined ? undefined : `Recorded ${recordedWords(recorded)}`}>
          <span className="compared-side">{name}</span>
          <bdi>{runName(info)}</bdi>
        </h3>
        {recorded === undefined ? null : (
          <p className="compared-recorded" title={`Recorded ${recordedWords(recorded)}`}>
            {recordedWords(recorded)}
          </p>
        )}
      </div>
      <p
        className="compared-now"
        role="status"
        aria-label={`Now, ${name.toLowerCase()}`}
        aria-live={moving ? 'off' : 'polite'}
      >
        <span className="now-place mono">{seq === 0 ? 'start' : `fact ${formatCount(seq)}`}</span>
        <span title={sentence}>{sentence}</span>
      </p>
      <ComparedLadder {...props} />
      {moving ? null : (
        <ol className="visually-hidden" aria-label={`The facts up to here, ${name.toLowerCase()}`}>
          {ladderText(ladder, seq, MAX_ENTRIES, transform).map((entry) => (
            <li key={entry.key} aria-current={entry.now ? 'step' : undefined}>
              {entry.text}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function ComparedLadder({
  name,
  ladder: atRest,
  facts,
  counts,
  cursor: exact,
  different,
  lookBackPx,
  onLookBack,
  onSelect,
}: ComparedRunProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(box);
  const { ladder, isFitted } = useDrawn(atRest, height);
  const cursor = reducedMotion.matches ? Math.floor(exact) : exact;
  const whole = Math.floor(cursor);
  const ends = useMemo(() => endsAt(ladder.landmarks, whole), [ladder, whole]);
  const cursorY = yAt(ladder, cursor);
  // In a low picture what has happened needs the room more than a stage below the cursor.
  const cursorAt = Math.max(cursorPlace(ladder, height), height * 0.6);
  const top = isFitted ? 0 : Math.max(0, topOf(ladder, undefined, cursorY, cursorAt, height) - lookBackPx);
  const bottom = top + height;
  const places = placesOf(width, lanesAt(ladder.others, Math.ceil(exact)));
  const part = partOf(ladder, cursor, top, bottom);
  return (
    <>
      <ComparedHeads ends={ends} places={places} />
      <div
        ref={box}
        className="compared-ladder"
        onWheel={({ deltaY, ctrlKey }) => {
          if (ctrlKey || isFitted) return;
          onLookBack(Math.max(0, Math.min(lookBackPx - deltaY, cursorY)));
        }}
      >
        {width === 0 ? null : (
          <>
            <svg
              width={width}
              height={height}
              role="img"
              aria-label={`Ladder diagram, ${name.toLowerCase()}: the client on the left, the server on the right, time runs down. The list of facts after it says the same.`}
            >
              <g transform={`translate(0 ${-top})`}>
                {different === undefined || different > cursor ? null : (
                  <DifferenceBand y={yAt(ladder, different)} width={width} />
                )}
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
                  selected={undefined}
                  onSelect={onSelect}
                />
                <FailureRows failures={part.failures} places={places} />
              </g>
            </svg>
            <LadderCards part={part} places={places} width={width} top={top} bottom={bottom} />
          </>
        )}
      </div>
    </>
  );
}

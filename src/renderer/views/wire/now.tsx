// The fact at the cursor in one sentence, and at the end of a run what happened in its own numbers.

import { indexAt, timeAt } from '../../scene/ladder.ts';
import { sentenceBesidePicture } from '../../scene/describe.ts';
import { CUT_OFF, summaryOf } from '../../experiments/summary.ts';
import { formatCount, formatTime } from '../../../shared/format.ts';
import { useTransform } from '../../store/choices.ts';
import {
  useAllFacts,
  useCounts,
  useLandmarks,
  useLineRecords,
  useOtherClients,
} from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { hasShownRun, useRun } from '../../store/run.ts';

export function Now() {
  const facts = useAllFacts();
  const counts = useCounts();
  const shown = useRun(hasShownRun);
  const transform = useTransform();
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const moving = usePlayer((state) => state.playing || state.following);
  const others = useOtherClients();
  const index = indexAt(facts, seq);
  const event = facts[index];
  // While the page of the cursor comes, or where it cannot be read, the newest fact at hand is an earlier one.
  const isHere = event?.seq === seq;
  const counted = event !== undefined && event.seq < seq && facts[index + 1]?.kind === 'detail-left-out';
  const atEnd = event?.kind === 'run-ended';
  const isSettled = useRun((state) => state.phase === 'settled');
  const isCutOff = isSettled && isHere && !atEnd && seq >= counts.facts;
  if (!shown) return null;
  // A screen reader cannot keep pace with playback: it reads where playback stops, and each step.
  return (
    <div className="now-bar">
      <p
        className={atEnd ? 'visually-hidden' : 'now-fact'}
        role="status"
        aria-label="Now"
        aria-live={moving ? 'off' : 'polite'}
      >
        <span className="now-sentence">
          {event === undefined
            ? 'Nothing has happened yet. Press Space to play, or the right arrow key to step.'
            : isHere
              ? sentenceBesidePicture(event, transform, others.of(event.seq)?.name)
              : counted
                ? 'Facts here were counted as they happened and were not kept.'
                : 'The facts of this place are not here.'}
        </span>{' '}
        <span className="now-place mono">
          {event === undefined
            ? 'start'
            : isHere
              ? `fact ${formatCount(seq)} · ${formatTime(timeAt(facts, seq, counts))}`
              : `fact ${formatCount(seq)}`}
        </span>
      </p>
      {atEnd ? <Summary /> : isCutOff ? <p className="summary">{CUT_OFF}</p> : null}
    </div>
  );
}

/** Computed where the run is at its end alone: it looks at every line at hand. */
function Summary() {
  const facts = useAllFacts();
  const landmarks = useLandmarks();
  const records = useLineRecords();
  const counts = useCounts();
  return <p className="summary">{summaryOf(landmarks, counts, records, facts)}</p>;
}

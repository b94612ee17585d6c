// The ladder as text, in step with the cursor: what a screen reader reads.

import { ladderText } from '../../scene/ladder-text.ts';
import { useTransform } from '../../store/choices.ts';
import { useLadder } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';

/** As many as show what led here; earlier facts come by stepping back. */
const MAX_ENTRIES = 20;

export function FactList() {
  const moving = usePlayer((state) => state.playing || state.following);
  // During playback the list would change many times a second: it is there when playback stands still.
  return moving ? null : <Facts />;
}

function Facts() {
  const ladder = useLadder();
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const transform = useTransform();
  return (
    <ol className="visually-hidden" aria-label="The facts up to here">
      {ladderText(ladder, seq, MAX_ENTRIES, transform).map(({ key, text, now }) => (
        <li key={key} aria-current={now ? 'step' : undefined}>
          {text}
        </li>
      ))}
    </ol>
  );
}

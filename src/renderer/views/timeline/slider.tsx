// The slider of the time bar and the playhead over the minimap. Both are moved here with each frame, past React: nothing
// else changes while the run plays.

import { useEffect, useRef, type KeyboardEvent } from 'react';
import { transformOf } from '../../../shared/experiments/transform-words.ts';
import { formatTime } from '../../../shared/format.ts';
import { labelOf } from '../../scene/describe.ts';
import { indexAt, timeAt } from '../../scene/ladder.ts';
import { partOf, type Axis } from '../../scene/time-axis.ts';
import { useLanguage } from '../../store/choices.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useAllFacts, useCounts } from '../../store/derived.ts';
import { scrubTo, stepBack, stepForward } from '../../store/player.ts';

interface SliderProps {
  readonly axis: Axis;
  /** The playhead, which is as wide as the axis and moved along it. */
  readonly playhead: React.RefObject<HTMLElement | null>;
}

export function Slider({ axis, playhead }: SliderProps) {
  const input = useRef<HTMLInputElement>(null);
  const facts = useAllFacts();
  const counts = useCounts();
  const language = useLanguage();
  useEffect(() => {
    const slider = input.current;
    if (slider === null) return undefined;
    let said: number | undefined;
    const show = (): void => {
      const { cursor, seekTo } = usePlayer.getState();
      const at = Math.min(seekTo ?? cursor, counts.facts);
      const part = Math.max(0, Math.min(1, partOf(axis, at)));
      slider.value = String(at);
      slider.style.setProperty('--done', String(part));
      playhead.current?.style.setProperty('transform', `translateX(${part * 100}%)`);
      const whole = Math.floor(at);
      if (whole === said) return;
      said = whole;
      const event = facts[indexAt(facts, whole)];
      const what = event?.seq === whole ? `, ${labelOf(event, transformOf(facts), language)}` : '';
      const time = formatTime(timeAt(facts, whole, counts));
      slider.setAttribute('aria-valuetext', `fact ${whole} of ${counts.facts}, ${time}${what}`);
    };
    show();
    return usePlayer.subscribe(show);
  }, [axis, facts, counts, language, playhead]);
  /** The browser's own step is a part of the axis, which can be less than a fact. */
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    void (event.key === 'ArrowUp' ? stepForward() : stepBack());
  }
  return (
    <input
      type="range"
      className="time-slider"
      aria-label="Time"
      min={axis.from}
      max={axis.to}
      // Between two facts the thumb is where the cursor is.
      step="any"
      defaultValue={0}
      disabled={counts.facts === 0}
      ref={input}
      onKeyDown={onKeyDown}
      onChange={(event) => void scrubTo(Math.round(Number(event.target.value)))}
    />
  );
}

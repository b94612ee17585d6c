// Play, step and scrub, by buttons, by the slider and by the app's own keys.

import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight, Pause, Play } from 'lucide-react';
import { useEffect } from 'react';
import { formatTime } from '../../shared/format.ts';
import { timeAt } from '../scene/ladder.ts';
import { PACES } from '../scene/pace.ts';
import { usePlayer } from '../store/cursor.ts';
import { useAllFacts, useCounts } from '../store/derived.ts';
import { scrubTo, setPace } from '../store/player.ts';
import { Button } from '../ui/button.tsx';
import { back, FIRST, forward, LAST, playPause, toFirst, toLast } from './moves.ts';

const KEYS: Readonly<Record<string, () => Promise<void>>> = {
  ' ': playPause,
  ArrowLeft: back,
  ArrowRight: forward,
  Home: toFirst,
  End: toLast,
};

function useReplayKeys(): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      const { target, key } = event;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target instanceof Element && target.matches('select, [data-own-keys]')) return;
      if (key === ' ' && target instanceof Element && target.matches('button')) return;
      const act = KEYS[key];
      if (act === undefined) return;
      event.preventDefault();
      void act();
    }
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}

export function Controls() {
  useReplayKeys();
  const playing = usePlayer((state) => state.playing);
  return (
    <section className="controls" aria-label="Time">
      <Button icon={ChevronFirst} iconOnly title="To the start (Home)" onClick={() => void toFirst()}>
        To the start
      </Button>
      <Button icon={ChevronLeft} iconOnly title="Step back (←)" onClick={() => void back()}>
        Step back
      </Button>
      <Button
        icon={playing ? Pause : Play}
        look="primary"
        title={playing ? 'Pause (Space)' : 'Play (Space)'}
        onClick={() => void playPause()}
      >
        {playing ? 'Pause' : 'Play'}
      </Button>
      <Button icon={ChevronRight} iconOnly title="Step forward (→)" onClick={() => void forward()}>
        Step forward
      </Button>
      <Button icon={ChevronLast} iconOnly title="To the end (End)" onClick={() => void toLast()}>
        To the end
      </Button>
      <Slider />
      <Clock />
      <Speed />
    </section>
  );
}

function Slider() {
  const seq = usePlayer((state) => Math.floor(state.seekTo ?? state.cursor));
  return (
    <input
      type="range"
      aria-label="Time"
      aria-valuetext={seq === 0 ? 'the start' : `fact ${seq} of ${LAST}`}
      min={FIRST}
      max={LAST}
      value={seq}
      onChange={({ target }) => void scrubTo(Number(target.value))}
    />
  );
}

function Clock() {
  const facts = useAllFacts();
  const counts = useCounts();
  const cursor = usePlayer((state) => state.cursor);
  return (
    <span className="clock mono" aria-hidden>
      {formatTime(timeAt(facts, cursor, counts))}
    </span>
  );
}

function Speed() {
  const paceId = usePlayer((state) => state.paceId);
  return (
    <select
      aria-label="Speed"
      value={paceId}
      onChange={({ target }) => {
        setPace(target.value);
      }}
    >
      {PACES.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

// The time bar: play, pause, step, scrub, pace. It moves the cursor over the recorded facts and changes nothing else.

import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight, Pause, Play } from 'lucide-react';
import { IN_A_MINUTE, minuteWords, PACES } from '../../scene/pace.ts';
import { timeAt } from '../../scene/ladder.ts';
import { formatTime } from '../../../shared/format.ts';
import { useAllFacts, useCounts, useShownPhase } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useNotes } from '../../store/notes.ts';
import { playOrPause, setPace, stepBack, stepForward, toEnd, toStart } from '../../store/player.ts';
import { Button } from '../../ui/button.tsx';
import './time-bar.css';
import { Track } from './track.tsx';

export function TimeBar() {
  const phase = useShownPhase();
  const moving = usePlayer((state) => state.playing || state.following);
  const nothing = phase === 'empty';
  // What comes next is hidden until the answer is revealed.
  const asking = useNotes(({ stop }) => stop?.state === 'asked');
  return (
    <section className="time-bar" aria-label="Time">
      <div className="time-buttons">
        <Button icon={ChevronFirst} iconOnly disabled={nothing} title="To the start (Home)" onClick={toStart}>
          To the start
        </Button>
        <Button
          icon={ChevronLeft}
          iconOnly
          disabled={nothing}
          title="Step back (←)"
          onClick={() => void stepBack()}
        >
          Step back
        </Button>
        <Button
          icon={moving ? Pause : Play}
          look="primary"
          disabled={nothing || asking}
          title={moving ? 'Pause (Space)' : 'Play (Space)'}
          onClick={playOrPause}
        >
          {moving ? 'Pause' : 'Play'}
        </Button>
        <Button
          icon={ChevronRight}
          iconOnly
          disabled={nothing || asking}
          title="Step forward (→)"
          onClick={() => void stepForward()}
        >
          Step forward
        </Button>
        <Button
          icon={ChevronLast}
          disabled={nothing}
          aria-label={phase === 'running' ? 'Live: to the end' : 'To the end'}
          title={phase === 'running' ? 'Stay with the run that goes on (End)' : 'To the end (End)'}
          onClick={toEnd}
        >
          {phase === 'running' ? 'Live' : 'End'}
        </Button>
      </div>
      <Track />
      <div className="time-side">
        <Clock />
        <Speed />
      </div>
    </section>
  );
}

function Clock() {
  const facts = useAllFacts();
  const cursor = usePlayer((state) => state.cursor);
  const counts = useCounts();
  return (
    <span className="mono" aria-hidden>
      {formatTime(timeAt(facts, cursor, counts))} <span className="dim">of {formatTime(counts.atUs)}</span>
    </span>
  );
}

function Speed() {
  const counts = useCounts();
  const paceId = usePlayer((state) => state.paceId);
  const { name, title } = minuteWords(counts);
  return (
    <select
      className="pace"
      aria-label="Speed"
      title={paceId === IN_A_MINUTE ? title : undefined}
      value={paceId}
      onChange={(event) => {
        setPace(event.target.value);
      }}
    >
      {PACES.map((named) => (
        <option key={named.id} value={named.id}>
          {named.name}
        </option>
      ))}
      <option value={IN_A_MINUTE}>{name}</option>
    </select>
  );
}

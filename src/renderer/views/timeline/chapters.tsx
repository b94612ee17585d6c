// The words above the minimap: each leads to its place. They are one stop of the tab key; the arrow keys go from one to
// the next.

import { memo, useMemo, useState, type KeyboardEvent } from 'react';
import type { TraceEvent } from '../../../shared/trace/fact.ts';
import type { RunOverview } from '../../../shared/trace/overview.ts';
import {
  chaptersOfLines,
  chaptersOfMarks,
  chaptersOfNotes,
  partsOf,
  placed,
  roomFor,
} from '../../scene/chapters.ts';
import type { PlacedChapter } from '../../scene/chapters.ts';
import { partOf, type Axis } from '../../scene/time-axis.ts';
import type { TimeMark } from '../../scene/time-marks.ts';
import { goToNote } from '../../store/note-actions.ts';
import { useNotes } from '../../store/notes.ts';
import { scrubTo, scrubToStartOf } from '../../store/player.ts';
import { plotKeys } from '../../ui/arrow-keys.ts';

/** The letters of a line's or a round's chapter, about. */
const LETTERS = 9;

interface ChaptersProps {
  readonly overview: RunOverview | undefined;
  readonly landmarks: readonly TraceEvent[];
  readonly marks: readonly TimeMark[];
  readonly axis: Axis;
  readonly width: number;
  /** Where other things stand behind the chapters. */
  readonly roomEnd: number;
}

export const Chapters = memo(function Chapters(props: ChaptersProps) {
  const { overview, landmarks, marks, axis, width, roomEnd } = props;
  const notes = useNotes((state) => state.notes);
  const chapters = useMemo(() => {
    const most = roomFor(LETTERS, width);
    const parts = partsOf(landmarks, most);
    const ofMarks = chaptersOfMarks(marks);
    const errors = ofMarks.filter(({ look }) => look === 'bad');
    const waits = ofMarks.filter(({ look }) => look === 'wait');
    const lines = overview === undefined ? [] : chaptersOfLines(overview, most);
    return placed([...errors, ...chaptersOfNotes(notes), ...parts, ...waits, ...lines], axis, width, roomEnd);
  }, [notes, overview, landmarks, marks, axis, width, roomEnd]);
  const [current, setCurrent] = useState(0);
  const stop = Math.min(current, chapters.length - 1);
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const buttons = event.currentTarget.querySelectorAll('button');
    plotKeys(chapters.length, stop, (index) => {
      setCurrent(index);
      buttons[index]?.focus();
    })(event);
  }
  return (
    <div className="chapters" role="toolbar" aria-label="Chapters" onKeyDown={onKeyDown}>
      {notes.map(({ seq }) =>
        seq < axis.from || seq > axis.to ? null : (
          <span key={seq} className="note-tick" style={{ left: partOf(axis, seq) * width }} aria-hidden />
        ),
      )}
      {chapters.map((chapter, index) => (
        <ChapterButton
          key={chapter.key}
          chapter={chapter}
          isStop={index === stop}
          onFocus={() => {
            setCurrent(index);
          }}
        />
      ))}
    </div>
  );
});

interface ChapterButtonProps {
  readonly chapter: PlacedChapter;
  readonly isStop: boolean;
  readonly onFocus: () => void;
}

function ChapterButton({ chapter, isStop, onFocus }: ChapterButtonProps) {
  const { text, title, look, seq, line, left, width } = chapter;
  return (
    <button
      type="button"
      className={`chapter ${look}`}
      style={{ left, width }}
      title={title}
      tabIndex={isStop ? 0 : -1}
      onFocus={onFocus}
      onClick={(event) => {
        // As with each button: a click of the mouse leaves the keys to the picture.
        if (event.detail > 0) event.currentTarget.blur();
        if (look === 'note') void goToNote(seq);
        else void (line === undefined ? scrubTo(seq) : scrubToStartOf(line));
      }}
    >
      {text}
    </button>
  );
}

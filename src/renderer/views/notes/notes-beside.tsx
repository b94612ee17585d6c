// The column beside the picture of an annotated run. It is there while the run has something to say, so that the picture
// does not change its width where playback stops.

import { printable } from '../../../shared/trace/transcript.ts';
import { formatCount, formatCountOf } from '../../../shared/format.ts';
import { chapterAt, isStop } from '../../scene/notes.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useNotes } from '../../store/notes.ts';
import { hasShownRun, useRun } from '../../store/run.ts';
import { NoteCard } from './note-card.tsx';
import { NoteEditor } from './note-editor.tsx';
import './notes.css';

export function NotesBeside() {
  const shown = useRun(hasShownRun);
  const editing = useNotes((state) => state.editing);
  const plays = useNotes(({ notes, playNotes }) => playNotes && notes.some(isStop));
  const hasStop = useNotes(({ stop }) => stop !== undefined);
  if (!shown || (editing === undefined && !plays && !hasStop)) return null;
  return (
    <aside className="notes-beside" aria-label="Notes beside the picture">
      {editing === undefined ? (
        hasStop ? (
          <NoteCard />
        ) : (
          <Chapter />
        )
      ) : (
        <NoteEditor key={editing} seq={editing} />
      )}
    </aside>
  );
}

/** Between the stops: where in the prepared run the cursor is. */
function Chapter() {
  const notes = useNotes((state) => state.notes);
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const chapter = chapterAt(notes, seq);
  const ahead = notes.filter((note) => note.seq > seq && isStop(note)).length;
  return (
    <div className="note-chapter">
      <p className="note-origin">{chapter === undefined ? 'A run with notes' : 'Chapter'}</p>
      {chapter === undefined ? null : (
        <>
          <h3>{printable(chapter.title) || `From fact ${formatCount(chapter.seq)}`}</h3>
          <p className="note-text">{printable(chapter.text)}</p>
        </>
      )}
      <p className="dim">
        {ahead === 0 ? 'No more stops.' : `Playback stops at ${formatCountOf(ahead, 'more note')}.`}
      </p>
    </div>
  );
}

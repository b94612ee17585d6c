// The list of the run's notes, and what can be done with them.

import { Link2, NotebookPen, Pencil, Save } from 'lucide-react';
import { formatCount } from '../../../shared/format.ts';
import type { Note } from '../../../shared/notes.ts';
import { KIND_WORDS, nameOf } from '../../scene/notes.ts';
import { saveTrace } from '../../store/actions.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useShownPhase } from '../../store/derived.ts';
import { copyLink, editNote, editNoteHere, goToNote, setPlayNotes } from '../../store/note-actions.ts';
import { useNotes } from '../../store/notes.ts';
import { useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import './notes.css';

export function NotesTab() {
  const notes = useNotes((state) => state.notes);
  const unsaved = useNotes((state) => state.unsaved);
  const phase = useShownPhase();
  const atStart = usePlayer((state) => state.cursor < 1);
  const nowhere = phase === 'empty' || atStart;
  return (
    <section className="card notes-list" aria-label="Notes">
      <div className="notes-buttons">
        <Button
          icon={NotebookPen}
          disabled={nowhere}
          title="Add a note at the cursor (N)"
          onClick={editNoteHere}
        >
          Add note
        </Button>
        <Button icon={Link2} disabled={nowhere} onClick={() => void copyLink()}>
          Copy link to this moment
        </Button>
        {unsaved ? (
          <Button icon={Save} disabled={phase !== 'settled'} onClick={() => void saveTrace()}>
            Save run
          </Button>
        ) : null}
      </div>
      {notes.length === 0 ? (
        <p className="dim">
          Mark a moment for others: say what to look at, name a chapter, or ask what comes next. Whoever opens
          the saved run sees it stop there.
        </p>
      ) : (
        <>
          <PlayNotes />
          <ol>
            {notes.map((note) => (
              <Entry key={note.seq} note={note} />
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function PlayNotes() {
  const playNotes = useNotes((state) => state.playNotes);
  return (
    <label className="play-notes">
      <input
        type="checkbox"
        checked={playNotes}
        onChange={(event) => {
          setPlayNotes(event.target.checked);
        }}
      />
      Play notes: stop at what is said and asked
    </label>
  );
}

function Entry({ note }: { readonly note: Note }) {
  const { seq, kind } = note;
  const isHere = usePlayer((state) => Math.floor(state.cursor) === seq);
  const isKnown = useRun((state) => seq <= state.counts.facts);
  const name = nameOf(note);
  return (
    <li className={`note-entry of-${kind}`} aria-current={isHere ? 'step' : undefined}>
      <button
        type="button"
        className="note-place"
        disabled={!isKnown}
        title={isKnown ? name : `The run has no fact ${formatCount(seq)}.`}
        onClick={() => void goToNote(seq)}
      >
        <span className="note-kind">{KIND_WORDS[kind]}</span>
        <span className="note-name">{name}</span>
        <span className="mono dim">fact {formatCount(seq)}</span>
      </button>
      <Button
        icon={Pencil}
        iconOnly
        look="plain"
        onClick={() => {
          editNote(seq);
        }}
      >
        {`Edit the note at fact ${formatCount(seq)}`}
      </Button>
    </li>
  );
}

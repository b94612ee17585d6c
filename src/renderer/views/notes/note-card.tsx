// The note at which playback stands: somebody's words beside the picture, and of a question its answer once it is revealed.

import { Eye, Play, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { answerSeqs, KIND_WORDS, linesOf } from '../../scene/notes.ts';
import type { Note } from '../../../shared/notes.ts';
import { printable } from '../../../shared/trace/transcript.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useCounts } from '../../store/derived.ts';
import { goOn } from '../../store/note-actions.ts';
import { closeStop, useNotes } from '../../store/notes.ts';
import { Button } from '../../ui/button.tsx';
import { Answer } from './answer.tsx';

export function NoteCard() {
  const stop = useNotes((state) => state.stop);
  const card = useRef<HTMLElement>(null);
  const state = stop?.state;
  // Where the page is longer than the window.
  useEffect(() => {
    card.current?.scrollIntoView({ block: 'nearest' });
  }, [state]);
  if (stop === undefined) return null;
  const { note } = stop;
  const revealed = state === 'revealed';
  return (
    <section ref={card} className={`note-card of-${note.kind}`} aria-label={KIND_WORDS[note.kind]}>
      <div role="status" aria-label="Note">
        <Words note={note} />
        {revealed && note.kind === 'question' ? <Revealed note={note} /> : null}
      </div>
      <div className="note-buttons">
        {revealed ? (
          <Button icon={X} onClick={closeStop}>
            Close
          </Button>
        ) : state === 'asked' ? (
          <Button icon={Eye} look="primary" title="Reveal the answer (Enter)" onClick={goOn}>
            Reveal
          </Button>
        ) : (
          <Button icon={Play} look="primary" title="Go on (Enter)" onClick={goOn}>
            Go on
          </Button>
        )}
      </div>
    </section>
  );
}

function Words({ note: { kind, title, text } }: { readonly note: Note }) {
  const asked = text.trim() === '' && kind === 'question' ? 'What comes next?' : text;
  return (
    <>
      <p className="note-origin">
        {kind === 'question' ? 'Somebody’s question, not a fact' : 'Somebody’s note, not a fact'}
      </p>
      {title.trim() === '' ? null : <h3>{printable(title)}</h3>}
      <div className="note-text">
        {linesOf(asked).map((line, index) => (
          <p key={index}>{line === '' ? '\u00a0' : line}</p>
        ))}
      </div>
    </>
  );
}

function Revealed({ note }: { readonly note: Extract<Note, { kind: 'question' }> }) {
  const { facts } = useCounts();
  const cursor = usePlayer((state) => Math.floor(state.cursor));
  const seqs = answerSeqs(note, facts);
  return (
    <>
      <p className="note-seen">What was seen:</p>
      {seqs.length === 0 ? <p>Nothing: the run ends here.</p> : <Answer seqs={seqs} upTo={cursor} />}
    </>
  );
}

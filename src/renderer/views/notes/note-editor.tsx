// Writes the note at a fact, beside the picture, which can still be moved.

import { Check, Trash2, X } from 'lucide-react';
import { useId, useState } from 'react';
import { formatCount } from '../../../shared/format.ts';
import {
  MAX_ANSWER_FACTS,
  MAX_NOTE_TEXT,
  MAX_NOTE_TITLE,
  MAX_NOTES,
  type Note,
  type NoteKind,
} from '../../../shared/notes.ts';
import { answerSeqs, noteAt } from '../../scene/notes.ts';
import { useCounts } from '../../store/derived.ts';
import { closeEditor, deleteNote, keepNote } from '../../store/note-actions.ts';
import { useNotes } from '../../store/notes.ts';
import { Button } from '../../ui/button.tsx';
import { RadioChoices } from '../../ui/radio-choices.tsx';
import { Answer } from './answer.tsx';

const KINDS = [
  { value: 'bookmark', name: 'Bookmark', hint: 'playback stops at its words' },
  { value: 'chapter', name: 'Chapter', hint: 'names what follows' },
  { value: 'question', name: 'Question', hint: 'the next facts are its answer' },
] as const;

const TEXT_NAMES: Readonly<Record<NoteKind, string>> = {
  bookmark: 'Note',
  chapter: 'About it',
  question: 'Question',
};

export function NoteEditor({ seq }: { readonly seq: number }) {
  const notes = useNotes((state) => state.notes);
  const before = noteAt(notes, seq);
  const { facts } = useCounts();
  const [kind, setKind] = useState<NoteKind>(before?.kind ?? 'bookmark');
  const [title, setTitle] = useState(before?.title ?? '');
  const [text, setText] = useState(before?.text ?? '');
  const [answerFacts, setAnswerFacts] = useState(before?.kind === 'question' ? before.answerFacts : 1);
  const id = useId();
  const isFull = before === undefined && notes.length >= MAX_NOTES;
  const isEmpty = title.trim() === '' && text.trim() === '';
  const note: Note =
    kind === 'question' ? { seq, kind, title, text, answerFacts } : { seq, kind, title, text };
  return (
    <form
      className="note-editor"
      aria-label={`Note at fact ${formatCount(seq)}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isEmpty && !isFull) void keepNote(note);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.nativeEvent.isComposing) closeEditor();
      }}
    >
      <h3>
        Note at fact {formatCount(seq)}
        <Button icon={X} iconOnly look="plain" onClick={closeEditor}>
          Close without saving
        </Button>
      </h3>
      <RadioChoices name="Kind" choices={KINDS} chosen={kind} onChoose={setKind} />
      <div className="option">
        <label htmlFor={`${id}-title`}>Title</label>
        <input
          id={`${id}-title`}
          type="text"
          value={title}
          maxLength={MAX_NOTE_TITLE}
          autoFocus
          onChange={(event) => {
            setTitle(event.target.value);
          }}
        />
      </div>
      <div className="option">
        <label htmlFor={`${id}-text`}>{TEXT_NAMES[kind]}</label>
        <textarea
          id={`${id}-text`}
          rows={4}
          value={text}
          maxLength={MAX_NOTE_TEXT}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
      </div>
      {kind === 'question' ? (
        <div className="option">
          <label htmlFor={`${id}-facts`}>Facts of the answer</label>
          <input
            id={`${id}-facts`}
            type="number"
            min={1}
            max={MAX_ANSWER_FACTS}
            value={answerFacts}
            onChange={(event) => {
              const count = event.target.valueAsNumber;
              if (Number.isInteger(count) && count >= 1 && count <= MAX_ANSWER_FACTS) setAnswerFacts(count);
            }}
          />
          <Answer seqs={answerSeqs({ seq, answerFacts }, facts)} upTo={Infinity} />
        </div>
      ) : null}
      {isFull ? <p className="wrong">A run has at most {formatCount(MAX_NOTES)} notes.</p> : null}
      <div className="note-buttons">
        <Button icon={Check} look="primary" type="submit" disabled={isEmpty || isFull}>
          Keep note
        </Button>
        {before === undefined ? null : (
          <Button icon={Trash2} onClick={() => void deleteNote(seq)}>
            Delete
          </Button>
        )}
      </div>
    </form>
  );
}

// The notes of a person at facts of a run: bookmarks, chapters and questions. They are somebody's words and no facts.

import { failed, succeeded, type Result } from './result.ts';

export const NOTE_KINDS = ['bookmark', 'chapter', 'question'] as const;
export type NoteKind = (typeof NOTE_KINDS)[number];

export const MAX_NOTES = 500;
/** In UTF-16 code units, as are all lengths of texts. */
export const MAX_NOTE_TITLE = 120;
export const MAX_NOTE_TEXT = 2_000;
export const MAX_ANSWER_FACTS = 10;
/** JSON writes a code unit as at most six characters (`\u0000`). */
export const MAX_NOTES_BYTES = MAX_NOTES * (6 * (MAX_NOTE_TITLE + MAX_NOTE_TEXT) + 128);
/** Objects, arrays and commas in the JSON of all notes, some for fields of later versions. */
export const MAX_NOTES_PARTS = 1 + MAX_NOTES * 16;

interface NoteWords {
  /** The fact that it is at. A fact has at most one note. */
  readonly seq: number;
  /** May be empty; that of a chapter is its name. */
  readonly title: string;
  /** What is said; of a question, what is asked. May have several lines, and may be empty. */
  readonly text: string;
}

export type Note =
  | (NoteWords & { readonly kind: 'bookmark' | 'chapter' })
  /** The answer is what is seen next: so many facts after its own. */
  | (NoteWords & { readonly kind: 'question'; readonly answerFacts: number });

function isText(value: unknown, max: number): value is string {
  return typeof value === 'string' && value.length <= max;
}

function isWholeFrom1(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= max;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The note in a value of any origin; a text where it is none: the end of a sentence. */
function noteOf(value: unknown): Note | string {
  if (!isObject(value)) return 'it is no object';
  const { seq, kind, title, text, answerFacts } = value;
  if (!isWholeFrom1(seq, Number.MAX_SAFE_INTEGER)) return 'its seq is no number of a fact';
  if (!isText(title, MAX_NOTE_TITLE)) return `its title is no text of at most ${MAX_NOTE_TITLE} characters`;
  if (!isText(text, MAX_NOTE_TEXT)) return `its text is no text of at most ${MAX_NOTE_TEXT} characters`;
  if (kind === 'bookmark' || kind === 'chapter') return { seq, kind, title, text };
  if (kind !== 'question') return 'its kind is not known';
  return isWholeFrom1(answerFacts, MAX_ANSWER_FACTS)
    ? { seq, kind, title, text, answerFacts }
    : `its answerFacts is no number from 1 to ${MAX_ANSWER_FACTS}`;
}

/**
 * The notes in a value of any origin, unknown fields dropped. They are in the order of their facts, one a fact. A failure
 * is the end of a sentence.
 */
export function parseNotes(value: unknown): Result<readonly Note[]> {
  if (!Array.isArray(value)) return failed('run-damaged', 'the notes are no list');
  if (value.length > MAX_NOTES) return failed('run-damaged', `there are more than ${MAX_NOTES} notes`);
  const notes: Note[] = [];
  for (const [index, item] of value.entries()) {
    const note = noteOf(item);
    if (typeof note === 'string') return failed('run-damaged', `note ${index + 1} is damaged: ${note}`);
    if (note.seq <= (notes.at(-1)?.seq ?? 0)) {
      return failed('run-damaged', `note ${index + 1} is not behind the one before it`);
    }
    notes.push(note);
  }
  return succeeded(notes);
}

/** The notes with one more, in place of that at the same fact. */
export function withNote(notes: readonly Note[], note: Note): readonly Note[] {
  return [...withoutNote(notes, note.seq), note].sort((a, b) => a.seq - b.seq);
}

/** The notes without that at a fact. */
export function withoutNote(notes: readonly Note[], seq: number): readonly Note[] {
  return notes.filter((note) => note.seq !== seq);
}

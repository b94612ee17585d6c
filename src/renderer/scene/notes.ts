// How an annotated run plays: where it stops, which chapter a fact belongs to, and how notes are shown.

import { printable } from '../../shared/trace/transcript.ts';
import type { Note, NoteKind } from '../../shared/notes.ts';

/** Whether playback stops at the note: at what asks or says something. A chapter only names a stretch. */
export function isStop(note: Note): boolean {
  return note.kind === 'question' || (note.kind === 'bookmark' && note.text.trim() !== '');
}

/** The first note at which playback from `from` to `to` stops: behind the one and not behind the other. */
export function stopBetween(notes: readonly Note[], from: number, to: number): Note | undefined {
  return notes.find((note) => note.seq > from && note.seq <= to && isStop(note));
}

export function noteAt(notes: readonly Note[], seq: number): Note | undefined {
  return notes.find((note) => note.seq === seq);
}

/** The chapter that a fact is in, if any: up to the next chapter, or the end of the run. */
export function chapterAt(notes: readonly Note[], seq: number): Note | undefined {
  return notes.findLast((note) => note.kind === 'chapter' && note.seq <= seq);
}

/** The numbers of the facts that answer the question, as far as the run of `facts` facts has them. */
export function answerSeqs(
  { seq, answerFacts }: Pick<Extract<Note, { kind: 'question' }>, 'seq' | 'answerFacts'>,
  facts: number,
): readonly number[] {
  const last = Math.min(seq + answerFacts, facts);
  return Array.from({ length: Math.max(0, last - seq) }, (_, index) => seq + 1 + index);
}

/** The text line by line; what controls or reverses a text is written out. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).map(printable);
}

export const KIND_WORDS: Readonly<Record<NoteKind, string>> = {
  bookmark: 'Bookmark',
  chapter: 'Chapter',
  question: 'Question',
};

/** What a note is called where there is room for one line. */
export function nameOf({ kind, title, text }: Note): string {
  const [first = ''] = linesOf(text.trim());
  return printable(title.trim()) || first || KIND_WORDS[kind];
}

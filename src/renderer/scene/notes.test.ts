import { describe, expect, it } from 'vitest';

import { withNote, withoutNote, type Note } from '../../shared/notes.ts';
import { answerSeqs, chapterAt, isStop, linesOf, nameOf, stopBetween } from './notes.ts';

const CHAPTER: Note = { seq: 2, kind: 'chapter', title: 'Handshake', text: 'words' };
const SILENT: Note = { seq: 3, kind: 'bookmark', title: 'Here', text: ' \n' };
const BOOKMARK: Note = { seq: 5, kind: 'bookmark', title: '', text: 'Look\nhere' };
const QUESTION: Note = { seq: 6, kind: 'question', title: '', text: '', answerFacts: 3 };
const NOTES = [CHAPTER, SILENT, BOOKMARK, QUESTION];

describe('an annotated run', () => {
  it('stops at questions and at bookmarks with words', () => {
    expect(NOTES.filter(isStop)).toEqual([BOOKMARK, QUESTION]);
  });

  it('stops at the first note behind the cursor, and goes on from it', () => {
    expect(stopBetween(NOTES, 0, 10)).toBe(BOOKMARK);
    expect(stopBetween(NOTES, 4.9, 5)).toBe(BOOKMARK);
    expect(stopBetween(NOTES, 5, 10)).toBe(QUESTION);
    expect(stopBetween(NOTES, 5, 5.9)).toBeUndefined();
    expect(stopBetween(NOTES, 6, 10)).toBeUndefined();
  });

  it('has a chapter from its fact up to the next', () => {
    expect(chapterAt(NOTES, 1)).toBeUndefined();
    expect(chapterAt(NOTES, 2)).toBe(CHAPTER);
    expect(chapterAt(NOTES, 99)).toBe(CHAPTER);
  });

  it('takes the answer from the next facts, as far as there are any', () => {
    expect(answerSeqs({ seq: 6, answerFacts: 3 }, 100)).toEqual([7, 8, 9]);
    expect(answerSeqs({ seq: 6, answerFacts: 3 }, 8)).toEqual([7, 8]);
    expect(answerSeqs({ seq: 6, answerFacts: 3 }, 6)).toEqual([]);
  });

  it('shows line ends as lines, and writes out what would control or reverse the text', () => {
    expect(linesOf('a\r\nb\n\u202ec\u001b[2J')).toEqual(['a', 'b', '\\u202ec\\x1b[2J']);
    expect(nameOf({ ...BOOKMARK, title: '\u202eevil' })).toBe('\\u202eevil');
    expect([CHAPTER, SILENT, BOOKMARK, QUESTION].map(nameOf)).toEqual([
      'Handshake',
      'Here',
      'Look',
      'Question',
    ]);
  });
});

describe('the notes of a run', () => {
  it('are in the order of their facts, one a fact', () => {
    const changed: Note = { ...SILENT, title: 'Changed' };
    expect(withNote(NOTES, changed)).toEqual([CHAPTER, changed, BOOKMARK, QUESTION]);
    expect(withNote([QUESTION], CHAPTER)).toEqual([CHAPTER, QUESTION]);
    expect(withoutNote(NOTES, 5)).toEqual([CHAPTER, SILENT, QUESTION]);
  });
});

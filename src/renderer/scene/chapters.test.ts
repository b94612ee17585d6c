import { describe, expect, it } from 'vitest';
import type { Note } from '../../shared/notes.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { WHOLE_RUN } from './facts-for-tests.ts';
import {
  chaptersOfLines,
  chaptersOfMarks,
  chaptersOfNotes,
  partsOf,
  placed,
  type Chapter,
} from './chapters.ts';
import { landmarksOf } from './ladder.ts';
import { overviewOf } from './overview-for-tests.ts';
import type { TimeMark } from './time-marks.ts';

const AXIS = { from: 0, to: 1_000 };

function texts(chapters: readonly Chapter[]): readonly string[] {
  return chapters.map(({ text }) => text);
}

describe('the chapters of a run', () => {
  it('are its handshake, its close and its listen, at the facts of them', () => {
    const parts = partsOf(landmarksOf(WHOLE_RUN), 10);
    expect(texts(parts)).toEqual(['Handshake', 'Close', 'Listen']);
    const kinds = parts.map(({ seq }) => WHOLE_RUN.find((event) => event.seq === seq)?.kind);
    expect(kinds).toEqual(['connect-called', 'end-called', 'listen-called']);
  });

  it('are called connect where it was refused', () => {
    const refused = landmarksOf(WHOLE_RUN).filter(({ kind }) => kind !== 'connected');
    expect(texts(partsOf(refused, 10))).toContain('Connect');
  });

  it('are its rounds in even steps where it has rounds', () => {
    const rounds = Array.from({ length: 500 }, (_, index): TraceEvent => {
      return { kind: 'round-started', seenBy: 'program', round: index + 1, seq: 3 + index * 20, atUs: index };
    });
    const parts = partsOf(rounds, 10);
    expect(texts(parts).slice(0, 3)).toEqual(['Round 1', 'Round 50', 'Round 100']);
    expect(parts).toHaveLength(11);
    expect(texts(partsOf(rounds.slice(0, 3), 10))).toEqual(['Round 1', 'Round 2', 'Round 3']);
  });

  it('are all of few lines, and round numbers of many, at their facts', () => {
    const few = overviewOf({ lines: [0, 1, 0, 2, 0, 3], lineSeqs: [0, 2, 0, 4, 0, 6] });
    expect(chaptersOfLines(few, 8).map(({ line, seq }) => [line, seq])).toEqual([
      [1, 2],
      [2, 4],
      [3, 6],
    ]);
    // A line every six facts, a bucket every 6,000.
    const many = overviewOf({
      factsABucket: 6_000,
      lines: Array.from({ length: 100 }, (_, index) => index * 1_000 + 1),
      lineSeqs: Array.from({ length: 100 }, (_, index) => index * 6_000 + 7),
    });
    const chapters = chaptersOfLines(many, 5);
    expect(texts(chapters)).toEqual(['Line 1', 'Line 20,000', 'Line 40,000', 'Line 60,000', 'Line 80,000']);
    for (const { line = 0, seq } of chapters) expect(seq).toBe(1 + line * 6);
  });

  it('have words for errors and waits', () => {
    const chapters = chaptersOfMarks([
      { seq: 3, look: 'bad', count: 1 },
      { seq: 5, look: 'other', count: 1 },
      { seq: 9, look: 'wait', count: 1, waitUs: 5_000_000 },
      { seq: 12, look: 'bad', count: 4 },
    ]);
    expect(texts(chapters)).toEqual(['Error', '4 errors', '5 s']);
  });

  it('have one word for many errors, at the first of them, and words for the longest waits', () => {
    const many = Array.from({ length: 31 }, (_, index): TimeMark[] => [
      { seq: 10 * index + 3, look: 'bad', count: 1 },
      { seq: 10 * index + 5, look: 'wait', count: 1, waitUs: 20_000 * (index + 1) },
    ]);
    const chapters = chaptersOfMarks(many.flat());
    expect(texts(chapters)).toEqual(['31 errors', '620 ms', '600 ms', '580 ms', '560 ms']);
    expect(chapters[0]?.seq).toBe(3);
  });

  it('have room: what matters more is there, nothing covers anything else, all are on the axis', () => {
    const chapter = (seq: number, text: string): Chapter => ({
      key: text,
      text,
      title: text,
      look: 'part',
      seq,
    });
    const lines = Array.from({ length: 200 }, (_, index) => chapter(index * 5, `Line ${index}`));
    const error = chapter(502, 'Error');
    const found = placed([error, ...lines, chapter(1_200, 'behind the end')], AXIS, 600, 600);
    expect(texts(found)).toContain('Error');
    expect(found.length).toBeGreaterThan(8);
    const fewer = placed([error, ...lines], AXIS, 600, 500);
    expect(fewer.every(({ left, width }) => left + width <= 500)).toBe(true);
    expect(fewer.find(({ text }) => text === 'Error')).toEqual(found.find(({ text }) => text === 'Error'));
    for (const [index, { left, width }] of found.entries()) {
      const before = found[index - 1];
      expect(left).toBeGreaterThan(before === undefined ? -1 : before.left + before.width);
      expect(left + width).toBeLessThanOrEqual(600);
    }
  });
});

describe('the notes of a run', () => {
  it('stand among the chapters, their names cut and never reversing what is beside them', () => {
    const notes: readonly Note[] = [
      { seq: 3, kind: 'chapter', title: 'A title that is longer than there is room', text: '' },
      { seq: 9, kind: 'bookmark', title: '\u202e', text: '' },
    ];
    expect(chaptersOfNotes(notes).map(({ text, title, seq }) => [text, title, seq])).toEqual([
      ['A title that is lon…', 'Chapter: A title that is longer than there is room', 3],
      ['\\u202e', 'Bookmark: \\u202e', 9],
    ]);
  });
});

// The words above the time bar: the parts of a run and what stands out in it, as many as there is room for. What matters
// more is placed first, and what has no room then is left out. Pure.

import type { TraceEvent } from '../../shared/trace/fact.ts';
import type { RunOverview } from '../../shared/trace/overview.ts';
import type { Note } from '../../shared/notes.ts';
import { formatCount, formatCountOf, formatDuration } from '../../shared/format.ts';
import { KIND_WORDS, nameOf } from './notes.ts';
import { partOf, type Axis } from './time-axis.ts';
import { wordsOfMark, type TimeMark } from './time-marks.ts';

export interface Chapter {
  readonly key: string;
  readonly text: string;
  /** What it leads to, in full. */
  readonly title: string;
  readonly look: 'part' | 'note' | TimeMark['look'];
  /** The fact that it leads to; of a line that is not at hand, about. */
  readonly seq: number;
  /** The line that it leads to. */
  readonly line?: number;
}

/** A chapter and where its text stands, in pixels from the left. */
export interface PlacedChapter extends Chapter {
  readonly left: number;
  readonly width: number;
}

/** The width of a letter of the text, about, and the room left and right of it. */
const LETTER_PX = 6.4;
const PADDING_PX = 5;
/** Between two texts. */
const APART_PX = 4;
/** A target for a pointer is at least as wide as it is high. */
const MIN_WIDTH_PX = 24;

/**
 * The parts of a run that are known by its landmarks: its rounds where it has some, in even steps and no more than `most`;
 * its opening and closing otherwise.
 */
export function partsOf(landmarks: readonly TraceEvent[], most: number): readonly Chapter[] {
  const rounds = landmarks.filter((event) => event.kind === 'round-started');
  if (rounds.length > 1) {
    const step = roundStep(rounds.length / Math.max(1, most));
    return rounds.flatMap(({ round, seq }, index) => {
      const isOne = index === 0 || round % step === 0;
      return isOne ? [part(`Round ${formatCount(round)}`, 'The round begins', seq)] : [];
    });
  }
  const chapters: Chapter[] = [];
  const add = (kind: TraceEvent['kind'], text: string, title: string): void => {
    const event = landmarks.find((landmark) => landmark.kind === kind);
    if (event !== undefined) chapters.push(part(text, title, event.seq));
  };
  const isConnected = landmarks.some(({ kind }) => kind === 'connected');
  add('connect-called', isConnected ? 'Handshake' : 'Connect', 'The client calls connect()');
  add('end-called', 'Close', 'The first of the two ends calls end()');
  add('listen-called', 'Listen', 'The server calls listen()');
  return chapters;
}

function part(text: string, title: string, seq: number): Chapter {
  return { key: `part-${seq}`, text, title, look: 'part', seq };
}

/** The letters of a note's name that stand there; its title has all. */
const MAX_NOTE_LETTERS = 20;

/** The notes of a run: named by a person, as its parts are by what was seen. */
export function chaptersOfNotes(notes: readonly Note[]): readonly Chapter[] {
  return notes.map((note) => {
    const name = nameOf(note);
    const text = name.length <= MAX_NOTE_LETTERS ? name : `${name.slice(0, MAX_NOTE_LETTERS - 1)}…`;
    return {
      key: `note-${note.seq}`,
      text,
      title: `${KIND_WORDS[note.kind]}: ${name}`,
      look: 'note',
      seq: note.seq,
    };
  });
}

/** More errors than these have one chapter, so many of the longest waits have one: the others are marks alone. */
const MAX_ERRORS = 4;
const MAX_WAITS = 4;

/** The marks as chapters: errors and waits have words, other clients are seen on the lanes. */
export function chaptersOfMarks(marks: readonly TimeMark[]): readonly Chapter[] {
  const errors = marks.filter(({ look }) => look === 'bad');
  const waits = marks.filter(({ look }) => look === 'wait');
  const [first] = errors;
  const count = errors.reduce((sum, error) => sum + error.count, 0);
  return wordsOf([
    ...(first === undefined || errors.length <= MAX_ERRORS ? errors : [{ ...first, count }]),
    ...waits.sort((a, b) => (b.waitUs ?? 0) - (a.waitUs ?? 0)).slice(0, MAX_WAITS),
  ]);
}

function wordsOf(marks: readonly TimeMark[]): readonly Chapter[] {
  return marks.map((mark): Chapter => {
    const { look, seq, count, waitUs } = mark;
    const text =
      look === 'wait' ? formatDuration(waitUs ?? 0) : count === 1 ? 'Error' : formatCountOf(count, 'error');
    return { key: `${look}-${seq}`, text, title: wordsOfMark(mark), look, seq };
  });
}

/** Lines in even steps of a round number: no more than `most`, the first of the overview among them. */
export function chaptersOfLines(overview: RunOverview, most: number): readonly Chapter[] {
  const { lines, lineSeqs } = overview;
  const known: { readonly line: number; readonly seq: number }[] = [];
  for (const [bucket, seq] of lineSeqs.entries()) {
    const line = lines[bucket] ?? 0;
    if (seq > 0 && line > (known.at(-1)?.line ?? 0)) known.push({ line, seq });
  }
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined || most < 1) return [];
  const step = roundStep((last.line - first.line + 1) / most);
  const chapters = [lineChapter(first.line, first.seq)];
  let at = 0;
  for (let line = (Math.floor(first.line / step) + 1) * step; line <= last.line; line += step) {
    while ((known[at + 1]?.line ?? Infinity) <= line) at += 1;
    chapters.push(lineChapter(line, seqBetween(known[at] ?? first, known[at + 1], line)));
  }
  return chapters;
}

interface KnownLine {
  readonly line: number;
  readonly seq: number;
}

function seqBetween(before: KnownLine, after: KnownLine | undefined, line: number): number {
  if (after === undefined) return before.seq;
  return (
    before.seq + Math.round(((line - before.line) / (after.line - before.line)) * (after.seq - before.seq))
  );
}

function lineChapter(line: number, seq: number): Chapter {
  const text = `Line ${formatCount(line)}`;
  return {
    key: `line-${line}`,
    text,
    title: `The client writes line ${formatCount(line)}`,
    look: 'part',
    seq,
    line,
  };
}

/** The smallest of 1, 2, 5, 10, 20 … that is not smaller. */
function roundStep(least: number): number {
  for (let power = 1; ; power *= 10) {
    for (const step of [power, 2 * power, 5 * power]) if (step >= least) return step;
  }
}

/** How many chapters of about so many letters there is room for, with some room between them. */
export function roomFor(letters: number, width: number): number {
  return Math.floor(width / (1.3 * (letters * LETTER_PX + 2 * PADDING_PX)));
}

/**
 * The chapters that have room on an axis of that width, those first in the list first; in the order of their places. The
 * room may end before the axis.
 */
export function placed(
  chapters: readonly Chapter[],
  axis: Axis,
  width: number,
  roomEnd: number,
): readonly PlacedChapter[] {
  const found: PlacedChapter[] = [];
  for (const chapter of chapters) {
    if (chapter.seq < axis.from || chapter.seq > axis.to) continue;
    const room = Math.max(MIN_WIDTH_PX, chapter.text.length * LETTER_PX + 2 * PADDING_PX);
    const middle = partOf(axis, chapter.seq) * width;
    const left = Math.max(0, Math.min(roomEnd - room, middle - room / 2));
    const isFree = found.every(
      (other) => left + room + APART_PX <= other.left || left >= other.left + other.width + APART_PX,
    );
    if (isFree && middle <= roomEnd + room / 2) found.push({ ...chapter, left, width: room });
  }
  return found.sort((a, b) => a.left - b.left);
}

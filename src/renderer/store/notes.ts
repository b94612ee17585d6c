// The notes of the run that is shown, where playback stands at one, and the one that is being written.

import { create } from 'zustand';
import type { Note } from '../../shared/notes.ts';
import { noteAt, stopBetween } from '../scene/notes.ts';
import { usePlayer } from './cursor.ts';

/** Playback stands at a note. `asked`: the facts behind it are hidden until the answer is revealed. */
interface NoteStop {
  readonly note: Note;
  readonly state: 'shown' | 'asked' | 'revealed';
}

interface NotesState {
  /** The run that they are of. */
  readonly run?: number;
  readonly notes: readonly Note[];
  /** They are in no file as they are. */
  readonly unsaved: boolean;
  /** Playback stops at notes. */
  readonly playNotes: boolean;
  readonly stop: NoteStop | undefined;
  /** The fact of the note that is being written. */
  readonly editing: number | undefined;
}

const NONE = { notes: [], unsaved: false, stop: undefined, editing: undefined } as const;

export const useNotes = create<NotesState>()(() => ({ ...NONE, playNotes: true }));

/** Another run is shown. */
export function forgetNotes(): void {
  useNotes.setState(NONE);
}

/** Main has said which notes the run has. Those at the fact at which a run is opened are shown. */
export function receiveNotes(run: number, notes: readonly Note[], unsaved: boolean): void {
  const isFirst = useNotes.getState().run !== run;
  useNotes.setState({ run, notes, unsaved });
  const { cursor, playing } = usePlayer.getState();
  if (isFirst && !playing && cursor > 0) standAt(cursor);
}

/** Shows the note at a fact, where there is one with something to say. */
export function standAt(seq: number): void {
  const { notes, playNotes } = useNotes.getState();
  const note = noteAt(notes, seq);
  if (note !== undefined && playNotes && stopBetween([note], seq - 1, seq) !== undefined) stopAt(note);
}

function stopAt(note: Note): void {
  useNotes.setState({ stop: { note, state: note.kind === 'question' ? 'asked' : 'shown' } });
}

/** The fact at which playback from `from` to `to` has to stop for a note, which is then shown. */
export function stopOnTheWay(from: number, to: number): number | undefined {
  const { notes, playNotes } = useNotes.getState();
  const note = playNotes ? stopBetween(notes, from, to) : undefined;
  if (note !== undefined) stopAt(note);
  return note?.seq;
}

/** Whether a question is asked and not answered yet: what comes next is hidden. */
export function isAsking(): boolean {
  return useNotes.getState().stop?.state === 'asked';
}

export function isStopped(): boolean {
  const state = useNotes.getState().stop?.state;
  return state === 'asked' || state === 'shown';
}

export function closeStop(): void {
  useNotes.setState({ stop: undefined });
}

/** Follows the cursor: a note is shown while it stands there, an answer until the cursor is before its question. */
export function watchNotes(): () => void {
  return usePlayer.subscribe(({ cursor }) => {
    const { stop } = useNotes.getState();
    if (stop === undefined) return;
    const { seq } = stop.note;
    if (stop.state === 'revealed' ? cursor < seq : cursor !== seq) closeStop();
  });
}

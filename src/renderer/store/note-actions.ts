// What a person does with notes: writes them, plays over them, and copies a link to a moment.

import { withNote, withoutNote, type Note } from '../../shared/notes.ts';
import { bridge } from './bridge.ts';
import { usePlayer } from './cursor.ts';
import { closeStop, standAt, useNotes } from './notes.ts';
import { pause, playOrPause, scrubTo } from './player.ts';
import { reportProblem, useRun } from './run.ts';

/** The fact that a note of now is at. Before the first fact there is none. */
function seqNow(): number {
  const { cursor, seekTo } = usePlayer.getState();
  return Math.floor(seekTo ?? cursor);
}

export function canAddNote(): boolean {
  return useRun.getState().phase !== 'empty' && seqNow() > 0;
}

/** Opens the editor for a note at the cursor: the one that is there, or a new one. */
export function editNoteHere(): void {
  pause();
  editNote(seqNow());
}

/** Opens the editor for the note at a fact, in place of the note at which playback stands. */
export function editNote(seq: number): void {
  closeStop();
  useNotes.setState({ editing: seq });
}

export function closeEditor(): void {
  useNotes.setState({ editing: undefined });
}

async function change(notes: readonly Note[]): Promise<void> {
  const { run } = useNotes.getState();
  if (run === undefined) return;
  // Shown at once; main's push follows.
  useNotes.setState({ notes, unsaved: true, editing: undefined });
  reportProblem(await bridge.call('notes:change', { run, notes }), run);
}

export async function keepNote(note: Note): Promise<void> {
  await change(withNote(useNotes.getState().notes, note));
}

export async function deleteNote(seq: number): Promise<void> {
  await change(withoutNote(useNotes.getState().notes, seq));
}

/** Goes to a note and shows it as playback would. */
export async function goToNote(seq: number): Promise<void> {
  await scrubTo(seq);
  standAt(seq);
}

/** Goes on from the note at which playback has stopped: what answers a question is revealed. */
export function goOn(): void {
  const { stop } = useNotes.getState();
  if (stop === undefined) return;
  if (stop.state === 'asked') useNotes.setState({ stop: { ...stop, state: 'revealed' } });
  else closeStop();
  const { playing, following } = usePlayer.getState();
  if (!playing && !following && stop.note.seq < useRun.getState().counts.facts) playOrPause();
}

/** Whether playback stops at notes. Turned off it leaves the note at which it stands. */
export function setPlayNotes(playNotes: boolean): void {
  useNotes.setState(playNotes ? { playNotes } : { playNotes, stop: undefined });
}

/** Copies a link to the fact at the cursor. */
export async function copyLink(): Promise<void> {
  const { info } = useRun.getState();
  if (info === undefined || seqNow() === 0) return;
  reportProblem(await bridge.call('link:copy', { run: info.run, seq: seqNow() }));
}

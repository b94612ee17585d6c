// The question before notes are lost that are in no file: with the run that they are of, which is replaced, or with the
// window.

import { dialog, type BrowserWindow } from 'electron';

import type { Result } from '../../shared/result.ts';

const SAVE = 0;
const LOSE = 1;
const STAY = 2;

interface NotesQuestion {
  readonly window: () => BrowserWindow | undefined;
  /** The title of the run with notes that are not saved. */
  readonly withUnsavedNotes: () => string | undefined;
  /** Saves the run. Undefined: the person has changed their mind. */
  readonly save: () => Promise<Result<string | undefined>>;
  /** Reports that the run could not be saved. */
  readonly report: (failure: Result<unknown>) => void;
}

/** Makes the question. It is answered with whether to go on: the notes were saved, or may be lost. */
export function createNotesQuestion({
  window,
  withUnsavedNotes,
  save,
  report,
}: NotesQuestion): () => Promise<boolean> {
  let asking = false;

  async function ask(over: BrowserWindow, title: string): Promise<boolean> {
    const { response } = await dialog.showMessageBox(over, {
      type: 'question',
      title: 'SocketScope',
      message: `The notes on ${title} are not saved.`,
      detail: 'They are kept in the file of the run: save the run to keep them.',
      buttons: ['Save run…', 'Lose the notes', 'Cancel'],
      defaultId: SAVE,
      cancelId: STAY,
      noLink: true,
    });
    if (response === LOSE) return true;
    if (response !== SAVE) return false;
    const saved = await save();
    if (!saved.ok) report(saved);
    return saved.ok && saved.value !== undefined;
  }

  return async () => {
    const title = withUnsavedNotes();
    const over = window();
    if (title === undefined || over === undefined) return true;
    // One at a time: a second one would be about the same notes.
    if (asking) return false;
    asking = true;
    try {
      return await ask(over, title);
    } finally {
      asking = false;
    }
  };
}

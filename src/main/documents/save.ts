// Saves the result or the trace of a run to the path chosen in the system's dialog, or lets the result be dragged out of
// the window.

import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { app, dialog, shell, type BrowserWindow, type FileFilter } from 'electron';

import type { RunInfo, RunPart } from '../../shared/ipc.ts';
import { failed, succeeded, type Result } from '../../shared/result.ts';
import { formatSize } from '../../shared/format.ts';
import { dragIcon } from '../window/drag-icon.ts';
import { saveAtomically, type CopyOptions } from '../../engine/files/atomic-save.ts';
import { partNameFor, traceNameFor } from '../../engine/files/names.ts';
import { isSameFile } from '../../engine/files/same-file.ts';
import { changeNotes } from '../../engine/recording/trace-notes.ts';
import { createRunFolder } from '../../engine/runs/run-folder.ts';
import { log } from '../log/log.ts';
import type { PressedButton } from '../window/pressed-button.ts';
import type { Pushes } from '../bridge/pushes.ts';
import type { RecentFiles } from './recent-files.ts';
import { titleOf } from './run-request.ts';
import type { Runs, Saveable } from './current-run.ts';

const RESULT_FILTERS: FileFilter[] = [{ name: 'All files', extensions: ['*'] }];
const TRACE_FILTERS: FileFilter[] = [
  { name: 'Saved runs', extensions: ['socketscope'] },
  { name: 'All files', extensions: ['*'] },
];

export interface Saving {
  /** Saves the result, or the part that came back. Returns its path; undefined where the dialog was dismissed. */
  saveResult(): Promise<Result<string | undefined>>;
  saveTrace(): Promise<Result<string | undefined>>;
  /** Saves a text of the whole run, or the bytes of a fact. */
  savePart(part: RunPart): Promise<Result<string | undefined>>;
  /** Cancels the writing of a part. */
  cancelPart(): void;
  /** Lets the system drag the result out of the window, where the mouse's button is down; does nothing otherwise. */
  dragResult(): void;
  /** Notes a file that was saved elsewhere, for `showSaved`. */
  noteSaved(path: string): void;
  showSaved(): void;
}

/** A run of a file is saved under the file's name, any other under its experiment's. */
function nameForTrace({ experiment, inputName }: RunInfo): string {
  return experiment === 'file' ? inputName : experiment;
}

interface SavingOptions {
  readonly runs: Runs;
  readonly recent: RecentFiles;
  readonly pushes: Pushes;
  readonly window: () => BrowserWindow | undefined;
  readonly pressedButton: PressedButton;
}

/** How the file is made that is saved: written first, or copied in part. */
interface HowToSave extends CopyOptions {
  readonly write?: (path: string) => Promise<Result<void>>;
}

export function createSaving({ recent, runs, pushes, window, pressedButton }: SavingOptions): Saving {
  let savedPath: string | undefined;
  /** The part that is written now. */
  let writing: { readonly name: string; readonly cancel: () => void } | undefined;

  /**
   * Asks for a path and saves there. The dialog itself asks before a file is replaced. The input and `beside`, another
   * file of the run that is not saved yet, are never replaced. `write` writes what is saved to `from` when the person has
   * chosen where to.
   */
  async function ask(
    from: string,
    name: string,
    { inputPath }: Pick<Saveable, 'inputPath'>,
    filters: FileFilter[],
    beside: string | undefined,
    { write, ...copy }: HowToSave = {},
  ): Promise<Result<string | undefined>> {
    const folder = inputPath === undefined ? app.getPath('documents') : dirname(inputPath);
    const over = window();
    const options = {
      // A run that was opened is offered its own path.
      defaultPath: resolve(folder, name),
      filters,
      properties: ['createDirectory' as const, 'showOverwriteConfirmation' as const],
    };
    const answer = await (over === undefined
      ? dialog.showSaveDialog(options)
      : dialog.showSaveDialog(over, options));
    if (answer.canceled || answer.filePath === '') return succeeded(undefined);
    if (beside !== undefined && (await isSameFile(answer.filePath, beside))) {
      return failed(
        'save-failed',
        `${answer.filePath} is a file of the run itself, which has still to be saved. Choose another folder.`,
        { path: answer.filePath },
      );
    }

    const written = await write?.(from);
    if (written?.ok === false) return written;
    const saved = await saveAtomically(
      from,
      answer.filePath,
      inputPath === undefined ? copy : { ...copy, notOver: inputPath },
    );
    if (!saved.ok) return saved;
    const { path, bytes } = saved.value;
    savedPath = path;
    pushes.notify({
      tone: 'done',
      text: `Saved ${basename(path)}, ${formatSize(bytes)}`,
      offer: 'show-in-folder',
    });
    return succeeded(path);
  }

  /** Writes a part of a run into a new file at `path`. What takes long says how far it is, and can be cancelled. */
  async function write(saveable: Saveable, part: RunPart, name: string, path: string): Promise<Result<void>> {
    writing = {
      name,
      cancel() {
        saveable.cancelWriting(failed('cancelled', `Cancelled: ${name} was not saved.`).problem);
      },
    };
    return await saveable.writePart(part, path, (share) => {
      pushes.notify({
        tone: 'done',
        text: `Writing ${name}: ${Math.floor(share * 100)} %`,
        offer: 'cancel-writing',
      });
    });
  }

  /** Holds the files of the shown run while `save` uses them: another run may replace it meanwhile. */
  async function fromShown(
    save: (saveable: Saveable) => Promise<Result<string | undefined>>,
  ): Promise<Result<string | undefined>> {
    const saveable = runs.holdSaveable();
    if (saveable === undefined) {
      return failed('nothing-to-save', 'There is nothing to save yet: run something first.');
    }
    try {
      if (!saveable.settled) {
        return failed(
          'run-not-finished',
          `${titleOf(saveable.info)} is still running: cancel it, or wait until it is through, and save then.`,
        );
      }
      return await save(saveable);
    } finally {
      saveable.release();
    }
  }

  return {
    saveResult: () =>
      fromShown(async (saveable) => {
        const { result, info } = saveable;
        if (info.experiment !== 'file') {
          return failed('nothing-to-save', `${titleOf(info)} has no file to save; Save run keeps all of it.`);
        }
        if (result === undefined) {
          return failed(
            'nothing-to-save',
            info.origin === 'opened'
              ? `This is a saved run of ${info.inputName}, opened to be watched: its result is not kept in it. Run the file again to save its result.`
              : `Nothing came back of ${info.inputName}, so there is no result to save.`,
          );
        }
        const saved = await ask(result.path, result.name, saveable, RESULT_FILTERS, saveable.tracePath);
        if (saved.ok && saved.value !== undefined) {
          saveable.markSaved();
          pushes.push({ type: 'result-taken' });
        }
        return saved;
      }),
    saveTrace: () =>
      fromShown(async (saveable) => {
        // A file that cannot be read is reported when it is copied.
        const found = await stat(saveable.tracePath).catch(() => undefined);
        if (found?.size === 0) {
          return failed(
            'not-kept',
            `Nothing of ${titleOf(saveable.info)} could be recorded, so there is no run to save. Free some space for temporary files and run it again.`,
          );
        }
        const { info, notes, openedPath, tracePath, result } = saveable;
        const change = notes === undefined ? succeeded({}) : await changeNotes(tracePath, notes);
        if (!change.ok) return change;
        const name = openedPath ?? traceNameFor(nameForTrace(info));
        const saved = await ask(tracePath, name, saveable, TRACE_FILTERS, result?.path, change.value);
        if (saved.ok && saved.value !== undefined) {
          saveable.markTraceSaved(saved.value);
          void recent.add(saved.value, 'run');
        }
        return saved;
      }),
    savePart: (part) =>
      fromShown(async (saveable) => {
        if (writing !== undefined) {
          return failed('busy', `${writing.name} is still being written: cancel that, or wait for it.`);
        }
        const made = await createRunFolder('part');
        if (!made.ok) return made;
        const folder = made.value;
        try {
          const name = partNameFor(nameForTrace(saveable.info), part);
          const saved = await ask(
            join(folder.path, 'part'),
            name,
            saveable,
            RESULT_FILTERS,
            saveable.tracePath,
            { write: (path) => write(saveable, part, name, path) },
          );
          if (saved.ok || saved.problem.code !== 'cancelled') return saved;
          pushes.notify({ tone: 'done', text: saved.problem.message });
          return succeeded(undefined);
        } finally {
          writing = undefined;
          await folder.remove();
        }
      }),
    cancelPart() {
      writing?.cancel();
    },
    dragResult() {
      const file = runs.shownResultPath;
      const over = window();
      if (file === undefined || over === undefined) return;
      // Main is blocked until the button is released: for a minute where it is not down.
      if (!pressedButton.consume()) {
        log.warn('Refused to drag the result: no button of the mouse is down.');
        return;
      }
      over.webContents.startDrag({ file, icon: dragIcon() });
      log.info(`Dragging ${basename(file)}`);
      pushes.push({ type: 'result-taken' });
    },
    noteSaved(path) {
      savedPath = path;
    },
    showSaved() {
      if (savedPath !== undefined) shell.showItemInFolder(savedPath);
    },
  };
}

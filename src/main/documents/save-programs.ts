// Saves the programs beside the picture as files, with the input that they read, in a folder of the person's choice.

import { join } from 'node:path';

import { app, dialog, type BrowserWindow } from 'electron';

import type { ProgramsRequest } from '../../shared/ipc.ts';
import { readsFile } from '../../shared/experiments/definitions.ts';
import { listOf } from '../../shared/experiments/options.ts';
import { startLines, textOf } from '../../shared/experiments/programs/program.ts';
import { programsOf } from '../../shared/experiments/programs/programs.ts';
import { succeeded, type Result } from '../../shared/result.ts';
import { checkTarget, saveAtomically, writeAtomically } from '../../engine/files/atomic-save.ts';
import { isSameFile } from '../../engine/files/same-file.ts';
import type { Pushes } from '../bridge/pushes.ts';
import type { RunInput } from './run-request.ts';
import { sampleTextFor } from './sample.ts';

const REPLACE = 0;
const KEEP = 1;

interface ProgramSavingOptions {
  readonly pushes: Pushes;
  readonly window: () => BrowserWindow | undefined;
  /** The input that would be sent now. */
  readonly input: () => RunInput;
  /** Remembers a saved file, for "Show in folder". */
  readonly saved: (path: string) => void;
}

/** A file to write: a text, or a copy of another file. */
interface FileToSave {
  readonly name: string;
  readonly content: { readonly text: string } | { readonly copyOf: string };
}

/**
 * Returns what saves the programs: it asks for a folder, and before it replaces a file. Resolves with the folder; undefined
 * where a question was dismissed. Nothing is written unless all of the files may be.
 */
export function createProgramSaving({
  pushes,
  window,
  input,
  saved,
}: ProgramSavingOptions): (request: ProgramsRequest) => Promise<Result<string | undefined>> {
  async function askForFolder(): Promise<string | undefined> {
    const over = window();
    const options = {
      title: 'Save the programs in a folder',
      buttonLabel: 'Save here',
      defaultPath: app.getPath('documents'),
      properties: ['openDirectory' as const, 'createDirectory' as const],
    };
    const { canceled, filePaths } = await (over === undefined
      ? dialog.showOpenDialog(options)
      : dialog.showOpenDialog(over, options));
    return canceled ? undefined : filePaths[0];
  }

  async function mayReplace(names: readonly string[], folder: string): Promise<boolean> {
    const over = window();
    const options = {
      type: 'question' as const,
      title: 'SocketScope',
      message: `Replace ${listOf(names, 'and')}?`,
      detail: `${folder} has ${names.length === 1 ? 'a file of that name' : 'files of these names'} already.`,
      buttons: ['Replace', 'Cancel'],
      defaultId: KEEP,
      cancelId: KEEP,
      noLink: true,
    };
    const { response } = await (over === undefined
      ? dialog.showMessageBox(options)
      : dialog.showMessageBox(over, options));
    return response === REPLACE;
  }

  /** The input, where the programs read one and it is not in the folder already. A run of another input has only its name. */
  async function inputFor(
    { experiment, options }: ProgramsRequest,
    folder: string,
  ): Promise<readonly FileToSave[]> {
    const { name, path } = input();
    if (!readsFile(experiment) || name !== options.inputName) return [];
    if (path === undefined) return [{ name, content: { text: sampleTextFor(experiment) } }];
    return (await isSameFile(path, join(folder, name))) ? [] : [{ name, content: { copyOf: path } }];
  }

  return async (request) => {
    const folder = await askForFolder();
    if (folder === undefined) return succeeded(undefined);
    const { path: inputPath } = input();
    const over = inputPath === undefined ? {} : { notOver: inputPath };
    const programs = programsOf(request.experiment, request.language, request.options);
    const files: readonly FileToSave[] = [
      ...programs.map((each) => ({ name: each.file, content: { text: textOf(each) } })),
      ...(await inputFor(request, folder)),
    ];
    const there: string[] = [];
    for (const { name } of files) {
      const checked = await checkTarget(join(folder, name), over);
      if (!checked.ok) return checked;
      if (checked.value.mode !== undefined) there.push(name);
    }
    if (there.length > 0 && !(await mayReplace(there, folder))) return succeeded(undefined);
    for (const { name, content } of files) {
      const target = join(folder, name);
      const written =
        'text' in content
          ? await writeAtomically(Buffer.from(content.text), target, over)
          : await saveAtomically(content.copyOf, target, over);
      if (!written.ok) return written;
      saved(written.value.path);
    }
    const names = listOf(
      files.map(({ name }) => name),
      'and',
    );
    pushes.notify({
      tone: 'done',
      text: `Saved ${names} in ${folder}. To run: ${startLines(programs).join(', then ')}`,
      offer: 'show-in-folder',
    });
    return succeeded(folder);
  };
}

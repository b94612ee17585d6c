// Saves the picture that the window shows at a path chosen in the system's dialog, or copies it to the clipboard.

import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import {
  app,
  clipboard,
  ClipboardItem,
  dialog,
  nativeImage,
  type BrowserWindow,
  type FileFilter,
} from 'electron';

import { fittedName, plainName } from '../../shared/file-name.ts';
import { formatSize } from '../../shared/format.ts';
import type { Language } from '../../shared/experiments/programs/program.ts';
import type { RunInfo } from '../../shared/ipc.ts';
import { failed, succeeded, type Result } from '../../shared/result.ts';
import { writeAtomically } from '../../engine/files/atomic-save.ts';
import { isSameFile } from '../../engine/files/same-file.ts';
import type { Pushes } from '../bridge/pushes.ts';
import type { Runs, Saveable } from './current-run.ts';
import { gatherReplay } from './gather-replay.ts';
import { replayPage } from './replay-page.ts';
import { titleOf } from './run-request.ts';

export interface PictureSaving {
  /** Each resolves with the path of the file; undefined where the dialog was dismissed. */
  saveSvg(text: string, fact: number): Promise<Result<string | undefined>>;
  savePng(png: Uint8Array, fact: number): Promise<Result<string | undefined>>;
  /** A page that plays the run, or of a long one the facts around that one. */
  saveReplay(fact: number): Promise<Result<string | undefined>>;
  copy(png: Uint8Array): Promise<Result<void>>;
}

interface PictureSavingOptions {
  readonly runs: Runs;
  readonly pushes: Pushes;
  readonly window: () => BrowserWindow | undefined;
  /** Of the programs' words in the picture. */
  readonly language: () => Language;
  /** Remembers a saved file, for "Show in folder". */
  readonly saved: (path: string) => void;
}

const ALL: FileFilter = { name: 'All files', extensions: ['*'] };

/** `in-proj.txt` at fact 18 gives `in-proj-18`: pictures of one run lie beside each other. */
function stemOf({ experiment, inputName }: RunInfo, fact?: number): string {
  const name = experiment === 'file' ? plainName(inputName) : experiment;
  const dot = name.lastIndexOf('.');
  return `${dot > 0 ? name.slice(0, dot) : name}${fact === undefined ? '' : `-${fact}`}`;
}

/** The clipboard of the oldest Electron takes its own images; that of the newest is like the web's. */
async function writeToClipboard(png: Uint8Array): Promise<void> {
  const writeImage: unknown = Reflect.get(clipboard, 'writeImage');
  if (typeof writeImage === 'function') {
    Reflect.apply(writeImage, clipboard, [nativeImage.createFromBuffer(Buffer.from(png))]);
    return;
  }
  const image = new Blob([Uint8Array.from(png)], { type: 'image/png' });
  await clipboard.write([new ClipboardItem({ 'image/png': image })]);
}

export function createPictureSaving({
  runs,
  pushes,
  window,
  language,
  saved,
}: PictureSavingOptions): PictureSaving {
  /** Asks for a path and writes there. The input and the run's own files are never replaced. */
  async function ask(
    bytes: Uint8Array,
    name: string,
    filter: FileFilter,
    { inputPath, tracePath, result }: Saveable,
  ): Promise<Result<string | undefined>> {
    const over = window();
    const folder = inputPath === undefined ? app.getPath('documents') : dirname(inputPath);
    const options = {
      defaultPath: join(folder, fittedName(name)),
      filters: [filter, ALL],
      properties: ['createDirectory' as const, 'showOverwriteConfirmation' as const],
    };
    const { canceled, filePath } = await (over === undefined
      ? dialog.showSaveDialog(options)
      : dialog.showSaveDialog(over, options));
    if (canceled || filePath === '') return succeeded(undefined);
    for (const own of [tracePath, ...(result === undefined ? [] : [result.path])]) {
      if (!(await isSameFile(filePath, own))) continue;
      return failed(
        'save-failed',
        `${filePath} is a file of the run itself, which has still to be saved. Choose another folder.`,
        { path: filePath },
      );
    }
    const written = await writeAtomically(
      bytes,
      filePath,
      inputPath === undefined ? {} : { notOver: inputPath },
    );
    if (!written.ok) return written;
    const { path, bytes: size } = written.value;
    saved(path);
    pushes.notify({
      tone: 'done',
      text: `Saved ${basename(path)}, ${formatSize(size)}`,
      offer: 'show-in-folder',
    });
    return succeeded(path);
  }

  /** Holds the files of the shown run meanwhile: another run may replace it. */
  async function ofShown(
    save: (saveable: Saveable) => Promise<Result<string | undefined>>,
  ): Promise<Result<string | undefined>> {
    const saveable = runs.holdSaveable();
    if (saveable === undefined) {
      return failed('nothing-to-save', 'There is no picture of a run yet: run something first.');
    }
    try {
      return await save(saveable);
    } finally {
      saveable.release();
    }
  }

  return {
    saveSvg: (text, fact) =>
      ofShown((saveable) =>
        ask(
          Buffer.from(text),
          `${stemOf(saveable.info, fact)}.svg`,
          { name: 'SVG pictures', extensions: ['svg'] },
          saveable,
        ),
      ),
    savePng: (png, fact) =>
      ofShown((saveable) =>
        ask(
          png,
          `${stemOf(saveable.info, fact)}.png`,
          { name: 'PNG pictures', extensions: ['png'] },
          saveable,
        ),
      ),
    saveReplay: (fact) =>
      ofShown(async (saveable) => {
        const { info, settled } = saveable;
        if (!settled) {
          return failed(
            'run-not-finished',
            `${titleOf(info)} is still running: cancel it, or wait until it is through, and save then.`,
          );
        }
        const replay = await gatherReplay(runs, saveable, fact, language());
        if (!replay.ok) return replay;
        const template = await readFile(join(import.meta.dirname, 'replay.html'), 'utf8');
        const page = replayPage(template, `${titleOf(info)} · SocketScope`, replay.value);
        return await ask(
          Buffer.from(page),
          `${stemOf(info)}.html`,
          { name: 'Web pages', extensions: ['html'] },
          saveable,
        );
      }),
    async copy(png) {
      await writeToClipboard(png);
      pushes.notify({ tone: 'done', text: 'Copied the picture' });
      return succeeded(undefined);
    },
  };
}

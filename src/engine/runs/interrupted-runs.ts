// Runs that were interrupted when the window closed. Their trace and partial result stay in the user's data folder
// until the person has seen them.

import { copyFile, mkdir, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { systemErrorOf } from '../system/system-error.ts';

const NOTE_NAME = 'kept.json';
const TRACE_NAME = 'run.socketscope';
/** The result has a folder of its own: a person may have given it one of the names above. */
const RESULT_FOLDER = 'result';
const UNREADABLE = 'unreadable-';

const NOTE_SCHEMA = z.object({
  inputName: z.string().min(1),
  /** Absent for the built-in sample. */
  inputPath: z.string().min(1).exactOptional(),
  /** A name without any folder: the name of the result in the folder of the interrupted run. */
  resultName: z
    .string()
    .min(1)
    .refine((name) => !/[/\\]/.test(name) && name !== '..' && name !== '.'),
  resultBytes: z.int().min(0),
  linesReceived: z.int().min(0),
});

export type InterruptedRunNote = z.infer<typeof NOTE_SCHEMA>;

export interface InterruptedRun {
  readonly folder: string;
  readonly tracePath: string;
  /** Absent where no reply had arrived. */
  readonly resultPath?: string;
  readonly note: InterruptedRunNote;
}

/** The newest interrupted run: one to show, or a folder with invalid contents, which was set aside. */
export type NewestRun =
  | { readonly kind: 'readable'; readonly run: InterruptedRun }
  | { readonly kind: 'unreadable'; readonly folder: string; readonly cause: unknown };

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (systemErrorOf(error).code !== 'EXDEV') throw error;
    // The run's folder is on another disk, often one in memory.
    await copyFile(from, to);
    const [was, is] = await Promise.all([stat(from), stat(to)]);
    if (was.size !== is.size)
      throw new Error(`Only ${is.size} of ${was.size} bytes of ${from} could be kept`);
    await unlink(from);
  }
}

/** Creates a folder of that name, or with the next free number appended; never returns an existing one. */
async function makeFolder(path: string, again = 1): Promise<string> {
  const folder = again === 1 ? path : `${path}-${again}`;
  try {
    await mkdir(folder, { mode: 0o700 });
    return folder;
  } catch (error) {
    if (systemErrorOf(error).code !== 'EEXIST') throw error;
    return await makeFolder(path, again + 1);
  }
}

/**
 * Moves the files of a run into a new folder below `root`. Throws on failure; each file is then in its old or new
 * place.
 */
export async function saveInterruptedRun(
  root: string,
  run: { readonly tracePath: string; readonly resultPath?: string; readonly note: InterruptedRunNote },
): Promise<string> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const folder = await makeFolder(join(root, new Date().toISOString().replaceAll(':', '-')));
  await writeFile(join(folder, NOTE_NAME), JSON.stringify(run.note));
  if (run.resultPath !== undefined) {
    await mkdir(join(folder, RESULT_FOLDER), { mode: 0o700 });
    await move(run.resultPath, join(folder, RESULT_FOLDER, run.note.resultName));
  }
  await move(run.tracePath, join(folder, TRACE_NAME));
  return folder;
}

/**
 * Finds the newest run below `root`. One that cannot be read is renamed, so that it is reported once and never deleted.
 */
export async function newestInterruptedRun(root: string): Promise<NewestRun | undefined> {
  let names: string[];
  try {
    names = await readdir(root);
  } catch {
    return undefined;
  }
  // The names are times: the last one in order is the newest.
  const newest = names
    .filter((name) => !name.startsWith(UNREADABLE))
    .sort()
    .at(-1);
  if (newest === undefined) return undefined;
  const folder = join(root, newest);
  try {
    const note = NOTE_SCHEMA.parse(JSON.parse(await readFile(join(folder, NOTE_NAME), 'utf8')));
    const tracePath = join(folder, TRACE_NAME);
    await stat(tracePath);
    if (note.resultBytes === 0) return { kind: 'readable', run: { folder, tracePath, note } };
    const resultPath = join(folder, RESULT_FOLDER, note.resultName);
    await stat(resultPath);
    return { kind: 'readable', run: { folder, tracePath, resultPath, note } };
  } catch (cause) {
    return { kind: 'unreadable', folder: await setAside(root, newest), cause };
  }
}

async function setAside(root: string, name: string): Promise<string> {
  const aside = join(root, `${UNREADABLE}${name}`);
  await rename(join(root, name), aside);
  return aside;
}

/** Sets aside an interrupted run that proved unreadable, and returns its new folder. */
export async function setInterruptedRunAside(root: string, run: InterruptedRun): Promise<string> {
  return await setAside(root, run.folder.slice(root.length + 1));
}

/** Deletes an interrupted run that the person has seen and no longer needs. */
export async function deleteInterruptedRun(run: InterruptedRun): Promise<void> {
  await rm(run.folder, { recursive: true, force: true });
}

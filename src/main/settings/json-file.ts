// Small JSON files in the user's data folder: read whole, written whole and only by renaming, kept aside where they are
// damaged. settings.ts, port-history.ts and others keep what they keep in one of these.

import { readFileSync, renameSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

import { systemErrorOf } from '../../engine/system/system-error.ts';

export type Warn = (text: string, cause?: unknown) => void;

/** What was found in a file, and what was wrong with it, where something was. */
export interface Understood<Value> {
  readonly value: Value;
  readonly damage?: string;
}

/** Longer than any of these files is when it is written; JSON.parse builds many times the room of a text. */
const MAX_CHARACTERS = 1024 * 1024;

/**
 * Reads a file. One that is missing or cannot be read is `otherwise`; one that is no JSON, or of which `understand` says
 * what is wrong, is kept beside as `NAME.damaged-TIME.json`, because a person may have written it by hand. It is read at
 * once: the window waits for it, and to hear of a file that was read takes Electron's main process 20 ms while Chromium
 * starts (measured), while reading takes none.
 */
export function readJsonFile<Value>(
  path: string,
  otherwise: Value,
  understand: (found: unknown) => Understood<Value>,
  warn: Warn,
): Value {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const missing = systemErrorOf(error).code === 'ENOENT';
    if (!missing) warn(`${path} cannot be read: defaults hold.`, error);
    return otherwise;
  }
  const { value, damage } = read(text, otherwise, understand);
  if (damage === undefined) return value;
  try {
    const aside = asideOf(path);
    renameSync(path, aside);
    warn(`${path} is damaged: ${damage}. Defaults hold instead; the file is kept as ${aside}.`);
  } catch (error) {
    warn(`${path} is damaged: ${damage}. Defaults hold instead; the file could not be set aside.`, error);
  }
  return value;
}

function read<Value>(
  text: string,
  otherwise: Value,
  understand: (found: unknown) => Understood<Value>,
): Understood<Value> {
  if (text.length > MAX_CHARACTERS) {
    return { value: otherwise, damage: `it has more than ${MAX_CHARACTERS} characters` };
  }
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    return { value: otherwise, damage: `it is no JSON (${String(error)})` };
  }
  return understand(found);
}

function asideOf(path: string): string {
  const extension = extname(path);
  const time = new Date().toISOString().replaceAll(':', '-');
  return join(dirname(path), `${basename(path, extension)}.damaged-${time}${extension}`);
}

/** What writes one file, one write after the other. */
export interface JsonFileWriter {
  /** Resolves when it is on the disk, or when that failed, which is told to `warn` and is no failure of the caller. */
  write(value: unknown): Promise<void>;
}

export function createJsonFileWriter(path: string, warn: Warn): JsonFileWriter {
  let lastWrite: Promise<void> = Promise.resolve();
  return {
    write(value) {
      const text = `${JSON.stringify(value, null, 2)}\n`;
      lastWrite = lastWrite
        .then(() => writeAtomically(path, text))
        .catch((error: unknown) => {
          warn(`${path} cannot be written: the change holds until the app is closed.`, error);
        });
      return lastWrite;
    },
  };
}

async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path, extname(path))}-${String(process.pid)}.tmp`);
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

// Small JSON files in the user's data folder. They are read and written whole, replaced atomically, and kept aside where
// they are damaged.

import { readFileSync, renameSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

import { systemErrorOf } from '../../engine/system/system-error.ts';

export type Warn = (text: string, cause?: unknown) => void;

/** The value of a file, and what was wrong with the file, where something was. */
export interface Parsed<Value> {
  readonly value: Value;
  readonly damage?: string;
}

/** Longer than any of these files. Bounds what JSON.parse builds, which is many times the size of the text. */
const MAX_CHARACTERS = 1024 * 1024;

/**
 * Reads a file. Returns `fallback` for one that is missing or cannot be read. One that is not JSON, or in which `parse`
 * finds damage, is kept as `NAME.damaged-TIME.json`, because a person may have written it by hand.
 *
 * Synchronous on purpose: during start an async read is delivered 20 ms late (measured).
 */
export function readJsonFile<Value>(
  path: string,
  fallback: Value,
  parse: (found: unknown) => Parsed<Value>,
  warn: Warn,
): Value {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const missing = systemErrorOf(error).code === 'ENOENT';
    if (!missing) warn(`${path} cannot be read: defaults hold.`, error);
    return fallback;
  }
  const { value, damage } = parseText(text, fallback, parse);
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

function parseText<Value>(
  text: string,
  fallback: Value,
  parse: (found: unknown) => Parsed<Value>,
): Parsed<Value> {
  if (text.length > MAX_CHARACTERS) {
    return { value: fallback, damage: `it has more than ${MAX_CHARACTERS} characters` };
  }
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    return { value: fallback, damage: `it is no JSON (${String(error)})` };
  }
  return parse(found);
}

function asideOf(path: string): string {
  const extension = extname(path);
  const time = new Date().toISOString().replaceAll(':', '-');
  return join(dirname(path), `${basename(path, extension)}.damaged-${time}${extension}`);
}

/** Writes one file, one write after the other. */
export interface JsonFileWriter {
  /** Resolves when the value is on the disk, or when writing failed, which is reported to `warn`. Never rejects. */
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

// The notes of a run, behind the facts in its file. They are read, and replaced in a copy, without the facts: damage to
// them costs no fact.

import { appendFile, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';

import { MAX_NOTES_BYTES, MAX_NOTES_PARTS, parseNotes, type Note } from '../../shared/notes.ts';
import { failed, succeeded, type Result } from '../../shared/result.ts';
import { hasMoreParts } from '../../shared/trace/json-structure.ts';
import { readProblem } from '../files/file-problems.ts';
import { readAt, type ChunkSource } from './trace-chunks.ts';
import {
  CHUNK_HEADER_BYTES,
  encodeNotes,
  FILE_HEADER_BYTES,
  FOOTER_BYTES,
  isDataIntact,
  isHeadIntact,
  isOfNotes,
  parseHeader,
  parseNotesFooter,
  type BytesPlace,
} from './trace-file.ts';
import { createTraceIndex } from './trace-index.ts';

/** A file without what is known of its chunks. */
export function sourceOf(path: string, handle: FileHandle): ChunkSource {
  return { path, index: createTraceIndex(), notOnDisk: () => undefined, file: () => Promise.resolve(handle) };
}

/** Where the notes are in a file of that size, by its end; undefined where it has none there. */
export async function findNotes(source: ChunkSource, size: number): Promise<BytesPlace | undefined> {
  if (size < FILE_HEADER_BYTES + CHUNK_HEADER_BYTES + FOOTER_BYTES) return undefined;
  const footer = await readAt(source, size - FOOTER_BYTES, FOOTER_BYTES);
  return footer.ok ? parseNotesFooter(footer.value, size) : undefined;
}

/** The notes at that place; a failure is a whole sentence, and no reason not to show the run. */
export async function readNotes(source: ChunkSource, place: BytesPlace): Promise<Result<readonly Note[]>> {
  const damaged = (what: string): Result<never> =>
    failed(
      'run-damaged',
      `The notes in ${basename(source.path)} are damaged and not shown: ${what}. The run itself is here.`,
      { path: source.path },
    );
  if (place.bytes > CHUNK_HEADER_BYTES + MAX_NOTES_BYTES) return damaged('there is more than notes can be');
  const chunk = await readAt(source, place.offset, place.bytes);
  if (!chunk.ok) return damaged('their end is missing');
  const header = parseHeader(chunk.value);
  if (header === undefined || !isOfNotes(header) || header.bytes !== place.bytes) {
    return damaged('the header of their chunk is wrong');
  }
  const json = chunk.value.subarray(CHUNK_HEADER_BYTES);
  const head = chunk.value.subarray(0, CHUNK_HEADER_BYTES);
  if (!isHeadIntact(head) || !isDataIntact(head, crc32(json))) {
    return damaged('the checksum of their chunk is wrong');
  }
  if (!isUtf8(json) || hasMoreParts(json, MAX_NOTES_PARTS)) return damaged('they are no notes');
  let value: unknown;
  try {
    value = JSON.parse(json.toString('utf8'));
  } catch {
    return damaged('they are no JSON');
  }
  const notes = parseNotes(value);
  return notes.ok ? notes : damaged(notes.problem.message);
}

/** What a copy of a run takes from its file, and what is behind that. */
export interface NotesChange {
  readonly upTo: number;
  readonly tail: Buffer;
}

/** How a copy of the run in this packed file gets these notes in place of those it has. */
export async function changeNotes(path: string, notes: readonly Note[]): Promise<Result<NotesChange>> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    return { ok: false, problem: readProblem(error, path) };
  }
  try {
    const { size } = await handle.stat();
    const place = await findNotes(sourceOf(path, handle), size);
    const upTo = place?.offset ?? size;
    const json = Buffer.from(JSON.stringify(notes), 'utf8');
    return succeeded({
      upTo,
      tail: notes.length === 0 ? json.subarray(0, 0) : encodeNotes(json, notes.length, upTo),
    });
  } catch (error) {
    return { ok: false, problem: readProblem(error, path) };
  } finally {
    await handle.close();
  }
}

/** Adds notes to the packed file of a run that has none. A failure is thrown. */
export async function appendNotes(path: string, notes: readonly Note[]): Promise<void> {
  const change = await changeNotes(path, notes);
  if (!change.ok) throw new Error(change.problem.message);
  await appendFile(path, change.value.tail);
}

// Finds the chunks of a trace file: by its index, or, where the recorder did not come to write one, by going from chunk to
// chunk.

import type { FileHandle } from 'node:fs/promises';

import { readProblem } from '../files/file-problems.ts';
import { succeeded, type Result } from '../../shared/result.ts';
import type { RunCounts } from '../../shared/trace/counts.ts';
import { damagedAt, isIntact, readAt, type ChunkSource } from './trace-chunks.ts';
import { findNotes, sourceOf } from './trace-notes.ts';
import {
  CHUNK_HEADER_BYTES,
  FILE_HEADER_BYTES,
  FOOTER_BYTES,
  isOfFacts,
  isOfIndex,
  isOfNotes,
  parseFooter,
  parseHeader,
  parseIndex,
  type BytesPlace,
  type ChunkHeader,
} from './trace-file.ts';
import { createTraceIndex, type TraceIndex } from './trace-index.ts';

/** The chunks of a trace file, and the counts of the run up to the last of them. */
export interface FoundChunks {
  readonly index: TraceIndex;
  readonly counts: RunCounts;
  /** Where the notes are, if there are any. */
  readonly notes?: BytesPlace;
}

/**
 * Finds the chunks of a packed trace. Where its end is missing or damaged, it goes as far as its chunks are intact; one
 * without any is `run-damaged`.
 */
export async function openIndex(path: string, handle: FileHandle): Promise<Result<FoundChunks>> {
  let size: number;
  try {
    ({ size } = await handle.stat());
  } catch (error) {
    return { ok: false, problem: readProblem(error, path) };
  }
  const source = sourceOf(path, handle);
  const notes = await findNotes(source, size);
  const found = succeededOr(await byFooter(source, notes?.offset ?? size)) ?? (await byWalking(source, size));
  return found.ok && notes !== undefined ? succeeded({ ...found.value, notes }) : found;
}

function succeededOr(found: FoundChunks | undefined): Result<FoundChunks> | undefined {
  return found && succeeded(found);
}

async function byFooter(source: ChunkSource, size: number): Promise<FoundChunks | undefined> {
  if (size < FILE_HEADER_BYTES + FOOTER_BYTES) return undefined;
  const footer = await readAt(source, size - FOOTER_BYTES, FOOTER_BYTES);
  const place = footer.ok ? parseFooter(footer.value, size) : undefined;
  if (place === undefined) return undefined;
  const header = await readAt(source, place.offset, CHUNK_HEADER_BYTES);
  const parsed = header.ok ? parseHeader(header.value) : undefined;
  // An index has an entry for each chunk: a fifth of the file at most.
  if (parsed?.bytes !== place.bytes || place.bytes > place.offset + CHUNK_HEADER_BYTES) return undefined;
  const chunk = await readAt(source, place.offset, place.bytes);
  return chunk.ok ? parseIndex(chunk.value, place.offset) : undefined;
}

interface FoundChunk {
  readonly offset: number;
  readonly header: ChunkHeader;
}

async function byWalking(source: ChunkSource, size: number): Promise<Result<FoundChunks>> {
  const { path } = source;
  const index = createTraceIndex();
  let last: FoundChunk | undefined;
  let notes: BytesPlace | undefined;
  for (let offset = FILE_HEADER_BYTES; offset + CHUNK_HEADER_BYTES <= size;) {
    const bytes = await readAt(source, offset, CHUNK_HEADER_BYTES);
    if (!bytes.ok) return bytes;
    const header = parseHeader(bytes.value);
    if (header !== undefined && !isOfFacts(header)) notes = await notesFrom(source, { offset, header }, size);
    if (header === undefined || !isOfFacts(header) || offset + header.bytes > size) break;
    if (!follows(header, last?.header)) break;
    index.add({ offset, ...header });
    last = { offset, header };
    offset += header.bytes;
    index.end = offset;
  }
  // What was written last may not have reached the disk.
  while (last !== undefined && !(await isIntact(source, last.offset, last.header))) {
    index.forgetFrom(last.offset);
    last = await chunkBefore(source, index);
  }
  if (last === undefined) return damagedAt(path, FILE_HEADER_BYTES, 'its first chunk is not whole');
  index.landmarks = last.header.landmarksBefore + last.header.landmarks;
  index.lines = last.header.linesAfter;
  return succeeded({ index, counts: last.header.counts, ...(notes === undefined ? {} : { notes }) });
}

/** The notes of a file whose end is missing: behind this chunk, which is an index, or the chunk itself. */
async function notesFrom(
  source: ChunkSource,
  { offset, header }: FoundChunk,
  size: number,
): Promise<BytesPlace | undefined> {
  if (isOfNotes(header)) return { offset, bytes: header.bytes };
  const behind = offset + header.bytes + FOOTER_BYTES;
  if (!isOfIndex(header) || behind + CHUNK_HEADER_BYTES > size) return undefined;
  const bytes = await readAt(source, behind, CHUNK_HEADER_BYTES);
  const parsed = bytes.ok ? parseHeader(bytes.value) : undefined;
  return parsed !== undefined && isOfNotes(parsed) ? { offset: behind, bytes: parsed.bytes } : undefined;
}

/** Whether a chunk with this header can come behind the one before it. */
function follows(header: ChunkHeader, before: ChunkHeader | undefined): boolean {
  if (before === undefined) return header.firstSeq === 1 && header.landmarksBefore === 0;
  return (
    header.firstSeq >= before.firstSeq + before.count &&
    header.landmarksBefore === before.landmarksBefore + before.landmarks &&
    header.linesBefore >= before.linesBefore
  );
}

/** The last chunk of the index. */
async function chunkBefore(source: ChunkSource, index: TraceIndex): Promise<FoundChunk | undefined> {
  const entry = index.at(index.count - 1);
  if (entry === undefined) return undefined;
  const bytes = await readAt(source, entry.offset, CHUNK_HEADER_BYTES);
  const header = bytes.ok ? parseHeader(bytes.value) : undefined;
  return header && { offset: entry.offset, header };
}

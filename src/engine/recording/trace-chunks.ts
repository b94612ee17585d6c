// Reads the chunks of a trace file: one pread gets a chunk, or several small ones. Of a chunk that is large only its head
// is read, and of its data what is asked for.

import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';

import { failed, succeeded, type Problem, type Result } from '../../shared/result.ts';
import { dataAt, dataPlaceAt, isJsonAt, RECORD_BYTES, type PackedFacts } from '../../shared/trace/packed.ts';
import { readProblem } from '../files/file-problems.ts';
import {
  CHUNK_HEADER_BYTES,
  isDataIntact,
  isHeadIntact,
  isOfFacts,
  parseChunk,
  parseHeader,
  type ChunkHeader,
} from './trace-file.ts';
import type { TraceIndex } from './trace-index.ts';

/** Chunks up to this size are read whole, and small ones together up to this size. */
const READ_TOGETHER_BYTES = 4 * 1024 ** 2;

/** Larger than the chunk of the longest line, which in JSON can be six times as long. */
const MAX_CHUNK_BYTES = 512 * 1024 ** 2;

/** Where chunks are read from. The recorder's are partly in memory. */
export interface ChunkSource {
  readonly path: string;
  readonly index: TraceIndex;
  /** The bytes of the chunk at this offset, where they are in memory. */
  notOnDisk(offset: number): Buffer | undefined;
  /** The file. Rejects where it could not be made. */
  file(): Promise<FileHandle>;
}

/** A chunk with its records in memory. */
export interface LoadedChunk {
  readonly offset: number;
  readonly header: ChunkHeader;
  readonly head: Buffer;
  /** Its facts; they have no data where `data` is undefined. */
  readonly facts: PackedFacts;
  readonly data: Buffer | undefined;
}

/** `path` is damaged at a byte of it. */
export function damagedAt(path: string, offset: number, what: string): Result<never> {
  return failed(
    'run-damaged',
    `${basename(path)} is damaged at byte ${offset}: ${what}. Open another copy of the run or record it again.`,
    { path },
  );
}

function changed(path: string): { readonly ok: false; readonly problem: Problem } {
  return failed('run-damaged', `${path} was changed after it was opened. Open it again.`, { path });
}

/** Reads exactly `bytes` bytes. */
export async function readAt(source: ChunkSource, offset: number, bytes: number): Promise<Result<Buffer>> {
  const buffer = Buffer.allocUnsafeSlow(bytes);
  try {
    const handle = await source.file();
    let read = 0;
    while (read < bytes) {
      const { bytesRead } = await handle.read(buffer, read, bytes - read, offset + read);
      if (bytesRead === 0) return changed(source.path);
      read += bytesRead;
    }
    return succeeded(buffer);
  } catch (error) {
    return { ok: false, problem: readProblem(error, source.path) };
  }
}

/** A range of chunks as they were when it was asked for: those in memory stay there until they have been handled. */
interface ChunkRange {
  readonly offset: number;
  readonly bytes: number;
  readonly memory: Buffer | undefined;
}

/** Loads the chunks from `first` to `last` of the index, one after the other, as they are at the time of the call. */
export function loadChunks(
  source: ChunkSource,
  first: number,
  last: number,
): AsyncGenerator<Result<LoadedChunk>, void, void> {
  const ranges: ChunkRange[] = [];
  for (let number = Math.max(0, first); number <= Math.min(last, source.index.count - 1); number += 1) {
    const offset = source.index.at(number)?.offset ?? 0;
    ranges.push({ offset, bytes: source.index.endOf(number) - offset, memory: source.notOnDisk(offset) });
  }
  return loadRanges(source, ranges);
}

async function* loadRanges(
  source: ChunkSource,
  ranges: readonly ChunkRange[],
): AsyncGenerator<Result<LoadedChunk>, void, void> {
  let together: { offset: number; bytes: Buffer } = { offset: 0, bytes: Buffer.alloc(0) };
  for (const [number, { offset, bytes, memory }] of ranges.entries()) {
    if (memory !== undefined) {
      yield parsed(source, offset, bytes, memory);
      continue;
    }
    if (bytes > READ_TOGETHER_BYTES) {
      yield await loadHead(source, offset, bytes);
      continue;
    }
    let start = offset - together.offset;
    if (start < 0 || start + bytes > together.bytes.length) {
      const read = await readAt(source, offset, bytesTogether(ranges, number));
      if (!read.ok) {
        yield read;
        return;
      }
      together = { offset, bytes: read.value };
      start = 0;
    }
    yield parsed(source, offset, bytes, together.bytes.subarray(start, start + bytes));
  }
}

/** How many bytes from this chunk on are read at once. */
function bytesTogether(ranges: readonly ChunkRange[], from: number): number {
  let bytes = 0;
  for (const range of ranges.slice(from)) {
    if (range.memory !== undefined || (bytes > 0 && bytes + range.bytes > READ_TOGETHER_BYTES)) break;
    bytes += range.bytes;
  }
  return bytes;
}

async function loadHead(source: ChunkSource, offset: number, bytes: number): Promise<Result<LoadedChunk>> {
  const start = await readAt(source, offset, CHUNK_HEADER_BYTES);
  if (!start.ok) return start;
  const header = parseHeader(start.value);
  if (header?.bytes !== bytes || header.headBytes > READ_TOGETHER_BYTES) {
    return damagedAt(source.path, offset, 'the header of its chunk is wrong');
  }
  const head = await readAt(source, offset, header.headBytes);
  return head.ok ? parsed(source, offset, bytes, head.value) : head;
}

/** A chunk from its head and, where `read` has as many bytes, its data. */
function parsed(source: ChunkSource, offset: number, bytes: number, read: Buffer): Result<LoadedChunk> {
  const header = parseHeader(read);
  if (header === undefined || !isOfFacts(header) || header.bytes !== bytes) {
    return damagedAt(source.path, offset, 'the header of its chunk is wrong');
  }
  const head = read.subarray(0, header.headBytes);
  const data = read.length === bytes ? read.subarray(header.headBytes) : undefined;
  if (!isHeadIntact(head) || (data !== undefined && !isDataIntact(head, crc32(data)))) {
    return damagedAt(source.path, offset, 'the checksum of its chunk is wrong');
  }
  const facts = parseChunk(head, header, data);
  return facts.ok
    ? succeeded({ offset, header, head, facts: facts.value, data })
    : damagedAt(source.path, offset, facts.problem.message);
}

/** The facts of a chunk with all of its data. */
export async function withData(source: ChunkSource, chunk: LoadedChunk): Promise<Result<PackedFacts>> {
  if (chunk.data !== undefined) return succeeded(chunk.facts);
  const { offset, header, head } = chunk;
  if (header.bytes > MAX_CHUNK_BYTES) return damagedAt(source.path, offset, 'its chunk is too large');
  const data = await readAt(source, offset + header.headBytes, header.dataBytes);
  if (!data.ok) return data;
  if (!isDataIntact(head, crc32(data.value))) {
    return damagedAt(source.path, offset, 'the checksum of its chunk is wrong');
  }
  const facts = parseChunk(head, header, data.value);
  return facts.ok ? facts : damagedAt(source.path, offset, facts.problem.message);
}

/** What `data` has of one fact, at most `most` bytes of it where it is no JSON; undefined where that is damaged. */
export async function dataOf(
  source: ChunkSource,
  chunk: LoadedChunk,
  index: number,
  most: number,
): Promise<Result<Uint8Array | undefined>> {
  const { facts, header, offset } = chunk;
  if (chunk.data !== undefined) return succeeded(dataAt(facts, index));
  const place = dataPlaceAt(facts, index);
  // The place is checked against the length that the chunk has: only then are there so many bytes.
  if (place.start + place.bytes > header.dataBytes) return succeeded(undefined);
  const bytes = isJsonAt(facts, index) ? place.bytes : Math.min(place.bytes, most);
  if (bytes > MAX_CHUNK_BYTES) return succeeded(undefined);
  return bytes === 0
    ? succeeded(new Uint8Array(0))
    : await readAt(source, offset + header.headBytes + place.start, bytes);
}

/** Whether the chunk of that header, at `offset` of the file, is as it was written. Memory does not grow with it. */
export async function isIntact(source: ChunkSource, offset: number, header: ChunkHeader): Promise<boolean> {
  if (header.headBytes > READ_TOGETHER_BYTES + header.count * RECORD_BYTES) return false;
  if (header.headBytes > MAX_CHUNK_BYTES) return false;
  const head = await readAt(source, offset, header.headBytes);
  if (!head.ok || !isHeadIntact(head.value)) return false;
  let crc = 0;
  for (let at = 0; at < header.dataBytes; at += READ_TOGETHER_BYTES) {
    const bytes = Math.min(READ_TOGETHER_BYTES, header.dataBytes - at);
    const piece = await readAt(source, offset + header.headBytes + at, bytes);
    if (!piece.ok) return false;
    crc = crc32(piece.value, crc);
  }
  return isDataIntact(head.value, crc);
}

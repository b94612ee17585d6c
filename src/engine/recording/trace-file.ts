// The layout of a trace file: a header, chunks of packed facts, and at the end an index of the chunks with a footer that
// points at it. A file may be untrusted, and may end anywhere: each field is validated, and no size that a file claims is
// allocated before the file is known to have as many bytes.

import { crc32 } from 'node:zlib';

import { failed, succeeded, type Result } from '../../shared/result.ts';
import { NO_COUNTS, type RunCounts } from '../../shared/trace/counts.ts';
import {
  MAX_PACKED_NAME,
  RECORD_BYTES,
  type FactEncoder,
  type PackedFacts,
} from '../../shared/trace/packed.ts';
import { createTraceIndex, type TraceIndex } from './trace-index.ts';

// Numbers are little-endian; "f64" is an IEEE 754 double, of a whole number but for times.
//
// File header, 16 bytes: magic (8), u32 version, u32 0.
//
// Chunk: header of 144 bytes, then the body.
//    0  u32  magic
//    4  u32  type: 1 facts, 2 index, 3 notes
//    8  u32  length of the body
//   12  u32  CRC-32 of all behind it up to the data
//   16  u32  CRC-32 of the data
//   20  u32  number of facts; of chunks in an index
//   24  u32  length of the table of peers
//   28  u32  length of the data
//   32  u32  number of landmarks
//   36  u32  0
//   40  f64  seq of the first fact
//   48  f64  highest line that the client had sent before it and that was kept
//   56  f64  landmarks before it
//   64  f64  highest line that the client had sent up to its end and that was kept
//   72  9 f64: the counts of the run (see COUNTS) up to its end
// The body of facts: records, table of peers (u16 length and UTF-8 each), data.
// The body of an index is data alone: for each chunk the f64 offset, first seq, lines before and landmarks before.
//
// Footer, 24 bytes: f64 offset of the index chunk, u32 its whole length, u32 CRC-32 of these 12 bytes, magic (8).
//
// Notes, where there are any, are behind all of that: a chunk that is data alone, and a footer like the one above with a
// magic of its own. What is before them is a whole file.

/** The first bytes of a packed trace. The first of them is in no text, the line ends find out a transfer as text. */
export const FILE_MAGIC = Buffer.from([0x89, 0x53, 0x53, 0x54, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Raised with each new layout and with each new format of the facts (TRACE_FORMAT): older apps then say that they are older. */
const FILE_VERSION = 1;
export const FILE_HEADER_BYTES = 16;

const CHUNK_MAGIC = 0x4b_43_53_53;
const TYPE_FACTS = 1;
const TYPE_INDEX = 2;
const TYPE_NOTES = 3;
export const CHUNK_HEADER_BYTES = 144;
const COUNTS_AT = 72;
const INDEX_ENTRY_BYTES = 32;

const FOOTER_MAGIC = Buffer.from([0x89, 0x53, 0x53, 0x45, 0x0d, 0x0a, 0x1a, 0x0a]);
const NOTES_FOOTER_MAGIC = Buffer.from([0x89, 0x53, 0x53, 0x4e, 0x0d, 0x0a, 0x1a, 0x0a]);
export const FOOTER_BYTES = 24;

/** The counts in a header, in this order. */
const COUNTS = [
  'facts',
  'atUs',
  'linesSent',
  'linesTransformed',
  'linesReceived',
  'bytesSent',
  'bytesReceived',
  'linesByByte',
  'connection',
] as const satisfies readonly (keyof RunCounts)[];

/** What is known of a chunk beside its facts. */
export interface ChunkPlace {
  readonly linesBefore: number;
  readonly landmarksBefore: number;
  readonly landmarks: number;
  /** The highest line of the client up to its end that was kept. */
  readonly linesAfter: number;
  /** The counts of the run up to its end. */
  readonly counts: RunCounts;
}

/** The header of a chunk, of which nothing but its plausibility is checked. */
export interface ChunkHeader extends ChunkPlace {
  readonly type: typeof TYPE_FACTS | typeof TYPE_INDEX | typeof TYPE_NOTES;
  /** The length of the chunk with its header. */
  readonly bytes: number;
  /** The length of its head: all up to the data. */
  readonly headBytes: number;
  readonly count: number;
  readonly peersBytes: number;
  readonly dataBytes: number;
  readonly firstSeq: number;
}

/** The beginning of a trace file. */
export function fileHeader(): Buffer {
  const header = Buffer.alloc(FILE_HEADER_BYTES);
  header.set(FILE_MAGIC);
  header.writeUInt32LE(FILE_VERSION, FILE_MAGIC.length);
  return header;
}

/** Whether a file that begins with these bytes is a packed trace; a failure where it is of a newer version. */
export function isTraceFile(beginning: Buffer): Result<boolean> {
  if (beginning.length < FILE_HEADER_BYTES) return succeeded(false);
  if (!beginning.subarray(0, FILE_MAGIC.length).equals(FILE_MAGIC)) return succeeded(false);
  const version = beginning.readUInt32LE(FILE_MAGIC.length);
  return version === FILE_VERSION
    ? succeeded(true)
    : failed(
        'run-damaged',
        `it is of version ${version} of the packed trace; this SocketScope reads version ${FILE_VERSION}`,
      );
}

/**
 * Whether these are the first FILE_HEADER_BYTES + 4 bytes of a packed trace whose header is damaged: its first chunk begins
 * where it should.
 */
export function isTraceFileWithoutHeader(beginning: Buffer): boolean {
  return (
    beginning.length >= FILE_HEADER_BYTES + 4 && beginning.readUInt32LE(FILE_HEADER_BYTES) === CHUNK_MAGIC
  );
}

/** The facts of `encoder` as a chunk. */
export function encodeChunk(encoder: FactEncoder, place: ChunkPlace): Buffer {
  const { firstSeq, count, peers, records, data } = encoder.facts;
  const names = peers.map((name) => Buffer.from(name, 'utf8'));
  const peersBytes = names.reduce((sum, name) => sum + 2 + name.length, 0);
  const bodyBytes = records.length + peersBytes + data.length;
  const chunk = Buffer.allocUnsafeSlow(CHUNK_HEADER_BYTES + bodyBytes);
  let at = CHUNK_HEADER_BYTES;
  chunk.set(records, at);
  at += records.length;
  for (const name of names) {
    at = chunk.writeUInt16LE(name.length, at);
    chunk.set(name, at);
    at += name.length;
  }
  chunk.set(data, at);
  writeHeader(chunk, TYPE_FACTS, { ...place, count, peersBytes, dataBytes: data.length, firstSeq });
  return chunk;
}

/** Writes the header of a chunk whose body is there. */
function writeHeader(
  chunk: Buffer,
  type: ChunkHeader['type'],
  header: Omit<ChunkHeader, 'type' | 'bytes' | 'headBytes'>,
): void {
  chunk.fill(0, 0, CHUNK_HEADER_BYTES);
  chunk.writeUInt32LE(CHUNK_MAGIC, 0);
  chunk.writeUInt32LE(type, 4);
  chunk.writeUInt32LE(chunk.length - CHUNK_HEADER_BYTES, 8);
  chunk.writeUInt32LE(header.count, 20);
  chunk.writeUInt32LE(header.peersBytes, 24);
  chunk.writeUInt32LE(header.dataBytes, 28);
  chunk.writeUInt32LE(header.landmarks, 32);
  chunk.writeDoubleLE(header.firstSeq, 40);
  chunk.writeDoubleLE(header.linesBefore, 48);
  chunk.writeDoubleLE(header.landmarksBefore, 56);
  chunk.writeDoubleLE(header.linesAfter, 64);
  COUNTS.forEach((name, index) => {
    // A run file of JSON lines can claim more bytes than there are whole numbers.
    chunk.writeDoubleLE(Math.min(header.counts[name], Number.MAX_SAFE_INTEGER), COUNTS_AT + 8 * index);
  });
  const headBytes = chunk.length - header.dataBytes;
  chunk.writeUInt32LE(crc32(chunk.subarray(headBytes)), 16);
  chunk.writeUInt32LE(crc32(chunk.subarray(16, headBytes)), 12);
}

/** Whether the head of a chunk, which is all up to its data, is as it was written. */
export function isHeadIntact(head: Buffer): boolean {
  return crc32(head.subarray(16)) === head.readUInt32LE(12);
}

/** Whether the data of a chunk is as it was written; `dataCrc` is the checksum of the data. */
export function isDataIntact(head: Buffer, dataCrc: number): boolean {
  return dataCrc === head.readUInt32LE(16);
}

/** The header of the chunk that begins with these CHUNK_HEADER_BYTES, or undefined where it is none. */
export function parseHeader(bytes: Buffer): ChunkHeader | undefined {
  if (bytes.length < CHUNK_HEADER_BYTES || bytes.readUInt32LE(0) !== CHUNK_MAGIC) return undefined;
  const type = bytes.readUInt32LE(4);
  if (type !== TYPE_FACTS && type !== TYPE_INDEX && type !== TYPE_NOTES) return undefined;
  const bodyBytes = bytes.readUInt32LE(8);
  const count = bytes.readUInt32LE(20);
  const peersBytes = bytes.readUInt32LE(24);
  const dataBytes = bytes.readUInt32LE(28);
  const landmarks = bytes.readUInt32LE(32);
  const firstSeq = bytes.readDoubleLE(40);
  const linesBefore = bytes.readDoubleLE(48);
  const landmarksBefore = bytes.readDoubleLE(56);
  const linesAfter = bytes.readDoubleLE(64);
  const counts: { -readonly [Name in keyof RunCounts]: RunCounts[Name] } = { ...NO_COUNTS };
  COUNTS.forEach((name, index) => {
    counts[name] = bytes.readDoubleLE(COUNTS_AT + 8 * index);
  });
  const { atUs, ...whole } = counts;
  const numbers = [firstSeq, linesBefore, landmarksBefore, linesAfter, ...Object.values(whole)];
  if (!numbers.every(isWhole) || !(atUs >= 0 && atUs <= Number.MAX_SAFE_INTEGER)) return undefined;
  if (type === TYPE_INDEX) {
    if (bodyBytes !== count * INDEX_ENTRY_BYTES || dataBytes !== bodyBytes) return undefined;
  } else if (type === TYPE_NOTES) {
    if (dataBytes !== bodyBytes) return undefined;
  } else {
    if (count === 0 || firstSeq === 0 || landmarks > count || linesAfter < linesBefore) return undefined;
    if (!isWhole(firstSeq + count - 1) || bodyBytes !== count * RECORD_BYTES + peersBytes + dataBytes) {
      return undefined;
    }
  }
  return {
    type,
    bytes: CHUNK_HEADER_BYTES + bodyBytes,
    headBytes: CHUNK_HEADER_BYTES + bodyBytes - dataBytes,
    count,
    peersBytes,
    dataBytes,
    firstSeq,
    landmarks,
    linesBefore,
    landmarksBefore,
    linesAfter,
    counts,
  };
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Whether the header is that of a chunk of facts. */
export function isOfFacts(header: ChunkHeader): boolean {
  return header.type === TYPE_FACTS;
}

/** Whether the header is that of an index. */
export function isOfIndex(header: ChunkHeader): boolean {
  return header.type === TYPE_INDEX;
}

/** Whether the header is that of a chunk of notes. */
export function isOfNotes(header: ChunkHeader): boolean {
  return header.type === TYPE_NOTES;
}

/**
 * The facts of a chunk, which share the memory of its head and data. Without data they have none of their bytes. A failure
 * is the end of a sentence.
 */
export function parseChunk(head: Buffer, header: ChunkHeader, data?: Buffer): Result<PackedFacts> {
  const recordsEnd = CHUNK_HEADER_BYTES + header.count * RECORD_BYTES;
  if (head.length !== header.headBytes || (data !== undefined && data.length !== header.dataBytes)) {
    return failed('run-damaged', 'its length is wrong');
  }
  const peers: string[] = [];
  for (let at = recordsEnd; at < head.length;) {
    const end = at + 2 <= head.length ? at + 2 + head.readUInt16LE(at) : Infinity;
    if (end > head.length) return failed('run-damaged', 'its table of peers is damaged');
    const name = head.toString('utf8', at + 2, end);
    if (name.length > MAX_PACKED_NAME) return failed('run-damaged', 'the name of a peer is too long');
    peers.push(name);
    at = end;
  }
  return succeeded({
    firstSeq: header.firstSeq,
    count: header.count,
    peers,
    records: bytesOf(head, CHUNK_HEADER_BYTES, recordsEnd),
    data: data === undefined ? new Uint8Array(0) : bytesOf(data, 0, data.length),
  });
}

/** A part of a buffer as a Uint8Array that is no Buffer: it can be cloned as such. */
function bytesOf(buffer: Buffer, start: number, end: number): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset + start, end - start);
}

/** The index and footer of a file whose chunks end at `offset`. */
export function encodeIndex(index: TraceIndex, offset: number, counts: RunCounts): Buffer {
  const { count } = index;
  const chunk = Buffer.allocUnsafeSlow(CHUNK_HEADER_BYTES + count * INDEX_ENTRY_BYTES);
  let at = CHUNK_HEADER_BYTES;
  for (let number = 0; number < count; number += 1) {
    const entry = index.at(number);
    if (entry === undefined) break;
    for (const value of [entry.offset, entry.firstSeq, entry.linesBefore, entry.landmarksBefore]) {
      at = chunk.writeDoubleLE(value, at);
    }
  }
  writeHeader(chunk, TYPE_INDEX, {
    count,
    peersBytes: 0,
    dataBytes: count * INDEX_ENTRY_BYTES,
    firstSeq: 0,
    landmarks: 0,
    linesBefore: 0,
    landmarksBefore: index.landmarks,
    linesAfter: index.lines,
    counts,
  });
  return Buffer.concat([chunk, footerOf(offset, chunk.length, FOOTER_MAGIC)]);
}

function footerOf(offset: number, bytes: number, magic: Buffer): Buffer {
  const footer = Buffer.alloc(FOOTER_BYTES);
  footer.writeDoubleLE(offset, 0);
  footer.writeUInt32LE(bytes, 8);
  footer.writeUInt32LE(crc32(footer.subarray(0, 12)), 12);
  footer.set(magic, 16);
  return footer;
}

/** The chunk of `count` notes, which are this JSON, and their footer, for a file that ends at `offset` without them. */
export function encodeNotes(json: Buffer, count: number, offset: number): Buffer {
  const chunk = Buffer.concat([Buffer.alloc(CHUNK_HEADER_BYTES), json]);
  writeHeader(chunk, TYPE_NOTES, {
    count,
    peersBytes: 0,
    dataBytes: json.length,
    firstSeq: 0,
    landmarks: 0,
    linesBefore: 0,
    landmarksBefore: 0,
    linesAfter: 0,
    counts: NO_COUNTS,
  });
  return Buffer.concat([chunk, footerOf(offset, chunk.length, NOTES_FOOTER_MAGIC)]);
}

/** The place of a chunk, in bytes. */
export interface BytesPlace {
  readonly offset: number;
  readonly bytes: number;
}

/** Where the index is, by the last FOOTER_BYTES of a file of that size; undefined where these are no footer. */
export function parseFooter(footer: Buffer, fileBytes: number): BytesPlace | undefined {
  return placeIn(footer, fileBytes, FOOTER_MAGIC);
}

/** Where the notes are, by the last FOOTER_BYTES of a file of that size; undefined where these are not their footer. */
export function parseNotesFooter(footer: Buffer, fileBytes: number): BytesPlace | undefined {
  return placeIn(footer, fileBytes, NOTES_FOOTER_MAGIC);
}

function placeIn(footer: Buffer, fileBytes: number, magic: Buffer): BytesPlace | undefined {
  if (footer.length !== FOOTER_BYTES || !footer.subarray(16).equals(magic)) return undefined;
  if (crc32(footer.subarray(0, 12)) !== footer.readUInt32LE(12)) return undefined;
  const offset = footer.readDoubleLE(0);
  const bytes = footer.readUInt32LE(8);
  const isPlace = isWhole(offset) && offset >= FILE_HEADER_BYTES && bytes >= CHUNK_HEADER_BYTES;
  return isPlace && offset + bytes + FOOTER_BYTES === fileBytes ? { offset, bytes } : undefined;
}

/** The index in a chunk that begins at `offset`, and the counts of the run; undefined where it is damaged. */
export function parseIndex(
  chunk: Buffer,
  offset: number,
): { readonly index: TraceIndex; readonly counts: RunCounts } | undefined {
  const header = parseHeader(chunk);
  if (header?.type !== TYPE_INDEX || header.bytes !== chunk.length) return undefined;
  const isIntact =
    isHeadIntact(chunk.subarray(0, header.headBytes)) &&
    isDataIntact(chunk, crc32(chunk.subarray(header.headBytes)));
  if (!isIntact) return undefined;
  const index = createTraceIndex();
  let at = CHUNK_HEADER_BYTES;
  let before = { offset: FILE_HEADER_BYTES, firstSeq: 0, linesBefore: 0, landmarksBefore: 0 };
  for (let number = 0; number < header.count; number += 1, at += INDEX_ENTRY_BYTES) {
    const entry = {
      offset: chunk.readDoubleLE(at),
      firstSeq: chunk.readDoubleLE(at + 8),
      linesBefore: chunk.readDoubleLE(at + 16),
      landmarksBefore: chunk.readDoubleLE(at + 24),
    };
    const isNext =
      Object.values(entry).every(isWhole) &&
      (number === 0
        ? entry.offset === FILE_HEADER_BYTES
        : entry.offset >= before.offset + CHUNK_HEADER_BYTES + RECORD_BYTES) &&
      entry.firstSeq > before.firstSeq &&
      entry.linesBefore >= before.linesBefore &&
      entry.landmarksBefore >= before.landmarksBefore;
    if (!isNext) return undefined;
    index.add(entry);
    before = entry;
  }
  if (header.count > 0 && before.offset + CHUNK_HEADER_BYTES + RECORD_BYTES > offset) return undefined;
  if (header.landmarksBefore < before.landmarksBefore || header.linesAfter < before.linesBefore) {
    return undefined;
  }
  index.end = offset;
  index.landmarks = header.landmarksBefore;
  index.lines = header.linesAfter;
  return { index, counts: header.counts };
}

// Finds a text in the byte streams of a run, also where it lies across several writes or reads.

import { soughtBytes, toSmallAscii, type Query } from '../../shared/find/query.ts';
import { otherSide } from '../../shared/trace/connection.ts';
import type { Side } from '../../shared/trace/fact.ts';
import { ByteRanges } from './byte-ranges.ts';

/** Bytes that are searched without a pause. */
const PIECE_BYTES = 1024 ** 2;

/** More places of the text than this are not remembered in a stream that nobody reads. */
const MAX_UNREAD_PLACES = 1_000_000;

/** Writes and reads that may become hits: more than a text of one-byte writes has. */
const MAX_RECENT = 16_384;

/** The text that is sought, prepared for comparing byte by byte (Knuth, Morris and Pratt: no byte is looked at twice). */
interface Sought {
  readonly bytes: Uint8Array;
  /** For each beginning of it, how long the longest shorter beginning is that the same bytes end with. */
  readonly shorter: Int32Array;
  /** Each byte as it is compared. */
  readonly folded: Uint8Array;
}

function prepared(query: Extract<Query, { readonly what: 'text' }>): Sought {
  const bytes = soughtBytes(query);
  const shorter = new Int32Array(bytes.length);
  for (let at = 1, length = 0; at < bytes.length; at += 1) {
    while (length > 0 && bytes[length] !== bytes[at]) length = shorter[length - 1] ?? 0;
    if (bytes[length] === bytes[at]) length += 1;
    shorter[at] = length;
  }
  const folded = Uint8Array.from({ length: 256 }, (_, byte) => (query.exactCase ? byte : toSmallAscii(byte)));
  return { bytes, shorter, folded };
}

/** A write or a read, and which bytes of the stream it is about. */
interface Moved {
  readonly seq: number;
  readonly from: number;
  readonly end: number;
}

/** One direction of one connection. */
class StreamSearch {
  readonly #sought: Sought;
  readonly #hit: (seq: number) => void;
  /** The bytes of the stream are known up to here, from the beginning or from a gap on. */
  #end = 0;
  /** So many bytes before `#end` are the beginning of the text. */
  #matched = 0;
  /** What moved those bytes, or later ones, and is no hit so far. */
  #recent: Moved[] = [];
  /** Where the text is in what has not been read. */
  #unread = new ByteRanges();
  #unreadPlaces = 0;

  constructor(sought: Sought, hit: (seq: number) => void) {
    this.#sought = sought;
    this.#hit = hit;
  }

  get end(): number {
    return this.#end;
  }

  /** A write, with the bytes of it from `from` on. Where that is not the end of the stream, bytes between are unknown. */
  written(seq: number, from: number, bytes: Uint8Array): void {
    if (from !== this.#end) {
      this.#matched = 0;
      this.#recent = this.#recent.filter(({ end }) => end > from);
    }
    const { bytes: text, shorter, folded } = this.#sought;
    const { length } = text;
    let matched = this.#matched;
    let isHit = false;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = folded[bytes[at] ?? 0];
      while (matched > 0 && text[matched] !== byte) matched = shorter[matched - 1] ?? 0;
      if (text[matched] === byte) matched += 1;
      if (matched < length) continue;
      isHit = true;
      this.#found(from + at + 1 - length, from + at + 1);
      matched = shorter[length - 1] ?? 0;
    }
    this.#matched = matched;
    this.#end = from + bytes.length;
    if (isHit) this.#hit(seq);
    else if (bytes.length > 0) this.#remember({ seq, from, end: this.#end });
    this.#dropOld();
  }

  /** A read of bytes that were written. */
  read(seq: number, from: number, bytes: number): void {
    const end = from + bytes;
    if (this.#unread.overlaps(from, end)) this.#hit(seq);
    else if (end > this.#end - this.#matched) this.#remember({ seq, from, end });
    this.#unread.remove(0, end);
    if (this.#unread.isEmpty) this.#unreadPlaces = 0;
  }

  #found(from: number, end: number): void {
    if (this.#recent.length > 0) {
      this.#recent = this.#recent.filter((moved) => {
        const isPart = moved.from < end && moved.end > from;
        if (isPart) this.#hit(moved.seq);
        return !isPart;
      });
    }
    this.#unreadPlaces += 1;
    if (this.#unreadPlaces > MAX_UNREAD_PLACES) {
      this.#unread = new ByteRanges();
      this.#unreadPlaces = 1;
    }
    this.#unread.add(from, end);
  }

  #remember(moved: Moved): void {
    if (this.#recent.length >= MAX_RECENT) this.#recent = this.#recent.slice(MAX_RECENT / 2);
    this.#recent.push(moved);
  }

  /** Only what is part of the text that has begun, or is behind it, can become a hit. */
  #dropOld(): void {
    if (this.#recent.length === 0) return;
    const from = this.#end - this.#matched;
    this.#recent = this.#recent.filter(({ end }) => end > from);
  }
}

/** Searches all streams of a run, from its writes and reads in order. */
export class TextSearch {
  readonly #sought: Sought;
  readonly #hit: (seq: number) => void;
  readonly #streams = new Map<number, StreamSearch>();

  /** `hit` is called for each write and read of which bytes are part of the text, some time after it was given. */
  constructor(query: Extract<Query, { readonly what: 'text' }>, hit: (seq: number) => void) {
    this.#sought = prepared(query);
    this.#hit = hit;
  }

  /** The rest of a long write is searched piece by piece with the generator. */
  wrote(
    seq: number,
    connection: number,
    side: Side,
    offset: number,
    bytes: Uint8Array,
  ): Generator<void, void, void> | undefined {
    const stream = this.#stream(connection, side);
    if (bytes.length > PIECE_BYTES) return inPieces(stream, { seq, offset, bytes, isRead: false });
    stream.written(seq, offset, bytes);
    return undefined;
  }

  /** `data` are the bytes where nobody saw them written. */
  read(
    seq: number,
    connection: number,
    side: Side,
    offset: number,
    bytes: number,
    data: Uint8Array | undefined,
  ): Generator<void, void, void> | undefined {
    const stream = this.#stream(connection, otherSide(side));
    if (data !== undefined && offset >= stream.end) {
      if (data.length > PIECE_BYTES) return inPieces(stream, { seq, offset, bytes: data, isRead: true });
      stream.written(seq, offset, data);
    }
    stream.read(seq, offset, bytes);
    return undefined;
  }

  /** A new round numbers its connections anew. */
  clear(): void {
    this.#streams.clear();
  }

  #stream(connection: number, writer: Side): StreamSearch {
    const key = 2 * connection + (writer === 'client' ? 0 : 1);
    const known = this.#streams.get(key);
    if (known !== undefined) return known;
    const stream = new StreamSearch(this.#sought, this.#hit);
    this.#streams.set(key, stream);
    return stream;
  }
}

interface LongFact {
  readonly seq: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly isRead: boolean;
}

function* inPieces(
  stream: StreamSearch,
  { seq, offset, bytes, isRead }: LongFact,
): Generator<void, void, void> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    stream.written(seq, offset + at, bytes.subarray(at, at + PIECE_BYTES));
    yield;
  }
  if (isRead) stream.read(seq, offset, bytes.length);
}

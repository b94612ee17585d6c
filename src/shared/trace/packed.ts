// The packed form of facts: records of 32 bytes, so that a fact is found by its number without parsing, and beside them
// the bytes that were written. Facts about lines are fields of a record. Every other fact, and one with a field that does
// not fit, is JSON. Packed facts may come from an untrusted file: each field is validated when it is read.

import { failed, succeeded, type Problem, type Result } from '../result.ts';
import type { RunCounts } from './counts.ts';
import type {
  Fact,
  LineReceived,
  LineTransformed,
  PeerName,
  Read,
  RecordedBytes,
  ReversalUnit,
  Side,
  TextTransformed,
  TraceEvent,
  Wrote,
} from './fact.ts';
import { formatFact, parseFactAnywhere } from './json-lines.ts';
import { hasMoreParts } from './json-structure.ts';
import { beginningOf, bytesOfText, utf8TextOf } from './recorded-bytes.ts';

/** Facts in order. Can be cloned to another thread or process. */
export interface PackedFacts {
  /** `seq` of the first fact. */
  readonly firstSeq: number;
  /** The `seq` of each fact. Absent where they are consecutive. */
  readonly seqs?: Float64Array;
  readonly count: number;
  /** The peers that the records name by their index. */
  readonly peers: readonly PeerName[];
  /** In a copy for the window: the most bytes of data that it has of one fact. */
  readonly maxDataBytes?: number;
  /** `count` records of RECORD_BYTES each. */
  readonly records: Uint8Array;
  /** Bytes that were written or read, and facts as JSON. */
  readonly data: Uint8Array;
}

/** Facts on a page of a trace. */
export const PAGE_FACTS = 4_096;

/** The facts PAGE_FACTS * page + 1 to PAGE_FACTS * (page + 1), as far as they were kept, and those they belong to. */
export interface TracePage {
  /** The first page is 0. */
  readonly page: number;
  /** None or one: a page of many small parts takes a window a hundred times as long to receive. */
  readonly parts: readonly PackedFacts[];
  /**
   * Facts of other pages, in order: earlier writes of what is read, transformed or received on this page, and later facts
   * that read, transform or receive what is written on it.
   */
  readonly links: readonly PackedFacts[];
}

/** The counts of a run, and how many of its landmarks can be looked up. */
export type TraceProgress = RunCounts & { readonly landmarks: number };

/** The most landmarks of a run that are looked up, beside its end: many times what any experiment has. */
export const MAX_LANDMARKS = 30_000;

/** The most landmarks that one call returns. */
export const MAX_LANDMARKS_A_CALL = 5_000;

// --- the record -------------------------------------------------------------------------------------------------------
// Numbers are little-endian.
//    0  u8   kind, an index of RECORD_KINDS
//    1  u8   flags
//    2  u16  peer, an index of `peers`
//    4  u32  connection
//    8  u48  atUs, in tenths of a microsecond
//   14  u48  offset in the stream
//   20  u32  bytes; the length of the JSON where the fact is JSON
//   24  u32  line
//   28  u32  where its bytes, or its JSON, begin in `data`
// A fact that is JSON has no peer, connection, offset and line in its record.

/** The size of a record. */
export const RECORD_BYTES = 32;

/** A `landmark` is a fact that is not about lines, except `round-started`, at which connections are numbered anew. */
export const RECORD_KINDS = [
  'landmark',
  'wrote',
  'read',
  'line-transformed',
  'text-transformed',
  'line-received',
  'round-started',
] as const;

/** What a record says of the kind of its fact. */
export type RecordKind = (typeof RECORD_KINDS)[number];

const LANDMARK = 0;
const WROTE = 1;
const READ = 2;
const LINE_TRANSFORMED = 3;
const TEXT_TRANSFORMED = 4;
const LINE_RECEIVED = 5;
const ROUND_STARTED = 6;

const FLAG_SERVER = 1;
const FLAG_LINE = 2;
const FLAG_DATA = 4;
const FLAG_VALID_UTF8 = 8;
const UNIT_SHIFT = 4;
const FLAG_LATE = 64;
const FLAG_JSON = 128;

const UNITS: readonly ReversalUnit[] = ['grapheme', 'codepoint', 'byte'];

const TWO_32 = 2 ** 32;
const MAX_U16 = 0xffff;
const MAX_U48 = 2 ** 48 - 1;

/** A longer name of a peer is only in JSON. */
export const MAX_PACKED_NAME = 255;

/** Objects, arrays and commas in a fact as JSON: a fact has some thirty. Those of a value are built before it is refused. */
export const MAX_FACT_PARTS = 1_000;

// --- reading ----------------------------------------------------------------------------------------------------------

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function u32(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at) | (u16(bytes, at + 2) << 16)) >>> 0;
}

function u48(bytes: Uint8Array, at: number): number {
  return u32(bytes, at) + u16(bytes, at + 4) * TWO_32;
}

/** The number of a fact. */
function seqAt({ firstSeq, seqs }: PackedFacts, index: number): number {
  return seqs === undefined ? firstSeq + index : (seqs[index] ?? 0);
}

function flagsAt(facts: PackedFacts, index: number): number {
  return facts.records[index * RECORD_BYTES + 1] ?? 0;
}

/** The kind of a fact; undefined where there is none or the record is damaged. */
export function kindAt(facts: PackedFacts, index: number): RecordKind | undefined {
  return RECORD_KINDS[facts.records[index * RECORD_BYTES] ?? RECORD_KINDS.length];
}

/** Whether the fact is not about lines. */
export function isLandmarkAt(facts: PackedFacts, index: number): boolean {
  const kind = facts.records[index * RECORD_BYTES];
  return kind === LANDMARK || kind === ROUND_STARTED;
}

/** Whether the fact is JSON: its peer, side, connection, offset, bytes and line are not in its record. */
export function isJsonAt(facts: PackedFacts, index: number): boolean {
  return (flagsAt(facts, index) & FLAG_JSON) !== 0;
}

/** The time of a fact, in microseconds; of a fact that is JSON, rounded to tenths. */
export function atUsAt(facts: PackedFacts, index: number): number {
  return u48(facts.records, index * RECORD_BYTES + 8) / 10;
}

/** The name of the fact's peer. */
export function peerAt(facts: PackedFacts, index: number): PeerName | undefined {
  return facts.peers[u16(facts.records, index * RECORD_BYTES + 2)];
}

/** The side of a write or read. */
export function sideAt(facts: PackedFacts, index: number): Side {
  return (flagsAt(facts, index) & FLAG_SERVER) === 0 ? 'client' : 'server';
}

export function connectionAt(facts: PackedFacts, index: number): number {
  return u32(facts.records, index * RECORD_BYTES + 4);
}

/** Where the fact's bytes begin in their stream. */
export function offsetAt(facts: PackedFacts, index: number): number {
  return u48(facts.records, index * RECORD_BYTES + 14);
}

export function bytesAt(facts: PackedFacts, index: number): number {
  return u32(facts.records, index * RECORD_BYTES + 20);
}

/** The number of the fact's line; undefined where it has none. */
export function lineAt(facts: PackedFacts, index: number): number | undefined {
  return (flagsAt(facts, index) & FLAG_LINE) === 0
    ? undefined
    : u32(facts.records, index * RECORD_BYTES + 24);
}

/** Where in the whole data of a fact's chunk its bytes or its JSON are; 0 bytes where it has none. */
export function dataPlaceAt(
  facts: PackedFacts,
  index: number,
): { readonly start: number; readonly bytes: number } {
  if ((flagsAt(facts, index) & (FLAG_JSON | FLAG_DATA)) === 0) return { start: 0, bytes: 0 };
  return { start: u32(facts.records, index * RECORD_BYTES + 28), bytes: bytesAt(facts, index) };
}

/** The part of `data` that belongs to a fact: its bytes, cut where this is a copy, or its JSON. Undefined where damaged. */
export function dataAt(facts: PackedFacts, index: number): Uint8Array | undefined {
  const { start, bytes } = dataPlaceAt(facts, index);
  const kept = isJsonAt(facts, index) ? bytes : Math.min(bytes, facts.maxDataBytes ?? bytes);
  return start + kept > facts.data.length ? undefined : facts.data.subarray(start, start + kept);
}

function damaged(what: string): { readonly ok: false; readonly problem: Problem } {
  return failed('run-damaged', what);
}

/**
 * The fact at `index` from 0 to `count` - 1. Its bytes share the memory of `facts`. A failure is `run-damaged`; its message
 * is the end of a sentence, as that of `parseFactAnywhere`.
 */
export function factAt(facts: PackedFacts, index: number): Result<TraceEvent> {
  const at = index * RECORD_BYTES;
  if (index < 0 || index >= facts.count || at + RECORD_BYTES > facts.records.length) {
    return damaged('it is not there');
  }
  return isJsonAt(facts, index) ? jsonFactAt(facts, index) : packedFactAt(facts, index);
}

/** All facts of `facts`, up to the first damaged one. */
export function* factsOf(facts: PackedFacts): Generator<Result<TraceEvent>, void, void> {
  for (let index = 0; index < facts.count; index += 1) {
    const fact = factAt(facts, index);
    yield fact;
    if (!fact.ok) return;
  }
}

/** A fact from its JSON in UTF-8, whatever its `seq`. A failure is as that of `parseFactAnywhere`. */
function parseJsonBytes(json: Uint8Array): Result<TraceEvent> {
  if (hasMoreParts(json, MAX_FACT_PARTS)) return damaged('it has more parts than any fact');
  // A byte order mark stays in the text: it is no JSON.
  const text = utf8TextOf(json);
  return text === undefined ? damaged('it is no text') : parseFactAnywhere(text);
}

function jsonFactAt(
  facts: PackedFacts,
  index: number,
  json: Uint8Array | undefined = dataAt(facts, index),
): Result<TraceEvent> {
  if (json === undefined) return damaged('its JSON is not there');
  const parsed = parseJsonBytes(json);
  if (!parsed.ok) return parsed;
  const event = parsed.value;
  const seq = seqAt(facts, index);
  if (event.seq !== seq) return damaged(`its seq is ${event.seq} and should be ${seq}`);
  // The record is what is searched: it must say the same.
  const isSame =
    kindAt(facts, index) === recordKindOf(event) &&
    ((flagsAt(facts, index) & FLAG_LATE) !== 0) === (event.late === true) &&
    u48(facts.records, index * RECORD_BYTES + 8) === tenthsOf(event.atUs);
  if (!isSame) return damaged('its record and its JSON differ');
  return facts.maxDataBytes === undefined ? parsed : succeeded(withLeftOut(event, facts.maxDataBytes));
}

/** JSON does not say that the data of a copy was cut. */
function withLeftOut(event: TraceEvent, maxDataBytes: number): TraceEvent {
  if ((event.kind !== 'wrote' && event.kind !== 'read') || event.data === undefined) return event;
  const { bytes } = event.data;
  const wasCut = bytes.length < event.bytes && bytes.length === maxDataBytes;
  return wasCut ? { ...event, data: { bytes, leftOutBytes: event.bytes - bytes.length } } : event;
}

function recordKindOf(fact: Fact): RecordKind {
  switch (fact.kind) {
    case 'wrote':
    case 'read':
    case 'line-transformed':
    case 'text-transformed':
    case 'line-received':
    case 'round-started':
      return fact.kind;
    default:
      return 'landmark';
  }
}

/** Tenths of a microsecond, as large as a record has room for. */
function tenthsOf(atUs: number): number {
  return Math.min(MAX_U48, Math.round(atUs * 10));
}

/** Each object is written out: spreading one into another takes ten times as long. */
function packedFactAt(facts: PackedFacts, index: number): Result<TraceEvent> {
  const flags = flagsAt(facts, index);
  const peer = peerAt(facts, index);
  if (peer === undefined) return damaged('its peer has no name');
  const connection = connectionAt(facts, index);
  if (connection === 0) return damaged('its connection is 0');
  const by = UNITS[(flags >> UNIT_SHIFT) & 3];
  if (by === undefined) return damaged('its unit is unknown');
  const line = lineAt(facts, index);
  if (line === 0) return damaged('its line is 0');
  const hasData = (flags & FLAG_DATA) !== 0;
  const data = hasData ? recordedBytesAt(facts, index) : undefined;
  if (hasData && data === undefined) return damaged('its bytes are not there');
  const seq = seqAt(facts, index);
  const atUs = atUsAt(facts, index);
  const offset = offsetAt(facts, index);
  const bytes = bytesAt(facts, index);
  const side = sideAt(facts, index);
  const validUtf8 = (flags & FLAG_VALID_UTF8) !== 0;
  const kind = kindAt(facts, index);
  const seenBy = 'program';
  switch (kind) {
    case 'wrote':
      if (data === undefined) return damaged('its bytes are not there');
      return stamped(
        line === undefined
          ? { seq, atUs, kind, seenBy, peer, side, connection, offset, bytes, data }
          : { seq, atUs, kind, seenBy, peer, side, connection, offset, bytes, data, line },
        flags,
      );
    case 'read':
      return stamped(
        data === undefined
          ? { seq, atUs, kind, seenBy, peer, side, connection, offset, bytes }
          : { seq, atUs, kind, seenBy, peer, side, connection, offset, bytes, data },
        flags,
      );
    case 'line-transformed':
      return line === undefined
        ? damaged('it has no line')
        : stamped({ seq, atUs, kind, seenBy, peer, connection, line, offset, bytes, by, validUtf8 }, flags);
    case 'text-transformed':
      return stamped({ seq, atUs, kind, seenBy, peer, connection, offset, bytes, by, validUtf8 }, flags);
    case 'line-received':
      return line === undefined
        ? damaged('it has no line')
        : stamped({ seq, atUs, kind, seenBy, peer, connection, line, offset, bytes }, flags);
    default:
      return damaged('its kind is unknown');
  }
}

function stamped(event: TraceEvent, flags: number): Result<TraceEvent> {
  return { ok: true, value: (flags & FLAG_LATE) === 0 ? event : { ...event, late: true } };
}

function recordedBytesAt(facts: PackedFacts, index: number): RecordedBytes | undefined {
  const kept = dataAt(facts, index);
  if (kept === undefined) return undefined;
  const leftOutBytes = bytesAt(facts, index) - kept.length;
  return leftOutBytes === 0 ? { bytes: kept } : { bytes: kept, leftOutBytes };
}

// --- writing ----------------------------------------------------------------------------------------------------------

type LineFact = Wrote | Read | LineTransformed | TextTransformed | LineReceived;

/** Memory for data beyond this is given back when the encoder is emptied. */
const KEPT_DATA_BYTES = 4 * 1024 ** 2;

/**
 * Packs facts with consecutive numbers, each appended once. Keeps its memory for the next ones when it is emptied.
 */
export class FactEncoder {
  #records: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #data: Uint8Array;
  #dataBytes = 0;
  #count = 0;
  #firstSeq = 1;
  #peers: PeerName[] = [];
  readonly #indexOfPeer = new Map<PeerName, number>();

  /** `room` is for how many facts there is memory to begin with. */
  constructor(room = 64) {
    this.#records = new Uint8Array(room * RECORD_BYTES);
    this.#view = new DataView(this.#records.buffer);
    this.#data = new Uint8Array(room * RECORD_BYTES);
  }

  get count(): number {
    return this.#count;
  }

  /** The memory that the facts need. */
  get bytes(): number {
    return this.#count * RECORD_BYTES + this.#dataBytes;
  }

  get dataBytes(): number {
    return this.#dataBytes;
  }

  /** `seq` of the first fact. */
  get firstSeq(): number {
    return this.#firstSeq;
  }

  /** The facts so far. They share the encoder's memory and are valid until the next call of `append` or `clear`. */
  get facts(): PackedFacts {
    return {
      firstSeq: this.#firstSeq,
      count: this.#count,
      peers: this.#peers,
      records: this.#records.subarray(0, this.#count * RECORD_BYTES),
      data: this.#data.subarray(0, this.#dataBytes),
    };
  }

  /** Appends a fact, whose number must follow that of the one before. Its bytes are copied. */
  append(fact: Fact, seq: number, atUs: number, late: boolean): void {
    if (this.#count === 0) this.#firstSeq = seq;
    if ((this.#count + 1) * RECORD_BYTES > this.#records.length) this.#growRecords();
    switch (fact.kind) {
      case 'wrote':
      case 'read':
      case 'line-transformed':
      case 'text-transformed':
      case 'line-received':
        if (this.#putLineFact(fact, atUs, late)) break;
        this.#putJson({ seq, atUs, ...(late ? { late } : {}), ...fact });
        break;
      default:
        this.#putJson({ seq, atUs, ...(late ? { late } : {}), ...fact });
    }
    this.#count += 1;
  }

  /**
   * Appends one fact of `source`, with at most `maxDataBytes` of its bytes, as a copy for the window. `data` is what
   * belongs to it, undefined where that is damaged.
   */
  appendCopy(
    source: PackedFacts,
    index: number,
    maxDataBytes: number,
    data: Uint8Array | undefined = dataAt(source, index),
  ): void {
    const seq = seqAt(source, index);
    if (this.#count === 0) this.#firstSeq = seq;
    if ((this.#count + 1) * RECORD_BYTES > this.#records.length) this.#growRecords();
    const from = index * RECORD_BYTES;
    const at = this.#count * RECORD_BYTES;
    this.#records.set(source.records.subarray(from, from + RECORD_BYTES), at);
    const isJson = isJsonAt(source, index);
    if (isJson && data !== undefined && data.length > maxDataBytes && !isLandmarkAt(source, index)) {
      const fact = jsonFactAt(source, index, data);
      if (fact.ok) {
        this.#putJson(withDataCut(fact.value, maxDataBytes));
        this.#count += 1;
        return;
      }
    }
    const peer = isJson ? 0 : this.#peerIndex(peerAt(source, index) ?? '');
    // What is damaged in the source must not look sound in the copy.
    this.#view.setUint16(at + 2, peer === -1 ? MAX_U16 : peer, true);
    this.#view.setUint32(at + 28, data === undefined ? TWO_32 - 1 : this.#dataBytes, true);
    if (data !== undefined) this.#copyData(isJson ? data : data.subarray(0, maxDataBytes));
    this.#count += 1;
  }

  /** Drops all facts, and keeps the memory. */
  clear(): void {
    this.#count = 0;
    this.#dataBytes = 0;
    this.#peers = [];
    this.#indexOfPeer.clear();
    if (this.#data.length > KEPT_DATA_BYTES) this.#data = new Uint8Array(4_096);
  }

  #growRecords(): void {
    const grown = new Uint8Array(this.#records.length * 4);
    grown.set(this.#records);
    this.#records = grown;
    this.#view = new DataView(grown.buffer);
  }

  /** The place of a peer in the table, or -1 where it has no room. */
  #peerIndex(name: PeerName): number {
    const known = this.#indexOfPeer.get(name);
    if (known !== undefined) return known;
    const index = this.#peers.length;
    if (index >= MAX_U16 || name === '' || name.length > MAX_PACKED_NAME) return -1;
    this.#peers.push(name);
    this.#indexOfPeer.set(name, index);
    return index;
  }

  /** Puts a fact about lines into the next record; false where a field does not fit. */
  #putLineFact(fact: LineFact, atUs: number, late: boolean): boolean {
    const { connection, offset, bytes } = fact;
    let kind = READ;
    let flags = late ? FLAG_LATE : 0;
    let line = 0;
    let data: RecordedBytes | undefined;
    switch (fact.kind) {
      case 'wrote':
        kind = WROTE;
        if (fact.side === 'server') flags |= FLAG_SERVER;
        if (fact.line !== undefined) {
          flags |= FLAG_LINE;
          line = fact.line;
        }
        data = fact.data;
        break;
      case 'read':
        if (fact.side === 'server') flags |= FLAG_SERVER;
        data = fact.data;
        break;
      case 'line-received':
        kind = LINE_RECEIVED;
        flags |= FLAG_LINE;
        line = fact.line;
        break;
      case 'line-transformed':
        kind = LINE_TRANSFORMED;
        flags |= FLAG_LINE;
        line = fact.line;
        flags |= UNITS.indexOf(fact.by) << UNIT_SHIFT;
        if (fact.validUtf8) flags |= FLAG_VALID_UTF8;
        break;
      case 'text-transformed':
        kind = TEXT_TRANSFORMED;
        flags |= UNITS.indexOf(fact.by) << UNIT_SHIFT;
        if (fact.validUtf8) flags |= FLAG_VALID_UTF8;
        break;
    }
    const tenths = Math.round(atUs * 10);
    // `>>> 0` is the number itself where that is a whole one of 32 bits.
    if (connection >>> 0 !== connection || bytes >>> 0 !== bytes || line >>> 0 !== line) return false;
    if (!(offset <= MAX_U48) || !(tenths <= MAX_U48) || tenths / 10 !== atUs) return false;
    if (data !== undefined) {
      if (data.bytes.length !== bytes || data.leftOutBytes !== undefined) return false;
      if (this.#dataBytes + bytes >= TWO_32) return false;
      flags |= FLAG_DATA;
    }
    const peer = this.#peerIndex(fact.peer);
    if (peer === -1) return false;

    const view = this.#view;
    const at = this.#count * RECORD_BYTES;
    view.setUint32(at, kind | (flags << 8) | (peer << 16), true);
    view.setUint32(at + 4, connection, true);
    view.setUint32(at + 8, tenths >>> 0, true);
    view.setUint16(at + 12, tenths / TWO_32, true);
    view.setUint16(at + 14, offset & MAX_U16, true);
    view.setUint32(at + 16, offset / 0x1_0000, true);
    view.setUint32(at + 20, bytes, true);
    view.setUint32(at + 24, line, true);
    view.setUint32(at + 28, this.#dataBytes, true);
    if (data !== undefined) this.#copyData(data.bytes);
    return true;
  }

  #putJson(event: TraceEvent): void {
    const json = bytesOfText(formatFact(event)).bytes;
    const at = this.#count * RECORD_BYTES;
    const tenths = tenthsOf(event.atUs);
    const view = this.#view;
    this.#records.fill(0, at, at + RECORD_BYTES);
    view.setUint8(at, RECORD_KINDS.indexOf(recordKindOf(event)));
    view.setUint8(at + 1, FLAG_JSON | (event.late === true ? FLAG_LATE : 0));
    view.setUint32(at + 8, tenths >>> 0, true);
    view.setUint16(at + 12, tenths / TWO_32, true);
    view.setUint32(at + 20, json.length, true);
    view.setUint32(at + 28, this.#dataBytes, true);
    this.#copyData(json);
  }

  #copyData(bytes: Uint8Array): void {
    const start = this.#dataBytes;
    const end = start + bytes.length;
    if (end > this.#data.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#data.length));
      grown.set(this.#data.subarray(0, start));
      this.#data = grown;
    }
    this.#data.set(bytes, start);
    this.#dataBytes = end;
  }
}

/** The fact with at most `most` bytes of data; `leftOutBytes` then counts the rest. Copies what it keeps of longer data. */
export function withDataCut<Event extends Fact>(event: Event, most: number): Event {
  if ((event.kind !== 'wrote' && event.kind !== 'read') || event.data === undefined) return event;
  const data = beginningOf(event.data, most);
  // Copied: a part of the memory keeps all of it, and is cloned with all of it.
  return data === event.data ? event : { ...event, data: { ...data, bytes: data.bytes.slice() } };
}

// What is known of each line, fact by fact: where it was sent, transformed and received, and in how many reads.

import type { RecordedBytes, ReversalUnit, TraceEvent } from './fact.ts';

export interface LineRecord {
  readonly line: number;
  readonly sent: RecordedBytes;
  readonly sentSeq: number;
  readonly sentAtUs: number;
  /** `seq` of the first read at the server that returned bytes of this line. */
  readonly arrivedSeq?: number;
  readonly transformedSeq?: number;
  readonly by?: ReversalUnit;
  readonly validUtf8: boolean;
  readonly reply?: RecordedBytes;
  readonly repliedSeq?: number;
  readonly receivedSeq?: number;
  readonly receivedAtUs?: number;
  /** Reads that returned bytes of this line: at the server, and of its reply at the client. */
  readonly readsThere: number;
  readonly readsBack: number;
}

/** Spans that have been read are dropped when there are more of them. */
const MAX_READ_SPANS = 4_096;

type Draft = { -readonly [Name in keyof LineRecord]: LineRecord[Name] };

/** The place of a line, or of its reply, in the stream of its direction. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly record: Draft;
}

/** The spans of one direction, in order, and how far they have been read. */
interface Stream {
  readonly spans: Span[];
  /** The first span that has not been read to its end. */
  next: number;
}

function addSpan({ spans }: Stream, offset: number, bytes: number, record: Draft): void {
  // A stream has one order; what a damaged run puts elsewhere is not looked for.
  if (offset >= (spans.at(-1)?.to ?? 0)) spans.push({ from: offset, to: offset + bytes, record });
}

/** Calls `found` for each line of which the read returned bytes. Each span is passed once, but for one read in pieces. */
function forEachRead(stream: Stream, offset: number, bytes: number, found: (record: Draft) => void): void {
  const { spans } = stream;
  if (stream.next > MAX_READ_SPANS) {
    // Not the last: the next one must not begin before its end.
    spans.splice(0, stream.next - 1);
    stream.next = 1;
  }
  const end = offset + bytes;
  while ((spans[stream.next]?.to ?? Infinity) <= offset) stream.next += 1;
  for (let span = spans[stream.next]; span !== undefined && span.from < end; span = spans[stream.next]) {
    found(span.record);
    if (span.to > end) return;
    stream.next += 1;
  }
}

/** Follows the lines of one connection through the facts of a run. One pass; several may be on their way at once. */
export class LineFollower {
  readonly #records = new Map<number, Draft>();
  readonly #there: Stream = { spans: [], next: 0 };
  readonly #back: Stream = { spans: [], next: 0 };

  /** By line number, in the order in which they were sent. */
  get records(): ReadonlyMap<number, LineRecord> {
    return this.#records;
  }

  /** Takes the next fact, which is of our own client's connection or of none. */
  add(event: TraceEvent): void {
    const records = this.#records;
    switch (event.kind) {
      case 'wrote': {
        if (event.line === undefined) break;
        if (event.side === 'client') {
          const record: Draft = {
            line: event.line,
            sent: event.data,
            sentSeq: event.seq,
            sentAtUs: event.atUs,
            validUtf8: true,
            readsThere: 0,
            readsBack: 0,
          };
          records.set(event.line, record);
          addSpan(this.#there, event.offset, event.bytes, record);
          break;
        }
        const record = records.get(event.line);
        if (record === undefined) break;
        record.reply = event.data;
        record.repliedSeq = event.seq;
        addSpan(this.#back, event.offset, event.bytes, record);
        break;
      }
      case 'read':
        forEachRead(
          event.side === 'server' ? this.#there : this.#back,
          event.offset,
          event.bytes,
          (record) => {
            if (event.side === 'client') record.readsBack += 1;
            else {
              record.readsThere += 1;
              record.arrivedSeq ??= event.seq;
            }
          },
        );
        break;
      case 'line-transformed': {
        const record = records.get(event.line);
        if (record === undefined) break;
        record.transformedSeq = event.seq;
        record.by = event.by;
        record.validUtf8 = event.validUtf8;
        break;
      }
      case 'line-received': {
        const record = records.get(event.line);
        if (record === undefined) break;
        record.receivedSeq = event.seq;
        record.receivedAtUs = event.atUs;
        break;
      }
      default:
        break;
    }
  }

  /** Drops a line: of a long run only those are kept that are on their way. */
  forget(line: number): void {
    this.#records.delete(line);
  }
}

// How long things took, defined once: a line its round trip, from the client's write to the fact that its reply was
// received; a call the time from the call to the fact that ended it (connect to connected, listen to listening, or to
// the failure); a sleep its own time.

import type { PeerName, TraceEvent } from './fact.ts';

/** The same in words, for a person. */
export const TOOK_MEANS =
  'took is the round trip of a line, from the client’s write to its reply, or the time of a call (connect, listen) until it succeeded or failed';

/** What the round trip of a line began with. */
export interface SentLine {
  readonly seq: number;
  readonly atUs: number;
}

const FIRST_ROOM = 256;

/** More lines than that are not on their way at once: beyond it the oldest are forgotten, so that memory is bounded. */
const MAX_ROOM = 2 ** 20;

/** The lines of one connection that were sent and have not come back. No object a line: a run has millions. */
export class LinesUnderWay {
  #lines = new Float64Array(FIRST_ROOM);
  #seqs = new Float64Array(FIRST_ROOM);
  #atUs = new Float64Array(FIRST_ROOM);

  /** The client wrote a line. */
  sent(line: number, seq: number, atUs: number): void {
    let slot = line & (this.#lines.length - 1);
    while (this.#lines[slot] !== 0 && this.#lines[slot] !== line && this.#lines.length < MAX_ROOM) {
      this.#grow();
      slot = line & (this.#lines.length - 1);
    }
    this.#lines[slot] = line;
    this.#seqs[slot] = seq;
    this.#atUs[slot] = atUs;
  }

  /** The reply to a line was received: when that line was sent, if it was. */
  received(line: number): SentLine | undefined {
    const slot = line & (this.#lines.length - 1);
    if (this.#lines[slot] !== line) return undefined;
    this.#lines[slot] = 0;
    return { seq: this.#seqs[slot] ?? 0, atUs: this.#atUs[slot] ?? 0 };
  }

  #grow(): void {
    const [lines, seqs, atUs] = [this.#lines, this.#seqs, this.#atUs];
    this.#lines = new Float64Array(2 * lines.length);
    this.#seqs = new Float64Array(2 * lines.length);
    this.#atUs = new Float64Array(2 * lines.length);
    for (const [slot, line] of lines.entries()) {
      if (line !== 0) this.sent(line, seqs[slot] ?? 0, atUs[slot] ?? 0);
    }
  }
}

/** The lines under way of all connections of a run. */
export class RoundTrips {
  readonly #connections = new Map<number, LinesUnderWay>();

  /** The client wrote a line on a connection. */
  sent(connection: number, line: number, seq: number, atUs: number): void {
    let lines = this.#connections.get(connection);
    if (lines === undefined) {
      lines = new LinesUnderWay();
      this.#connections.set(connection, lines);
    }
    lines.sent(line, seq, atUs);
  }

  /** The reply to a line was received: when that line was sent, if it was. */
  received(connection: number, line: number): SentLine | undefined {
    return this.#connections.get(connection)?.received(line);
  }

  /** A new round numbers its connections anew. */
  clear(): void {
    this.#connections.clear();
  }
}

/** Measures what ends with a fact, from the facts in order. */
export class CallTimes {
  /** When each peer's call under way began. */
  readonly #began = new Map<PeerName, number>();

  /** A fact that is not about lines. How long what it ends took, in microseconds; undefined where it ends nothing. */
  tookUs(fact: TraceEvent): number | undefined {
    switch (fact.kind) {
      case 'listen-called':
      case 'connect-called':
        this.#began.set(fact.peer, fact.atUs);
        return undefined;
      case 'listening':
      case 'connected':
      case 'failed': {
        if (fact.peer === undefined) return undefined;
        const began = this.#began.get(fact.peer);
        this.#began.delete(fact.peer);
        return began === undefined ? undefined : Math.max(0, fact.atUs - began);
      }
      case 'slept':
        return 1_000 * fact.ms;
      default:
        return undefined;
    }
  }
}

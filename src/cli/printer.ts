// Prints the transcript, or other lines of the facts, in large pieces and with bounded memory, and stops when the
// output is closed.

import type { Writable } from 'node:stream';

import { withDataCut } from '../shared/trace/packed.ts';
import { isAboutLines } from '../shared/trace/fact.ts';
import type { Emit } from '../shared/trace/fact.ts';
import { newTranscript, transcriptOf } from '../shared/trace/transcript.ts';
import type { LinesOf } from './round-lines.ts';
import { neverBlock, orGiveUp } from './standard-streams.ts';

export interface Printer {
  readonly emit: Emit;
  /** A promise while too much waits to be written: the exchange waits for it. */
  room(): Promise<void> | undefined;
  /**
   * Prints the rest and resolves when it is written, or the output is closed. False where the run was cancelled and the
   * rest was not written within a second.
   */
  end(): Promise<boolean>;
}

const PIECE_CHARACTERS = 64 * 1024;
const MAX_WAITING_BYTES = 1024 * 1024;

/** The most bytes printed of a line with its LF: as many as the longest string that can be sent. */
const MAX_PRINTED_BYTES = 64 * 1024 + 1;

/**
 * The transcript in the course's words; of a line over MAX_PRINTED_BYTES only its beginning. It is cut before it is
 * escaped: escaping takes a hundred times the memory of the bytes.
 */
export function transcriptLines(): LinesOf {
  const state = newTranscript();
  return (fact) => transcriptOf(withDataCut(fact, MAX_PRINTED_BYTES), state);
}

/**
 * A printer of `linesOf` on `out`. A closed `out` (as behind `| head -1`) ends the printing and nothing else; `signal`
 * cancels the run.
 */
export function createPrinter(out: Writable, linesOf: LinesOf, signal: AbortSignal): Printer {
  neverBlock(out);
  let piece = '';
  let gone = false;
  let drained: (() => void) | undefined;

  const wake = (): void => {
    const waiting = drained;
    drained = undefined;
    waiting?.();
  };
  out.on('drain', wake);
  for (const event of ['error', 'close']) {
    out.on(event, () => {
      gone = true;
      piece = '';
      wake();
    });
  }

  const print = (): void => {
    if (piece !== '' && !gone) out.write(piece);
    piece = '';
  };

  return {
    emit(fact) {
      if (gone) return;
      for (const line of linesOf(fact)) piece += `${line}\n`;
      // Opening, closing and failures are printed at once; lines in large pieces.
      if (piece.length >= PIECE_CHARACTERS || !isAboutLines(fact)) print();
    },
    room() {
      if (gone || out.writableLength < MAX_WAITING_BYTES) return undefined;
      return new Promise((resolve) => {
        drained = resolve;
      });
    },
    async end() {
      print();
      if (gone || out.writableLength === 0) return true;
      const rest = new Promise<void>((resolve) => {
        drained = resolve;
        out.write('', () => {
          resolve();
        });
      });
      return await orGiveUp(rest, signal);
    },
  };
}

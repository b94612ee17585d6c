// Finds the lines in a stream of bytes, however the bytes were split into chunks. Nothing is decoded here.

/** A line found in the stream. */
export interface FramedLine {
  /** The line without its LF; a CR before the LF is part of it. Shares memory with the chunk it arrived in. */
  readonly bytes: Buffer;
  /** False only for a last line that ended with the stream and not with an LF. */
  readonly terminated: boolean;
}

/** A line over the limit, by its number (the first is 1). */
interface TooLongLine {
  readonly line: number;
  /** Bytes of it so far, without the LF. */
  readonly bytes: number;
  /** Whether its end was seen, so that `bytes` is all of it. */
  readonly whole: boolean;
}

export interface LineFramer {
  /**
   * Adds the next bytes of the stream and returns the lines that end in them. After a line over the limit no more lines
   * are found: the rest of that line is counted and not kept.
   */
  push(chunk: Buffer): readonly FramedLine[];
  /** Ends the stream; returns the last line where it has bytes and no LF. */
  end(): FramedLine | undefined;
  /** The line that was over the limit, once there was one. */
  readonly tooLong: TooLongLine | undefined;
}

const LF = 0x0a;
const NO_LINES: readonly FramedLine[] = [];
const FIRST_CARRY_BYTES = 256;

/**
 * A framer that finds lines of up to `maxLineBytes` bytes before the LF. The cost is linear in the bytes, whatever the
 * chunks: a line that spans chunks is collected in a buffer which doubles as it fills.
 */
export function createLineFramer(maxLineBytes: number): LineFramer {
  let carry: Buffer | undefined;
  let carried = 0;
  let lines = 0;
  let tooLong: TooLongLine | undefined;

  function keep(piece: Buffer): void {
    const wanted = carried + piece.length;
    if (carry === undefined || wanted > carry.length) {
      const grown = Buffer.allocUnsafeSlow(
        Math.max(wanted, Math.min(2 * carried, maxLineBytes), FIRST_CARRY_BYTES),
      );
      if (carry !== undefined) grown.set(carry.subarray(0, carried));
      carry = grown;
    }
    carry.set(piece, carried);
    carried = wanted;
  }

  function takeCarry(): Buffer {
    const whole = carry === undefined ? Buffer.alloc(0) : carry.subarray(0, carried);
    carry = undefined;
    carried = 0;
    return whole;
  }

  /** Counts the bytes of a line over the limit to its end. */
  function countOn(over: TooLongLine, piece: Buffer): TooLongLine {
    if (over.whole) return over;
    const lf = piece.indexOf(LF);
    return lf === -1
      ? { ...over, bytes: over.bytes + piece.length }
      : { ...over, bytes: over.bytes + lf, whole: true };
  }

  function giveUp(rest: Buffer): void {
    const over = { line: lines + 1, bytes: carried, whole: false };
    takeCarry();
    tooLong = countOn(over, rest);
  }

  return {
    push(chunk) {
      if (tooLong !== undefined) {
        tooLong = countOn(tooLong, chunk);
        return NO_LINES;
      }
      let lf = chunk.indexOf(LF);
      if (lf === -1) {
        if (carried + chunk.length > maxLineBytes) giveUp(chunk);
        else keep(chunk);
        return NO_LINES;
      }
      const found: FramedLine[] = [];
      let start = 0;
      while (lf !== -1) {
        if (carried + lf - start > maxLineBytes) {
          giveUp(chunk.subarray(start));
          return found;
        }
        if (carried > 0) {
          keep(chunk.subarray(start, lf));
          found.push({ bytes: takeCarry(), terminated: true });
        } else {
          found.push({ bytes: chunk.subarray(start, lf), terminated: true });
        }
        lines += 1;
        start = lf + 1;
        lf = chunk.indexOf(LF, start);
      }
      if (chunk.length - start > maxLineBytes) giveUp(chunk.subarray(start));
      else if (start < chunk.length) keep(chunk.subarray(start));
      return found;
    },
    end() {
      if (tooLong !== undefined) {
        tooLong = { ...tooLong, whole: true };
        return undefined;
      }
      return carried === 0 ? undefined : { bytes: takeCarry(), terminated: false };
    },
    get tooLong() {
      return tooLong;
    },
  };
}

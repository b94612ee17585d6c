import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createLineFramer } from './line-framer.ts';
import type { FramedLine, LineFramer } from './line-framer.ts';

const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Bytes with many LF and CR among them, so that small samples have many lines. */
const bytes = fc
  .array(fc.oneof(fc.constant(0x0a), fc.constant(0x0d), fc.integer({ min: 0, max: 255 })), { maxLength: 200 })
  .map((list) => Buffer.from(list));

function split(whole: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...[...cuts].map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
  return at.slice(1).map((end, index) => Buffer.from(whole.subarray(at[index], end)));
}

function frame(framer: LineFramer, chunks: readonly Buffer[]): FramedLine[] {
  const lines = chunks.flatMap((chunk) => [...framer.push(chunk)]);
  const last = framer.end();
  return last === undefined ? lines : [...lines, last];
}

/** The same by the simplest means, on the whole. */
function linesOf(whole: Buffer): { bytes: string; terminated: boolean }[] {
  const parts = whole.toString('latin1').split('\n');
  const rest = parts.pop() ?? '';
  const lines = parts.map((part) => ({ bytes: part, terminated: true }));
  return rest === '' ? lines : [...lines, { bytes: rest, terminated: false }];
}

const readable = (line: FramedLine) => ({
  bytes: line.bytes.toString('latin1'),
  terminated: line.terminated,
});

describe('the line framer', () => {
  it('finds the same lines in any bytes, however they are split into chunks', () => {
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(), { maxLength: 20 }), (whole, cuts) => {
        const found = frame(createLineFramer(NO_LIMIT), split(whole, cuts)).map(readable);
        expect(found).toEqual(linesOf(whole));
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives back every byte: the lines and their LFs put together are the stream', () => {
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(), { maxLength: 20 }), (whole, cuts) => {
        const found = frame(createLineFramer(NO_LIMIT), split(whole, cuts));
        const again = found.flatMap((line) => [
          line.bytes,
          line.terminated ? Buffer.from('\n') : Buffer.alloc(0),
        ]);
        expect(Buffer.concat(again).equals(whole)).toBe(true);
      }),
    );
  });

  it('finds the same line over the limit and the same lines before it, however the bytes are split', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.integer({ min: 1, max: 8 }),
        (whole, cuts, limit) => {
          const framer = createLineFramer(limit);
          const found = frame(framer, split(whole, cuts)).map(readable);
          const all = linesOf(whole);
          const tooLong = all.findIndex((line) => line.bytes.length > limit);
          expect(found).toEqual(tooLong === -1 ? all : all.slice(0, tooLong));
          expect(framer.tooLong).toEqual(
            tooLong === -1
              ? undefined
              : { line: tooLong + 1, bytes: all[tooLong]?.bytes.length, whole: true },
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('accepts a line of exactly the limit and refuses one byte more', () => {
    const exact = createLineFramer(4);
    expect(frame(exact, [Buffer.from('abcd\n')]).map(readable)).toEqual([
      { bytes: 'abcd', terminated: true },
    ]);
    const over = createLineFramer(4);
    expect(over.push(Buffer.from('ab\nabcd'))).toHaveLength(1);
    expect(over.tooLong).toBeUndefined();
    over.push(Buffer.from('e'));
    expect(over.tooLong).toEqual({ line: 2, bytes: 5, whole: false });
    over.push(Buffer.from('fgh\nnext'));
    expect(over.tooLong).toEqual({ line: 2, bytes: 8, whole: true });
    over.push(Buffer.from('more'));
    expect(over.tooLong).toEqual({ line: 2, bytes: 8, whole: true });
  });

  it('holds no more than the limit of a line without end', () => {
    const framer = createLineFramer(1024);
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const before = process.memoryUsage().arrayBuffers;
    for (let at = 0; at < 4_096; at += 1) framer.push(chunk);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
    expect(framer.tooLong).toEqual({ line: 1, bytes: 4_096 * 64 * 1024, whole: false });
  });

  it('copies as little for a line of 1 MiB that arrives byte by byte as for 16 lines of 64 KiB', () => {
    const byte = Buffer.from('x');
    const lf = Buffer.from('\n');
    const copied = (lines: number, lineBytes: number): number =>
      bytesCopied(() => {
        const framer = createLineFramer(NO_LIMIT);
        for (let line = 0; line < lines; line += 1) {
          for (let at = 0; at < lineBytes; at += 1) framer.push(byte);
          expect(framer.push(lf)[0]?.bytes.length).toBe(lineBytes);
        }
      });
    const many = copied(16, 64 * 1024);
    const one = copied(1, 1024 * 1024);
    expect(many).toBeGreaterThanOrEqual(1024 * 1024);
    // Copying the line again for each byte would be some thousand times as much.
    expect(one).toBeLessThan(2 * many);
  });
});

/** How many bytes `work` copies from one buffer into another. */
function bytesCopied(work: () => void): number {
  const { prototype } = Uint8Array;
  const typedArray: unknown = Object.getPrototypeOf(prototype);
  if (typeof typedArray !== 'object' || typedArray === null) throw new Error('There are no typed arrays.');
  const original: unknown = Reflect.get(typedArray, 'set');
  if (typeof original !== 'function') throw new Error('There is nothing that copies.');
  let bytes = 0;
  Object.defineProperty(prototype, 'set', {
    configurable: true,
    value(this: Uint8Array, source: Uint8Array, offset?: number) {
      bytes += source.length;
      original.call(this, source, offset);
    },
  });
  try {
    work();
  } finally {
    Reflect.deleteProperty(prototype, 'set');
  }
  return bytes;
}

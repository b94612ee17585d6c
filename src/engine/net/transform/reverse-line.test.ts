import { isUtf8 } from 'node:buffer';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Session } from 'node:inspector/promises';
import { buffer } from 'node:stream/consumers';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { reverseEachWay, reverseLine } from './reverse-line.ts';
import type { ReversalUnit } from '../../../shared/trace/fact.ts';

const FAMILY = '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}';
const FLAG_DE = '\u{1F1E9}\u{1F1EA}';
const FLAG_FR = '\u{1F1EB}\u{1F1F7}';

const reversed = (text: string, by: ReversalUnit): string =>
  reverseLine(Buffer.from(text), by).bytes.toString();

/** Text with combining marks, emoji, flags, joiners and Indic conjuncts next to each other. */
const pieces = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom(
    'e\u0301',
    FAMILY,
    FLAG_DE,
    '\u{1F44D}\u{1F3FD}',
    '\u0915\u094D\u0937',
    '\r',
    '\t',
    '\u200D',
    '\uFEFF',
  ),
);
const text = fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join('').replaceAll('\n', ''));

/** Without what keeps its place: reversal is not its own inverse where a CR or a BOM moves to where it would stay. */
const movable = (line: Buffer): boolean => line[0] !== 0x0d && line[line.length - 1] !== 0x0d;

describe('reversing a line', () => {
  it('by byte twice gives any line back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const line = Buffer.from(bytes);
        fc.pre(movable(line));
        expect(reverseLine(reverseLine(line, 'byte').bytes, 'byte').bytes.equals(line)).toBe(true);
      }),
    );
  });

  it('by code point twice gives any text back', () => {
    fc.assert(
      fc.property(text, (sample) => {
        const line = Buffer.from(sample);
        fc.pre(movable(line));
        const once = reverseLine(line, 'codepoint');
        expect(isUtf8(once.bytes)).toBe(true);
        expect(reverseLine(once.bytes, 'codepoint').bytes.equals(line)).toBe(true);
      }),
    );
  });

  it('by grapheme twice gives a text back where its clusters stay whole when their order is reversed', () => {
    // Each of these is one cluster beside any other of them, in either order.
    const cluster = fc.constantFrom(
      'a',
      'e\u0301',
      FAMILY,
      '\u{1F44D}\u{1F3FD}',
      '\u0915\u094D\u0937',
      '한',
      '字',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(cluster, { maxLength: 50 }), (clusters) => {
        expect(reversed(clusters.join(''), 'grapheme')).toBe([...clusters].reverse().join(''));
        expect(reversed(reversed(clusters.join(''), 'grapheme'), 'grapheme')).toBe(clusters.join(''));
      }),
    );
  });

  it('by grapheme agrees with the segmenter on every code point between two others', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const wrong: string[] = [];
    // The ranges that take the fast path, and what lies beside them.
    for (const [from, to] of [
      [0x80, 0x500],
      [0x2f00, 0x3500],
      [0x9f00, 0xa4d0],
    ] as const) {
      for (let code = from; code < to; code += 1) {
        const line = `a${String.fromCodePoint(code)}字${String.fromCodePoint(code)}é`;
        const clusters = Array.from(segmenter.segment(line), ({ segment }) => segment);
        if (reversed(line, 'grapheme') !== clusters.reverse().join('')) wrong.push(code.toString(16));
      }
    }
    expect(wrong).toEqual([]);
  });

  it('by grapheme agrees with the clusters that the JavaScript engine finds', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
    // Without Indic conjuncts: Unicode 15.1 joined them, and the engine of Node 20 may be older than that.
    const sample = fc
      .array(
        fc.oneof(
          fc.string({ unit: 'grapheme', maxLength: 4 }),
          fc.constantFrom('e\u0301', FAMILY, FLAG_DE, '\u{1F44D}\u{1F3FD}', '\u200D', '\t'),
        ),
        { maxLength: 20 },
      )
      .map((parts) => parts.join('').replaceAll(/[\r\n]/g, ''))
      .filter(
        (joined) =>
          !/\p{Script=Devanagari}|\p{Script=Bengali}|\p{Script=Gujarati}|\p{Script=Oriya}|\p{Script=Telugu}|\p{Script=Malayalam}/u.test(
            joined,
          ),
      );
    fc.assert(
      fc.property(sample, (line) => {
        const clusters = Array.from(segmenter.segment(line), ({ segment }) => segment);
        expect(reversed(line, 'grapheme')).toBe(clusters.reverse().join(''));
      }),
    );
  });

  it('keeps every byte, in every way, of any line', () => {
    const sorted = (bytes: Uint8Array): Buffer => Buffer.from(bytes).sort();
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          text.map((sample): Uint8Array => Buffer.from(sample)),
        ),
        fc.constantFrom<ReversalUnit>('grapheme', 'codepoint', 'byte'),
        fc.boolean(),
        (line, by, first) => {
          expect(sorted(reverseLine(line, by, { first }).bytes).equals(sorted(line))).toBe(true);
        },
      ),
    );
  });

  it('keeps whole what a reader calls a character', () => {
    expect(reversed(`cafe\u0301 ${FAMILY}${FLAG_DE}${FLAG_FR}`, 'grapheme')).toBe(
      `${FLAG_FR}${FLAG_DE}${FAMILY} e\u0301fac`,
    );
    expect(reversed(`${FLAG_DE}x`, 'codepoint')).toBe('x\u{1F1EA}\u{1F1E9}');
    expect(reversed('HELLO', 'grapheme')).toBe('OLLEH');
  });

  it('leaves a single CR at the end where it is, and reverses any other', () => {
    for (const by of ['grapheme', 'codepoint', 'byte'] as const) {
      expect(reversed('abc\r', by)).toBe('cba\r');
      expect(reversed('abc\r\r', by)).toBe('\rcba\r');
      expect(reversed('a\rb', by)).toBe('b\ra');
      expect(reversed('\r', by)).toBe('\r');
      expect(reversed('', by)).toBe('');
    }
    expect(reversed('é\r', 'codepoint')).toBe('é\r');
  });

  it('leaves a BOM in front of the first line only', () => {
    for (const by of ['grapheme', 'codepoint', 'byte'] as const) {
      const line = Buffer.from('\uFEFFabc\r');
      expect(reverseLine(line, by, { first: true }).bytes.toString()).toBe('\uFEFFcba\r');
    }
    expect(reverseLine(Buffer.from('\uFEFFabc'), 'codepoint').bytes.toString()).toBe('cba\uFEFF');
    expect(reverseLine(Buffer.from('\uFEFF'), 'grapheme', { first: true }).bytes.toString()).toBe('\uFEFF');
    expect(reverseLine(Buffer.from('\uFEFF\r'), 'byte', { first: true }).bytes.toString()).toBe('\uFEFF\r');
  });

  it('reverses by byte what is not valid UTF-8, and reports it', () => {
    const line = Buffer.from([0x61, 0xff, 0xc3, 0xa9, 0x0d]);
    for (const by of ['grapheme', 'codepoint', 'byte'] as const) {
      expect(reverseLine(line, by)).toEqual({
        bytes: Buffer.from([0xa9, 0xc3, 0xff, 0x61, 0x0d]),
        by: 'byte',
        validUtf8: false,
      });
    }
    // A CR that a broken sequence swallows in some decoders is still the line's ending.
    expect(reverseLine(Buffer.from([0xe2, 0x82, 0x0d]), 'grapheme').bytes).toEqual(
      Buffer.from([0x82, 0xe2, 0x0d]),
    );
  });

  it('reports that valid text was reversed as asked, NULs included', () => {
    expect(reverseLine(Buffer.from('a\0é'), 'grapheme')).toEqual({
      bytes: Buffer.from('é\0a'),
      by: 'grapheme',
      validUtf8: true,
    });
    expect(reverseLine(Buffer.from('é'), 'byte')).toMatchObject({ by: 'byte', validUtf8: true });
  });

  it("equals Python's [::-1] in code point mode", async () => {
    const samples = fc.sample(text, 2_000).filter((sample) => !sample.endsWith('\r'));
    const python = spawn('python3', [
      '-c',
      [
        'import sys',
        'for line in sys.stdin.buffer:',
        '    sys.stdout.buffer.write(line[:-1].decode()[::-1].encode() + b"\\n")',
      ].join('\n'),
    ]);
    await once(python, 'spawn');
    const answers = buffer(python.stdout);
    python.stdin.end(samples.map((sample) => `${sample}\n`).join(''));
    const expected = (await answers).toString().split('\n').slice(0, -1);
    expect(samples.map((sample) => reversed(sample, 'codepoint'))).toEqual(expected);
  });

  it.each([
    ['emoji', '\u{1F600}'],
    ['families joined by ZWJ', FAMILY],
    ['flags', FLAG_DE],
    ['conjuncts', '\u0915\u094D\u0937'],
    ['ideographs', '字'],
  ])('takes no more than 5 times as many steps a byte for 1 MiB of %s as for 1 KiB', async (_name, piece) => {
    const unit = Buffer.byteLength(piece);
    const short = Buffer.from(piece.repeat(Math.floor(1024 / unit)));
    const long = Buffer.from(piece.repeat(Math.floor(1024 ** 2 / unit)));
    expect(reverseLine(long, 'grapheme').bytes.toString()).toBe(piece.repeat(Math.floor(1024 ** 2 / unit)));
    const shortSteps = await stepsPerByte(short);
    const longSteps = await stepsPerByte(long);
    expect(shortSteps).toBeGreaterThan(0.1);
    expect(longSteps).toBeLessThan(5 * shortSteps);
  });

  it('reverses one cluster of 500,001 code points in time proportional to its length', async () => {
    const line = Buffer.from(`ab e${'\u0301'.repeat(500_000)}`);
    const half = Buffer.from(`ab e${'\u0301'.repeat(50_000)}`);
    expect(reverseLine(line, 'grapheme').bytes.toString()).toBe(`e${'\u0301'.repeat(500_000)} ba`);
    const longSteps = await stepsPerByte(line);
    const shortSteps = await stepsPerByte(half);
    expect(shortSteps).toBeGreaterThan(0.1);
    expect(longSteps).toBeLessThan(5 * shortSteps);
  });
});

/**
 * How often a block of our code or of a package's was entered while the line was reversed, a byte. V8 counts them, so that
 * the number is the same on every machine. What V8 does inside of its own functions is not counted: `npm run bench` measures
 * the time.
 */
async function stepsPerByte(line: Buffer): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    // Discards what was counted before.
    await session.post('Profiler.takePreciseCoverage');
    reverseLine(line, 'grapheme');
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const blocks = result
      .filter(({ url }) => /reverse-line\.ts|unicode-segmenter/.test(url))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges));
    return blocks.reduce((sum, { count }) => sum + count, 0) / line.length;
  } finally {
    session.disconnect();
  }
}

describe('reversing a text each way', () => {
  it('returns the same text reversed in each way, and bytes that are no text in hex alone', () => {
    expect(reverseEachWay('né')).toEqual({
      grapheme: { text: 'én', hex: 'c3a96e' },
      codepoint: { text: 'én', hex: 'c3a96e' },
      byte: { hex: 'a9c36e' },
    });
    expect(reverseEachWay('').byte).toEqual({ text: '', hex: '' });
    expect(reverseEachWay(`a${FLAG_DE}`).codepoint.text).toBe('\u{1F1EA}\u{1F1E9}a');
  });
});

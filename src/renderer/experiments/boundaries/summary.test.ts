import { describe, expect, it } from 'vitest';
import { boundariesSentences } from './summary.ts';
import type { BoundaryRun } from './boundary-facts-for-tests.ts';
import { boundaryRun } from './boundary-facts-for-tests.ts';

const ENCODER = new TextEncoder();
const WHOLE = ENCODER.encode('HELLO\ncafé\nend');
const LINES = [WHOLE.subarray(0, 6), WHOLE.subarray(6, 12), WHOLE.subarray(12)];
const BYTES = Array.from(WHOLE, (octet) => Uint8Array.of(octet));
const SPLIT = [WHOLE.subarray(0, 10), WHOLE.subarray(10)];

function sentences(run: BoundaryRun): string {
  return boundariesSentences(boundaryRun(run)).join(' ');
}

const ONLY_ONE = 'Only the server that looks for newlines gave 3 lines back; ';
const BOTH_TOOK_ALL = 'the other two took all of it for one line, so the last line came first.';
const LAST_FIRST = 'the one that reads to the end gave the last line first.';

describe('what a run of lost boundaries came to', () => {
  it.each([
    ['a-write-a-line', LINES, '3 times'],
    ['all-at-once', [WHOLE], 'once'],
    ['byte-by-byte', BYTES, '15 times'],
  ] as const)(
    'is the same however the bytes came, where they are read late: %s',
    (handOver, writes, times) => {
      expect(sentences({ handOver, writes, readWhen: 'late' })).toBe(
        `The client wrote ${times}; the kernel kept 15 bytes and no boundary; each server read them in 1 read. ${ONLY_ONE}${BOTH_TOOK_ALL}`,
      );
    },
  );

  it('names the luck where each read was a line', () => {
    expect(sentences({ handOver: 'a-write-a-line', writes: LINES, readWhen: 'after-each-write' })).toBe(
      `The client wrote 3 times; the kernel keeps bytes and no boundary; each server read them in 3 reads. ${ONLY_ONE}${LAST_FIRST} Here each read happened to be a line, which nothing promises; its newline was reversed too, so the lines came back shifted.`,
    );
  });

  it('says that lines of one byte come back as they were', () => {
    expect(sentences({ handOver: 'byte-by-byte', writes: BYTES, readWhen: 'after-each-write' })).toContain(
      `${LAST_FIRST} With each read taken for a line, each of 15 bytes was one, so the text came back as it was.`,
    );
  });

  it('says what a split inside a character made of the text', () => {
    expect(
      sentences({ handOver: 'inside-a-character', writes: SPLIT, readWhen: 'after-each-write' }),
    ).toContain(
      'The client wrote twice; the kernel keeps bytes and no boundary; each server read them in 2 reads.',
    );
    expect(
      sentences({ handOver: 'inside-a-character', writes: SPLIT, readWhen: 'after-each-write' }),
    ).toContain(
      `${LAST_FIRST} With each read taken for a line, one ended inside a character: what came back is no longer text.`,
    );
  });

  it('says that one line has no boundary to lose', () => {
    expect(
      sentences({
        handOver: 'all-at-once',
        writes: [ENCODER.encode('HELLO')],
        readWhen: 'late',
        examined: false,
      }),
    ).toBe(
      'The client wrote once; the kernel keeps bytes and no boundary; each server read them in 1 read. It is one line, so no boundary was there to lose.',
    );
  });

  it('says nothing of a run that was cut off', () => {
    const facts = boundaryRun({ handOver: 'all-at-once', writes: [WHOLE], readWhen: 'late' });
    expect(boundariesSentences(facts.slice(0, -20))).toEqual([]);
  });
});

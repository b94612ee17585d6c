// How long a byte takes to be reversed in a line of 1 MiB, against a line of 1 KiB of the same characters: it is to take the
// same, for the cost of a line is meant to be proportional to its length.

import { reverseLine } from '../src/engine/net/transform/reverse-line.ts';
import type { Section } from './report.ts';

const SHORT_BYTES = 1024;
const LONG_BYTES = 1024 ** 2;

const PIECES: readonly (readonly [name: string, piece: string])[] = [
  ['emoji', '\u{1F600}'],
  ['families joined by ZWJ', '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}'],
  ['flags', '\u{1F1E9}\u{1F1EA}'],
  ['conjuncts', '\u0915\u094D\u0937'],
  ['ideographs', '字'],
  ['one cluster of all', '\u0301'],
];

/** The best of several, in processor time: what else the machine does can only make it slower. */
function bestNsPerByte(line: Buffer, times: number, tries: number): number {
  const all = Array.from({ length: tries }, () => {
    const began = process.cpuUsage();
    for (let time = 0; time < times; time += 1) reverseLine(line, 'grapheme');
    const { user, system } = process.cpuUsage(began);
    return (user + system) * 1_000;
  });
  return Math.min(...all) / (times * line.length);
}

export function measureReversal(full: boolean): Section {
  const tries = full ? 15 : 5;
  return {
    name: 'reversal',
    title: 'Long lines',
    command: full ? 'npm run bench -- --full' : 'npm run bench',
    words: `Processor time to reverse a byte, best of ${tries}. The ratio is meant to be at most 5.`,
    header: ['line of', '1 KiB', '1 MiB', 'ratio'],
    rows: PIECES.map(([name, piece]) => {
      const lineOf = (bytes: number): Buffer =>
        Buffer.from(piece.repeat(Math.floor(bytes / Buffer.byteLength(piece))));
      const shortNs = bestNsPerByte(lineOf(SHORT_BYTES), LONG_BYTES / SHORT_BYTES, tries);
      const longNs = bestNsPerByte(lineOf(LONG_BYTES), 1, tries);
      return [name, `${shortNs.toFixed(1)} ns`, `${longNs.toFixed(1)} ns`, (longNs / shortNs).toFixed(2)];
    }),
  };
}

// How long a byte takes to be reversed in a line of 1 MiB, against a line of 1 KiB of the same characters: it is to take the
// same, for the cost of a line is meant to be proportional to its length. `npm run bench:reversal`.

import { reverseLine } from '../src/engine/net/transform/reverse-line.ts';

const SHORT_BYTES = 1024;
const LONG_BYTES = 1024 ** 2;
const TARGET = 5;
const TRIES = 7;

const PIECES: readonly (readonly [name: string, piece: string])[] = [
  ['emoji', '\u{1F600}'],
  ['families joined by ZWJ', '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}'],
  ['flags', '\u{1F1E9}\u{1F1EA}'],
  ['conjuncts', '\u0915\u094D\u0937'],
  ['ideographs', '字'],
  ['one cluster of all', '\u0301'],
];

/** The best of several, in processor time: what else the machine does can only make it slower. */
function bestNsPerByte(line: Buffer, times: number): number {
  const tries = Array.from({ length: TRIES }, () => {
    const began = process.cpuUsage();
    for (let time = 0; time < times; time += 1) reverseLine(line, 'grapheme');
    const { user, system } = process.cpuUsage(began);
    return (user + system) * 1_000;
  });
  return Math.min(...tries) / (times * line.length);
}

console.log(`ns a byte, best of ${TRIES}; the ratio is meant to be at most ${TARGET}`);
console.log(`${'line of'.padEnd(24)}${'1 KiB'.padStart(10)}${'1 MiB'.padStart(10)}${'ratio'.padStart(8)}`);
for (const [name, piece] of PIECES) {
  const lineOf = (bytes: number): Buffer =>
    Buffer.from(piece.repeat(Math.floor(bytes / Buffer.byteLength(piece))));
  const shortNs = bestNsPerByte(lineOf(SHORT_BYTES), LONG_BYTES / SHORT_BYTES);
  const longNs = bestNsPerByte(lineOf(LONG_BYTES), 1);
  const cells = [shortNs.toFixed(1).padStart(10), longNs.toFixed(1).padStart(10)];
  console.log(`${name.padEnd(24)}${cells.join('')}${(longNs / shortNs).toFixed(2).padStart(8)}`);
}

// What the terminal command prints of lost boundaries: for each way the reply of each of the three servers, and whether
// it is each line reversed in its place; at the end a summary.

import { createLineFramer } from '../engine/net/line-framer.ts';
import { reverseLine } from '../engine/net/transform/reverse-line.ts';
import { reverseText } from '../engine/net/transform/reverse-text.ts';
import { FRAMING_WORDS, SERVER_NAMES } from '../shared/experiments/framing-words.ts';
import { OPTIONS } from '../shared/experiments/definitions.ts';
import type { Fact, Framing, HandOver, ReversalUnit, RunStarted } from '../shared/trace/fact.ts';
import { printable, printableLine } from '../shared/trace/transcript.ts';
import type { LinesOf } from './round-lines.ts';

const LF = Buffer.from('\n');

/** One exchange, as far as it has come. */
interface Round {
  readonly framing: Framing;
  readonly handOver: HandOver;
  connection?: number;
  writes: number;
  reads: number;
  readonly sent: Uint8Array[];
  readonly answered: Uint8Array[];
  whole: boolean;
}

/** For one run of `boundaries` in these ways: a server's reply is printed at the end of its round. */
export function boundariesLines(asked: readonly HandOver[]): LinesOf {
  let started: RunStarted | undefined;
  let round: Round | undefined;
  let heading: HandOver | undefined;
  const shown = new Set<HandOver>();
  const right: Record<Framing, number> = { 'each-read': 0, 'whole-stream': 0, newlines: 0 };

  function finished(): readonly string[] {
    const over = round;
    round = undefined;
    if (over?.whole !== true || started === undefined) return [];
    const { input, options } = started;
    const { by = 'grapheme', readWhen } = options;
    const sent = Buffer.concat(over.sent);
    const lines: string[] = [];
    if (shown.size === 0) {
      const when = readWhen === 'late' ? 'when all bytes wait in the kernel' : 'after each write';
      lines.push(
        `${printable(input.name)}: ${counted(sent.length, 'byte')}, ${counted(linesOf(sent).length, 'line')}. The servers read ${when}.`,
      );
    }
    if (heading !== over.handOver) {
      heading = over.handOver;
      shown.add(heading);
      const each = heading === 'inside-a-character' ? ', each read before the next' : '';
      lines.push('', `${OPTIONS.handOver.choices[heading].name}: ${counted(over.writes, 'write')}${each}`);
    }
    const reply = Buffer.concat(over.answered);
    const verdict = checkReply(sent, reply, by);
    if (verdict.right) right[over.framing] += 1;
    const mark = verdict.right ? 'right' : 'WRONG';
    lines.push(
      `  ${mark}  ${FRAMING_WORDS[over.framing].padEnd(27)}  ${counted(over.reads, 'read')}: ${verdict.words}`,
      ...pieces(reply).map((line) => `           | ${printableLine({ bytes: line })}`.trimEnd()),
    );
    return lines;
  }

  return (fact) => {
    switch (fact.kind) {
      case 'run-started':
        started = fact;
        return [];
      case 'round-started': {
        const lines = finished();
        const { framing, handOver } = fact;
        if (framing !== undefined && handOver !== undefined) {
          round = { framing, handOver, writes: 0, reads: 0, sent: [], answered: [], whole: false };
        }
        return lines;
      }
      case 'run-ended': {
        const lines = finished();
        if (fact.outcome !== 'completed') return lines;
        const leftOut = asked.filter((way) => !shown.has(way));
        return [...lines, '', ...leftOut.map(leftOutLine), sentence(right, shown.size)];
      }
      default:
        if (round !== undefined) addFact(fact, round);
        return [];
    }
  };
}

/** Adds a fact to its round. Facts of other clients' connections are ignored. */
function addFact(fact: Fact, round: Round): void {
  if (fact.kind === 'connected') round.connection = fact.connection;
  if (!('connection' in fact) || fact.connection !== round.connection) return;
  if (fact.kind === 'text-received') round.whole = true;
  if (fact.kind === 'read' && fact.side === 'server') round.reads += 1;
  if (fact.kind !== 'wrote') return;
  if (fact.side === 'client') round.writes += 1;
  (fact.side === 'client' ? round.sent : round.answered).push(fact.data.bytes);
}

interface Verdict {
  readonly right: boolean;
  readonly words: string;
}

/** Checks the reply: right is each line reversed in its place, whatever the framing of the server. */
function checkReply(sent: Buffer, reply: Buffer, by: ReversalUnit): Verdict {
  const wanted = Buffer.concat(
    linesOf(sent).map(({ bytes, terminated }, index) => {
      const reversed = reverseLine(bytes, by, { first: index === 0 }).bytes;
      return terminated ? Buffer.concat([reversed, LF]) : reversed;
    }),
  );
  if (reply.equals(wanted)) return { right: true, words: 'each line reversed, in its place' };
  if (reply.equals(sent)) return { right: false, words: 'nothing reversed, as it was sent' };
  if (reply.equals(reverseText(sent, by).bytes)) {
    return { right: false, words: 'the last line first, all of it reversed at once' };
  }
  const found = pieces(reply);
  const places = pieces(wanted);
  const kept = places.filter((line, index) => found[index]?.equals(line) === true).length;
  return { right: false, words: `${kept} of ${counted(places.length, 'line')} reversed in its place` };
}

/** The lines of the input. */
function linesOf(bytes: Buffer) {
  const framer = createLineFramer(bytes.length);
  const lines = [...framer.push(bytes)];
  const last = framer.end();
  return last === undefined ? lines : [...lines, last];
}

function pieces(bytes: Buffer): readonly Buffer[] {
  return linesOf(bytes).map((line) => line.bytes);
}

function leftOutLine(way: HandOver): string {
  return `${OPTIONS.handOver.choices[way].name}: left out, because the file has no character of more than one byte, such as é.`;
}

function sentence(right: Readonly<Record<Framing, number>>, ways: number): string {
  const of = `of ${counted(ways, 'way')}`;
  const servers = (['each-read', 'whole-stream'] as const).map(
    (framing) => `${SERVER_NAMES[framing]} in ${right[framing]}`,
  );
  const words = `${SERVER_NAMES.newlines} gave each line back in ${right.newlines} ${of}, ${servers.join(', ')}`;
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}: TCP keeps the bytes and their order, and not where a write ended.`;
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

// Lost boundaries as a picture: the same bytes on one ruler, and below it for each of the three servers what was written,
// what waited in the kernel, what was read, what was treated as a line and what was given back, as blocks over the same
// bytes. Pure: the same facts and cursor give the same blocks.

import { MAX_BOUNDARY_BYTES } from '../../../shared/experiments/framing-words.ts';
import type {
  Framing,
  HandOver,
  ReadWhen,
  RunStarted,
  Stamp,
  TraceEvent,
} from '../../../shared/trace/fact.ts';
import type { LinePlace } from './byte-cells.ts';
import { cellsOf, linesIn, reversedLine, sameOctets } from './byte-cells.ts';
import { isOfOtherClient, ownConnection } from '../../scene/ladder.ts';

import type { Round } from '../../scene/rounds.ts';
import { roundsOf } from '../../scene/rounds.ts';
import { formatCount, formatCountOf } from '../../../shared/format.ts';

/** The order in which they stand under one another. */
const FRAMINGS: readonly Framing[] = ['each-read', 'whole-stream', 'newlines'];

export type RowName = 'writes' | 'waiting' | 'reads' | 'lines' | 'back';

/** The order in which the rows of a server stand under one another: from the client's call to what the client got. */
export const ROWS: readonly RowName[] = ['writes', 'waiting', 'reads', 'lines', 'back'];

/** Whether it is a line of the input; `plain` for a block that is not meant to be one, or is not complete yet. */
export type Mark = 'plain' | 'right' | 'wrong';

/** Bytes that belong together, over the ruler. There are thousands, few are drawn: their words are made when asked for. */
export interface Block {
  /** The fact that it is made of. */
  readonly seq: number;
  /** Place in the client's stream, in the server's for what was given back; `to` is not included. */
  readonly from: number;
  readonly to: number;
  readonly mark: Mark;
  /** Words for inside the block, the longest first: the first that fits is drawn. */
  readonly labels: readonly string[];
  /** What it is, in full. */
  readonly name: string;
  /** The fact from which on a later block of the row stands in its place. */
  readonly until?: number;
}

/** The bytes that went to all servers, and their lines. */
export interface Input {
  /** How many there are. */
  readonly bytes: number;
  /** As many of them as the facts at hand contain. */
  readonly octets: Uint8Array;
  readonly lines: readonly LinePlace[];
  /** The index of the line that begins at a byte. */
  readonly lineAt: ReadonlyMap<number, number>;
  /** How many lines end at or before a byte, by its place. */
  readonly endedBefore: Uint16Array;
}

/** What one of the servers did, all of it. */
export interface Lane {
  readonly framing: Framing;
  /** Its exchange; absent while there are no facts of it. */
  readonly round?: Round;
  readonly writes: readonly Block[];
  readonly waiting: readonly Block[];
  readonly reads: readonly Block[];
  /** What the server treated as a line. */
  readonly lines: readonly Block[];
  /** What it wrote back, by write, and all of it as one. */
  readonly replies: readonly { readonly seq: number; readonly to: number }[];
  readonly reply: Uint8Array;
  /** The fact with which the reply was complete. */
  readonly overSeq?: number;
  /** What went wrong in its exchange. */
  readonly failure?: Extract<TraceEvent, { kind: 'failed' }>;
}

/** One way of splitting the bytes into writes, to each of the three servers. */
export interface BoundaryPicture {
  /** When the servers read: what was asked for, and always after each write where one ends inside a character. */
  readonly readWhen: ReadWhen;
  /** The first fact that belongs to it. */
  readonly seq: number;
  readonly handOver?: HandOver;
  readonly input: Input;
  /** How a line has to come back, each at the place of the line. */
  readonly reversed: readonly Uint8Array[];
  /** Always three, in the order of FRAMINGS. */
  readonly lanes: readonly Lane[];
}

/**
 * The pictures of a run of `boundaries`, one for each way of splitting the bytes into writes, at least one. For a run that
 * has no exchange yet it has three empty lanes.
 */
export function boundaryPictures(facts: readonly TraceEvent[]): readonly BoundaryPicture[] {
  const started = facts.find((event): event is RunStarted & Stamp => event.kind === 'run-started');
  const ways: Round[][] = [];
  for (const round of roundsOf(facts)) {
    const last = ways.at(-1);
    if (last?.[0]?.handOver === round.handOver && last !== undefined) last.push(round);
    else ways.push([round]);
  }
  if (ways.length === 0) ways.push([]);
  return ways.map((rounds) => pictureOf(rounds, started));
}

/** The one that the cursor stands in. */
export function pictureAt(pictures: readonly BoundaryPicture[], cursor: number): BoundaryPicture | undefined {
  return pictures.findLast((picture) => picture.seq <= cursor) ?? pictures[0];
}

function pictureOf(rounds: readonly Round[], started: RunStarted | undefined): BoundaryPicture {
  const input = inputOf(rounds, started?.input.bytes ?? 0);
  const { octets, lines } = input;
  const handOver = rounds[0]?.handOver;
  const by = started?.options.by ?? 'grapheme';
  return {
    readWhen: handOver === 'inside-a-character' ? 'after-each-write' : (started?.options.readWhen ?? 'late'),
    seq: rounds[0]?.seq ?? 0,
    ...(handOver === undefined ? {} : { handOver }),
    input,
    reversed: lines.map(({ from, to }, index) => reversedLine(octets.subarray(from, to), by, index === 0)),
    lanes: FRAMINGS.map((framing) =>
      laneOf(
        framing,
        rounds.find((round) => round.framing === framing),
        input,
      ),
    ),
  };
}

/** The input as the client wrote it in its first exchange: it is the same in all. */
function inputOf(rounds: readonly Round[], bytes: number): Input {
  const writes = rounds[0] === undefined ? [] : writesOf(rounds[0], 'client');
  const octets = octetsOfWrites(writes);
  const lines = linesIn(octets);
  const endedBefore = new Uint16Array(octets.length + 1);
  for (const { to } of lines) endedBefore[to] = 1;
  for (let at = 1; at <= octets.length; at += 1) {
    endedBefore[at] = (endedBefore[at] ?? 0) + (endedBefore[at - 1] ?? 0);
  }
  return {
    bytes: Math.max(Math.min(bytes, MAX_BOUNDARY_BYTES), octets.length),
    octets,
    lines,
    lineAt: new Map(lines.map(({ from }, index) => [from, index])),
    endedBefore,
  };
}

type Wrote = Extract<TraceEvent, { kind: 'wrote' }>;

/** The facts of the round without those of clients that are not ours. */
function ownFacts(round: Round): readonly TraceEvent[] {
  const own = ownConnection(round.facts);
  return round.facts.filter((event) => !isOfOtherClient(event, own));
}

function writesOf(round: Round, side: Wrote['side']): readonly Wrote[] {
  return ownFacts(round).filter((event): event is Wrote => event.kind === 'wrote' && event.side === side);
}

/** Where the write's bytes end in its stream. */
function endOf({ offset, bytes }: Wrote): number {
  return offset + bytes;
}

/** The writes' bytes, each at its place. No run has more than the input may have, whatever a file claims. */
function octetsOfWrites(writes: readonly Wrote[]): Uint8Array {
  const last = writes.at(-1);
  const octets = new Uint8Array(last === undefined ? 0 : Math.min(endOf(last), MAX_BOUNDARY_BYTES));
  for (const { data, offset } of writes) {
    const written = data.bytes;
    if (offset < octets.length) octets.set(written.subarray(0, octets.length - offset), offset);
  }
  return octets;
}

function bytesName(from: number, to: number): string {
  const count = formatCountOf(to - from, 'byte');
  if (to - from === 1) return `byte ${formatCount(from)}, ${count}`;
  return `bytes ${formatCount(from)}–${formatCount(to - 1)}, ${count}`;
}

function laneOf(framing: Framing, round: Round | undefined, input: Input): Lane {
  const writes: Block[] = [];
  const waiting: Growing[] = [];
  const reads: Block[] = [];
  const lines: Block[] = [];
  const replies: { readonly seq: number; readonly to: number }[] = [];
  let failure: Lane['failure'];
  let overSeq: number | undefined;
  let readSoFar = 0;
  for (const event of round === undefined ? [] : ownFacts(round)) {
    switch (event.kind) {
      case 'wrote':
        if (event.side === 'client') writes.push(plain('write', writes.length + 1, event));
        else replies.push({ seq: event.seq, to: endOf(event) });
        break;
      case 'read':
        if (event.side === 'server') {
          reads.push(plain('read', reads.length + 1, event));
          readSoFar = event.offset + event.bytes;
        }
        break;
      case 'queue-examined':
        if (event.side === 'server' && event.bytes > 0) {
          const { seq, bytes } = event;
          addWaiting(waiting, writes, { seq, from: readSoFar, to: readSoFar + bytes });
        }
        break;
      case 'text-transformed':
      case 'line-transformed':
        lines.push(lineBlock(event, lines.length + 1, input));
        break;
      case 'text-received':
        if (event.side === 'client') overSeq = event.seq;
        break;
      case 'failed':
        failure ??= event;
        break;
      default:
        break;
    }
  }
  const reply = octetsOfWrites(round === undefined ? [] : writesOf(round, 'server'));
  return {
    framing,
    ...(round === undefined ? {} : { round }),
    writes,
    waiting,
    reads,
    lines,
    replies,
    reply,
    ...(overSeq === undefined ? {} : { overSeq }),
    ...(failure === undefined ? {} : { failure }),
  };
}

function plain(
  what: 'write' | 'read',
  number: number,
  { seq, offset, bytes }: { readonly seq: number; readonly offset: number; readonly bytes: number },
): Block {
  const to = offset + bytes;
  return {
    seq,
    from: offset,
    to,
    mark: 'plain',
    get labels() {
      return [`${what} ${formatCount(number)}`, formatCount(number)];
    },
    get name() {
      return `${what} ${formatCount(number)}: ${bytesName(offset, to)}`;
    },
  };
}

/** A block that a later one may replace. */
type Growing = Block & { until?: number };

/** What waits grows until it is read: each reading of the queue replaces the one before. */
function addWaiting(
  waiting: Growing[],
  writes: readonly Block[],
  place: Pick<Block, 'seq' | 'from' | 'to'>,
): void {
  const { seq, from, to } = place;
  const before = waiting.at(-1);
  if (before?.from === from) before.until = seq;
  const count = writesFrom(writes, from);
  waiting.push({
    ...place,
    mark: 'plain',
    get labels() {
      const bytes = formatCountOf(to - from, 'byte');
      const of = [`${bytes} of ${formatCountOf(count, 'write')}, no boundary kept`, `${bytes}, no boundary`];
      return [...(count > 1 ? of : []), bytes, formatCount(to - from)];
    },
    get name() {
      const of = count > 1 ? ` of ${formatCountOf(count, 'write')}, no boundary between them` : '';
      return `waiting in the kernel: ${bytesName(from, to)}${of}`;
    },
  });
}

/** How many of the writes, which are in the order of their bytes, begin at this byte or behind it. */
function writesFrom(writes: readonly Block[], from: number): number {
  let low = 0;
  let high = writes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((writes[middle]?.from ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  return writes.length - low;
}

/** A block of what the server treated as a line, compared with the real lines. */
function lineBlock(
  event: Extract<TraceEvent, { kind: 'text-transformed' | 'line-transformed' }>,
  number: number,
  { octets, lines, lineAt, endedBefore }: Input,
): Block {
  const from = event.offset;
  const end = from + event.bytes;
  // A line's own length is without its LF; the block covers it, as it covers the LFs that the other servers kept in a line.
  const to = event.kind === 'line-transformed' && octets[end] === 0x0a ? end + 1 : end;
  const common = { seq: event.seq, from, to };
  const place = (): string => `line ${formatCount(number)} for this server: ${bytesName(from, to)}`;
  const line = lineAt.get(from);
  if (line !== undefined && lines[line]?.to === to) {
    const label = (): string => `line ${formatCount(line + 1)}`;
    return {
      ...common,
      mark: 'right',
      get labels() {
        return [`✓ ${label()}`, '✓'];
      },
      get name() {
        return `${place()}: exactly ${label()} of the input`;
      },
    };
  }
  const ended = (at: number): number => endedBefore[at] ?? 0;
  const newlines = ended(to - 1) - ended(from);
  const cut = ended(to) === ended(to - 1);
  const begins = line !== undefined;
  return {
    ...common,
    mark: 'wrong',
    get labels() {
      if (newlines === 0) return ['✗ part of a line', '✗'];
      return [cut || !begins ? '✗ lines and a part' : `✗ ${formatCount(newlines + 1)} lines as one`, '✗'];
    },
    get name() {
      const end = event.validUtf8 ? '' : ', its bytes are no text';
      const why = [
        ...(newlines === 0 ? [] : [`holds ${formatCountOf(newlines, 'newline')} inside`]),
        ...(cut ? [`ends in the middle of a line${end}`] : begins ? [] : ['begins in the middle of a line']),
      ];
      return `${place()}: no line of the input, ${why.join(' and ')}`;
    },
  };
}

/** How many blocks of a row have come by the cursor. They are in the order of their facts. */
export function countAt(blocks: readonly { readonly seq: number }[], cursor: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((blocks[middle]?.seq ?? Infinity) <= cursor) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first `count` blocks of a row, without those that a later one of them replaces. */
export function firstBlocks(blocks: readonly Block[], count: number): readonly Block[] {
  const first = blocks.slice(0, count);
  const last = first.at(-1)?.seq ?? 0;
  return first.filter(({ until }) => until === undefined || until > last);
}

/** How much of its reply a server had written by the cursor, and whether that was all. */
export function replyAt(lane: Lane, cursor: number): { readonly bytes: number; readonly over: boolean } {
  return {
    bytes: lane.replies[countAt(lane.replies, cursor) - 1]?.to ?? 0,
    over: lane.overSeq !== undefined && lane.overSeq <= cursor,
  };
}

/**
 * The first `bytes` of what the server gave back, line by line as it will be read, each compared with what should stand
 * in its place. A line whose end is not there yet is plain.
 */
export function givenBack(
  lane: Lane,
  { input, reversed }: BoundaryPicture,
  bytes: number,
  over: boolean,
): readonly Block[] {
  const reply = lane.reply.subarray(0, bytes);
  let write = 0;
  return linesIn(reply).map(({ from, to }) => {
    while ((lane.replies[write]?.to ?? Infinity) < to) write += 1;
    const octets = reply.subarray(from, to);
    const line = input.lineAt.get(from);
    const expected = line === undefined ? undefined : reversed[line];
    const right = expected !== undefined && sameOctets(octets, expected);
    const done = over || octets[octets.length - 1] === 0x0a;
    const what = right
      ? `, line ${formatCount((line ?? 0) + 1)} reversed`
      : done
        ? ', not the line that belongs here, reversed'
        : '';
    return {
      seq: lane.replies[write]?.seq ?? 0,
      from,
      to,
      mark: right ? 'right' : done ? 'wrong' : 'plain',
      get labels() {
        return [visibleOctets(octets)];
      },
      get name() {
        return `given back: ${bytesName(from, to)}${what}: ${visibleOctets(octets)}`;
      },
    };
  });
}

/** Bytes on one line, with signs for what has no shape; a byte of no character as `\xNN`. */
function visibleOctets(octets: Uint8Array): string {
  return cellsOf(octets)
    .map(({ text, broken }) => (broken ? `\\x${text}` : text))
    .join('');
}

/** How many lines came back as they should, each in its place; undefined until the reply was complete at the cursor. */
export function verdictAt(
  lane: Lane,
  picture: BoundaryPicture,
  cursor: number,
): { readonly right: number; readonly of: number } | undefined {
  const { bytes, over } = replyAt(lane, cursor);
  if (!over) return undefined;
  const right = givenBack(lane, picture, bytes, over).filter(({ mark }) => mark === 'right').length;
  return { right, of: picture.input.lines.length };
}

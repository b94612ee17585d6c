import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../../shared/trace/fact.ts';
import type { Block, BoundaryPicture, Lane } from './boundaries.ts';
import {
  boundaryPictures,
  countAt,
  firstBlocks,
  givenBack,
  pictureAt,
  replyAt,
  verdictAt,
} from './boundaries.ts';
import { boundaryRun } from './boundary-facts-for-tests.ts';
import { OPENING, stamped } from '../../scene/facts-for-tests.ts';
import { transcriptLines } from '../../scene/transcript-lines.ts';
import { bytesOfText } from '../../../shared/trace/recorded-bytes.ts';

const ENCODER = new TextEncoder();
const LINES = ['HELLO\n', 'café\n', 'end'].map((line) => ENCODER.encode(line));
const END = Infinity;

const LATE = boundaryRun({ handOver: 'a-write-a-line', writes: LINES, readWhen: 'late' });
const AT_ONCE = boundaryRun({ handOver: 'a-write-a-line', writes: LINES, readWhen: 'after-each-write' });
/** "HELLO⏎caf" and the first half of é; the second half and the rest. */
const SPLIT = boundaryRun({
  handOver: 'inside-a-character',
  writes: [ENCODER.encode('HELLO\ncafé').subarray(0, 10), ENCODER.encode('HELLO\ncafé\nend').subarray(10)],
  readWhen: 'after-each-write',
});

function pictureOf(facts: readonly TraceEvent[]): BoundaryPicture {
  const [picture] = boundaryPictures(facts);
  if (picture === undefined) throw new Error('No picture');
  return picture;
}

function laneOf(picture: BoundaryPicture, framing: Lane['framing']): Lane {
  const lane = picture.lanes.find((candidate) => candidate.framing === framing);
  if (lane === undefined) throw new Error(`No lane ${framing}`);
  return lane;
}

function blocksAt(blocks: readonly Block[], cursor: number): readonly Block[] {
  return firstBlocks(blocks, countAt(blocks, cursor));
}

function places(blocks: readonly Block[]): readonly (readonly [number, number, string])[] {
  return blocks.map(({ from, to, mark }) => [from, to, mark]);
}

function backOf(facts: readonly TraceEvent[], framing: Lane['framing'], cursor = END): readonly Block[] {
  const picture = pictureOf(facts);
  const lane = laneOf(picture, framing);
  const { bytes, over } = replyAt(lane, cursor);
  return givenBack(lane, picture, bytes, over);
}

/** The fact of a kind in the exchange of a server. */
function seqOf(facts: readonly TraceEvent[], framing: Lane['framing'], kind: TraceEvent['kind']): number {
  const { round } = laneOf(pictureOf(facts), framing);
  return round?.facts.find((event) => event.kind === kind)?.seq ?? NaN;
}

describe('the rows of a lane', () => {
  it('has a write a line, one read of all of it, and one block that treats all lines as one', () => {
    const lane = laneOf(pictureOf(LATE), 'each-read');
    expect(places(lane.writes)).toEqual([
      [0, 6, 'plain'],
      [6, 12, 'plain'],
      [12, 15, 'plain'],
    ]);
    expect(lane.writes[1]?.name).toBe('write 2: bytes 6–11, 6 bytes');
    expect(lane.reads.map(({ name }) => name)).toEqual(['read 1: bytes 0–14, 15 bytes']);
    expect(places(lane.lines)).toEqual([[0, 15, 'wrong']]);
    expect(lane.lines[0]?.name).toBe(
      'line 1 for this server: bytes 0–14, 15 bytes: no line of the input, holds 2 newlines inside',
    );
    expect(lane.lines[0]?.labels[0]).toBe('✗ 3 lines as one');
  });

  it('shows what waits in the kernel growing, as one block that keeps no boundary', () => {
    const lane = laneOf(pictureOf(LATE), 'each-read');
    const [first, second, third] = lane.waiting;
    expect(places(lane.waiting)).toEqual([
      [0, 6, 'plain'],
      [0, 12, 'plain'],
      [0, 15, 'plain'],
    ]);
    expect(blocksAt(lane.waiting, first?.seq ?? 0)).toEqual([first]);
    expect(blocksAt(lane.waiting, second?.seq ?? 0)).toEqual([second]);
    expect(blocksAt(lane.waiting, END)).toEqual([third]);
    expect(third?.name).toBe(
      'waiting in the kernel: bytes 0–14, 15 bytes of 3 writes, no boundary between them',
    );
  });

  it('shows what waited before each read beside the other, where each write is read', () => {
    const lane = laneOf(pictureOf(AT_ONCE), 'whole-stream');
    expect(places(blocksAt(lane.waiting, END))).toEqual([
      [0, 6, 'plain'],
      [6, 12, 'plain'],
      [12, 15, 'plain'],
    ]);
    expect(lane.reads).toHaveLength(3);
  });

  it('covers a line and its newline where the server split at newlines, an empty line too', () => {
    const writes = [ENCODER.encode('a\n\nb\n')];
    const facts = boundaryRun({ handOver: 'all-at-once', writes, readWhen: 'late' });
    expect(places(laneOf(pictureOf(facts), 'newlines').lines)).toEqual([
      [0, 2, 'right'],
      [2, 3, 'right'],
      [3, 5, 'right'],
    ]);
  });

  it('marks what ends or begins in the middle of a line', () => {
    const [one, two] = laneOf(pictureOf(SPLIT), 'each-read').lines;
    expect([one?.mark, two?.mark]).toEqual(['wrong', 'wrong']);
    expect(one?.name).toContain(
      'holds 1 newline inside and ends in the middle of a line, its bytes are no text',
    );
    expect(two?.name).toContain('holds 1 newline inside and begins in the middle of a line');
  });

  it('says nothing of the kernel where it was not asked', () => {
    const facts = boundaryRun({ handOver: 'all-at-once', writes: LINES, readWhen: 'late', examined: false });
    expect(pictureOf(facts).lanes.map(({ waiting }) => waiting)).toEqual([[], [], []]);
  });

  it('has nothing before the cursor has passed it', () => {
    const lane = laneOf(pictureOf(LATE), 'newlines');
    const { round } = lane;
    expect(blocksAt(lane.writes, round?.seq ?? 0)).toEqual([]);
    expect(blocksAt(lane.writes, lane.writes[1]?.seq ?? 0)).toHaveLength(2);
  });

  it('leaves out what another client wrote to our server', () => {
    const facts = LATE.flatMap((event): readonly TraceEvent[] =>
      event.kind === 'queue-examined'
        ? [event, { ...event, connection: 2, bytes: 999 }]
        : event.kind === 'read'
          ? [{ ...event, connection: 2, offset: 500 }, event]
          : [event],
    );
    expect(pictureOf(facts).lanes.map(({ reads }) => places(reads))).toEqual([
      [[0, 15, 'plain']],
      [[0, 15, 'plain']],
      [[0, 15, 'plain']],
    ]);
  });
});

describe('the input', () => {
  it('is put together from the writes, also where one ends inside a character', () => {
    const { input } = pictureOf(SPLIT);
    expect(new TextDecoder().decode(input.octets)).toBe('HELLO\ncafé\nend');
    expect(input.lines).toEqual([
      { from: 0, to: 6 },
      { from: 6, to: 12 },
      { from: 12, to: 15 },
    ]);
  });

  it('is as long as the run announced before a byte of it was written', () => {
    const facts = LATE.slice(
      0,
      LATE.findIndex(({ kind }) => kind === 'wrote'),
    );
    expect(pictureOf(facts).input).toMatchObject({ bytes: 15, lines: [] });
  });
});

describe('what was given back', () => {
  it('is each line in its place from the server that finds the newlines', () => {
    expect(backOf(LATE, 'newlines').map(({ mark, labels }) => [mark, labels[0]])).toEqual([
      ['right', 'OLLEH⏎'],
      ['right', 'éfac⏎'],
      ['right', 'dne'],
    ]);
  });

  it('is the last line first from the server that reads to the end', () => {
    expect(backOf(LATE, 'whole-stream').map(({ mark, labels }) => [mark, labels[0]])).toEqual([
      ['wrong', 'dne⏎'],
      ['wrong', 'éfac⏎'],
      ['wrong', 'OLLEH'],
    ]);
  });

  it('has broken characters where a read ended inside one', () => {
    expect(backOf(SPLIT, 'each-read').map(({ mark, labels }) => [mark, labels[0]])).toEqual([
      ['wrong', '\\xc3fac⏎'],
      ['wrong', 'OLLEHdne⏎'],
      ['wrong', '\\xa9'],
    ]);
  });

  it('grows as the server writes, and a line that is not ended is neither right nor wrong yet', () => {
    const lane = laneOf(pictureOf(SPLIT), 'each-read');
    const first = lane.replies[0]?.seq ?? 0;
    expect(replyAt(lane, first - 1)).toEqual({ bytes: 0, over: false });
    const blocks = backOf(SPLIT, 'each-read', first);
    expect(blocks.at(-1)?.mark).toBe('plain');
    expect(blocks.at(-1)?.to).toBe(10);
  });

  it('comes to a verdict when the client has all of it', () => {
    const picture = pictureOf(LATE);
    const received = seqOf(LATE, 'newlines', 'text-received');
    const lane = laneOf(picture, 'newlines');
    expect(verdictAt(lane, picture, received - 1)).toBeUndefined();
    expect(verdictAt(lane, picture, received)).toEqual({ right: 3, of: 3 });
    expect(verdictAt(laneOf(picture, 'each-read'), picture, received)).toEqual({ right: 0, of: 3 });
  });
});

describe('pictures of a run', () => {
  it('has three empty lanes before there was an exchange', () => {
    const picture = pictureOf(stamped(OPENING.slice(0, 1)));
    expect(picture.lanes.map(({ framing, writes }) => [framing, writes.length])).toEqual([
      ['each-read', 0],
      ['whole-stream', 0],
      ['newlines', 0],
    ]);
  });

  it('is one for each way of splitting the writes, chosen by the cursor', () => {
    const other = boundaryRun({ handOver: 'all-at-once', writes: LINES, readWhen: 'late' });
    const facts = [...LATE.slice(0, -1), ...other.slice(1)].map((event, index) => ({
      ...event,
      seq: index + 1,
    }));
    const pictures = boundaryPictures(facts);
    expect(pictures.map(({ handOver }) => handOver)).toEqual(['a-write-a-line', 'all-at-once']);
    expect(pictureAt(pictures, 0)?.handOver).toBe('a-write-a-line');
    expect(pictureAt(pictures, (pictures[1]?.seq ?? 0) - 1)?.handOver).toBe('a-write-a-line');
    expect(pictureAt(pictures, END)?.handOver).toBe('all-at-once');
  });

  it('keeps what went wrong in an exchange', () => {
    const problem = { code: 'cancelled', message: 'The run was cancelled.', detail: {} } as const;
    const begun = LATE.slice(0, seqOf(LATE, 'whole-stream', 'wrote'));
    const facts = [
      ...begun,
      { kind: 'failed', seenBy: 'program', problem, seq: begun.length + 1, atUs: 0 } as const,
    ];
    const { lanes } = pictureOf(facts);
    expect(lanes.map(({ failure }) => failure?.problem.code)).toEqual([undefined, 'cancelled', undefined]);
  });
});

describe('a run that somebody else made', () => {
  const MANY = 60_000;
  const [started, round] = LATE.filter(({ kind }) => kind === 'run-started' || kind === 'round-started');
  const connected = LATE.find(({ kind }) => kind === 'connected');
  if (started === undefined || round === undefined || connected === undefined) throw new Error('No run');
  const beginning = [started, round, connected];
  const own = { seenBy: 'program', connection: 1, atUs: 0 } as const;

  it('says that its bytes lie as far away as a number can be, and they are not made room for', () => {
    const far = LATE.map((event) =>
      event.kind === 'wrote' ? { ...event, offset: Number.MAX_SAFE_INTEGER, bytes: 1 } : event,
    );
    const picture = pictureOf(
      far.map((event) =>
        event.kind === 'run-started'
          ? { ...event, input: { ...event.input, bytes: Number.MAX_SAFE_INTEGER } }
          : event,
      ),
    );
    expect(picture.input.bytes).toBe(4_096);
    expect(picture.input.octets).toHaveLength(4_096);
    expect(laneOf(picture, 'newlines').reply).toHaveLength(4_096);
  });

  it('says 60,000 times that 60,000 writes wait', () => {
    const writes = Array.from({ length: MANY }, (_, index): TraceEvent => ({
      ...own,
      kind: 'wrote',
      peer: 'client',
      side: 'client',
      offset: index,
      bytes: 1,
      data: bytesOfText('x'),
      seq: index + 4,
    }));
    const readings = Array.from({ length: MANY }, (_, index): TraceEvent => ({
      ...own,
      seenBy: 'kernel',
      kind: 'queue-examined',
      peer: 'server',
      side: 'server',
      bytes: MANY,
      source: '/proc/net/tcp',
      seq: MANY + index + 4,
    }));
    const picture = pictureOf([...beginning, ...writes, ...readings]);
    const { waiting } = laneOf(picture, 'each-read');
    expect(waiting).toHaveLength(MANY);
    expect(waiting.at(-1)?.labels[0]).toBe('60,000 bytes of 60,000 writes, no boundary kept');
  });

  it('says 60,000 times that a server treated all bytes as one line, and they are printed once', () => {
    const write: TraceEvent = {
      ...own,
      kind: 'wrote',
      peer: 'client',
      side: 'client',
      offset: 0,
      bytes: 4_000,
      data: bytesOfText('x'.repeat(4_000)),
      seq: 4,
    };
    const transformed = Array.from({ length: MANY }, (_, index): TraceEvent => ({
      ...own,
      kind: 'text-transformed',
      peer: 'server',
      offset: 0,
      bytes: 4_000,
      by: 'grapheme',
      validUtf8: true,
      seq: index + 5,
    }));
    const received = transformed.map((event): TraceEvent => ({
      ...own,
      kind: 'text-received',
      peer: 'client',
      side: 'client',
      offset: 0,
      bytes: 4_000,
      seq: event.seq + MANY,
    }));
    const reply: TraceEvent = { ...write, side: 'server', seq: 2 * MANY + 5 };
    const again: TraceEvent[] = received.map((event) => ({ ...event, seq: event.seq + MANY + 1 }));
    const lines = transcriptLines([...beginning, write, ...transformed, ...received, reply, ...again]);
    const printed = lines.reduce((sum, { text }) => sum + text.length, 0);
    expect(printed).toBeLessThan(8_000 + lines.length * 50);
    expect(lines.filter(({ text }) => text.includes('xxxx'))).toHaveLength(2);
  });
});

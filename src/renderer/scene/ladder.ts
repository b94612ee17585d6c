// The ladder diagram of a trace: a row for every fact from top to bottom, arrows between the sides, a stage where a line
// is transformed. Pure: the same facts give the same ladder.
//
// The vertical axis is the order of facts (`seq`), never a clock: facts 3 µs and 3 s apart are both one row apart.
// A cursor is a `seq` with a fraction: 12.5 is half-way between what was seen as fact 12 and as fact 13.

import type { RunCounts } from '../../shared/trace/counts.ts';
import type { RecordedBytes, ReversalUnit, Side, TraceEvent, Transform } from '../../shared/trace/fact.ts';
import { isAboutLines } from '../../shared/trace/fact.ts';
import { labelOf, sideOf } from './describe.ts';
import { transformOf } from '../../shared/experiments/transform-words.ts';
import { formatCount } from '../../shared/format.ts';

type Tone = 'client' | 'server' | 'kernel' | 'error' | 'other-program';

/** A fact beside its lifeline. */
export interface Row {
  readonly seq: number;
  readonly y: number;
  readonly side: Side;
  readonly tone: Tone;
  readonly label: string;
  readonly event: TraceEvent;
}

/** Something that went from one side to the other. It leaves when the cursor is at `leavesAt`, arrives at `arrivesAt`. */
export interface Arrow {
  readonly key: string;
  readonly from: Side;
  readonly leavesAt: number;
  /** Undefined while no fact shows that it arrived. */
  readonly arrivesAt: number | undefined;
  readonly y1: number;
  readonly y2: number;
  /** Not seen itself: it is drawn dashed, and `why` says from which facts it is inferred. */
  readonly inferred: boolean;
  readonly label: string;
  readonly why: string;
  readonly data?: RecordedBytes;
  readonly line?: number;
  /** The fact to show when the arrow is selected. */
  readonly seq: number;
}

/** Where a line's letters change places, or their case: on the server's lifeline, between the read and the fact of it. */
export interface Stage {
  readonly seq: number;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly top: number;
  readonly bottom: number;
  readonly line: number;
  readonly transform: Transform;
  readonly by: ReversalUnit;
  readonly validUtf8: boolean;
  /** The line as the client wrote it. */
  readonly data: RecordedBytes;
}

/** What went wrong, drawn where it went wrong; between the sides where neither program is at fault. */
export interface Failure {
  readonly seq: number;
  readonly y: number;
  readonly side: Side | undefined;
  readonly event: Extract<TraceEvent, { kind: 'failed' }>;
}

/** Facts that were counted and are not here: requested when the person asks for them. */
export interface Gap {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Ladder {
  /** The facts at hand, in order; `ys` holds the height of each. */
  readonly facts: readonly TraceEvent[];
  readonly ys: readonly number[];
  readonly rows: readonly Row[];
  readonly arrows: readonly Arrow[];
  readonly stages: readonly Stage[];
  readonly failures: readonly Failure[];
  readonly gaps: readonly Gap[];
  /** The facts that are not about lines: opening, closing, failing. */
  readonly landmarks: readonly TraceEvent[];
  readonly height: number;
}

const ROW_HEIGHT = 36;
/** The port that is waited for is examined every second: these rows stand close. */
const REPEATED_ROW_HEIGHT = 22;
const STAGE_HEIGHT = 110;
const HANDSHAKE_HEIGHT = 128;
const FAILED_HEIGHT = 116;
const GAP_HEIGHT = 88;
const TOP_MARGIN = 30;

/** The height of a fact below the fact before it; 0 for facts that have no place on a lifeline. */
function heightOf(
  event: TraceEvent,
  hasHandshake: boolean,
  before?: TraceEvent,
  ofOtherClient = false,
): number {
  switch (event.kind) {
    case 'run-started':
    case 'round-started':
    case 'ephemeral-range-read':
    case 'host-named':
    case 'run-ended':
      return 0;
    case 'line-transformed':
      return STAGE_HEIGHT;
    case 'port-examined':
      return before?.kind === 'port-examined' ? REPEATED_ROW_HEIGHT : ROW_HEIGHT;
    case 'failed':
      // A failure of another client is one row among others: there may be hundreds.
      if (ofOtherClient) return hasHandshake ? HANDSHAKE_HEIGHT : ROW_HEIGHT;
      return hasHandshake ? HANDSHAKE_HEIGHT + FAILED_HEIGHT : FAILED_HEIGHT;
    default:
      return hasHandshake ? HANDSHAKE_HEIGHT : ROW_HEIGHT;
  }
}

/**
 * How long the step to a fact takes at a steady pace, where an ordinary fact takes 1.
 * A handshake and a reversal are shown for longer; facts that draw nothing take no time.
 */
export function stepWeight(event: TraceEvent, before: TraceEvent | undefined): number {
  const height = heightOf(event, false, before);
  if (height === 0) return 0;
  if (before?.kind === 'connect-called') return 4;
  if (height === STAGE_HEIGHT) return 2.5;
  if (height === REPEATED_ROW_HEIGHT) return 0.2;
  return event.kind === 'line-received' ? 0.6 : 1;
}

/** The facts that are not about lines: opening, closing, failing. */
export function landmarksOf(facts: readonly TraceEvent[]): readonly TraceEvent[] {
  return facts.filter((event) => !isAboutLines(event));
}

/**
 * Builds the ladder of the facts at hand, which are in order and may have gaps. Its cost grows with their number.
 * `earlier` are facts that came before them and are not drawn again, such as those of a server that stays from round to
 * round: the two ends are computed from both.
 */
export function buildLadder(facts: readonly TraceEvent[], earlier: readonly TraceEvent[] = []): Ladder {
  const ys: number[] = [];
  const rows: Row[] = [];
  const failures: Failure[] = [];
  const gaps: Gap[] = [];
  const stageRows: number[] = [];
  const own = ownConnection(facts);
  const transform = transformOf(earlier.length > 0 ? earlier : facts);
  const handshakes = handshakesOf(facts);
  const withHandshake = new Set(handshakes.map((handshake) => handshake.endIndex));
  let y = TOP_MARGIN;
  let before: TraceEvent | undefined;
  for (const [index, event] of facts.entries()) {
    const ofOtherClient = isOfOtherClient(event, own);
    const height = heightOf(event, withHandshake.has(index), before, ofOtherClient);
    if (before !== undefined && event.seq > before.seq + 1) {
      gaps.push({ fromSeq: before.seq + 1, toSeq: event.seq - 1, top: y + 20, bottom: y + GAP_HEIGHT - 20 });
      y += GAP_HEIGHT;
    } else {
      y += height;
    }
    ys.push(y);
    const side = sideOf(event);
    if (event.kind === 'failed' && !ofOtherClient) failures.push({ seq: event.seq, y, side, event });
    else if (height > 0 && side !== undefined) {
      const tone = toneOf(event, side);
      const words = labelOf(event, transform);
      const label = ofOtherClient ? `${words}, another client’s` : words;
      rows.push({ seq: event.seq, y, side, tone, label, event });
    }
    if (event.kind === 'line-transformed' && !ofOtherClient) stageRows.push(index);
    before = event;
  }
  const base = { facts, ys };
  const { arrows, writes } = dataArrows(base);
  return {
    ...base,
    rows,
    arrows: [
      ...handshakeArrows(base, handshakes),
      ...arrows,
      ...endArrows(base),
      ...arrowsOfAnotherProgram(base),
    ].sort((a, b) => a.leavesAt - b.leavesAt),
    stages: stages(base, stageRows, writes, transform),
    failures,
    gaps,
    landmarks: landmarksOf([...earlier, ...facts]),
    height: y + TOP_MARGIN,
  };
}

function toneOf(event: TraceEvent, side: Side): Tone {
  if (event.seenBy === 'kernel') return 'kernel';
  if (event.kind === 'program-started' || event.kind === 'program-ended') return 'other-program';
  return event.kind === 'failed' || (event.kind === 'closed' && event.hadError) ? 'error' : side;
}

/** The number of our own client's connection; undefined before it is connected. */
export function ownConnection(facts: readonly TraceEvent[]): number | undefined {
  return facts.find((event) => event.kind === 'connected')?.connection;
}

/** Whether the fact is of another client that connected to our server: any program on this computer can. */
export function isOfOtherClient(event: TraceEvent, own: number | undefined): boolean {
  return own !== undefined && 'connection' in event && event.connection !== own;
}

/**
 * Whether what went wrong went wrong with the run itself: not with a client that is not its own, such as one that the
 * server turned away. `own` is the number of our client's connection, where it has one.
 */
export function isOwnFailure(
  event: Extract<TraceEvent, { kind: 'failed' }>,
  own: number | undefined,
): boolean {
  return event.side !== 'server' || event.connection === undefined || event.connection === own;
}

type Axis = Pick<Ladder, 'facts' | 'ys'>;

/** Index of the last fact at or before the cursor, -1 before the first. */
export function indexAt(facts: readonly TraceEvent[], cursor: number): number {
  let low = 0;
  let high = facts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((facts[middle]?.seq ?? Infinity) <= cursor) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The height at which the cursor stands. */
export function yAt({ facts, ys }: Axis, cursor: number): number {
  const index = indexAt(facts, cursor);
  const here = ys[index] ?? TOP_MARGIN;
  const next = facts[index + 1];
  if (next === undefined) return here;
  const from = facts[index]?.seq ?? 0;
  const fraction = (cursor - from) / (next.seq - from);
  return here + ((ys[index + 1] ?? here) - here) * Math.max(0, fraction);
}

/**
 * The time at which the cursor stands, in microseconds: between two facts it is read off the line between them. `newest`
 * are the run's counts: they hold the time of the newest fact also where that fact is not at hand.
 */
export function timeAt(facts: readonly TraceEvent[], cursor: number, newest?: RunCounts): number {
  if (newest !== undefined && cursor >= newest.facts) return newest.atUs;
  const index = indexAt(facts, cursor);
  const here = facts[index];
  const next = facts[index + 1];
  const from = here?.atUs ?? 0;
  if (next === undefined) return from;
  const fraction = (cursor - (here?.seq ?? 0)) / (next.seq - (here?.seq ?? 0));
  return from + (next.atUs - from) * Math.max(0, fraction);
}

/** The outcome of a connect(), and between which two facts its arrows stand: `endIndex` is the later one's. */
interface Handshake {
  readonly connectSeq: number;
  readonly endIndex: number;
  readonly outcome: 'connected' | 'refused' | 'unknown';
  readonly accepted: boolean;
}

type OpenHandshake = { -readonly [Name in keyof Handshake]: Handshake[Name] } & {
  readonly connectIndex: number;
};

/**
 * The outcome of each connect(). A connect() has no connection number yet: it gets the client's next outcome, which is
 * 'connected' or a failure of a client that has no connection. Of several clients that are connecting at once, outcomes go
 * to the calls in their order. Its accept is the one of the same connection, on whichever side of 'connected' it stands.
 */
function handshakesOf(facts: readonly TraceEvent[]): readonly Handshake[] {
  const found: OpenHandshake[] = [];
  /** Index of the first one without an outcome: those from there on are waiting for theirs. */
  let open = 0;
  const acceptedAt = new Map<number, number>();
  const notYetAccepted = new Map<number, OpenHandshake>();
  const listensAt: number[] = [];
  let nextListen = 0;

  function connected(connection: number, index: number): void {
    const handshake = found[open];
    if (handshake === undefined) return;
    open += 1;
    handshake.outcome = 'connected';
    const { connectIndex } = handshake;
    const acceptIndex = acceptedAt.get(connection);
    const isAccepted = acceptIndex !== undefined && acceptIndex > connectIndex;
    handshake.accepted = isAccepted;
    acceptedAt.delete(connection);
    if (!isAccepted) notYetAccepted.set(connection, handshake);
    // A server that begins to listen after the client called connect() cannot have answered before that.
    while ((listensAt[nextListen] ?? Infinity) < connectIndex) nextListen += 1;
    const listenIndex = listensAt[nextListen] ?? Infinity;
    if (listenIndex < (isAccepted ? acceptIndex : index)) handshake.endIndex = listenIndex + 1;
  }

  for (const [index, event] of facts.entries()) {
    switch (event.kind) {
      case 'connect-called':
        if (index + 1 < facts.length) {
          const place = { connectSeq: event.seq, connectIndex: index, endIndex: index + 1 };
          found.push({ ...place, outcome: 'unknown', accepted: false });
        }
        break;
      case 'round-started':
        // Another client connects in each round: an earlier call without an outcome gets none any more.
        open = found.length;
        break;
      case 'listening':
        if (event.server === undefined) listensAt.push(index);
        break;
      case 'accepted': {
        const handshake = notYetAccepted.get(event.connection);
        if (handshake === undefined) acceptedAt.set(event.connection, index);
        else {
          handshake.accepted = true;
          notYetAccepted.delete(event.connection);
        }
        break;
      }
      case 'connected':
        connected(event.connection, index);
        break;
      case 'failed': {
        if (event.side !== 'client' || event.connection !== undefined) break;
        const handshake = found[open];
        if (handshake === undefined) break;
        open += 1;
        if (event.problem.code === 'connection-refused') handshake.outcome = 'refused';
        break;
      }
      default:
        break;
    }
  }
  return found;
}

/**
 * The handshake's arrows. A socket shows neither SYN nor ACK: they are inferred from connect() and its outcome.
 * All of them were over before either program was notified, because the kernels do the handshake (RFC 9293 section 3.5).
 * So they stand between connect() and the next fact, whichever of 'connected' and 'accepted' that is; where the server
 * began to listen in between, after that.
 */
function handshakeArrows(axis: Axis, handshakes: readonly Handshake[]): Arrow[] {
  const arrows: Arrow[] = [];
  for (const { connectSeq, endIndex, outcome, accepted } of handshakes) {
    const from = axis.facts[endIndex - 1]?.seq ?? connectSeq;
    const place = (
      key: string,
      side: Side,
      start: number,
      label: string,
      why: string,
      duration = 0.26,
    ): void => {
      const leavesAt = from + start;
      const arrivesAt = leavesAt + duration;
      arrows.push({
        key: `${key}-${connectSeq}`,
        from: side,
        leavesAt,
        arrivesAt,
        y1: yAt(axis, leavesAt),
        y2: yAt(axis, arrivesAt),
        inferred: true,
        label,
        why,
        seq: connectSeq,
      });
    };
    if (outcome === 'connected') {
      place('syn', 'client', 0.06, 'SYN', 'inferred from connect() and connected');
      place('syn-ack', 'server', 0.36, 'SYN, ACK', 'inferred from connect() and connected');
      if (accepted) place('ack', 'client', 0.66, 'ACK', 'inferred from connected and accept');
    } else if (outcome === 'refused') {
      // The card that says what went wrong stands below them.
      place('syn', 'client', 0.04, 'SYN', 'inferred from connect() and its refusal', 0.2);
      place('rst', 'server', 0.28, 'RST', 'inferred from ECONNREFUSED', 0.2);
    }
  }
  return arrows;
}

interface OpenWrite {
  readonly event: Extract<TraceEvent, { kind: 'wrote' }>;
  reads: number;
}

/** The writes of one direction; those before `next` were read to their end. */
interface WriteQueue {
  readonly writes: OpenWrite[];
  next: number;
}

/** Pairs every read with the writes whose bytes it returned, by their offsets in the direction's byte stream. */
function dataArrows(axis: Axis): { arrows: Arrow[]; writes: Map<string, OpenWrite['event']> } {
  const arrows: Arrow[] = [];
  const waiting = new Map<string, WriteQueue>();
  const writes = new Map<string, OpenWrite['event']>();
  const push = (write: OpenWrite, arrivesAt: number | undefined, from: number, to: number): void => {
    const { event } = write;
    const whole = from === event.offset && to === event.offset + event.bytes;
    const what = event.line === undefined ? 'bytes' : `line ${formatCount(event.line)}`;
    arrows.push({
      key: `data-${event.seq}-${write.reads}`,
      from: event.side,
      leavesAt: event.seq,
      arrivesAt,
      y1: yAt(axis, event.seq),
      y2: yAt(axis, arrivesAt ?? event.seq + 1),
      inferred: false,
      label: whole ? what : `bytes ${formatCount(from)}–${formatCount(to - 1)}`,
      why:
        arrivesAt === undefined
          ? 'written here; nobody has seen it read'
          : 'written and read: seen at both ends',
      ...(whole ? { data: event.data } : {}),
      ...(event.line === undefined ? {} : { line: event.line }),
      seq: event.seq,
    });
    write.reads += 1;
  };
  const own = ownConnection(axis.facts);
  for (const event of axis.facts) {
    // Another client has no side in the picture: nothing is known of its end.
    if (isOfOtherClient(event, own)) continue;
    if (event.kind === 'wrote') {
      const key = `${event.connection}-${event.side}`;
      const queue = waiting.get(key) ?? { writes: [], next: 0 };
      queue.writes.push({ event, reads: 0 });
      waiting.set(key, queue);
      if (event.line !== undefined) writes.set(`${key}-${event.line}`, event);
    } else if (event.kind === 'read') {
      const queue = waiting.get(`${event.connection}-${event.side === 'client' ? 'server' : 'client'}`);
      if (queue === undefined) continue;
      const end = event.offset + event.bytes;
      for (;;) {
        const write = queue.writes[queue.next];
        if (write === undefined || write.event.offset >= end) break;
        const writeEnd = write.event.offset + write.event.bytes;
        const from = Math.max(write.event.offset, event.offset);
        const to = Math.min(writeEnd, end);
        if (to > from) push(write, event.seq, from, to);
        if (writeEnd > end) break;
        queue.next += 1;
      }
    }
  }
  for (const { writes: all, next } of waiting.values()) {
    for (const write of all.slice(next))
      if (write.reads === 0)
        push(write, undefined, write.event.offset, write.event.offset + write.event.bytes);
  }
  return { arrows, writes };
}

type EndCalled = Extract<TraceEvent, { kind: 'end-called' }>;

/** The FINs: inferred from end() on one side and the end of the stream on the other. */
function endArrows(axis: Axis): Arrow[] {
  const arrows: Arrow[] = [];
  /** Those whose FIN was not seen to arrive, by connection and side. */
  const open = new Map<string, EndCalled[]>();
  for (const event of axis.facts) {
    if (event.kind === 'end-called') {
      const key = `${event.connection}-${event.side}`;
      const calls = open.get(key);
      if (calls === undefined) open.set(key, [event]);
      else calls.push(event);
    }
    if (event.kind !== 'end-received') continue;
    const key = `${event.connection}-${event.side === 'client' ? 'server' : 'client'}`;
    for (const call of open.get(key) ?? []) arrows.push(endArrow(axis, call, event.seq));
    open.delete(key);
  }
  return arrows;
}

function endArrow(axis: Axis, { seq, side }: EndCalled, arrivesAt: number): Arrow {
  return {
    key: `fin-${seq}`,
    from: side,
    leavesAt: seq,
    arrivesAt,
    y1: yAt(axis, seq),
    y2: yAt(axis, arrivesAt),
    inferred: true,
    label: 'FIN',
    why: 'inferred from end() and the end of the stream',
    seq,
  };
}

/** How long before its read an unseen departure is drawn, in parts of a fact. */
const UNSEEN_WAY = 0.75;

/**
 * The arrows of a server that is another program. Its writes and its end were not seen, so both are inferred from what
 * our client read.
 */
function arrowsOfAnotherProgram(axis: Axis): Arrow[] {
  const arrows: Arrow[] = [];
  const endsSeen = new Set<number>();
  for (const event of axis.facts) {
    if (event.kind === 'end-called' && event.side === 'server') endsSeen.add(event.connection);
    const isRead = event.kind === 'read' && event.data !== undefined;
    const isEnd = event.kind === 'end-received' && !endsSeen.has(event.connection);
    if ((!isRead && !isEnd) || event.side !== 'client') continue;
    const leavesAt = event.seq - UNSEEN_WAY;
    arrows.push({
      key: `unseen-${event.seq}`,
      from: 'server',
      leavesAt,
      arrivesAt: event.seq,
      y1: yAt(axis, leavesAt),
      y2: yAt(axis, event.seq),
      inferred: true,
      label: isEnd ? 'FIN' : 'bytes',
      why: isEnd
        ? 'inferred from the end of the stream: the other program closed'
        : 'inferred from what was read: the other program wrote it',
      ...(event.kind === 'read' && event.data !== undefined ? { data: event.data } : {}),
      seq: event.seq,
    });
  }
  return arrows;
}

function stages(
  axis: Axis,
  indexes: readonly number[],
  writes: ReadonlyMap<string, OpenWrite['event']>,
  transform: Transform,
): Stage[] {
  const found: Stage[] = [];
  for (const index of indexes) {
    const event = axis.facts[index];
    if (event?.kind !== 'line-transformed') continue;
    const write = writes.get(`${event.connection}-client-${event.line}`);
    const startsAt = axis.facts[index - 1]?.seq ?? event.seq - 1;
    if (write === undefined) continue;
    found.push({
      seq: event.seq,
      startsAt,
      endsAt: event.seq,
      top: yAt(axis, event.seq) - STAGE_HEIGHT + 24,
      bottom: yAt(axis, event.seq) - 6,
      line: event.line,
      transform,
      by: event.by,
      validUtf8: event.validUtf8,
      data: write.data,
    });
  }
  return found;
}

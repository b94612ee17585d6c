// The ladder diagram of a trace: a row for every fact from top to bottom, arrows between the lanes, a stage where a line
// is transformed. Pure: the same facts give the same ladder.
//
// The vertical axis is the order of facts (`seq`), never a clock: facts 3 µs and 3 s apart are both one row apart.
// A cursor is a `seq` with a fraction: 12.5 is half-way between what was seen as fact 12 and as fact 13.

import type { RunCounts } from '../../shared/trace/counts.ts';
import type { RecordedBytes, ReversalUnit, Side, TraceEvent, Transform } from '../../shared/trace/fact.ts';
import { otherSide, roleOf, sideOf } from '../../shared/trace/connection.ts';
import { isAboutLines, SECOND_SERVER } from '../../shared/trace/fact.ts';
import { transformOf } from '../../shared/experiments/transform-words.ts';
import { formatCount } from '../../shared/format.ts';
import type { FailedFact } from './failure-words.ts';
import { failureCardPx } from './failure-words.ts';
import type { LaneId, OtherClients, OtherLane } from './lanes.ts';
import { otherClientsOf } from './lanes.ts';
import { arrowsOfOtherClients, UNSEEN_WAY } from './other-client-arrows.ts';

type Tone = 'client' | 'server' | 'kernel' | 'error' | 'other-program';

/** A fact beside its lifeline. */
export interface Row {
  readonly seq: number;
  readonly y: number;
  readonly side: Side;
  readonly tone: Tone;
  readonly event: TraceEvent;
  /** What the run does with lines. */
  readonly transform: Transform;
  /** The client whose connection the fact is about, where it is not ours. */
  readonly otherClient?: string;
}

/** Something that went from one lane to another. It leaves when the cursor is at `leavesAt`, arrives at `arrivesAt`. */
export interface Arrow {
  readonly key: string;
  readonly from: LaneId;
  readonly to: LaneId;
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
  /** The client at the arrow's other end, where it is not ours. */
  readonly otherClient?: string;
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
  readonly event: FailedFact;
  /** The height of its card, which ends above `y`. */
  readonly cardPx: number;
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
  /** The lanes right of the server's, of all other clients that come at any time. */
  readonly others: readonly OtherLane[];
  readonly rows: readonly Row[];
  /** In the order in which they leave. */
  readonly arrows: readonly Arrow[];
  /** For each arrow, how far down it or any one before it reaches. */
  readonly arrowReach: readonly number[];
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
/** Of another client, which has no fact of its own in it. */
const OTHER_HANDSHAKE_HEIGHT = 96;
/** Beside its card. */
const FAILED_HEIGHT = 22;
const GAP_HEIGHT = 88;
const TOP_MARGIN = 30;

/** The height of a fact below the fact before it; 0 for facts that have no place on a lifeline. */
function heightOf(event: TraceEvent, hasHandshake: boolean, before?: TraceEvent, otherLane?: LaneId): number {
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
      if (otherLane !== undefined) return hasHandshake ? HANDSHAKE_HEIGHT : ROW_HEIGHT;
      return (hasHandshake ? HANDSHAKE_HEIGHT : 0) + failureCardPx(event) + FAILED_HEIGHT;
    case 'accepted':
      if (hasHandshake) return HANDSHAKE_HEIGHT;
      return otherLane !== undefined && otherLane !== 'others' ? OTHER_HANDSHAKE_HEIGHT : ROW_HEIGHT;
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
 * round: the two ends are computed from both. `links` are facts of other pages that these belong to, in order: arrows go
 * from and to them, beyond the edge. `others` are the other clients of the whole run or round.
 */
export function buildLadder(
  facts: readonly TraceEvent[],
  earlier: readonly TraceEvent[] = [],
  links: readonly TraceEvent[] = [],
  others: OtherClients = otherClientsOf([...earlier, ...facts]),
): Ladder {
  const ys: number[] = [];
  const rows: Row[] = [];
  const failures: Failure[] = [];
  const gaps: Gap[] = [];
  const stageRows: number[] = [];
  const transform = transformOf(earlier.length > 0 ? earlier : facts);
  const handshakes = handshakesOf(facts);
  const withHandshake = new Set(handshakes.map((handshake) => handshake.endIndex));
  let y = TOP_MARGIN;
  let before: TraceEvent | undefined;
  for (const [index, event] of facts.entries()) {
    const other = others.of(event.seq);
    const height = heightOf(event, withHandshake.has(index), before, other?.lane);
    if (before !== undefined && event.seq > before.seq + 1) {
      gaps.push({ fromSeq: before.seq + 1, toSeq: event.seq - 1, top: y + 20, bottom: y + GAP_HEIGHT - 20 });
      y += GAP_HEIGHT;
    } else {
      y += height;
    }
    ys.push(y);
    const side = sideOf(event);
    if (event.kind === 'failed' && other === undefined)
      failures.push({ seq: event.seq, y, side, event, cardPx: failureCardPx(event) });
    else if (height > 0 && side !== undefined) {
      const tone = toneOf(event, side);
      const about = other === undefined ? {} : { otherClient: other.name };
      rows.push({ seq: event.seq, y, side, tone, event, transform, ...about });
    }
    if (event.kind === 'line-transformed' && other === undefined) stageRows.push(index);
    before = event;
  }
  const base = { facts, ys };
  const { arrows: ofData, writes } = dataArrows(base, inOrder(facts, links), others);
  const arrows = [
    ...handshakeArrows(base, handshakes),
    ...ofData,
    ...endArrows(base),
    ...arrowsOfAnotherProgram(base),
    ...arrowsOfOtherClients(facts, others, (cursor) => yAt(base, cursor)),
  ].sort((a, b) => a.leavesAt - b.leavesAt);
  return {
    ...base,
    others: others.lanes,
    rows,
    arrows,
    arrowReach: reachOf(arrows),
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
export function isOwnFailure(event: FailedFact, own: number | undefined): boolean {
  return roleOf(event.peer) !== 'server' || event.connection === undefined || event.connection === own;
}

type Axis = Pick<Ladder, 'facts' | 'ys'>;

/** Index of the last fact, or the last row, at or before the cursor; -1 before the first. */
export function indexAt(facts: readonly { readonly seq: number }[], cursor: number): number {
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
        if (event.peer !== SECOND_SERVER) listensAt.push(index);
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
        if (roleOf(event.peer) !== 'client' || event.connection !== undefined) break;
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
        to: otherSide(side),
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

/** For each arrow, how far down it or any one before it reaches. */
export function reachOf(arrows: readonly Arrow[]): readonly number[] {
  let reach = 0;
  return arrows.map(({ y2 }) => (reach = Math.max(reach, y2)));
}

/** The facts with those of other pages that they belong to. */
function inOrder(facts: readonly TraceEvent[], links: readonly TraceEvent[]): readonly TraceEvent[] {
  if (links.length === 0) return facts;
  const here = new Set(facts.map(({ seq }) => seq));
  return [...facts, ...links.filter(({ seq }) => !here.has(seq))].sort((a, b) => a.seq - b.seq);
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
function dataArrows(
  axis: Axis,
  facts: readonly TraceEvent[],
  others: OtherClients,
): { arrows: Arrow[]; writes: Map<string, OpenWrite['event']> } {
  const arrows: Arrow[] = [];
  const waiting = new Map<string, WriteQueue>();
  const writes = new Map<string, OpenWrite['event']>();
  const firstSeq = axis.facts[0]?.seq ?? 0;
  const lastSeq = axis.facts.at(-1)?.seq ?? 0;
  const push = (write: OpenWrite, arrivesAt: number | undefined, from: number, to: number): void => {
    const { event } = write;
    // Between two facts of other pages.
    if (event.seq > lastSeq || (arrivesAt ?? Infinity) < firstSeq) return;
    const whole = from === event.offset && to === event.offset + event.bytes;
    const what = event.line === undefined ? 'bytes' : `line ${formatCount(event.line)}`;
    arrows.push({
      key: `data-${event.seq}-${write.reads}`,
      from: event.side,
      to: otherSide(event.side),
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
  // Of another client's connection only one end was seen: its arrows are inferred.
  const otherConnections = new Set(
    axis.facts.flatMap((event) =>
      'connection' in event && others.of(event.seq) !== undefined ? [event.connection] : [],
    ),
  );
  for (const event of facts) {
    if ('connection' in event && otherConnections.has(event.connection)) continue;
    if (event.kind === 'wrote') {
      const key = `${event.connection}-${event.side}`;
      const queue = waiting.get(key) ?? { writes: [], next: 0 };
      queue.writes.push({ event, reads: 0 });
      waiting.set(key, queue);
      if (event.line !== undefined) writes.set(`${key}-${event.line}`, event);
    } else if (event.kind === 'read') {
      const queue = waiting.get(`${event.connection}-${otherSide(event.side)}`);
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
    const key = `${event.connection}-${otherSide(event.side)}`;
    for (const call of open.get(key) ?? []) arrows.push(endArrow(axis, call, event.seq));
    open.delete(key);
  }
  return arrows;
}

function endArrow(axis: Axis, { seq, side }: EndCalled, arrivesAt: number): Arrow {
  return {
    key: `fin-${seq}`,
    from: side,
    to: otherSide(side),
    leavesAt: seq,
    arrivesAt,
    y1: yAt(axis, seq),
    y2: yAt(axis, arrivesAt),
    inferred: true,
    label: 'FIN',
    why: 'inferred from the end of one side and the end of the stream',
    seq,
  };
}

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
      to: 'client',
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

// What a run records: a closed union of facts in the past tense. exchange/ makes them, trace/ stamps and keeps them,
// scene/ draws them. A fact is something that somebody saw; what is inferred from facts is never in here.

import type { ExperimentName } from '../experiments/definitions.ts';
import type { Problem } from '../result.ts';

/** Version of the trace's format; the first fact of every trace carries it. */
export const TRACE_FORMAT = 1;

/** What a server asks for that listens on every IPv4 address of its machine (ip(7), INADDR_ANY). */
export const EVERY_ADDRESS = '0.0.0.0';

export type Side = 'client' | 'server';

/** Who saw the fact: our own socket call or event, a row of the kernel's table or setting, a captured packet. */
export type Witness = 'program' | 'kernel' | 'wire';

/** What counts as one character when a line is turned round. */
export type ReversalUnit = 'grapheme' | 'codepoint' | 'byte';

/** What the server does with a line. */
export type Transform = 'reverse' | 'upper-case' | 'swap-case';

/** What a server takes for one line: what each read returned, all until the end of the stream, or what a newline ends. */
export type Framing = 'each-read' | 'whole-stream' | 'newlines';

/** How a client hands its bytes to the kernel; the last one is two writes, split inside a character of more bytes. */
export type HandOver = 'a-write-a-line' | 'all-at-once' | 'byte-by-byte' | 'inside-a-character';

/**
 * When a server reads: after everything waits in the kernel, or after each of the client's writes. What is handed over
 * `inside-a-character` is read after each write whatever was asked for: else nobody would see the split.
 */
export type ReadWhen = 'late' | 'after-each-write';

/** Who has the port that a server of `in-use` asks for. */
export type TakenBy = 'listener' | 'time-wait';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * Bytes as the trace keeps them: as text where they are valid UTF-8 (a BOM included), else in base 64.
 * `leftOutBytes` is there only in a copy made for the window: so many bytes follow that this copy does not hold.
 */
export type RecordedBytes =
  | { readonly text: string; readonly leftOutBytes?: number }
  | { readonly base64: string; readonly leftOutBytes?: number };

export interface RuntimeVersions {
  readonly app: string;
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  /** Absent in a trace that the terminal command recorded. */
  readonly electron?: string;
  readonly chromium?: string;
}

/** The first fact of every trace: what was asked for and by which program. */
export interface RunStarted {
  readonly kind: 'run-started';
  readonly seenBy: 'program';
  readonly format: typeof TRACE_FORMAT;
  readonly experiment: ExperimentName;
  /** Wall clock at `atUs` 0, ISO 8601. */
  readonly startedAt: string;
  readonly runtime: RuntimeVersions;
  /** What the program asked for: 0 asks the kernel for any free port. */
  readonly requested: Endpoint;
  readonly by: ReversalUnit;
  /** Absent where it is `reverse`. */
  readonly transform?: Transform;
  readonly maxLineBytes: number;
  /** How many lines of `file` may be on their way at once; absent where each waits for the reply to the one before. */
  readonly inFlight?: number;
  /** How often `race` and `ports` do the same, and how many exchanges `boundaries` has; absent elsewhere. */
  readonly rounds?: number;
  /** How long the client's thread of `race` waits after the server's, in ms; absent elsewhere. */
  readonly pauseMs?: number;
  /** In `boundaries` alone; it holds for every round but those of the way `inside-a-character`. */
  readonly readWhen?: ReadWhen;
  /** In `in-use` alone; absent there where it is `listener`. */
  readonly takenBy?: TakenBy;
  /**
   * What is sent: a file by its own name, without its folder (a trace is made to be shared), `string` for a typed text,
   * `greeting` for the server's greeting, `nothing` (0 bytes) where nothing is; with its size.
   */
  readonly input: { readonly name: string; readonly bytes: number };
}

/** The system's range of ephemeral ports, read where the system tells it. */
export interface EphemeralRangeRead {
  readonly kind: 'ephemeral-range-read';
  readonly seenBy: 'kernel';
  readonly from: number;
  readonly to: number;
  readonly source: string;
}

/**
 * One of several exchanges of a run begins: the facts up to the next such fact, or to the run's end, are its own. What
 * is different about it is said, where something is.
 */
export interface RoundStarted {
  readonly kind: 'round-started';
  readonly seenBy: 'program';
  /** The first round is 1. */
  readonly round: number;
  readonly framing?: Framing;
  readonly handOver?: HandOver;
}

/** Another program was started, because what it does is what ours cannot do. */
export interface ProgramStarted {
  readonly kind: 'program-started';
  readonly seenBy: 'program';
  /** What it is called by, such as `python3`. */
  readonly program: string;
  /** Its version, as it says itself. */
  readonly version?: string;
  readonly pid: number;
}

/** That program ended. */
export interface ProgramEnded {
  readonly kind: 'program-ended';
  readonly seenBy: 'program';
  readonly program: string;
  readonly pid: number;
  /** Absent where a signal ended it. */
  readonly exitCode?: number;
}

export interface ServerCreated {
  readonly kind: 'server-created';
  readonly seenBy: 'program';
  /** 2 for a second server of the same run; absent for the first. */
  readonly server?: 2;
}

/** The host's name and the address it resolves to; without the address where it does not resolve. */
export interface HostNamed {
  readonly kind: 'host-named';
  readonly seenBy: 'program';
  readonly hostName: string;
  readonly address?: string;
}

export interface ListenCalled {
  readonly kind: 'listen-called';
  readonly seenBy: 'program';
  readonly requested: Endpoint;
  /** 2 for a second server of the same run; absent for the first. */
  readonly server?: 2;
}

export interface Listening {
  readonly kind: 'listening';
  readonly seenBy: 'program';
  readonly local: Endpoint;
  /** 2 for a second server of the same run; absent for the first. */
  readonly server?: 2;
}

export interface ClientCreated {
  readonly kind: 'client-created';
  readonly seenBy: 'program';
}

export interface ConnectCalled {
  readonly kind: 'connect-called';
  readonly seenBy: 'program';
  readonly remote: Endpoint;
}

/** The client's `'connect'` event. `local.port` is the ephemeral port that the kernel picked. */
export interface Connected {
  readonly kind: 'connected';
  readonly seenBy: 'program';
  readonly connection: number;
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

/** The server's `'connection'` event. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly seenBy: 'program';
  readonly connection: number;
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

/** A call that handed bytes to the kernel. `offset` is where they begin in this direction's byte stream. */
export interface Wrote {
  readonly kind: 'wrote';
  readonly seenBy: 'program';
  readonly side: Side;
  readonly connection: number;
  readonly offset: number;
  readonly bytes: number;
  readonly data: RecordedBytes;
  /** Number of the line these bytes are, where the write is one line. The first line is 1. */
  readonly line?: number;
}

/**
 * Bytes that one `'data'` event returned. `offset` is where they begin in the peer's byte stream. What they were is in
 * the peer's writes at the same offsets; `data` is there where the peer is another program, so that nobody else saw them.
 */
export interface Read {
  readonly kind: 'read';
  readonly seenBy: 'program';
  readonly side: Side;
  readonly connection: number;
  readonly offset: number;
  readonly bytes: number;
  readonly data?: RecordedBytes;
}

/** The server's framing found a line by its newline and transformed it: turned it round, unless the run says another way. `offset` and `bytes` are the line's place in the client's stream, without its LF. */
export interface LineTransformed {
  readonly kind: 'line-transformed';
  readonly seenBy: 'program';
  readonly connection: number;
  readonly line: number;
  readonly offset: number;
  readonly bytes: number;
  /**
   * What it was taken apart by: by byte where the line is not valid UTF-8, whatever was asked for; by code point where its
   * case was changed.
   */
  readonly by: ReversalUnit;
  readonly validUtf8: boolean;
}

/** A server that does not look for newlines took these bytes for one line, LFs among them, and turned them round. */
export interface TextTransformed {
  readonly kind: 'text-transformed';
  readonly seenBy: 'program';
  readonly connection: number;
  /** Place in the client's stream. */
  readonly offset: number;
  readonly bytes: number;
  /** How it was reversed: by byte where the bytes are not valid UTF-8, whatever was asked for. */
  readonly by: ReversalUnit;
  readonly validUtf8: boolean;
}

/** The client's framing found the reply to a line. `offset` and `bytes` are its place in the server's stream, without its LF. */
export interface LineReceived {
  readonly kind: 'line-received';
  readonly seenBy: 'program';
  readonly connection: number;
  readonly line: number;
  readonly offset: number;
  readonly bytes: number;
}

/** A program without framing took all that came until the end of the stream for one text. `offset` is 0 there. */
export interface TextReceived {
  readonly kind: 'text-received';
  readonly seenBy: 'program';
  readonly side: Side;
  readonly connection: number;
  readonly offset: number;
  readonly bytes: number;
}

/** Who has the port that could not be had, as the kernel's socket table shows it. */
export type PortHolder =
  /** A socket that listens on it; its process where the system lets us read it. */
  | { readonly what: 'listener'; readonly local: Endpoint; readonly pid?: number; readonly program?: string }
  /**
   * A connection that is over on both sides and still keeps the port (RFC 9293 section 3.6.1), for `secondsLeft` more;
   * absent where the system does not tell for how long.
   */
  | {
      readonly what: 'time-wait';
      readonly local: Endpoint;
      readonly remote: Endpoint;
      readonly secondsLeft?: number;
    }
  /** An open connection whose own port it is: one that the kernel gave away, or one that outlived its server. */
  | {
      readonly what: 'connection';
      readonly local: Endpoint;
      readonly remote: Endpoint;
      readonly pid?: number;
      readonly program?: string;
    }
  | { readonly what: 'unknown'; readonly why: string };

/** The kernel's socket table was asked who has a port that the server could not have. */
export interface PortExamined {
  readonly kind: 'port-examined';
  readonly seenBy: 'kernel';
  readonly port: number;
  readonly holder: PortHolder;
  /** Where it was read, such as `/proc/net/tcp`. */
  readonly source: string;
}

/**
 * The server could not have its port and does not give up: it asks again whenever the port may be free. What it finds
 * meanwhile is in the `port-examined` facts that follow, at most one a second.
 */
export interface PortAwaited {
  readonly kind: 'port-awaited';
  readonly seenBy: 'program';
  readonly port: number;
}

/** The kernel's socket table was looked at after a connection had closed at both ends: which end stays in TIME_WAIT. */
export interface TimeWaitExamined {
  readonly kind: 'time-wait-examined';
  readonly seenBy: 'kernel';
  readonly connection: number;
  /** Absent where neither end was seen in TIME_WAIT; `local` is the address of the end that is. */
  readonly found?: {
    readonly side: Side;
    readonly local: Endpoint;
    readonly remote: Endpoint;
    /** Absent where the system does not tell. */
    readonly secondsLeft?: number;
  };
  readonly source: string;
}

/** The kernel's socket table was asked how many bytes wait at this side's end of a connection to be read. */
export interface QueueExamined {
  readonly kind: 'queue-examined';
  readonly seenBy: 'kernel';
  readonly side: Side;
  readonly connection: number;
  readonly bytes: number;
  readonly source: string;
}

/** A side waited on purpose, as the course's program does with time.sleep(): comes when it is over. */
export interface Slept {
  readonly kind: 'slept';
  readonly seenBy: 'program';
  readonly side: Side;
  readonly ms: number;
}

/** `end()` was called: nothing more will be written on this side (shutdown(2), SHUT_WR). */
export interface EndCalled {
  readonly kind: 'end-called';
  readonly seenBy: 'program';
  readonly side: Side;
  readonly connection: number;
}

/** The `'end'` event: the peer will write nothing more. */
export interface EndReceived {
  readonly kind: 'end-received';
  readonly seenBy: 'program';
  readonly side: Side;
  readonly connection: number;
}

export interface Closed {
  readonly kind: 'closed';
  readonly seenBy: 'program';
  readonly side: Side;
  readonly connection: number;
  readonly hadError: boolean;
}

export interface ServerClosed {
  readonly kind: 'server-closed';
  readonly seenBy: 'program';
  /** 2 for a second server of the same run; absent for the first. */
  readonly server?: 2;
}

/** Something went wrong, where it went wrong. `side` is absent where neither program is at fault (a file, a disk). */
export interface Failed {
  readonly kind: 'failed';
  readonly seenBy: 'program';
  readonly side?: Side;
  readonly connection?: number;
  /** 2 where a second server of the same run failed. */
  readonly server?: 2;
  readonly problem: Problem;
}

/** The recorder reached its bound (size or disk): facts from here on were counted and not kept. */
export interface DetailLeftOut {
  readonly kind: 'detail-left-out';
  readonly seenBy: 'program';
  readonly reason: string;
  readonly facts: number;
  readonly lines: number;
}

/**
 * Other clients on our server have had their share of the record: how many facts about them were counted and not recorded
 * since this was said last, 0 where it begins. These facts have no numbers. Our own exchange goes on being recorded.
 */
export interface OtherClientsLeftOut {
  readonly kind: 'other-clients-left-out';
  readonly seenBy: 'program';
  readonly facts: number;
  /** Bytes that the server read from them meanwhile. */
  readonly bytes: number;
}

/** The last fact of every trace that was not cut off. */
export interface RunEnded {
  readonly kind: 'run-ended';
  readonly seenBy: 'program';
  readonly outcome: 'completed' | 'failed' | 'cancelled';
  readonly linesSent: number;
  readonly linesReceived: number;
  /** Size of the result, in bytes. */
  readonly resultBytes: number;
  /** Lines that were not valid UTF-8 and were transformed by byte. */
  readonly linesByByte: number;
}

/** A fact before the recorder stamps it. */
export type Fact =
  | RunStarted
  | EphemeralRangeRead
  | RoundStarted
  | ProgramStarted
  | ProgramEnded
  | ServerCreated
  | HostNamed
  | ListenCalled
  | Listening
  | ClientCreated
  | ConnectCalled
  | Connected
  | Accepted
  | Wrote
  | Read
  | LineTransformed
  | TextTransformed
  | LineReceived
  | TextReceived
  | PortExamined
  | PortAwaited
  | TimeWaitExamined
  | QueueExamined
  | Slept
  | EndCalled
  | EndReceived
  | Closed
  | ServerClosed
  | Failed
  | DetailLeftOut
  | OtherClientsLeftOut
  | RunEnded;

export type FactKind = Fact['kind'];

export interface Stamp {
  /** 1 for the first fact of a run, then one more each. Orders facts; clocks never do. */
  readonly seq: number;
  /** Microseconds on one monotonic clock since the run began. */
  readonly atUs: number;
}

/** A fact with its place and time: one line of a trace. */
export type TraceEvent = Fact & Stamp;

/**
 * What sockets hand their facts to. Never throws, never waits. `seenAtMs` is when it was seen, on `performance.now()` of
 * the thread that records: for a fact that comes from another thread; now, where it is left out. Facts are handed over in
 * the order of their times.
 */
export type Emit = (fact: Fact, seenAtMs?: number) => void;

/** Whether the fact is part of moving lines (there are millions of these) and not of opening, closing or failing. */
export function isAboutLines(fact: Fact): boolean {
  return (
    fact.kind === 'wrote' ||
    fact.kind === 'read' ||
    fact.kind === 'line-transformed' ||
    fact.kind === 'text-transformed' ||
    fact.kind === 'line-received'
  );
}

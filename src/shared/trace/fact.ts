// What a run records: a closed union of facts in the past tense. A fact was seen by a program, the kernel or a packet
// capture. What is inferred from facts must never be in here.

import type { ExperimentName, OptionValues } from '../experiments/definitions.ts';
import type { Problem } from '../result.ts';

/** Version of the trace's format; the first fact of every trace carries it. */
export const TRACE_FORMAT = 2;

/** The address to listen on every IPv4 address of the machine (ip(7), INADDR_ANY). */
export const EVERY_ADDRESS = '0.0.0.0';

/** An end of a connection: the client is the one that connected. */
export type Side = 'client' | 'server';

/**
 * The name of a peer, a program or a thread of one that takes part. Ours are `client`, `server` and, in a run with a second
 * server, `server-2`; `program` is another program that a run starts. A client that is not ours does nothing that we see
 * but at our end of its connection: it has a name only in what is computed (connection.ts).
 */
export type PeerName = string;

/** Our peers. */
export const CLIENT: PeerName = 'client';
export const SERVER: PeerName = 'server';
export const SECOND_SERVER: PeerName = 'server-2';
/** Another program that a run started, which then has the server's place. */
export const PROGRAM: PeerName = 'program';

/** Who saw the fact: our own socket call or event, a row of the kernel's table or setting, a captured packet. */
export type Witness = 'program' | 'kernel' | 'wire';

/** What counts as one character when a line is reversed. */
export type ReversalUnit = 'grapheme' | 'codepoint' | 'byte';

/** What the server does with a line. */
export type Transform = 'reverse' | 'upper-case' | 'swap-case';

/** How a server finds lines: each read is one, all until the end of the stream is one, or a newline ends one. */
export type Framing = 'each-read' | 'whole-stream' | 'newlines';

/** How a client writes its bytes; `inside-a-character` is two writes, split inside a character of several bytes. */
export type HandOver = 'a-write-a-line' | 'all-at-once' | 'byte-by-byte' | 'inside-a-character';

/**
 * When a server reads: after everything waits in the kernel, or after each of the client's writes. Bytes written
 * `inside-a-character` are always read after each write: otherwise the split could not be seen.
 */
export type ReadWhen = 'late' | 'after-each-write';

/** What holds the port that a server of `in-use` asks for. */
export type TakenBy = 'listener' | 'time-wait';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * Bytes that were written or read. `leftOutBytes` is only in a copy made for the window: the number of further bytes that
 * this copy does not have.
 */
export interface RecordedBytes {
  readonly bytes: Uint8Array;
  readonly leftOutBytes?: number;
}

export interface RuntimeVersions {
  readonly app: string;
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  /** Absent in a trace that the terminal command recorded. */
  readonly electron?: string;
  readonly chromium?: string;
}

/** The options of a run. A text that is sent is not among them: it is in the bytes that were written. */
export type RecordedOptions = Partial<Omit<OptionValues, 'port' | 'greeting' | 'text'>>;

/** The first fact of every trace: what was requested and by which program. */
export interface RunStarted {
  readonly kind: 'run-started';
  readonly seenBy: 'program';
  readonly format: typeof TRACE_FORMAT;
  readonly experiment: ExperimentName;
  /** Wall clock at `atUs` 0, ISO 8601. */
  readonly startedAt: string;
  readonly runtime: RuntimeVersions;
  /** The requested endpoint; port 0 asks the kernel for any free port. */
  readonly requested: Endpoint;
  /** The values of the experiment's options, as its definition names them. */
  readonly options: RecordedOptions;
  /**
   * What is sent: a file by its own name, without its folder (a trace is made to be shared), `string` for a typed text,
   * `greeting` for the server's greeting, `nothing` (0 bytes) where nothing is; with its size.
   */
  readonly input: { readonly name: string; readonly bytes: number };
}

/** The system's range of ephemeral ports, where the system reports it. */
export interface EphemeralRangeRead {
  readonly kind: 'ephemeral-range-read';
  readonly seenBy: 'kernel';
  readonly from: number;
  readonly to: number;
  readonly source: string;
}

/**
 * One of several exchanges of a run began: the facts up to the next such fact, or to the run's end, belong to it. The
 * optional fields say how it differs from the others.
 */
export interface RoundStarted {
  readonly kind: 'round-started';
  readonly seenBy: 'program';
  /** The first round is 1. */
  readonly round: number;
  readonly framing?: Framing;
  readonly handOver?: HandOver;
}

/** Another program was started, to do what ours cannot do. */
export interface ProgramStarted {
  readonly kind: 'program-started';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  /** The command, such as `python3`. */
  readonly program: string;
  /** The version that it reports. */
  readonly version?: string;
  readonly pid: number;
}

/** That program ended. */
export interface ProgramEnded {
  readonly kind: 'program-ended';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly program: string;
  readonly pid: number;
  /** Absent where a signal ended it. */
  readonly exitCode?: number;
}

export interface ServerCreated {
  readonly kind: 'server-created';
  readonly seenBy: 'program';
  readonly peer: PeerName;
}

/** The host's name and the address it resolves to; `address` is absent where it does not resolve. */
export interface HostNamed {
  readonly kind: 'host-named';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly hostName: string;
  readonly address?: string;
}

export interface ListenCalled {
  readonly kind: 'listen-called';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly requested: Endpoint;
}

export interface Listening {
  readonly kind: 'listening';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly local: Endpoint;
}

export interface ClientCreated {
  readonly kind: 'client-created';
  readonly seenBy: 'program';
  readonly peer: PeerName;
}

export interface ConnectCalled {
  readonly kind: 'connect-called';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly remote: Endpoint;
}

/** The client's `'connect'` event. `local.port` is the ephemeral port that the kernel picked. */
export interface Connected {
  readonly kind: 'connected';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly connection: number;
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

/** The server's `'connection'` event. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly connection: number;
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

/** A call that wrote bytes to the kernel. `offset` is where they begin in this direction's byte stream. */
export interface Wrote {
  readonly kind: 'wrote';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly side: Side;
  readonly connection: number;
  readonly offset: number;
  readonly bytes: number;
  readonly data: RecordedBytes;
  /** The number of the line, where the write is one line. The first line is 1. */
  readonly line?: number;
}

/**
 * Bytes that one `'data'` event returned. `offset` is where they begin in the peer's byte stream. Their content is in the
 * peer's writes at the same offsets. `data` is only there where the peer is another program, whose writes are not recorded.
 */
export interface Read {
  readonly kind: 'read';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly side: Side;
  readonly connection: number;
  readonly offset: number;
  readonly bytes: number;
  readonly data?: RecordedBytes;
}

/**
 * The server's framing found a line by its newline and transformed it, by the run's `transform`. `offset` and `bytes` are
 * the line's place in the client's stream, without its LF.
 */
export interface LineTransformed {
  readonly kind: 'line-transformed';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly connection: number;
  readonly line: number;
  readonly offset: number;
  readonly bytes: number;
  /**
   * The unit of the transform: `byte` where the line is not valid UTF-8, whatever was requested; `codepoint` where its case
   * was changed.
   */
  readonly by: ReversalUnit;
  readonly validUtf8: boolean;
}

/** A server that does not look for newlines read these bytes as one line, including LFs, and transformed them. */
export interface TextTransformed {
  readonly kind: 'text-transformed';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly connection: number;
  /** Place in the client's stream. */
  readonly offset: number;
  readonly bytes: number;
  /** The unit of the transform: `byte` where the bytes are not valid UTF-8, whatever was requested. */
  readonly by: ReversalUnit;
  readonly validUtf8: boolean;
}

/** The client's framing found the reply to a line. `offset` and `bytes` are its place in the server's stream, without its LF. */
export interface LineReceived {
  readonly kind: 'line-received';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly connection: number;
  readonly line: number;
  readonly offset: number;
  readonly bytes: number;
}

/** A program without framing read everything until the end of the stream as one text. `offset` is 0. */
export interface TextReceived {
  readonly kind: 'text-received';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly side: Side;
  readonly connection: number;
  readonly offset: number;
  readonly bytes: number;
}

/** What holds the port that could not be bound, as the kernel's socket table shows it. */
export type PortHolder =
  /** A socket that listens on it, with its process where the system lets us read it. */
  | { readonly what: 'listener'; readonly local: Endpoint; readonly pid?: number; readonly program?: string }
  /**
   * A connection that is closed on both sides and still holds the port (RFC 9293 section 3.6.1), for `secondsLeft` more;
   * absent where the system does not report it.
   */
  | {
      readonly what: 'time-wait';
      readonly local: Endpoint;
      readonly remote: Endpoint;
      readonly secondsLeft?: number;
    }
  /** An open connection with that local port: an ephemeral port of a client, or a connection that outlived its server. */
  | {
      readonly what: 'connection';
      readonly local: Endpoint;
      readonly remote: Endpoint;
      readonly pid?: number;
      readonly program?: string;
    }
  | { readonly what: 'unknown'; readonly why: string };

/** The kernel's socket table was read for what holds a port that `peer` could not bind. */
export interface PortExamined {
  readonly kind: 'port-examined';
  readonly seenBy: 'kernel';
  readonly peer: PeerName;
  readonly port: number;
  readonly holder: PortHolder;
  /** The table that was read, such as `/proc/net/tcp`. */
  readonly source: string;
}

/**
 * The server could not bind its port and waits: it tries again whenever the port may be free. What holds the port
 * meanwhile is in the `port-examined` facts that follow, at most one a second.
 */
export interface PortAwaited {
  readonly kind: 'port-awaited';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly port: number;
}

/** The kernel's socket table was read after a connection had closed at both ends: which end stays in TIME_WAIT. */
export interface TimeWaitExamined {
  readonly kind: 'time-wait-examined';
  readonly seenBy: 'kernel';
  readonly connection: number;
  /** Absent where neither end was seen in TIME_WAIT; `local` is the address of the end that is. */
  readonly found?: {
    readonly side: Side;
    readonly local: Endpoint;
    readonly remote: Endpoint;
    /** Absent where the system does not report it. */
    readonly secondsLeft?: number;
  };
  readonly source: string;
}

/** The kernel's socket table was read for how many bytes wait in this side's receive queue. */
export interface QueueExamined {
  readonly kind: 'queue-examined';
  readonly seenBy: 'kernel';
  readonly peer: PeerName;
  readonly side: Side;
  readonly connection: number;
  readonly bytes: number;
  readonly source: string;
}

/** A side waited on purpose, as the course's program does with time.sleep(). Recorded when the wait is over. */
export interface Slept {
  readonly kind: 'slept';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly ms: number;
}

/** `end()` was called: this side will write nothing more (shutdown(2), SHUT_WR). */
export interface EndCalled {
  readonly kind: 'end-called';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly side: Side;
  readonly connection: number;
}

/** The `'end'` event: the peer will write nothing more. */
export interface EndReceived {
  readonly kind: 'end-received';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly side: Side;
  readonly connection: number;
}

export interface Closed {
  readonly kind: 'closed';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly side: Side;
  readonly connection: number;
  readonly hadError: boolean;
}

export interface ServerClosed {
  readonly kind: 'server-closed';
  readonly seenBy: 'program';
  readonly peer: PeerName;
}

/** Something failed. `peer` is absent where no program is at fault (a file, a disk). */
export interface Failed {
  readonly kind: 'failed';
  readonly seenBy: 'program';
  readonly peer?: PeerName;
  readonly connection?: number;
  readonly problem: Problem;
}

/**
 * The disk did not keep up or was full: so many facts before this one were counted and not written. Their numbers are
 * missing.
 */
export interface DetailLeftOut {
  readonly kind: 'detail-left-out';
  readonly seenBy: 'program';
  readonly reason: string;
  readonly facts: number;
  readonly lines: number;
}

/**
 * Other clients on our server have reached their limit in the trace. `facts` counts those about them that were not
 * recorded since the last such fact, 0 in the first one. They have no `seq`. Our own exchange is still recorded.
 */
export interface OtherClientsLeftOut {
  readonly kind: 'other-clients-left-out';
  readonly seenBy: 'program';
  readonly peer: PeerName;
  readonly facts: number;
  /** Bytes that the server read from them meanwhile. */
  readonly bytes: number;
}

/** The last fact of every complete trace. */
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

/** A fact without its stamp. */
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
  /** 1 for the first fact of a run, then one more each. Facts are ordered by it, never by time. */
  readonly seq: number;
  /** Microseconds on one monotonic clock since the run began. */
  readonly atUs: number;
  /** It reached the recorder after facts that happened later: it stands where it arrived, with its own time. */
  readonly late?: true;
}

/** A fact with its place and time: one line of a trace. */
export type TraceEvent = Fact & Stamp;

/**
 * Records a fact. Must not throw and must not wait. `seenAtMs` is when the fact was seen, on `performance.now()` of the
 * recording thread. It is for a fact from another thread; the default is now. Facts must be emitted in the order of their
 * times, but for a `late` one, which is recorded where it arrives.
 */
export type Emit = (fact: Fact, seenAtMs?: number, late?: true) => void;

/** Whether the fact is about moving lines (there can be millions of these), not about opening, closing or failing. */
export function isAboutLines(fact: Fact): boolean {
  return (
    fact.kind === 'wrote' ||
    fact.kind === 'read' ||
    fact.kind === 'line-transformed' ||
    fact.kind === 'text-transformed' ||
    fact.kind === 'line-received'
  );
}

// The real client: sends lines and passes each reply to a callback, with one or several lines in flight. It knows
// nothing of files.

import type { Problem } from '../../../shared/result.ts';
import type { Emit } from '../../../shared/trace/fact.ts';
import { runClient } from '../connect.ts';
import type { ClientEnd, ClientOptions } from '../connect.ts';
import { createLineFramer } from '../line-framer.ts';
import type { FramedLine } from '../line-framer.ts';
import { closedEarlyProblem, lineTooLongProblem } from '../problems.ts';
import type { Protocol, RecordedSocket } from '../recorded-socket.ts';

/** A line to send: `bytes` without its LF. */
export type LineToSend = Pick<FramedLine, 'bytes' | 'terminated'>;

/** Returns the lines one after the other: directly, or as a promise where the next one has to be read first. */
export interface LineSource {
  /** Undefined after the last line. */
  next(): LineToSend | undefined | Promise<LineToSend | undefined>;
}

/** Handles a reply. The next one waits until the promise settles; a problem ends the exchange. */
type OnReply = (
  /** The reply without its LF. */
  reply: Buffer,
  /** The line that it answers: the reply to a last line without LF has none either. */
  asked: LineToSend,
) => Promise<Problem | undefined> | undefined;

export interface LineClientOptions extends ClientOptions {
  readonly lines: LineSource;
  readonly onReply: OnReply;
  /** The longest reply, in bytes before its LF. */
  readonly maxLineBytes: number;
  /** How many lines may be in flight at once, at least 1. Default 1: the next line waits for the reply. */
  readonly inFlight?: number;
}

/** How it ended. Replies received before a problem were passed to `onReply`. */
export interface ClientOutcome extends ClientEnd {
  readonly linesSent: number;
  readonly linesReceived: number;
}

const LF = 0x0a;

/** Answered lines are removed from the array in batches of this size. */
const MAX_ANSWERED = 1_024;

/**
 * Sends the lines and resolves when the connection is closed. On the wire each line ends with LF, also the last one of
 * a file without a final LF: so any server that frames by lines answers every line. Never rejects for what a network or
 * a peer can do: that is the outcome's `problem`, and a `failed` fact. Rejects with what `lines` or `onReply` throw,
 * after the socket is closed.
 */
export async function runLineClient(
  options: LineClientOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<ClientOutcome> {
  const exchange = new LineExchange(options, emit);
  const end = await runClient(options, (socket) => exchange.start(socket), emit, signal);
  await exchange.settled();
  const { linesSent, linesReceived } = exchange;
  return { ...end, problem: end.problem ?? exchange.problem, linesSent, linesReceived };
}

/** The lines of one connection: those in flight, and the replies that wait to be handled. */
class LineExchange {
  linesSent = 0;
  linesReceived = 0;
  /** A problem that `onReply` returned; its caller records it. */
  problem: Problem | undefined;
  readonly #options: LineClientOptions;
  readonly #emit: Emit;
  readonly #inFlight: number;
  /** Lines that were sent and not answered; those before `#firstAsked` are answered. */
  #asked: LineToSend[] = [];
  #firstAsked = 0;
  /** Replies that came and were not handled; those before `#firstReply` are handled. */
  #replies: readonly FramedLine[] = [];
  #firstReply = 0;
  /** Where the next reply begins in the server's stream. */
  #replyOffset = 0;
  /** Pending while the next line is awaited. */
  #reading: Promise<void> | undefined;
  /** Pending while a reply is handled. */
  #handling: Promise<void> | undefined;
  #allSent = false;
  /** The server ended while there was still a line to send. */
  #cutOff = false;
  #serverEnded = false;
  /** Nothing more is sent, and further replies are discarded. */
  #finished = false;
  #thrown: { readonly error: unknown } | undefined;

  constructor(options: LineClientOptions, emit: Emit) {
    this.#options = options;
    this.#emit = emit;
    this.#inFlight = options.inFlight ?? 1;
  }

  start(socket: RecordedSocket): Protocol {
    const { remote, maxLineBytes } = this.#options;
    const framer = createLineFramer(maxLineBytes);
    this.#proceed(socket);
    return {
      onData: (chunk) => {
        if (this.#finished) return;
        this.#addReplies(framer.push(chunk));
        this.#proceed(socket);
        if (framer.tooLong === undefined) return;
        const subject = `The reply to line ${this.linesReceived + 1}`;
        socket.fail(lineTooLongProblem(subject, framer.tooLong, maxLineBytes));
        socket.destroy();
      },
      onEnd: () => {
        this.#serverEnded = true;
        this.#proceed(socket);
      },
      onDrain: () => {
        this.#proceed(socket);
      },
      onClose: () => {
        if (!this.#finished) socket.fail(closedEarlyProblem(remote, this.linesReceived + 1));
        this.#finished = true;
      },
      line: () => (this.linesSent > this.linesReceived ? this.linesReceived + 1 : undefined),
    };
  }

  /** Resolves when nothing is pending; rejects with what the lines or the handling of a reply threw. */
  async settled(): Promise<void> {
    await this.#reading;
    await this.#handling;
    if (this.#thrown !== undefined) throw this.#thrown.error;
  }

  /** Handles the replies that have arrived and sends lines, until it has to wait for something. */
  #proceed(socket: RecordedSocket): void {
    try {
      while (!this.#finished && socket.isOpen) {
        if (!this.#handleReply(socket) && !this.#sendLine(socket)) break;
      }
      if (this.#finished || !socket.isOpen) return;
      // While a reply is handled, others may wait for their turn: they are handled before the exchange ends.
      const isIdle = this.#handling === undefined;
      if (isIdle && this.#allSent && !this.#awaitsReply) this.#finish(socket);
      else if (isIdle && (this.#cutOff || (this.#serverEnded && this.#awaitsReply))) {
        socket.fail(closedEarlyProblem(this.#options.remote, this.linesReceived + 1));
        this.#finish(socket);
      } else if (this.#replies.length - this.#firstReply > this.#inFlight) {
        // Backpressure on a server that sends more replies than there were lines.
        socket.pause();
      } else socket.resume();
    } catch (error) {
      this.#break(socket, error);
    }
  }

  /** Whether a line was sent whose reply has not been read. */
  get #awaitsReply(): boolean {
    return this.#asked.length - this.#firstAsked > this.#replies.length - this.#firstReply;
  }

  #addReplies(found: readonly FramedLine[]): void {
    if (found.length === 0) return;
    const left = this.#firstReply < this.#replies.length;
    this.#replies = left ? [...this.#replies.slice(this.#firstReply), ...found] : found;
    this.#firstReply = 0;
  }

  /** Handles the reply to the first unanswered line. False where there is nothing to handle now. */
  #handleReply(socket: RecordedSocket): boolean {
    const asked = this.#asked[this.#firstAsked];
    const reply = this.#replies[this.#firstReply];
    if (asked === undefined || reply === undefined || this.#handling !== undefined) return false;
    this.#firstReply += 1;
    this.#answered();
    this.linesReceived += 1;
    this.#emit({
      kind: 'line-received',
      seenBy: 'program',
      peer: socket.peer,
      connection: socket.connection,
      line: this.linesReceived,
      offset: this.#replyOffset,
      bytes: reply.bytes.length,
    });
    this.#replyOffset += reply.bytes.length + 1;
    const handling = this.#options.onReply(reply.bytes, asked);
    if (handling !== undefined) this.#handling = this.#awaitHandling(socket, handling);
    return true;
  }

  /** Marks the first unanswered line as answered. */
  #answered(): void {
    this.#firstAsked += 1;
    if (this.#firstAsked === this.#asked.length) {
      this.#asked = [];
      this.#firstAsked = 0;
    } else if (this.#firstAsked === MAX_ANSWERED) {
      this.#asked = this.#asked.slice(MAX_ANSWERED);
      this.#firstAsked = 0;
    }
  }

  async #awaitHandling(socket: RecordedSocket, handling: Promise<Problem | undefined>): Promise<void> {
    try {
      this.problem = await handling;
      this.#handling = undefined;
      if (this.problem === undefined) this.#proceed(socket);
      else this.#finish(socket);
    } catch (error) {
      this.#break(socket, error);
    }
  }

  /** Sends the next line. False where none may be sent now. */
  #sendLine(socket: RecordedSocket): boolean {
    const inFlight = this.#asked.length - this.#firstAsked + (this.#handling === undefined ? 0 : 1);
    if (this.#allSent || this.#cutOff || this.#reading !== undefined || inFlight >= this.#inFlight) {
      return false;
    }
    // Bytes that the kernel does not accept would pile up in memory.
    if (inFlight > 0 && socket.isFull) return false;
    const line = this.#options.lines.next();
    if (line instanceof Promise) {
      this.#reading = this.#awaitLine(socket, line);
      return false;
    }
    return this.#send(socket, line);
  }

  async #awaitLine(socket: RecordedSocket, line: Promise<LineToSend | undefined>): Promise<void> {
    try {
      const next = await line;
      this.#reading = undefined;
      if (this.#finished || !socket.isOpen) return;
      this.#send(socket, next);
      this.#proceed(socket);
    } catch (error) {
      this.#break(socket, error);
    }
  }

  /** False where no line was sent: there are no more, or the server has ended. */
  #send(socket: RecordedSocket, line: LineToSend | undefined): boolean {
    this.#allSent = line === undefined;
    this.#cutOff = line !== undefined && this.#serverEnded;
    if (line === undefined || this.#cutOff) return false;
    const { bytes } = line;
    const framed = Buffer.allocUnsafe(bytes.length + 1);
    framed.set(bytes);
    framed[bytes.length] = LF;
    this.linesSent += 1;
    this.#asked.push(line);
    socket.write(framed, this.linesSent);
    return true;
  }

  /** Ends in order. Further bytes are read and discarded, because the server's end comes after them. */
  #finish(socket: RecordedSocket): void {
    this.#finished = true;
    socket.end();
    socket.resume();
  }

  #break(socket: RecordedSocket, error: unknown): void {
    this.#thrown ??= { error };
    this.#finished = true;
    socket.destroy();
  }
}

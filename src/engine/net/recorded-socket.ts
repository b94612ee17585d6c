// One end of a TCP connection, with a fact for each of its calls and events. Servers and clients use the same class; a
// Protocol defines what is done with the bytes.

import type { Socket } from 'node:net';

import type { Problem } from '../../shared/result.ts';
import type { Emit, Endpoint, PeerName, Side } from '../../shared/trace/fact.ts';
import type { Connections, Pair } from './connections.ts';
import { brokenConnectionProblem } from './problems.ts';

/** What one end of a connection does. Each event is recorded before it is handled. */
export interface Protocol {
  /** One read returned these bytes. */
  onData(chunk: Buffer): void;
  /** The peer has ended its side. */
  onEnd(): void;
  /** The kernel has accepted all that was written, after the write buffer was full. */
  onDrain?(): void;
  /** The connection is closed, in order or not. */
  onClose?(): void;
  /** The line in progress, for the message about a broken connection. */
  line?(): number | undefined;
}

/** Starts a protocol on a connection that is open. */
export type StartProtocol = (socket: RecordedSocket) => Protocol;

export interface RecordedSocketOptions {
  /** The peer that has this end. */
  readonly peer: PeerName;
  readonly side: Side;
  readonly connections: Connections;
  readonly emit: Emit;
  /** The peer's address, where it is known: a socket that was reset at once no longer has it. */
  readonly remote?: Endpoint;
  /** Handles the problems of the connection and its protocol. Where absent, each is recorded. */
  readonly onProblem?: (problem: Problem) => void;
}

export class RecordedSocket {
  /** The peer that has this end. */
  get peer(): PeerName {
    return this.#peer;
  }
  readonly connection: number;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #socket: Socket;
  readonly #peer: PeerName;
  readonly #side: Side;
  readonly #connections: Connections;
  readonly #pair: Pair;
  readonly #emit: Emit;
  readonly #onProblem: ((problem: Problem) => void) | undefined;
  #wroteBytes = 0;
  #readBytes = 0;
  #bothEndsOurs = false;

  /** `socket` must be connected. Records nothing; `run` does. */
  constructor(socket: Socket, options: RecordedSocketOptions) {
    const { peer, side, connections, emit, remote, onProblem } = options;
    this.#socket = socket;
    this.#peer = peer;
    this.#side = side;
    this.#connections = connections;
    this.#emit = emit;
    this.#onProblem = onProblem;
    this.local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
    this.remote = remote ?? { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    this.#pair =
      side === 'client'
        ? { client: this.local, server: this.remote }
        : { client: this.remote, server: this.local };
    this.connection = connections.seenBy(side, this.#pair);
  }

  /** False once the socket is closed or destroyed. */
  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** More was written than the kernel accepts at present. */
  get isFull(): boolean {
    return this.#socket.writableNeedDrain;
  }

  /** Records that the connection is open, starts the protocol and passes it every event. */
  run(start: StartProtocol): void {
    const socket = this.#socket;
    const peer = this.#peer;
    const side = this.#side;
    const emit = this.#emit;
    const { connection, local, remote } = this;
    emit({
      kind: side === 'client' ? 'connected' : 'accepted',
      seenBy: 'program',
      peer,
      connection,
      local,
      remote,
    });
    const protocol = start(this);
    socket.on('drain', () => {
      if (side === 'server') socket.resume();
      protocol.onDrain?.();
    });
    socket.on('data', (chunk: Buffer) => {
      this.#recordRead(chunk);
      protocol.onData(chunk);
    });
    socket.on('end', () => {
      emit({ kind: 'end-received', seenBy: 'program', peer, side, connection });
      protocol.onEnd();
    });
    socket.on('error', (error) => {
      this.fail(brokenConnectionProblem(error, remote, protocol.line?.()));
    });
    socket.on('close', (hadError) => {
      emit({ kind: 'closed', seenBy: 'program', peer, side, connection, hadError });
      this.#connections.closedBy(side, this.#pair);
      protocol.onClose?.();
    });
  }

  #recordRead(chunk: Buffer): void {
    // Our client is in the registry before it writes: bytes read earlier are from another client.
    this.#bothEndsOurs ||= this.#connections.bothEndsOurs(this.#pair);
    // Written out: a spread costs more than all else that a fact costs.
    const kind = 'read';
    const seenBy = 'program';
    const { connection } = this;
    const peer = this.#peer;
    const side = this.#side;
    const offset = this.#readBytes;
    const bytes = chunk.length;
    this.#emit(
      this.#bothEndsOurs
        ? { kind, seenBy, peer, side, connection, offset, bytes }
        : { kind, seenBy, peer, side, connection, offset, bytes, data: { bytes: chunk } },
    );
    this.#readBytes += bytes;
  }

  /**
   * Writes, unless the connection is closed; `line` where the bytes are one line. A server pauses its reading while its
   * client does not read. A client does not: both would wait for each other for ever. `onWritten` is called when the
   * kernel has accepted all the bytes, or never will.
   */
  write(bytes: Buffer, line?: number, onWritten?: () => void): void {
    if (!this.isOpen) {
      onWritten?.();
      return;
    }
    const flowing = this.#socket.write(bytes, onWritten);
    if (!flowing && this.#side === 'server') this.#socket.pause();
    const kind = 'wrote';
    const seenBy = 'program';
    const { connection } = this;
    const peer = this.#peer;
    const side = this.#side;
    const offset = this.#wroteBytes;
    const data = { bytes };
    const { length } = bytes;
    this.#emit(
      line === undefined
        ? { kind, seenBy, peer, side, connection, offset, bytes: length, data }
        : { kind, seenBy, peer, side, connection, offset, bytes: length, data, line },
    );
    this.#wroteBytes += length;
  }

  /** Ends this side, unless the connection is closed. `onSent` is called when the FIN is sent, or never will be. */
  end(onSent?: () => void): void {
    if (!this.isOpen) {
      onSent?.();
      return;
    }
    this.#socket.end();
    this.#emit({
      kind: 'end-called',
      seenBy: 'program',
      peer: this.#peer,
      side: this.#side,
      connection: this.connection,
    });
    if (onSent === undefined) return;
    this.#socket.once('finish', onSent);
    this.#socket.once('close', onSent);
  }

  /** Reports a problem of this connection. */
  fail(problem: Problem): void {
    if (this.#onProblem !== undefined) this.#onProblem(problem);
    else {
      this.#emit({
        kind: 'failed',
        seenBy: 'program',
        peer: this.#peer,
        connection: this.connection,
        problem,
      });
    }
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Closes at once, also with bytes unsent or unread: the peer may see a reset. */
  destroy(): void {
    this.#socket.destroy();
  }
}

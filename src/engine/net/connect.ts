// What every client of ours does: it connects, records what is opened, written, read, ended and closed, and closes in
// order. line-client.ts, string-client.ts and greeting-client.ts say what it does once it is connected.

import { Socket } from 'node:net';

import type { Problem } from '../../shared/result.ts';
import type { Emit, Endpoint } from '../../shared/trace/fact.ts';
import type { Connections } from './connections.ts';
import { brokenConnectionProblem, cancelledProblem, connectProblem } from './problems.ts';
import { recordedBytes } from './recorded-bytes.ts';

export interface ClientOptions {
  readonly remote: Endpoint;
  readonly connections: Connections;
}

/** The client's end of the connection. */
export interface Client {
  readonly socket: Socket;
  /**
   * Writes and records it, unless the connection is gone; `line` where the bytes are one line. `onTaken` is called when
   * the kernel has them all, or never will.
   */
  write(bytes: Buffer, line?: number, onTaken?: () => void): void;
  end(): void;
  /** Records why the exchange ends, unless it has failed before. */
  fail(problem: Problem): void;
  /** As `fail`, for a problem that was recorded elsewhere. */
  note(problem: Problem): void;
  /** Resolves when something was read, has ended, closed or failed. */
  change(): Promise<void>;
  /** Nothing more can be exchanged: it failed or is closed. */
  over(): boolean;
  /** The server will send no more. */
  endedByServer(): boolean;
}

/** What a client does with its connection. */
export interface Talk {
  /** Takes what was read, which is recorded already. */
  onRead(chunk: Buffer, connection: number): void;
  /** The line that was under way, for the sentence about a connection that broke. */
  line(): number | undefined;
  /** Runs when the client is connected; the connection is closed when it resolves. */
  exchange(connection: number): Promise<void>;
}

export interface ClientEnd {
  /** The client's own address and ephemeral port, once it was connected. */
  readonly local: Endpoint | undefined;
  readonly connection: number | undefined;
  /** Why it ended early. */
  readonly problem: Problem | undefined;
}

/**
 * Connects, talks, and resolves when the connection is closed. Never rejects for what a network or a peer can do: that
 * is the `problem`, and a `failed` fact. What the talk throws comes through, with the socket closed.
 */
export async function runClient(
  { remote, connections }: ClientOptions,
  talkOver: (client: Client) => Talk,
  emit: Emit,
  signal: AbortSignal,
): Promise<ClientEnd> {
  const socket = new Socket({ allowHalfOpen: true });
  // Here and not among the options of `connect`, where Node takes no notice of it for a socket that is there already:
  // with Nagle's algorithm a small write would wait in the client's kernel for the acknowledgement of the one before.
  socket.setNoDelay(true);
  emit({ kind: 'client-created', seenBy: 'program' });

  let local: Endpoint | undefined;
  let connection: number | undefined;
  let wroteBytes = 0;
  let readBytes = 0;
  let problem: Problem | undefined;
  /** The server will send no more. */
  let ended = false;
  let closed = false;
  let serverIsOurs = false;
  /** Wakes whoever waits for a change. */
  let wake: (() => void) | undefined;

  const changed = (): void => {
    const waiting = wake;
    wake = undefined;
    waiting?.();
  };
  const change = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  const fail = (why: Problem): void => {
    if (problem !== undefined) return;
    problem = why;
    // A cancelled run is recorded by the one who runs it, once for both sides.
    if (!signal.aborted) {
      emit({
        kind: 'failed',
        seenBy: 'program',
        side: 'client',
        ...(connection === undefined ? {} : { connection }),
        problem: why,
      });
    }
  };
  // Asked through functions: the compiler takes variables that only callbacks change for constants.
  const connected = (): number | undefined => connection;
  const over = (): boolean => problem !== undefined || closed;

  const talk = talkOver({
    socket,
    write(bytes, line, onTaken) {
      if (connection === undefined || socket.destroyed) {
        onTaken?.();
        return;
      }
      socket.write(bytes, onTaken);
      emit({
        kind: 'wrote',
        seenBy: 'program',
        side: 'client',
        connection,
        offset: wroteBytes,
        bytes: bytes.length,
        data: recordedBytes(bytes),
        ...(line === undefined ? {} : { line }),
      });
      wroteBytes += bytes.length;
    },
    end() {
      if (connection === undefined || socket.destroyed) return;
      socket.end();
      emit({ kind: 'end-called', seenBy: 'program', side: 'client', connection });
    },
    fail,
    note(why) {
      problem ??= why;
    },
    change,
    over,
    endedByServer: () => ended || closed,
  });

  const abandon = (): void => {
    fail(cancelledProblem(signal));
    socket.destroy();
    changed();
  };
  signal.addEventListener('abort', abandon, { once: true });

  socket.on('connect', () => {
    local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
    connection = connections.seenBy('client', local);
    emit({ kind: 'connected', seenBy: 'program', connection, local, remote });
    changed();
  });
  socket.on('data', (chunk: Buffer) => {
    if (connection === undefined || local === undefined) return;
    serverIsOurs ||= connections.bothEndsOurs(local);
    emit({
      kind: 'read',
      seenBy: 'program',
      side: 'client',
      connection,
      offset: readBytes,
      bytes: chunk.length,
      ...(serverIsOurs ? {} : { data: recordedBytes(chunk) }),
    });
    readBytes += chunk.length;
    talk.onRead(chunk, connection);
    changed();
  });
  socket.on('end', () => {
    ended = true;
    if (connection !== undefined) {
      emit({ kind: 'end-received', seenBy: 'program', side: 'client', connection });
    }
    changed();
  });
  socket.on('error', (error) => {
    fail(
      connection === undefined
        ? connectProblem(error, remote)
        : brokenConnectionProblem(error, remote, talk.line()),
    );
    changed();
  });
  socket.on('close', (hadError) => {
    closed = true;
    if (connection !== undefined && local !== undefined) {
      emit({ kind: 'closed', seenBy: 'program', side: 'client', connection, hadError });
      connections.closedBy('client', local);
    }
    changed();
  });

  try {
    if (signal.aborted) abandon();
    else {
      emit({ kind: 'connect-called', seenBy: 'program', remote });
      socket.connect({ host: remote.address, port: remote.port });
      while (connected() === undefined && !over()) await change();
      const onConnection = connected();
      if (onConnection !== undefined) await talk.exchange(onConnection);
    }
  } finally {
    signal.removeEventListener('abort', abandon);
    await closeSocket(socket, closed);
  }
  return { local, connection, problem };
}

async function closeSocket(socket: Socket, closed: boolean): Promise<void> {
  if (closed) return;
  const gone = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
  const over = socket.readableEnded && socket.writableFinished;
  if (!over) socket.destroy();
  await gone;
}

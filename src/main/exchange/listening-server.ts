// What every server of ours does: it listens, takes clients in, records what is opened, read, ended and closed, and
// closes in order. reversal-server.ts and greeting-server.ts say what it does with a client.

import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';

import { succeeded } from '../../shared/result.ts';
import type { Problem, Result } from '../../shared/result.ts';
import type { Emit, Endpoint, PortHolder } from '../../shared/trace.ts';
import type { Connections } from './connections.ts';
import { brokenConnectionProblem, cancelledProblem, listenProblem, turnedAwayProblem } from './problems.ts';
import { recordedBytes } from './recorded-bytes.ts';

/** Finds out who has a port; undefined where nothing can be known. */
export type ExaminePort = (
  port: number,
  address: string,
) => Promise<{ readonly holder: PortHolder; readonly source: string } | undefined>;

export interface ServerOptions {
  /** Where to listen; port 0 lets the kernel pick a free one. */
  readonly requested: Endpoint;
  readonly connections: Connections;
  /** Runs between the server's creation and `listen`, for what the run wants to find out then. */
  readonly beforeListen?: () => Promise<void>;
  /** Asked who has the port where it is in use; not waited for longer than a second. */
  readonly examinePort?: ExaminePort;
  /** 2 where it is the second server of a run, which asks for what the first one has: its facts carry the number. */
  readonly server?: 2;
}

export interface RunningServer {
  /** The address and port it really has. */
  readonly local: Endpoint;
  /** Resolves when the server's end of this connection is closed; at once where there is no such connection. */
  over(connection: number): Promise<void>;
  /** Stops listening, destroys what is still open, and resolves when all is closed and recorded. */
  close(): Promise<void>;
}

/** One client as the server sees it. */
export interface Peer {
  readonly socket: Socket;
  readonly connection: number;
  readonly remote: Endpoint;
  /**
   * Writes and records it, unless the connection is gone; `line` where the bytes are one line. Reading rests while the
   * client does not take them.
   */
  write(bytes: Buffer, line?: number): void;
  end(): void;
  fail(problem: Problem): void;
}

/** What a server does with one client. The facts of reading, ending and closing are recorded before it is asked. */
export interface Service {
  onRead(chunk: Buffer): void;
  /** The client will write nothing more. */
  onEnd(): void;
  /** The line that was under way, for the sentence about a connection that broke. */
  line(): number | undefined;
}

/**
 * Far below any system's limit of open files (256 on macOS): at that limit libuv accepts and closes clients without an
 * event, so nobody could tell what became of them.
 */
const MOST_CLIENTS = 100;

/** Whoever is asked who has the port must not hold the run up for longer. */
const EXAMINE_MS = 1_000;

/**
 * Starts a server. It is created on purpose with `allowHalfOpen`: without it the last replies are lost when a client ends
 * its side first. Resolves when it listens. Where it cannot, the problem is recorded as a fact and comes back as a
 * value; an abort closes the server and every connection.
 */
export async function startServer(
  options: ServerOptions,
  serve: (peer: Peer) => Service,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<RunningServer>> {
  const { requested, connections } = options;
  const which = options.server === undefined ? {} : { server: options.server };
  const problemOf = (error: unknown): Problem =>
    listenProblem(error, requested, options.server === undefined ? 'another program' : 'the first server');
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  emit({ kind: 'server-created', seenBy: 'program', ...which });
  await options.beforeListen?.();
  if (signal.aborted) {
    emit({ kind: 'server-closed', seenBy: 'program', ...which });
    return { ok: false, problem: cancelledProblem(signal) };
  }

  const open = new Map<number, Socket>();
  server.maxConnections = MOST_CLIENTS;
  server.on('drop', (dropped) => {
    const remote: Endpoint = { address: dropped?.remoteAddress ?? '', port: dropped?.remotePort ?? 0 };
    const connection = connections.seenBy('server', remote);
    const problem = turnedAwayProblem(remote, MOST_CLIENTS);
    emit({ kind: 'failed', seenBy: 'program', side: 'server', ...which, connection, problem });
    connections.closedBy('server', remote);
  });
  server.on('connection', (socket) => {
    accept(socket, open, connections, serve, emit);
  });

  emit({ kind: 'listen-called', seenBy: 'program', requested, ...which });
  try {
    server.listen({ host: requested.address, port: requested.port });
    await once(server, 'listening');
  } catch (error) {
    const problem = problemOf(error);
    emit({ kind: 'failed', seenBy: 'program', side: 'server', ...which, problem });
    if (problem.code === 'port-in-use') await recordHolder(options, emit, signal);
    emit({ kind: 'server-closed', seenBy: 'program', ...which });
    return { ok: false, problem };
  }
  // Out of file descriptors or the like: one connection is lost, the server goes on.
  server.on('error', (error) => {
    emit({ kind: 'failed', seenBy: 'program', side: 'server', ...which, problem: problemOf(error) });
  });

  const local = addressOf(server, requested);
  emit({ kind: 'listening', seenBy: 'program', local, ...which });

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= closeServer(server, open).then(() => {
      signal.removeEventListener('abort', abandon);
      emit({ kind: 'server-closed', seenBy: 'program', ...which });
    });
    return closing;
  };
  const abandon = (): void => void close();
  signal.addEventListener('abort', abandon, { once: true });
  return succeeded({
    local,
    async over(connection) {
      const socket = open.get(connection);
      if (socket !== undefined) await closed(socket);
    },
    close,
  });
}

/** Asks who has the port, for a second at most and not beyond an abort. That nobody can tell is no failure. */
async function recordHolder(
  { requested, examinePort }: ServerOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<void> {
  if (examinePort === undefined || signal.aborted) return;
  const { address, port } = requested;
  let giveUp: () => void = () => undefined;
  const late = new Promise<undefined>((resolve) => {
    giveUp = () => {
      resolve(undefined);
    };
  });
  const timer = setTimeout(giveUp, EXAMINE_MS);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const examined = await Promise.race([examinePort(port, address), late]);
    if (examined !== undefined) {
      const { holder, source } = examined;
      emit({ kind: 'port-examined', seenBy: 'kernel', port, holder, source });
    }
  } catch {
    // The port is in use, which is recorded; by whom is not known.
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

async function closeServer(server: Server, open: ReadonlyMap<number, Socket>): Promise<void> {
  // The server's own 'close' comes when the handles are gone, which can be before the last sockets' 'close' events.
  const all: Promise<void>[] = [
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
    }),
  ];
  for (const socket of open.values()) {
    all.push(closed(socket));
    // A connection that is over on both sides has only its last event to come: it ends by itself, without a reset.
    const over = socket.readableEnded && socket.writableEnded && socket.writableLength === 0;
    if (!over) socket.destroy();
  }
  await Promise.all(all);
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
}

function addressOf(server: Server, requested: Endpoint): Endpoint {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null
    ? { address: address.address, port: address.port }
    : requested;
}

/** One accepted connection, from its first fact to its last; it is among those that are `open` meanwhile. */
function accept(
  socket: Socket,
  open: Map<number, Socket>,
  connections: Connections,
  serve: (peer: Peer) => Service,
  emit: Emit,
): void {
  const remote: Endpoint = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
  const local: Endpoint = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
  const connection = connections.seenBy('server', remote);
  // Before the first fact: whoever hears it may abort at once.
  open.set(connection, socket);
  socket.once('close', () => open.delete(connection));
  let readBytes = 0;
  let wroteBytes = 0;

  // Our client writes only when it is connected, and then the registry knows it: what is read before is a stranger's.
  let ours = false;
  const isOurs = (): boolean => (ours ||= connections.bothEndsOurs(remote));

  emit({ kind: 'accepted', seenBy: 'program', connection, local, remote });

  const fail = (problem: Problem): void => {
    emit({ kind: 'failed', seenBy: 'program', side: 'server', connection, problem });
  };
  const service = serve({
    socket,
    connection,
    remote,
    write(bytes, line) {
      if (socket.destroyed) return;
      // Back-pressure: nothing more is read while this peer does not take what was written.
      if (!socket.write(bytes)) socket.pause();
      emit({
        kind: 'wrote',
        seenBy: 'program',
        side: 'server',
        connection,
        offset: wroteBytes,
        bytes: bytes.length,
        data: recordedBytes(bytes),
        ...(line === undefined ? {} : { line }),
      });
      wroteBytes += bytes.length;
    },
    end() {
      if (socket.destroyed) return;
      socket.end();
      emit({ kind: 'end-called', seenBy: 'program', side: 'server', connection });
    },
    fail,
  });

  socket.on('drain', () => socket.resume());
  socket.on('data', (chunk: Buffer) => {
    emit({
      kind: 'read',
      seenBy: 'program',
      side: 'server',
      connection,
      offset: readBytes,
      bytes: chunk.length,
      ...(isOurs() ? {} : { data: recordedBytes(chunk) }),
    });
    readBytes += chunk.length;
    service.onRead(chunk);
  });
  socket.on('end', () => {
    emit({ kind: 'end-received', seenBy: 'program', side: 'server', connection });
    service.onEnd();
  });
  socket.on('error', (error) => {
    fail(brokenConnectionProblem(error, remote, service.line()));
  });
  socket.on('close', (hadError) => {
    emit({ kind: 'closed', seenBy: 'program', side: 'server', connection, hadError });
    connections.closedBy('server', remote);
  });
}

// A server: listens on its port or reports why it cannot, accepts clients, and closes in order. A Protocol defines what
// it does with a client.

import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';

import { succeeded } from '../../shared/result.ts';
import type { Problem, Result } from '../../shared/result.ts';
import { EVERY_ADDRESS, SERVER } from '../../shared/trace/fact.ts';
import type { Emit, Endpoint, PeerName } from '../../shared/trace/fact.ts';
import type { Connections } from './connections.ts';
import { recordHolder, untilItMayBeFree } from './port-wait.ts';
import type { ExaminePort } from './port-wait.ts';
import { cancelledProblem, listenProblem, tooManyClientsProblem } from './problems.ts';
import type { SupposedHolder } from './problems.ts';
import { withReadBuffer } from './read-buffer.ts';
import { RecordedSocket } from './recorded-socket.ts';
import type { Protocol, StartProtocol } from './recorded-socket.ts';

export interface ServerOptions {
  /** Where to listen; port 0 lets the kernel pick a free one. */
  readonly requested: Endpoint;
  readonly connections: Connections;
  /** Runs between the server's creation and `listen`, for facts that are read at that point. */
  readonly beforeListen?: () => Promise<void>;
  /** Finds the holder of the port where it is in use; limited to one second. */
  readonly examinePort?: ExaminePort;
  /** The server's name in its facts; `server` by default. */
  readonly peer?: PeerName;
  /** The holder that the problem names where the port is in use; another program by default. */
  readonly supposedHolder?: SupposedHolder;
  /** Waits for a port that is in use until it is free or the run is aborted, instead of failing at once. */
  readonly waits?: boolean;
  /** Decides when the server begins to read; at once by default. */
  readonly readGate?: ReadGate;
}

/** Delays a server's reading, and is told what the server has read. */
export interface ReadGate {
  /** A client was accepted. Nothing is read from it before `read` is called. */
  accepted(connection: number, read: () => void): void;
  /** One read returned `bytes` bytes, and the protocol has handled them. */
  hasRead(connection: number, bytes: number): void;
}

export interface RunningServer {
  /** The address and port it really has. */
  readonly local: Endpoint;
  /** The address for clients on this machine: the loopback address where it listens on every address. */
  readonly reachedAt: Endpoint;
  /** Why the first `listen` failed, where it had to wait for its port. */
  readonly refusal?: Problem;
  /** Resolves when the server's end of this connection is closed; at once where there is no such connection. */
  over(connection: number): Promise<void>;
  /** Stops listening, destroys what is still open, and resolves when all is closed and recorded. */
  close(): Promise<void>;
}

/**
 * Far below any system's limit of open files (256 on macOS): at that limit libuv accepts and closes clients without an
 * event, so the trace could not say what happened to them.
 */
const MAX_CLIENTS = 100;

/**
 * Starts a server and resolves when it listens. `allowHalfOpen` is set on purpose: without it the last replies are lost
 * when a client ends its side first. Where the server cannot listen, the problem is recorded as a fact and returned,
 * unless the server waits for its port. An abort closes the server and every connection.
 */
export async function startServer(
  options: ServerOptions,
  start: StartProtocol,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<RunningServer>> {
  const { requested, connections } = options;
  const { readGate, peer = SERVER } = options;
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: readGate !== undefined });
  emit({ kind: 'server-created', seenBy: 'program', peer });
  await options.beforeListen?.();
  if (signal.aborted) {
    emit({ kind: 'server-closed', seenBy: 'program', peer });
    return { ok: false, problem: cancelledProblem(signal) };
  }

  const open = new Map<number, Socket>();
  server.maxConnections = MAX_CLIENTS;
  server.on('drop', (dropped) => {
    const remote: Endpoint = { address: dropped?.remoteAddress ?? '', port: dropped?.remotePort ?? 0 };
    const local: Endpoint = { address: dropped?.localAddress ?? '', port: dropped?.localPort ?? 0 };
    const pair = { client: remote, server: local };
    const connection = connections.seenBy('server', pair);
    const problem = tooManyClientsProblem(remote, MAX_CLIENTS);
    emit({ kind: 'failed', seenBy: 'program', peer, connection, problem });
    connections.closedBy('server', pair);
  });
  server.on('connection', (socket) => {
    // The buffer would take bytes that the gate keeps in the kernel.
    const reads = readGate === undefined ? withReadBuffer(socket) : socket;
    accept(reads, { open, connections, readGate, peer }, start, emit);
  });

  const asked = await askForPort(server, options, emit, signal);
  if (!asked.ok) {
    emit({ kind: 'server-closed', seenBy: 'program', peer });
    return asked;
  }
  const refusal = asked.value;
  // Out of file descriptors or the like: one connection is lost, the server goes on.
  server.on('error', (error) => {
    const problem = listenProblem(error, requested, options.supposedHolder);
    emit({ kind: 'failed', seenBy: 'program', peer, problem });
  });

  const local = addressOf(server, requested);
  emit({ kind: 'listening', seenBy: 'program', local, peer });

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= closeServer(server, open).then(() => {
      signal.removeEventListener('abort', abandon);
      emit({ kind: 'server-closed', seenBy: 'program', peer });
    });
    return closing;
  };
  const abandon = (): void => void close();
  signal.addEventListener('abort', abandon, { once: true });
  return succeeded({
    local,
    reachedAt: reachedAt(local),
    ...(refusal === undefined ? {} : { refusal }),
    async over(connection) {
      const socket = open.get(connection);
      if (socket !== undefined) await closed(socket);
    },
    close,
  });
}

/**
 * Calls `listen` once, or until it succeeds where the server waits for its port. Returns why the first call failed,
 * undefined where it succeeded; fails with the problem, which is recorded, or where it was aborted while it waited.
 */
async function askForPort(
  server: Server,
  options: ServerOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<Problem | undefined>> {
  const { requested, peer = SERVER } = options;
  let refusal: Problem | undefined;
  for (;;) {
    emit({ kind: 'listen-called', seenBy: 'program', requested, peer });
    const error = await listenOn(server, requested);
    if (error === undefined) return succeeded(refusal);
    const problem = listenProblem(error, requested, options.supposedHolder);
    emit({ kind: 'failed', seenBy: 'program', peer, problem });
    if (problem.code !== 'port-in-use') return { ok: false, problem };
    if (refusal === undefined) {
      await recordHolder(options, emit, signal);
      if (options.waits !== true) return { ok: false, problem };
      if (!signal.aborted) emit({ kind: 'port-awaited', seenBy: 'program', peer, port: requested.port });
      refusal = problem;
    }
    if (!(await untilItMayBeFree(options, emit, signal))) {
      return { ok: false, problem: cancelledProblem(signal) };
    }
  }
}

/** Listens; returns the error that was thrown or emitted, if any. The same server can call it again then. */
async function listenOn(server: Server, requested: Endpoint): Promise<unknown> {
  try {
    server.listen({ host: requested.address, port: requested.port });
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return error;
  }
}

async function closeServer(server: Server, open: ReadonlyMap<number, Socket>): Promise<void> {
  // The server's own 'close' event can come before the last sockets' 'close' events.
  const all: Promise<void>[] = [
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
    }),
  ];
  for (const socket of open.values()) {
    all.push(closed(socket));
    // A connection that both sides have ended closes by itself; destroying it could send a reset.
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

/** Connecting to 0.0.0.0 reaches this machine on Linux and is an error on Windows. */
function reachedAt({ address, port }: Endpoint): Endpoint {
  return { address: address === EVERY_ADDRESS ? '127.0.0.1' : address, port };
}

/** What an accepted connection needs of its server. */
interface Accepting {
  readonly open: Map<number, Socket>;
  readonly connections: Connections;
  readonly readGate: ReadGate | undefined;
  readonly peer: PeerName;
}

/** Starts the protocol on an accepted connection, which stays in `open` until it is closed. */
function accept(socket: Socket, server: Accepting, start: StartProtocol, emit: Emit): void {
  const { open, connections, readGate, peer } = server;
  const recorded = new RecordedSocket(socket, { peer, side: 'server', connections, emit });
  const { connection } = recorded;
  // Before the first fact: its receiver may abort at once.
  open.set(connection, socket);
  socket.once('close', () => open.delete(connection));
  recorded.run(readGate === undefined ? start : (opened) => gated(start(opened), connection, readGate));
  // `pauseOnConnect` has kept even the first bytes in the kernel: `pause()` alone would let one read through.
  readGate?.accepted(connection, () => {
    socket.resume();
  });
}

/** The protocol, with each of its reads reported to the gate. */
function gated(protocol: Protocol, connection: number, readGate: ReadGate): Protocol {
  return {
    ...protocol,
    onData(chunk) {
      protocol.onData(chunk);
      readGate.hasRead(connection, chunk.length);
    },
  };
}

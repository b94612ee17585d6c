// A server: it has its port or says why not, accepts clients, and closes in order. What it does with a client is a
// Protocol's business.

import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';

import { succeeded } from '../../shared/result.ts';
import type { Problem, Result } from '../../shared/result.ts';
import { EVERY_ADDRESS } from '../../shared/trace/fact.ts';
import type { Emit, Endpoint } from '../../shared/trace/fact.ts';
import type { Connections } from './connections.ts';
import { recordHolder, untilItMayBeFree } from './port-wait.ts';
import type { ExaminePort } from './port-wait.ts';
import { cancelledProblem, listenProblem, tooManyClientsProblem } from './problems.ts';
import type { SupposedHolder } from './problems.ts';
import { RecordedSocket } from './recorded-socket.ts';
import type { Protocol, StartProtocol } from './recorded-socket.ts';

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
  /** Who is named as having the port where it is in use; another program, where it is left out. */
  readonly supposedHolder?: SupposedHolder;
  /** A port that is in use is asked for again until it is had or the run is aborted, instead of failing at once. */
  readonly waits?: boolean;
  /** Decides when the server begins to read; at once, where it is left out. */
  readonly pace?: ReadGate;
}

/** Holds a server back from reading what its clients send, and hears what it has read. */
export interface ReadGate {
  /** A client was taken in. Nothing is read from it before `read` is called. */
  takenIn(connection: number, read: () => void): void;
  /** One read returned so many bytes, which the service has dealt with. */
  hasRead(connection: number, bytes: number): void;
}

export interface RunningServer {
  /** The address and port it really has. */
  readonly local: Endpoint;
  /** Where a client on this machine reaches it: over the loopback interface where it listens on every address. */
  readonly reachedAt: Endpoint;
  /** Why it could not have its port at first, where it had to wait for it. */
  readonly refusal?: Problem;
  /** Resolves when the server's end of this connection is closed; at once where there is no such connection. */
  over(connection: number): Promise<void>;
  /** Stops listening, destroys what is still open, and resolves when all is closed and recorded. */
  close(): Promise<void>;
}

/**
 * Far below any system's limit of open files (256 on macOS): at that limit libuv accepts and closes clients without an
 * event, so nobody could tell what became of them.
 */
const MAX_CLIENTS = 100;

/**
 * Starts a server. It is created on purpose with `allowHalfOpen`: without it the last replies are lost when a client ends
 * its side first. Resolves when it listens. Where it cannot, the problem is recorded as a fact and comes back as a
 * value, unless the server is one that waits for its port; an abort closes the server and every connection.
 */
export async function startServer(
  options: ServerOptions,
  start: StartProtocol,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<RunningServer>> {
  const { requested, connections } = options;
  const which = numberOf(options);
  const { pace } = options;
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: pace !== undefined });
  emit({ kind: 'server-created', seenBy: 'program', ...which });
  await options.beforeListen?.();
  if (signal.aborted) {
    emit({ kind: 'server-closed', seenBy: 'program', ...which });
    return { ok: false, problem: cancelledProblem(signal) };
  }

  const open = new Map<number, Socket>();
  server.maxConnections = MAX_CLIENTS;
  server.on('drop', (dropped) => {
    const remote: Endpoint = { address: dropped?.remoteAddress ?? '', port: dropped?.remotePort ?? 0 };
    const connection = connections.seenBy('server', remote);
    const problem = tooManyClientsProblem(remote, MAX_CLIENTS);
    emit({ kind: 'failed', seenBy: 'program', side: 'server', ...which, connection, problem });
    connections.closedBy('server', remote);
  });
  server.on('connection', (socket) => {
    accept(socket, { open, connections, pace }, start, emit);
  });

  const asked = await askForPort(server, options, emit, signal);
  if (!asked.ok) {
    emit({ kind: 'server-closed', seenBy: 'program', ...which });
    return asked;
  }
  const refusal = asked.value;
  // Out of file descriptors or the like: one connection is lost, the server goes on.
  server.on('error', (error) => {
    const problem = listenProblem(error, requested, options.supposedHolder);
    emit({ kind: 'failed', seenBy: 'program', side: 'server', ...which, problem });
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
    reachedAt: reachedAt(local),
    ...(refusal === undefined ? {} : { refusal }),
    async over(connection) {
      const socket = open.get(connection);
      if (socket !== undefined) await closed(socket);
    },
    close,
  });
}

/** What every fact of a server carries where it is not the first one of its run. */
function numberOf({ server }: ServerOptions): { readonly server?: 2 } {
  return server === undefined ? {} : { server };
}

/**
 * Asks for the port once, or until it is had where the server is one that waits. Gives why it could not have it at first,
 * undefined where it could; fails with the problem, which is recorded, or where it was aborted while it waited.
 */
async function askForPort(
  server: Server,
  options: ServerOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<Problem | undefined>> {
  const { requested } = options;
  const which = numberOf(options);
  let refusal: Problem | undefined;
  for (;;) {
    emit({ kind: 'listen-called', seenBy: 'program', requested, ...which });
    const error = await listenOn(server, requested);
    if (error === undefined) return succeeded(refusal);
    const problem = listenProblem(error, requested, options.supposedHolder);
    emit({ kind: 'failed', seenBy: 'program', side: 'server', ...which, problem });
    if (problem.code !== 'port-in-use') return { ok: false, problem };
    if (refusal === undefined) {
      await recordHolder(options, emit, signal);
      if (options.waits !== true) return { ok: false, problem };
      if (!signal.aborted) emit({ kind: 'port-awaited', seenBy: 'program', port: requested.port });
      refusal = problem;
    }
    if (!(await untilItMayBeFree(options, emit, signal))) {
      return { ok: false, problem: cancelledProblem(signal) };
    }
  }
}

/** Asks for the port; gives what was thrown or emitted where it cannot be had. A server can be asked again then. */
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

/** To connect to 0.0.0.0 is to connect to this machine on Linux, and an error on Windows. */
function reachedAt({ address, port }: Endpoint): Endpoint {
  return { address: address === EVERY_ADDRESS ? '127.0.0.1' : address, port };
}

/** What an accepted connection needs of its server. */
interface Accepting {
  readonly open: Map<number, Socket>;
  readonly connections: Connections;
  readonly pace: ReadGate | undefined;
}

/** One accepted connection; it is among those that are `open` until it is closed. */
function accept(socket: Socket, server: Accepting, start: StartProtocol, emit: Emit): void {
  const { open, connections, pace } = server;
  const recorded = new RecordedSocket(socket, { side: 'server', connections, emit });
  const { connection } = recorded;
  // Before the first fact: whoever sees it may abort at once.
  open.set(connection, socket);
  socket.once('close', () => open.delete(connection));
  recorded.run(pace === undefined ? start : (opened) => paced(start(opened), connection, pace));
  // `pauseOnConnect` has kept even the first bytes in the kernel: `pause()` alone would let one read through.
  pace?.takenIn(connection, () => {
    socket.resume();
  });
}

/** The protocol, which reports each of its reads. */
function paced(protocol: Protocol, connection: number, pace: ReadGate): Protocol {
  return {
    ...protocol,
    onData(chunk) {
      protocol.onData(chunk);
      pace.hasRead(connection, chunk.length);
    },
  };
}

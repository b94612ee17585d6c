// The real server: listens, reverses every line that a client sends, answers it, and says what it saw as facts.
// experiments/ starts and closes it; framing.ts finds the lines, reversal.ts turns them round.

import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';

import { succeeded } from '../../shared/result.ts';
import type { Problem, Result } from '../../shared/result.ts';
import type { Emit, Endpoint, ReversalUnit } from '../../shared/trace.ts';
import type { Connections } from './connections.ts';
import { createLineFramer } from './framing.ts';
import type { FramedLine } from './framing.ts';
import {
  brokenConnectionProblem,
  cancelledProblem,
  endpointName,
  lineTooLongProblem,
  listenProblem,
} from './problems.ts';
import { recordedBytes } from './recorded-bytes.ts';
import { reverseInto } from './reversal.ts';

export interface ReversalServerOptions {
  /** Where to listen; port 0 lets the kernel pick a free one. */
  readonly requested: Endpoint;
  readonly by: ReversalUnit;
  /** The longest line, in bytes before its LF. A longer one ends its connection. */
  readonly maxLineBytes: number;
  readonly connections: Connections;
  /** Runs between the server's creation and `listen`, for what the run wants to find out then. */
  readonly beforeListen?: () => Promise<void>;
}

export interface RunningServer {
  /** The address and port it really has. */
  readonly local: Endpoint;
  /** Stops listening, destroys what is still open, and resolves when all is closed and recorded. */
  close(): Promise<void>;
}

/**
 * Created on purpose with `allowHalfOpen`: without it the last replies are lost when a client ends its side first.
 * Resolves when the server listens. Where it cannot, the problem is recorded as a fact and comes back as a value; an
 * abort closes the server and every connection.
 */
export async function startReversalServer(
  options: ReversalServerOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<RunningServer>> {
  const { requested } = options;
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  emit({ kind: 'server-created', seenBy: 'program' });
  await options.beforeListen?.();
  if (signal.aborted) {
    emit({ kind: 'server-closed', seenBy: 'program' });
    return { ok: false, problem: cancelledProblem(signal) };
  }

  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    serve(socket, options, emit);
  });

  emit({ kind: 'listen-called', seenBy: 'program', requested });
  try {
    server.listen({ host: requested.address, port: requested.port });
    await once(server, 'listening');
  } catch (error) {
    const problem = listenProblem(error, requested);
    emit({ kind: 'failed', seenBy: 'program', side: 'server', problem });
    emit({ kind: 'server-closed', seenBy: 'program' });
    return { ok: false, problem };
  }
  // Out of file descriptors or the like: one connection is lost, the server goes on.
  server.on('error', (error) => {
    emit({ kind: 'failed', seenBy: 'program', side: 'server', problem: listenProblem(error, requested) });
  });

  const local = addressOf(server, requested);
  emit({ kind: 'listening', seenBy: 'program', local });

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= closeServer(server, open).then(() => {
      signal.removeEventListener('abort', abandon);
      emit({ kind: 'server-closed', seenBy: 'program' });
    });
    return closing;
  };
  const abandon = (): void => void close();
  signal.addEventListener('abort', abandon, { once: true });
  return succeeded({ local, close });
}

async function closeServer(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  // The server's own 'close' comes when the handles are gone, which can be before the last sockets' 'close' events.
  const closed: Promise<void>[] = [
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
    }),
  ];
  for (const socket of open) {
    closed.push(
      new Promise((resolve) => {
        socket.once('close', () => {
          resolve();
        });
      }),
    );
    // A connection that is over on both sides has only its last event to come: it ends by itself, without a reset.
    const over = socket.readableEnded && socket.writableEnded && socket.writableLength === 0;
    if (!over) socket.destroy();
  }
  await Promise.all(closed);
}

function addressOf(server: Server, requested: Endpoint): Endpoint {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null
    ? { address: address.address, port: address.port }
    : requested;
}

/** One accepted connection, from its first fact to its last. */
function serve(socket: Socket, options: ReversalServerOptions, emit: Emit): void {
  const { by, maxLineBytes, connections } = options;
  const remote: Endpoint = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
  const local: Endpoint = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
  const connection = connections.seenBy('server', remote);
  const framer = createLineFramer(maxLineBytes);
  let lines = 0;
  /** Where the next line begins in the client's stream. */
  let lineOffset = 0;
  let readBytes = 0;
  let wroteBytes = 0;

  // Our client writes only when it is connected, and then the registry knows it: what is read before is a stranger's.
  let ours = false;
  const isOurs = (): boolean => (ours ||= connections.bothEndsOurs(remote));

  const fail = (problem: Problem): void => {
    emit({ kind: 'failed', seenBy: 'program', side: 'server', connection, problem });
  };

  const answer = ({ bytes, terminated }: FramedLine): void => {
    lines += 1;
    const reply = Buffer.allocUnsafe(terminated ? bytes.length + 1 : bytes.length);
    const reversed = reverseInto(reply, bytes, by, lines === 1);
    if (terminated) reply[bytes.length] = LF;
    emit({
      kind: 'line-reversed',
      seenBy: 'program',
      connection,
      line: lines,
      offset: lineOffset,
      bytes: bytes.length,
      by: reversed.by,
      validUtf8: reversed.validUtf8,
    });
    lineOffset += reply.length;
    // Back-pressure: nothing more is read while this peer does not take what was written.
    if (!socket.write(reply)) socket.pause();
    emit({
      kind: 'wrote',
      seenBy: 'program',
      side: 'server',
      connection,
      offset: wroteBytes,
      bytes: reply.length,
      data: recordedBytes(reply),
      line: lines,
    });
    wroteBytes += reply.length;
  };

  emit({ kind: 'accepted', seenBy: 'program', connection, local, remote });

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
    for (const line of framer.push(chunk)) answer(line);
    if (framer.tooLong !== undefined) {
      const subject = `Line ${framer.tooLong.line} from ${endpointName(remote)}`;
      fail(lineTooLongProblem(subject, framer.tooLong, maxLineBytes));
      socket.destroy();
    }
  });
  socket.on('end', () => {
    emit({ kind: 'end-received', seenBy: 'program', side: 'server', connection });
    const last = framer.end();
    if (last !== undefined) answer(last);
    socket.end();
    emit({ kind: 'end-called', seenBy: 'program', side: 'server', connection });
  });
  socket.on('error', (error) => {
    fail(brokenConnectionProblem(error, remote, lines === 0 ? undefined : lines));
  });
  socket.on('close', (hadError) => {
    emit({ kind: 'closed', seenBy: 'program', side: 'server', connection, hadError });
    connections.closedBy('server', remote);
  });
}

const LF = 0x0a;

// The real client: connects, sends one line, waits for its reply, hands the reply on, and sends the next one.
// experiments/ gives it the lines and takes the replies; it knows no files.

import { Socket } from 'node:net';

import type { Problem } from '../../shared/result.ts';
import type { Emit, Endpoint } from '../../shared/trace.ts';
import type { Connections } from './connections.ts';
import { createLineFramer } from './framing.ts';
import type { FramedLine } from './framing.ts';
import {
  brokenConnectionProblem,
  cancelledProblem,
  closedEarlyProblem,
  connectProblem,
  lineTooLongProblem,
} from './problems.ts';
import { recordedBytes } from './recorded-bytes.ts';

/** A line to send: `bytes` without its LF. */
export type LineToSend = Pick<FramedLine, 'bytes' | 'terminated'>;

/** What takes the replies. A promise holds the next line back until it settles; a problem ends the exchange. */
type OnReply = (
  /** The reply without its LF. */
  reply: Buffer,
  /** The line it answers: a last line without LF gets its reply without one. */
  asked: LineToSend,
) => Promise<Problem | undefined> | undefined;

export interface LineClientOptions {
  readonly remote: Endpoint;
  readonly lines: Iterable<LineToSend> | AsyncIterable<LineToSend>;
  readonly onReply: OnReply;
  /** The longest reply, in bytes before its LF. */
  readonly maxLineBytes: number;
  readonly connections: Connections;
}

export interface ClientOutcome {
  /** The client's own address and ephemeral port, once it was connected. */
  readonly local: Endpoint | undefined;
  readonly connection: number | undefined;
  readonly linesSent: number;
  readonly linesReceived: number;
  /** Why it ended early; what came back until then was handed on. */
  readonly problem: Problem | undefined;
}

const LF = 0x0a;

/**
 * Sends the lines one by one and resolves when the connection is closed. On the wire each line ends with LF, the last
 * one of a file without a final LF too: so every line gets an answer from any server that frames by lines. Never
 * rejects for what a network or a peer can do: that is the outcome's `problem`, and a `failed` fact. What the lines or
 * `onReply` throw comes through, with the socket closed.
 */
export async function runLineClient(
  options: LineClientOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<ClientOutcome> {
  const { remote, connections, maxLineBytes } = options;
  const socket = new Socket({ allowHalfOpen: true });
  emit({ kind: 'client-created', seenBy: 'program' });

  const framer = createLineFramer(maxLineBytes);
  let local: Endpoint | undefined;
  let connection: number | undefined;
  let linesSent = 0;
  let linesReceived = 0;
  let wroteBytes = 0;
  let readBytes = 0;
  /** Where the next reply begins in the server's stream. */
  let replyOffset = 0;
  let problem: Problem | undefined;
  /** The server will send no more. */
  let ended = false;
  let closed = false;
  let serverIsOurs = false;
  let replies: readonly FramedLine[] = [];
  let nextReply = 0;
  /** Wakes the loop that waits for a reply, for room to write, or for the end. */
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
    const found = framer.push(chunk);
    if (found.length > 0) {
      replies = nextReply < replies.length ? [...replies.slice(nextReply), ...found] : found;
      nextReply = 0;
    }
    // A server that sends more than it was asked for has to wait until that was used.
    if (replies.length - nextReply > 1) socket.pause();
    if (framer.tooLong !== undefined) {
      fail(lineTooLongProblem(`The reply to line ${linesReceived + 1}`, framer.tooLong, maxLineBytes));
      socket.destroy();
    }
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
        : brokenConnectionProblem(error, remote, linesSent > linesReceived ? linesSent : undefined),
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

  /** Waits for the reply to the line sent last. Undefined: there will be none, and `problem` says why. */
  const reply = async (): Promise<Buffer | undefined> => {
    for (;;) {
      const found = replies[nextReply];
      if (found !== undefined) {
        nextReply += 1;
        if (socket.isPaused()) socket.resume();
        return found.bytes;
      }
      if (ended || closed || problem !== undefined) {
        fail(closedEarlyProblem(remote, linesSent));
        return undefined;
      }
      await change();
    }
  };

  const exchangeLine = async (line: LineToSend, onConnection: number): Promise<void> => {
    const { bytes } = line;
    const framed = Buffer.allocUnsafe(bytes.length + 1);
    framed.set(bytes);
    framed[bytes.length] = LF;
    socket.write(framed);
    linesSent += 1;
    emit({
      kind: 'wrote',
      seenBy: 'program',
      side: 'client',
      connection: onConnection,
      offset: wroteBytes,
      bytes: framed.length,
      data: recordedBytes(framed),
      line: linesSent,
    });
    wroteBytes += framed.length;

    const received = await reply();
    if (received === undefined) return;
    linesReceived += 1;
    emit({
      kind: 'line-received',
      seenBy: 'program',
      connection: onConnection,
      line: linesReceived,
      offset: replyOffset,
      bytes: received.length,
    });
    replyOffset += received.length + 1;
    const taking = options.onReply(received, line);
    const notTaken = taking === undefined ? undefined : await taking;
    if (notTaken !== undefined) problem ??= notTaken;
  };

  // Asked through functions: the compiler takes variables that only callbacks change for constants.
  const connected = (): number | undefined => connection;
  const over = (): boolean => problem !== undefined || closed;
  const endedByServer = (): boolean => ended || closed;

  /** Sends all there is to send on an open connection, and ends it in order unless it broke. */
  const exchange = async (onConnection: number): Promise<void> => {
    for await (const line of options.lines) {
      if (!over() && endedByServer()) fail(closedEarlyProblem(remote, linesSent + 1));
      if (over()) break;
      await exchangeLine(line, onConnection);
      if (over()) break;
    }
    if (socket.destroyed) return;
    socket.end();
    emit({ kind: 'end-called', seenBy: 'program', side: 'client', connection: onConnection });
    // Whatever else the server has to say is read and not used: only behind it comes its end.
    socket.resume();
    while (!endedByServer()) await change();
  };

  try {
    if (signal.aborted) abandon();
    else {
      emit({ kind: 'connect-called', seenBy: 'program', remote });
      socket.connect({ host: remote.address, port: remote.port, noDelay: true });
      while (connected() === undefined && !over()) await change();
      const onConnection = connected();
      if (onConnection !== undefined) await exchange(onConnection);
    }
  } finally {
    signal.removeEventListener('abort', abandon);
    await closeSocket(socket, closed);
  }
  return { local, connection, linesSent, linesReceived, problem };
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

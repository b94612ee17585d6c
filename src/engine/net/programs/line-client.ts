// The real client: connects, sends one line, waits for its reply, hands the reply on, and sends the next one.
// experiments/ gives it the lines and takes the replies; it knows no files. connect.ts opens and closes.

import type { Problem } from '../../../shared/result.ts';
import type { Emit } from '../../../shared/trace/fact.ts';
import { runClient } from '../connect.ts';
import type { Client, ClientEnd, ClientOptions, Talk } from '../connect.ts';
import { createLineFramer } from '../line-framer.ts';
import type { FramedLine } from '../line-framer.ts';
import { closedEarlyProblem, lineTooLongProblem } from '../problems.ts';

/** A line to send: `bytes` without its LF. */
export type LineToSend = Pick<FramedLine, 'bytes' | 'terminated'>;

/** What takes the replies. A promise holds the next line back until it settles; a problem ends the exchange. */
type OnReply = (
  /** The reply without its LF. */
  reply: Buffer,
  /** The line it answers: a last line without LF gets its reply without one. */
  asked: LineToSend,
) => Promise<Problem | undefined> | undefined;

export interface LineClientOptions extends ClientOptions {
  readonly lines: Iterable<LineToSend> | AsyncIterable<LineToSend>;
  readonly onReply: OnReply;
  /** The longest reply, in bytes before its LF. */
  readonly maxLineBytes: number;
}

/** How it ended. What came back until a problem was handed on. */
export interface ClientOutcome extends ClientEnd {
  readonly linesSent: number;
  readonly linesReceived: number;
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
  const sent = { linesSent: 0, linesReceived: 0 };
  const end = await runClient(options, (client) => talkInLines(client, options, sent, emit), emit, signal);
  return { ...end, ...sent };
}

function talkInLines(
  client: Client,
  options: LineClientOptions,
  sent: { linesSent: number; linesReceived: number },
  emit: Emit,
): Talk {
  const { remote, maxLineBytes } = options;
  const { socket } = client;
  const framer = createLineFramer(maxLineBytes);
  /** Where the next reply begins in the server's stream. */
  let replyOffset = 0;
  let replies: readonly FramedLine[] = [];
  let nextReply = 0;

  /** Waits for the reply to the line sent last. Undefined: there will be none, and the problem says why. */
  const reply = async (): Promise<Buffer | undefined> => {
    for (;;) {
      const found = replies[nextReply];
      if (found !== undefined) {
        nextReply += 1;
        if (socket.isPaused()) socket.resume();
        return found.bytes;
      }
      if (client.endedByServer() || client.over()) {
        client.fail(closedEarlyProblem(remote, sent.linesSent));
        return undefined;
      }
      await client.change();
    }
  };

  const exchangeLine = async (line: LineToSend, connection: number): Promise<void> => {
    const { bytes } = line;
    const framed = Buffer.allocUnsafe(bytes.length + 1);
    framed.set(bytes);
    framed[bytes.length] = LF;
    sent.linesSent += 1;
    client.write(framed, sent.linesSent);

    const received = await reply();
    if (received === undefined) return;
    sent.linesReceived += 1;
    emit({
      kind: 'line-received',
      seenBy: 'program',
      connection,
      line: sent.linesReceived,
      offset: replyOffset,
      bytes: received.length,
    });
    replyOffset += received.length + 1;
    const taking = options.onReply(received, line);
    const notTaken = taking === undefined ? undefined : await taking;
    if (notTaken !== undefined) client.note(notTaken);
  };

  return {
    onRead(chunk) {
      const found = framer.push(chunk);
      if (found.length > 0) {
        replies = nextReply < replies.length ? [...replies.slice(nextReply), ...found] : found;
        nextReply = 0;
      }
      // A server that sends more than it was asked for has to wait until that was used.
      if (replies.length - nextReply > 1) socket.pause();
      if (framer.tooLong !== undefined) {
        client.fail(
          lineTooLongProblem(`The reply to line ${sent.linesReceived + 1}`, framer.tooLong, maxLineBytes),
        );
        socket.destroy();
      }
    },
    line: () => (sent.linesSent > sent.linesReceived ? sent.linesSent : undefined),
    /** Sends all there is to send on an open connection, and ends it in order unless it broke. */
    async exchange(connection) {
      for await (const line of options.lines) {
        if (!client.over() && client.endedByServer()) {
          client.fail(closedEarlyProblem(remote, sent.linesSent + 1));
        }
        if (client.over()) break;
        await exchangeLine(line, connection);
        if (client.over()) break;
      }
      if (socket.destroyed) return;
      client.end();
      // Whatever else the server has to say is read and not used: only behind it comes its end.
      socket.resume();
      while (!client.endedByServer()) await client.change();
    },
  };
}

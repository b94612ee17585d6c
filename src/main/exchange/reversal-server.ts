// The real server: reverses every line that a client sends, answers it, and says what it saw as facts.
// experiments/ starts and closes it; listening-server.ts takes the clients in, framing.ts finds the lines, reversal.ts
// turns them round.

import { endpointName } from '../../shared/port-words.ts';
import type { Result } from '../../shared/result.ts';
import type { Emit, ReversalUnit } from '../../shared/trace.ts';
import { createLineFramer } from './framing.ts';
import type { FramedLine } from './framing.ts';
import { startServer } from './listening-server.ts';
import type { Peer, RunningServer, ServerOptions, Service } from './listening-server.ts';
import { lineTooLongProblem } from './problems.ts';
import { reverseInto } from './reversal.ts';

export interface ReversalServerOptions extends ServerOptions {
  readonly by: ReversalUnit;
  /** The longest line, in bytes before its LF. A longer one ends its connection. */
  readonly maxLineBytes: number;
}

/** Starts it as `startServer` does. */
export function startReversalServer(
  options: ReversalServerOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<RunningServer>> {
  return startServer(options, (peer) => reverseFor(peer, options, emit), emit, signal);
}

function reverseFor(peer: Peer, { by, maxLineBytes }: ReversalServerOptions, emit: Emit): Service {
  const { connection } = peer;
  const framer = createLineFramer(maxLineBytes);
  let lines = 0;
  /** Where the next line begins in the client's stream. */
  let lineOffset = 0;

  const answer = ({ bytes, terminated }: FramedLine): void => {
    lines += 1;
    const reply = Buffer.allocUnsafe(terminated ? bytes.length + 1 : bytes.length);
    const reversed = reverseInto(reply, bytes, by, lines === 1);
    if (terminated) reply[bytes.length] = LF;
    emit({
      kind: 'line-transformed',
      seenBy: 'program',
      connection,
      line: lines,
      offset: lineOffset,
      bytes: bytes.length,
      by: reversed.by,
      validUtf8: reversed.validUtf8,
    });
    lineOffset += reply.length;
    peer.write(reply, lines);
  };

  return {
    onRead(chunk) {
      for (const line of framer.push(chunk)) answer(line);
      if (framer.tooLong !== undefined) {
        const subject = `Line ${framer.tooLong.line} from ${endpointName(peer.remote)}`;
        peer.fail(lineTooLongProblem(subject, framer.tooLong, maxLineBytes));
        peer.socket.destroy();
      }
    },
    onEnd() {
      const last = framer.end();
      if (last !== undefined) answer(last);
      peer.end();
    },
    line: () => (lines === 0 ? undefined : lines),
  };
}

const LF = 0x0a;

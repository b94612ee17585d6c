// The server that reads until the client has ended, turns everything round at once and sends it back: the last line comes
// first. run/boundaries.ts starts and closes it; listen.ts takes the clients in.

import type { Result } from '../../../shared/result.ts';
import type { Emit, ReversalUnit } from '../../../shared/trace/fact.ts';
import { startServer } from '../listen.ts';
import type { Peer, RunningServer, ServerOptions, Service } from '../listen.ts';
import { textTooLongProblem } from '../problems.ts';
import { reverseText } from '../transform/reverse-text.ts';

export interface WholeStreamServerOptions extends ServerOptions {
  readonly by: ReversalUnit;
  /** The most that one client may send, in bytes: it is all kept until the client ends. More ends its connection. */
  readonly maxTextBytes: number;
}

/** Starts it as `startServer` does. */
export function startWholeStreamServer(
  options: WholeStreamServerOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<RunningServer>> {
  return startServer(options, (peer) => reverseAllFor(peer, options, emit), emit, signal);
}

function reverseAllFor(peer: Peer, options: WholeStreamServerOptions, emit: Emit): Service {
  const { connection } = peer;
  let chunks: Buffer[] = [];
  let bytes = 0;
  return {
    onRead(chunk) {
      bytes += chunk.length;
      if (bytes <= options.maxTextBytes) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      peer.fail(textTooLongProblem(peer.remote, options.maxTextBytes));
      peer.socket.destroy();
    },
    onEnd() {
      if (bytes > 0) {
        const { bytes: reply, by, validUtf8 } = reverseText(Buffer.concat(chunks), options.by);
        emit({ kind: 'text-transformed', seenBy: 'program', connection, offset: 0, bytes, by, validUtf8 });
        peer.write(reply);
      }
      peer.end();
    },
    line: () => undefined,
  };
}

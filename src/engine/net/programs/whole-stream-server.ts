// The server that reads until the client has ended, reverses everything at once and sends it back: the last line comes
// first.

import type { Result } from '../../../shared/result.ts';
import type { Emit, ReversalUnit } from '../../../shared/trace/fact.ts';
import { startServer } from '../listen.ts';
import type { RunningServer, ServerOptions } from '../listen.ts';
import { textTooLongProblem } from '../problems.ts';
import type { Protocol, RecordedSocket } from '../recorded-socket.ts';
import { reverseText } from '../transform/reverse-text.ts';

export interface WholeStreamServerOptions extends ServerOptions {
  readonly by: ReversalUnit;
  /** The most bytes one client may send: all are kept until the client ends. More ends its connection. */
  readonly maxTextBytes: number;
}

/** Starts the server; resolves and fails as `startServer`. */
export function startWholeStreamServer(
  options: WholeStreamServerOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<RunningServer>> {
  return startServer(options, (socket) => reverseAll(socket, options, emit), emit, signal);
}

function reverseAll(socket: RecordedSocket, options: WholeStreamServerOptions, emit: Emit): Protocol {
  const { peer, connection } = socket;
  let chunks: Buffer[] = [];
  let bytes = 0;
  return {
    onData(chunk) {
      bytes += chunk.length;
      if (bytes <= options.maxTextBytes) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      socket.fail(textTooLongProblem(socket.remote, options.maxTextBytes));
      socket.destroy();
    },
    onEnd() {
      if (bytes > 0) {
        const { bytes: reply, by, validUtf8 } = reverseText(Buffer.concat(chunks), options.by);
        emit({
          kind: 'text-transformed',
          seenBy: 'program',
          peer,
          connection,
          offset: 0,
          bytes,
          by,
          validUtf8,
        });
        socket.write(reply);
      }
      socket.end();
    },
  };
}

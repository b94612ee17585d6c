// The server of the mistake in question 5: it treats what one read returned as a line, reverses it and sends it back.

import type { Result } from '../../../shared/result.ts';
import type { Emit, ReversalUnit } from '../../../shared/trace/fact.ts';
import { startServer } from '../listen.ts';
import type { RunningServer, ServerOptions } from '../listen.ts';
import { reverseText } from '../transform/reverse-text.ts';

export interface EachReadServerOptions extends ServerOptions {
  readonly by: ReversalUnit;
}

/** Starts the server; resolves and fails as `startServer`. */
export function startEachReadServer(
  options: EachReadServerOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<RunningServer>> {
  return startServer(
    options,
    (socket) => {
      const { peer, connection } = socket;
      let offset = 0;
      return {
        onData(chunk) {
          const { bytes: reply, by, validUtf8 } = reverseText(chunk, options.by);
          const bytes = chunk.length;
          emit({
            kind: 'text-transformed',
            seenBy: 'program',
            peer,
            connection,
            offset,
            bytes,
            by,
            validUtf8,
          });
          offset += bytes;
          socket.write(reply);
        },
        onEnd() {
          socket.end();
        },
      };
    },
    emit,
    signal,
  );
}

// The server of the mistake in question 5: it takes what one read returned for a line, turns that round and sends it back.
// run/boundaries.ts starts and closes it; listen.ts takes the clients in.

import type { Result } from '../../../shared/result.ts';
import type { Emit, ReversalUnit } from '../../../shared/trace/fact.ts';
import { startServer } from '../listen.ts';
import type { RunningServer, ServerOptions } from '../listen.ts';
import { reverseText } from '../transform/reverse-text.ts';

export interface EachReadServerOptions extends ServerOptions {
  readonly by: ReversalUnit;
}

/** Starts it as `startServer` does. */
export function startEachReadServer(
  options: EachReadServerOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<RunningServer>> {
  return startServer(
    options,
    (peer) => {
      const { connection } = peer;
      let offset = 0;
      return {
        onRead(chunk) {
          const { bytes: reply, by, validUtf8 } = reverseText(chunk, options.by);
          const bytes = chunk.length;
          emit({ kind: 'text-transformed', seenBy: 'program', connection, offset, bytes, by, validUtf8 });
          offset += bytes;
          peer.write(reply);
        },
        onEnd() {
          peer.end();
        },
        line: () => undefined,
      };
    },
    emit,
    signal,
  );
}

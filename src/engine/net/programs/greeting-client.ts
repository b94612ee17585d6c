// The client of the course's step 1: connects and reads the greeting, which is everything until the server ends.

import type { Emit } from '../../../shared/trace/fact.ts';
import { runClient } from '../connect.ts';
import type { ClientEnd, ClientOptions } from '../connect.ts';

export interface GreetingClientOptions extends ClientOptions {
  /** When aborted, the client stops waiting for the end of the greeting and closes. */
  readonly patience?: AbortSignal;
}

/** Reads to the end of the stream, ends its own side, and resolves when the connection is closed; fails as `runClient`. */
export function runGreetingClient(
  options: GreetingClientOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<ClientEnd> {
  const { patience } = options;
  let bytes = 0;
  return runClient(
    options,
    (socket) => {
      const { connection } = socket;
      const giveUp = (): void => {
        socket.end();
        socket.destroy();
      };
      if (patience?.aborted === true) giveUp();
      patience?.addEventListener('abort', giveUp, { once: true });
      return {
        onData(chunk) {
          bytes += chunk.length;
        },
        onEnd() {
          patience?.removeEventListener('abort', giveUp);
          emit({
            kind: 'text-received',
            seenBy: 'program',
            peer: socket.peer,
            side: 'client',
            connection,
            offset: 0,
            bytes,
          });
          socket.end();
        },
        onClose() {
          patience?.removeEventListener('abort', giveUp);
        },
      };
    },
    emit,
    signal,
  );
}

// The server of the course's step 1: greets every client and closes.

import type { Result } from '../../../shared/result.ts';
import type { Emit } from '../../../shared/trace/fact.ts';
import { startServer } from '../listen.ts';
import type { RunningServer, ServerOptions } from '../listen.ts';

export interface GreetingServerOptions extends ServerOptions {
  /** Written as it is: no newline is appended. */
  readonly greeting: Buffer;
}

/** Starts the server; resolves and fails as `startServer`. */
export function startGreetingServer(
  options: GreetingServerOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<RunningServer>> {
  return startServer(
    options,
    (socket) => {
      socket.write(options.greeting);
      socket.end();
      return {
        // Bytes from the client are read and discarded: unread bytes would turn the close into a reset, and the client
        // could lose the greeting (RFC 9293 section 3.6.1).
        onData: () => undefined,
        // The server has ended its side already, so both are ended now.
        onEnd: () => undefined,
      };
    },
    emit,
    signal,
  );
}

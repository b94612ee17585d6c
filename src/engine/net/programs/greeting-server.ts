// The server of the course's step 1: greets every client and closes.

import type { Result } from '../../../shared/result.ts';
import type { Emit } from '../../../shared/trace/fact.ts';
import { startServer } from '../listen.ts';
import type { RunningServer, ServerOptions } from '../listen.ts';

export interface GreetingServerOptions extends ServerOptions {
  /** Written as it is: no newline is put behind it. */
  readonly greeting: Buffer;
}

/** Starts it as `startServer` does. */
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
        // What a client says all the same is read and not used: left unread it would make of the close a reset, and the
        // client could lose the greeting (RFC 9293 section 3.6.1).
        onData: () => undefined,
        // The server has ended its side already: both are over now.
        onEnd: () => undefined,
      };
    },
    emit,
    signal,
  );
}

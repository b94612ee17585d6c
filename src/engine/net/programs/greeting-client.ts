// The client of the course's step 1: connects and takes all that the server says for the greeting.
// run/welcome.ts and refused.ts start it; connect.ts opens and closes.

import type { Emit } from '../../../shared/trace/fact.ts';
import { runClient } from '../connect.ts';
import type { ClientEnd, ClientOptions } from '../connect.ts';

export interface GreetingClientOptions extends ClientOptions {
  /** When it fires the client waits no longer for the end of the greeting and closes; never, where it is absent. */
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
    (client) => ({
      onRead(chunk) {
        bytes += chunk.length;
      },
      line: () => undefined,
      async exchange(connection) {
        const lost = lossOf(patience);
        while (!client.endedByServer() && !client.over() && patience?.aborted !== true) {
          await Promise.race([client.change(), lost]);
        }
        if (client.over()) return;
        if (client.endedByServer()) {
          emit({ kind: 'text-received', seenBy: 'program', side: 'client', connection, offset: 0, bytes });
        }
        client.end();
      },
    }),
    emit,
    signal,
  );
}

function lossOf(patience: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    patience?.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

// The client of the course's step 1: connects and takes all that the server says for the greeting.
// experiments/welcome.ts starts it; client-connection.ts opens and closes.

import type { Emit } from '../../shared/trace.ts';
import { runClient } from './client-connection.ts';
import type { ClientEnd, ClientOptions } from './client-connection.ts';

/** Reads to the end of the stream, ends its own side, and resolves when the connection is closed; fails as `runClient`. */
export function runGreetingClient(
  options: ClientOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<ClientEnd> {
  let bytes = 0;
  return runClient(
    options,
    (client) => ({
      onRead(chunk) {
        bytes += chunk.length;
      },
      line: () => undefined,
      async exchange(connection) {
        while (!client.endedByServer() && !client.over()) await client.change();
        if (client.over()) return;
        emit({ kind: 'text-received', seenBy: 'program', side: 'client', connection, offset: 0, bytes });
        client.end();
      },
    }),
    emit,
    signal,
  );
}

// The client of the course's step 4: sends one string and reads until it came back. run/string.ts starts it;
// connect.ts opens and closes.

import type { Emit } from '../../../shared/trace/fact.ts';
import { runClient } from '../connect.ts';
import type { ClientEnd, ClientOptions } from '../connect.ts';
import { closedEarlyProblem } from '../problems.ts';

export interface StringClientOptions extends ClientOptions {
  /** What is sent: one line without its LF. */
  readonly text: Buffer;
  /**
   * The most bytes that are kept of the reply, where it need not be as long as the text; it is whole then when the server
   * ends its side.
   */
  readonly mostReplyBytes?: number;
}

export interface StringOutcome extends ClientEnd {
  /** What came back, as far as it did. */
  readonly reply: Buffer;
}

/**
 * Sends the text without an LF behind it, as client1.py does, and ends its side: only so does a server that waits for
 * lines know that this was all. A text that is turned round keeps its length, so the reply is whole when as many bytes
 * came back as were sent, or when the server ends before; what a server puts behind it is read and not used. Resolves
 * when the connection is closed; fails as `runClient` does.
 */
export async function runStringClient(
  options: StringClientOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<StringOutcome> {
  const { text, remote, mostReplyBytes } = options;
  const reply = Buffer.alloc(mostReplyBytes ?? text.length);
  let filled = 0;
  let received = false;

  const receive = (connection: number): void => {
    received = true;
    emit({ kind: 'line-received', seenBy: 'program', connection, line: 1, offset: 0, bytes: filled });
  };
  const end = await runClient(
    options,
    (client) => ({
      onRead(chunk, connection) {
        filled += chunk.copy(reply, filled);
        if (!received && mostReplyBytes === undefined && filled === text.length) receive(connection);
      },
      line: () => (received ? undefined : 1),
      async exchange(connection) {
        client.write(text, 1);
        client.end();
        while (!client.endedByServer() && !client.over()) await client.change();
        if (received || client.over()) return;
        if (filled > 0) receive(connection);
        else client.fail(closedEarlyProblem(remote, 1));
      },
    }),
    emit,
    signal,
  );
  return { ...end, reply: reply.subarray(0, filled) };
}

// The client of the course's step 4: sends one string and reads until its reply is complete.

import type { Emit } from '../../../shared/trace/fact.ts';
import { runClient } from '../connect.ts';
import type { ClientEnd, ClientOptions } from '../connect.ts';
import { closedEarlyProblem } from '../problems.ts';

export interface StringClientOptions extends ClientOptions {
  /** One line without its LF. */
  readonly text: Buffer;
  /**
   * Where the reply need not be as long as the text: the most bytes of it that are kept. The reply is complete when the
   * server ends its side.
   */
  readonly maxReplyBytes?: number;
}

export interface StringOutcome extends ClientEnd {
  /** The bytes received. */
  readonly reply: Buffer;
}

/**
 * Sends the text without a final LF, as client1.py does, and ends its side: that is how a server that waits for lines
 * learns that the text is complete. A reversed text keeps its length, so the reply is complete when as many bytes came
 * back as were sent, or when the server ends before; further bytes are read and discarded. Resolves when the connection
 * is closed; fails as `runClient` does.
 */
export async function runStringClient(
  options: StringClientOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<StringOutcome> {
  const { text, remote, maxReplyBytes } = options;
  const reply = Buffer.alloc(maxReplyBytes ?? text.length);
  let filled = 0;
  let received = false;

  const end = await runClient(
    options,
    (socket) => {
      const receive = (): void => {
        received = true;
        const { peer, connection } = socket;
        emit({
          kind: 'line-received',
          seenBy: 'program',
          peer,
          connection,
          line: 1,
          offset: 0,
          bytes: filled,
        });
      };
      socket.write(text, 1);
      socket.end();
      return {
        onData(chunk) {
          filled += chunk.copy(reply, filled);
          if (!received && maxReplyBytes === undefined && filled === text.length) receive();
        },
        onEnd() {
          if (received) return;
          if (filled > 0) receive();
          else socket.fail(closedEarlyProblem(remote, 1));
        },
        line: () => (received ? undefined : 1),
      };
    },
    emit,
    signal,
  );
  return { ...end, reply: reply.subarray(0, filled) };
}

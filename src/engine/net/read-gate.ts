// When the server of a lost-boundaries round reads what the client has written: the client says it here, and hears how far
// the server is. Both are in this process, and only therefore can it be said. split-write-client.ts and listen.ts
// share one for a round.

import type { ReadWhen } from '../../shared/trace/fact.ts';
import type { ReadGate } from './listen.ts';

/** What the client of the round knows of its server's reading. */
export interface ClientReadGate extends ReadGate {
  /** This is the client's connection; all others are strangers', who are read from at once. */
  clientIs(connection: number): void;
  /** From now on the server reads. */
  letRead(): void;
  /** How many reads the server had of the client's stream, and how many bytes they returned in all. */
  reads(): number;
  readBytes(): number;
  /** Resolves at the next read of the client's stream. */
  change(): Promise<void>;
}

/** A pace for one round: with `late` nothing is read from the client before `letRead`. */
export function createReadGate(readWhen: ReadWhen): ClientReadGate {
  const held = new Map<number, () => void>();
  let client: number | undefined;
  let reading = readWhen === 'after-each-write';
  let reads = 0;
  let readBytes = 0;
  let wake: () => void = () => undefined;

  return {
    takenIn(connection, read) {
      // Until the client is connected nobody knows whose connection this is.
      const stranger = client !== undefined && connection !== client;
      if (reading || stranger) read();
      else held.set(connection, read);
    },
    hasRead(connection, bytes) {
      if (connection !== client) return;
      reads += 1;
      readBytes += bytes;
      wake();
    },
    clientIs(connection) {
      client = connection;
      for (const [other, read] of held) {
        if (other === connection) continue;
        held.delete(other);
        read();
      }
    },
    letRead() {
      reading = true;
      for (const read of held.values()) read();
      held.clear();
    },
    reads: () => reads,
    readBytes: () => readBytes,
    change: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
  };
}

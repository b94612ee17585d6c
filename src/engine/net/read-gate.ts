// Decides when the server of a lost-boundaries round reads what the client has written, and counts its reads for the
// client. Server and client share one gate, which works only because both are in this process.

import type { ReadWhen } from '../../shared/trace/fact.ts';
import type { ReadGate } from './listen.ts';

/** The client's side of the gate. */
export interface ClientReadGate extends ReadGate {
  /** Sets the client's connection; other clients' connections are read from at once. */
  clientIs(connection: number): void;
  /** From now on the server reads. */
  letRead(): void;
  /** How many reads of the client's stream the server has made, and how many bytes they returned in all. */
  reads(): number;
  readBytes(): number;
  /** Resolves at the next read of the client's stream. */
  change(): Promise<void>;
}

/** A gate for one round: with `late` nothing is read from the client before `letRead`. */
export function createReadGate(readWhen: ReadWhen): ClientReadGate {
  const held = new Map<number, () => void>();
  let client: number | undefined;
  let reading = readWhen === 'after-each-write';
  let reads = 0;
  let readBytes = 0;
  let wake: () => void = () => undefined;

  return {
    accepted(connection, read) {
      // Until the client is connected any connection may be its own.
      const isOther = client !== undefined && connection !== client;
      if (reading || isOther) read();
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

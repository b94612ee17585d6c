// The client of a lost-boundaries round: sends its bytes in the given writes, in step with the server's reads or ahead
// of them, ends its side and reads to the end.

import { setTimeout as pause } from 'node:timers/promises';

import { SERVER } from '../../../shared/trace/fact.ts';
import type { Emit, Endpoint, ReadWhen } from '../../../shared/trace/fact.ts';
import { runClient } from '../connect.ts';
import type { ClientEnd, ClientOptions } from '../connect.ts';
import { untilAborted } from '../../system/until-aborted.ts';
import type { ClientReadGate } from '../read-gate.ts';
import type { Protocol, RecordedSocket } from '../recorded-socket.ts';

/** Returns how many bytes wait at `local` to be read; undefined where the system does not report it. */
export type ExamineQueue = (
  local: Endpoint,
  remote: Endpoint,
) => Promise<{ readonly bytes: number; readonly source: string } | undefined>;

export interface SplitWriteClientOptions extends ClientOptions {
  readonly writes: readonly Buffer[];
  readonly readWhen: ReadWhen;
  /** Shared with the server. */
  readonly readGate: ClientReadGate;
  /** Called while the server reads nothing yet. */
  readonly examineQueue: ExamineQueue;
}

export interface SplitWriteOutcome extends ClientEnd {
  /** All bytes received. */
  readonly reply: Buffer;
}

/** The queue is examined after this many writes of a round, spread evenly; the last write is always among them. */
const EXAMINED_WRITES = 16;

/**
 * How long bytes may take to arrive. On loopback they arrive at once, unless the client has to wait for an
 * acknowledgement (RFC 5681 section 3.1: after ten small segments at first), which the server's kernel may delay (RFC
 * 9293 section 3.8.6.3: up to 0.5 s; Linux 40 ms).
 */
const ARRIVAL_MS = 2_000;
const EXAMINE_INTERVAL_MS = 2;

/** How long to wait where no table shows whether all has arrived: several times the delay that systems use. */
const UNSEEN_ARRIVAL_MS = 500;

/**
 * With `after-each-write`, each write waits until the server has read the one before, so that each write is one read.
 * With `late`, the server may read only when everything waits in its kernel and the client has ended its side; the
 * bytes that wait there are recorded as `queue-examined`. Resolves when the connection is closed; fails as `runClient`
 * does.
 */
export async function runSplitWriteClient(
  options: SplitWriteClientOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<SplitWriteOutcome> {
  const exchange = new SplitWriteExchange(options, emit, signal);
  const end = await runClient(options, (socket) => exchange.start(socket), emit, signal);
  return { ...end, reply: await exchange.reply() };
}

class SplitWriteExchange {
  readonly #options: SplitWriteClientOptions;
  readonly #emit: Emit;
  readonly #signal: AbortSignal;
  readonly #chunks: Buffer[] = [];
  #closed = false;
  #changed: () => void = () => undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: SplitWriteClientOptions, emit: Emit, signal: AbortSignal) {
    this.#options = options;
    this.#emit = emit;
    this.#signal = signal;
  }

  start(socket: RecordedSocket): Protocol {
    this.#writing = this.#write(socket);
    // `reply` rejects with the error, after the connection is closed.
    this.#writing.catch(() => {
      socket.destroy();
    });
    return {
      onData: (chunk) => {
        this.#chunks.push(chunk);
      },
      onEnd: () => {
        const bytes = this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        const { peer, connection } = socket;
        this.#emit({
          kind: 'text-received',
          seenBy: 'program',
          peer,
          side: 'client',
          connection,
          offset: 0,
          bytes,
        });
      },
      onClose: () => {
        this.#closed = true;
        this.#changed();
      },
    };
  }

  /** All bytes received; rejects with the error that stopped the writing. */
  async reply(): Promise<Buffer> {
    await this.#writing;
    return Buffer.concat(this.#chunks);
  }

  async #write(socket: RecordedSocket): Promise<void> {
    const { readGate, readWhen } = this.#options;
    readGate.clientIs(socket.connection);
    if (readWhen === 'late') await this.#writeAhead(socket);
    else await this.#writeInStep(socket);
    await new Promise<void>((resolve) => {
      socket.end(resolve);
    });
    readGate.letRead();
  }

  async #writeInStep(socket: RecordedSocket): Promise<void> {
    const { writes, readGate } = this.#options;
    let written = 0;
    for (const bytes of writes) {
      socket.write(bytes);
      written += bytes.length;
      while (readGate.readBytes() < written && !this.#closed) {
        await Promise.race([readGate.change(), this.#close()]);
      }
    }
  }

  async #writeAhead(socket: RecordedSocket): Promise<void> {
    const { writes } = this.#options;
    let written = 0;
    let isReported = true;
    for (const [index, bytes] of writes.entries()) {
      // Node would join a write that it still buffers with the next one.
      await new Promise<void>((resolve) => {
        socket.write(bytes, undefined, resolve);
      });
      written += bytes.length;
      if (isReported && isExamined(index, writes.length)) isReported = await this.#examine(socket, written);
      if (this.#closed) return;
    }
    if (!isReported) await Promise.race([pause(UNSEEN_ARRIVAL_MS, undefined, { ref: false }), this.#close()]);
  }

  /**
   * Records the length of the server's receive queue when all written bytes have arrived, or after ARRIVAL_MS. False
   * where the kernel does not report it.
   */
  async #examine({ connection, local }: RecordedSocket, written: number): Promise<boolean> {
    const { remote, examineQueue } = this.#options;
    const giveUpAtMs = performance.now() + ARRIVAL_MS;
    for (;;) {
      const queue = await untilAborted(examineQueue(remote, local), this.#signal);
      if (queue === undefined || this.#closed) return false;
      if (queue.bytes >= written || performance.now() >= giveUpAtMs) {
        this.#emit({
          kind: 'queue-examined',
          seenBy: 'kernel',
          peer: SERVER,
          side: 'server',
          connection,
          ...queue,
        });
        return true;
      }
      await pause(EXAMINE_INTERVAL_MS);
    }
  }

  #close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#closed) resolve();
      else this.#changed = resolve;
    });
  }
}

/** True for every write where there are few, else for EXAMINED_WRITES of them, evenly spread; always for the last. */
function isExamined(index: number, writes: number): boolean {
  const share = (count: number): number => Math.floor((count * EXAMINED_WRITES) / writes);
  return share(index + 1) > share(index);
}

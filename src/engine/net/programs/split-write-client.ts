// The client of a lost-boundaries round: hands its bytes to the kernel in the writes it is told to, at the pace of the
// server's reading, ends its side and reads to the end.

import { setTimeout as pause } from 'node:timers/promises';

import type { Emit, Endpoint, ReadWhen } from '../../../shared/trace/fact.ts';
import { runClient } from '../connect.ts';
import type { ClientEnd, ClientOptions } from '../connect.ts';
import { untilAborted } from '../../system/until-aborted.ts';
import type { ClientReadGate } from '../read-gate.ts';
import type { Protocol, RecordedSocket } from '../recorded-socket.ts';

/** Finds out how many bytes wait at `local` to be read; undefined where nothing can be known. */
export type ExamineQueue = (
  local: Endpoint,
  remote: Endpoint,
) => Promise<{ readonly bytes: number; readonly source: string } | undefined>;

export interface SplitWriteClientOptions extends ClientOptions {
  readonly writes: readonly Buffer[];
  readonly readWhen: ReadWhen;
  /** The same one that the server has. */
  readonly pace: ClientReadGate;
  /** Asked while the server holds back. */
  readonly examineQueue: ExamineQueue;
}

export interface SplitWriteOutcome extends ClientEnd {
  /** All that came back. */
  readonly reply: Buffer;
}

/** So many writes of a round have the queue examined, spread over all of them; the last one is among them. */
const EXAMINED_WRITES = 16;

/**
 * How long bytes may take to arrive. On loopback they need none, unless the client may not send on (RFC 5681 section 3.1:
 * ten small segments to begin with) before the server's kernel acknowledges, which it may put off (RFC 9293 section
 * 3.8.6.3: for up to 0.5 s; Linux does it for 40 ms).
 */
const ARRIVAL_MS = 2_000;
const LOOK_AGAIN_MS = 2;

/** Where no table tells whether all has arrived: several of the delays that systems use. */
const UNSEEN_ARRIVAL_MS = 500;

/**
 * With `after-each-write` it writes again when the server has read what was written, so that each write is one read.
 * With `late` it lets the server read when everything waits in its kernel and the end is on its way; what waits there is
 * recorded as `queue-examined`. Resolves when the connection is closed; fails as `runClient` does.
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
    // What broke it off comes through by `reply`, when the connection is closed.
    this.#writing.catch(() => {
      socket.destroy();
    });
    return {
      onData: (chunk) => {
        this.#chunks.push(chunk);
      },
      onEnd: () => {
        const bytes = this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        const { connection } = socket;
        this.#emit({
          kind: 'text-received',
          seenBy: 'program',
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

  /** All that came back; rejects with what broke the writing off. */
  async reply(): Promise<Buffer> {
    await this.#writing;
    return Buffer.concat(this.#chunks);
  }

  async #write(socket: RecordedSocket): Promise<void> {
    const { pace, readWhen } = this.#options;
    pace.clientIs(socket.connection);
    if (readWhen === 'late') await this.#writeAhead(socket);
    else await this.#writeInStep(socket);
    await new Promise<void>((resolve) => {
      socket.end(resolve);
    });
    pace.letRead();
  }

  async #writeInStep(socket: RecordedSocket): Promise<void> {
    const { writes, pace } = this.#options;
    let written = 0;
    for (const bytes of writes) {
      socket.write(bytes);
      written += bytes.length;
      while (pace.readBytes() < written && !this.#closed) await Promise.race([pace.change(), this.#close()]);
    }
  }

  async #writeAhead(socket: RecordedSocket): Promise<void> {
    const { writes } = this.#options;
    let written = 0;
    let told = true;
    for (const [index, bytes] of writes.entries()) {
      // A write that Node keeps back would be joined with the next one.
      await new Promise<void>((resolve) => {
        socket.write(bytes, undefined, resolve);
      });
      written += bytes.length;
      if (told && isExamined(index, writes.length)) told = await this.#examine(socket, written);
      if (this.#closed) return;
    }
    if (!told) await Promise.race([pause(UNSEEN_ARRIVAL_MS, undefined, { ref: false }), this.#close()]);
  }

  /**
   * Records what the server's kernel holds when all that was written is there, or when that takes too long. False where
   * the kernel does not tell.
   */
  async #examine({ connection, local }: RecordedSocket, written: number): Promise<boolean> {
    const { remote, examineQueue } = this.#options;
    const giveUpAtMs = performance.now() + ARRIVAL_MS;
    for (;;) {
      const queue = await untilAborted(examineQueue(remote, local), this.#signal);
      if (queue === undefined || this.#closed) return false;
      if (queue.bytes >= written || performance.now() >= giveUpAtMs) {
        this.#emit({ kind: 'queue-examined', seenBy: 'kernel', side: 'server', connection, ...queue });
        return true;
      }
      await pause(LOOK_AGAIN_MS);
    }
  }

  #close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#closed) resolve();
      else this.#changed = resolve;
    });
  }
}

/** All of few writes, else as many as are examined, evenly spread; always the last. */
function isExamined(index: number, writes: number): boolean {
  const share = (count: number): number => Math.floor((count * EXAMINED_WRITES) / writes);
  return share(index + 1) > share(index);
}

// The client of a lost-boundaries round: hands its bytes to the kernel in the writes it is told to, at the pace of the
// server's reading, ends its side and reads to the end. run/boundaries.ts starts it; connect.ts opens and
// closes.

import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import type { Emit, Endpoint, ReadWhen } from '../../../shared/trace/fact.ts';
import { runClient } from '../connect.ts';
import type { Client, ClientEnd, ClientOptions } from '../connect.ts';
import type { ClientsPace } from '../read-gate.ts';

/** Finds out how many bytes wait at `local` to be read; undefined where nothing can be known. */
export type ExamineQueue = (
  local: Endpoint,
  remote: Endpoint,
) => Promise<{ readonly bytes: number; readonly source: string } | undefined>;

export interface HandingClientOptions extends ClientOptions {
  readonly writes: readonly Buffer[];
  readonly readWhen: ReadWhen;
  /** The same one that the server has. */
  readonly pace: ClientsPace;
  /** Asked while the server holds back. */
  readonly examineQueue: ExamineQueue;
}

export interface HandingOutcome extends ClientEnd {
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
export async function runHandingClient(
  options: HandingClientOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<HandingOutcome> {
  const { pace, readWhen, writes } = options;
  const chunks: Buffer[] = [];
  const end = await runClient(
    options,
    (client) => ({
      onRead(chunk) {
        chunks.push(chunk);
      },
      line: () => undefined,
      async exchange(connection) {
        pace.clientIs(connection);
        if (readWhen === 'late') await writeAhead(client, connection, options, emit);
        else await writeInStep(client, writes, pace);
        if (client.over()) return;
        client.end();
        await finished(client.socket);
        pace.letRead();
        while (!client.endedByServer() && !client.over()) await client.change();
        // Both sides have ended, so the connection may be closed by now; where it broke there was no end.
        if (!client.socket.readableEnded) return;
        const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        emit({ kind: 'text-received', seenBy: 'program', side: 'client', connection, offset: 0, bytes });
      },
    }),
    emit,
    signal,
  );
  return { ...end, reply: Buffer.concat(chunks) };
}

async function writeInStep(client: Client, writes: readonly Buffer[], pace: ClientsPace): Promise<void> {
  let written = 0;
  for (const bytes of writes) {
    client.write(bytes);
    written += bytes.length;
    while (pace.readBytes() < written && !client.over()) {
      await Promise.race([pace.change(), client.change()]);
    }
    if (client.over()) return;
  }
}

async function writeAhead(
  client: Client,
  connection: number,
  { writes, remote, examineQueue }: HandingClientOptions,
  emit: Emit,
): Promise<void> {
  const { localAddress, localPort } = client.socket;
  const own: Endpoint = { address: localAddress ?? '', port: localPort ?? 0 };
  let written = 0;
  let told = true;

  /**
   * Records what the server's kernel holds when all that was written is there, or when that takes too long. False where
   * the kernel does not tell.
   */
  const examine = async (): Promise<boolean> => {
    const giveUpAtMs = performance.now() + ARRIVAL_MS;
    for (;;) {
      const queue = await examineQueue(remote, own);
      if (queue === undefined || client.over()) return false;
      if (queue.bytes >= written || performance.now() >= giveUpAtMs) {
        emit({ kind: 'queue-examined', seenBy: 'kernel', side: 'server', connection, ...queue });
        return true;
      }
      await pause(LOOK_AGAIN_MS);
    }
  };

  for (const [index, bytes] of writes.entries()) {
    await taken(client, bytes);
    written += bytes.length;
    if (told && isExamined(index, writes.length)) told = await examine();
    if (client.over()) return;
  }
  if (!told) await Promise.race([pause(UNSEEN_ARRIVAL_MS, undefined, { ref: false }), closed(client.socket)]);
}

/** All of few writes, else as many as are examined, evenly spread; always the last. */
function isExamined(index: number, writes: number): boolean {
  const share = (count: number): number => Math.floor((count * EXAMINED_WRITES) / writes);
  return share(index + 1) > share(index);
}

/** Writes, and waits until the kernel has it: a write that Node keeps back would be joined with the next one. */
function taken(client: Client, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    client.write(bytes, undefined, resolve);
  });
}

/** Resolves when the end of the client's side is on its way, or the socket is gone. */
async function finished(socket: Socket): Promise<void> {
  if (socket.writableFinished || socket.destroyed) return;
  await Promise.race([once(socket, 'finish'), closed(socket)]);
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

import { MessageChannel, Worker } from 'node:worker_threads';

import { afterEach, describe, expect, it } from 'vitest';

import { connectRpc } from './thread-rpc.ts';

interface Kitchen {
  double(value: number): Promise<number>;
  fail(why: string): never;
  note(value: number): void;
}
interface Guest {
  served(value: number): void;
}

let closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers) await close();
  closers = [];
});

function connect() {
  const { port1, port2 } = new MessageChannel();
  closers.push(() => {
    port1.close();
  });
  const noted: number[] = [];
  const served: number[] = [];
  const kitchen = connectRpc<Guest, Kitchen>(port2, {
    async double(value) {
      kitchen.send('served', value);
      return await Promise.resolve(2 * value);
    },
    fail(why) {
      throw new TypeError(why);
    },
    note(value) {
      noted.push(value);
    },
  });
  const guest = connectRpc<Kitchen, Guest>(port1, {
    served(value) {
      served.push(value);
    },
  });
  return { guest, noted, served };
}

describe('calls between threads', () => {
  it('are answered, each by its own answer, behind what was sent before it', async () => {
    const { guest, noted, served } = connect();
    guest.send('note', 1);
    guest.send('note', 2);
    expect(await Promise.all([guest.call('double', 21), guest.call('double', 4)])).toEqual([42, 8]);
    expect(noted).toEqual([1, 2]);
    expect(served).toEqual([21, 4]);
  });

  it('reject with what the other side threw', async () => {
    const { guest } = connect();
    await expect(guest.call('fail', 'burnt')).rejects.toThrow(new TypeError('burnt'));
    expect(await guest.call('double', 1)).toBe(2);
  });

  it('reject when the connection is closed: those that wait and those to come, for the first reason', async () => {
    const worker = new Worker('setTimeout(() => process.exit(3), 50)', { eval: true });
    closers.push(() => worker.terminate());
    const rpc = connectRpc<Kitchen, object>(worker, {});
    const first = new Error('it ended');
    worker.once('exit', () => {
      rpc.close(first);
      rpc.close(new Error('and again'));
    });
    await expect(rpc.call('double', 1)).rejects.toBe(first);
    await expect(rpc.call('double', 1)).rejects.toBe(first);
  });
});

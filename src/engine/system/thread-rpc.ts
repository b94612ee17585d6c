// Typed calls between a thread and the one that started it. Messages arrive in the order in which they were sent.

import type { MessagePort, Worker } from 'node:worker_threads';

/** The functions that one side can call on the other. Arguments and values are structured clones. */
type Calls<Side> = { readonly [Name in keyof Side]: (...args: never[]) => unknown };
type Args<Call> = Call extends (...args: infer Given) => unknown ? Given : never;
type Value<Call> = Call extends (...args: never[]) => infer Returned ? Awaited<Returned> : never;

export interface Rpc<Remote> {
  /** Calls a function of the other side. Rejects with what it threw, and when the connection is closed. */
  call<Name extends keyof Remote>(name: Name, ...args: Args<Remote[Name]>): Promise<Value<Remote[Name]>>;
  /** As `call`, without a reply. */
  send<Name extends keyof Remote>(name: Name, ...args: Args<Remote[Name]>): void;
  /** Rejects the pending calls and all later ones with `why`. */
  close(why: Error): void;
}

type Message =
  | { readonly call: string; readonly args: readonly unknown[]; readonly id?: number }
  | { readonly id: number; readonly value: never }
  | { readonly id: number; readonly error: unknown };

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Serves the functions of `local` over `port`, and calls those of the other side. */
export function connectRpc<Remote extends Calls<Remote>, Local extends Calls<Local>>(
  port: Worker | MessagePort,
  local: Local,
): Rpc<Remote> {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let closed: Error | undefined;

  async function answer(name: string, args: readonly unknown[], id: number | undefined): Promise<void> {
    const called: unknown = Reflect.get(local, name);
    if (!isFunction(called)) throw new Error(`The other thread called ${name}, which is not here`);
    // Without an id there is no caller to reject: an error is this thread's own failure.
    if (id === undefined) {
      await called(...args);
      return;
    }
    try {
      port.postMessage({ id, value: await called(...args) });
    } catch (error) {
      port.postMessage({ id, error });
    }
  }

  port.on('message', (message: Message) => {
    if ('call' in message) {
      void answer(message.call, message.args, message.id);
      return;
    }
    const caller = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) caller?.reject(message.error);
    else caller?.resolve(message.value);
  });

  return {
    call(name, ...args) {
      if (closed !== undefined) return Promise.reject(closed);
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        port.postMessage({ call: name, args, id });
      });
    },
    send(name, ...args) {
      port.postMessage({ call: name, args });
    },
    close(why) {
      closed ??= why;
      for (const { reject } of waiting.values()) reject(why);
      waiting.clear();
    },
  };
}

function isFunction(value: unknown): value is (...args: readonly unknown[]) => unknown {
  return typeof value === 'function';
}

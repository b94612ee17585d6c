// What main has to say to the window goes through here: over a MessagePort of its own, which carries batches of facts
// several times faster than calls do. calls.ts connects it, current-run.ts and open.ts push.

import { MessageChannelMain, type MessagePortMain, type WebFrameMain } from 'electron';

import { PORT_MESSAGE, type Notice, type Push } from '../../shared/ipc.ts';
import type { Problem } from '../../shared/result.ts';

export interface Pushes {
  /** Whether a page listens. What is pushed before is dropped: a page that connects is given the whole state. */
  readonly connected: boolean;
  push(push: Push): void;
  notify(notice: Notice): void;
  /** Says a problem's sentence, with the button that fits it. */
  notifyOf(problem: Problem, offer?: Notice['offer']): void;
  /** Gives the page a new port; the one before is closed. */
  connect(page: WebFrameMain): void;
}

export function createPushes(): Pushes {
  let port: MessagePortMain | undefined;

  function push(message: Push): void {
    port?.postMessage(message);
  }
  function notify(notice: Notice): void {
    push({ type: 'notice', notice });
  }
  return {
    get connected() {
      return port !== undefined;
    },
    push,
    notify,
    notifyOf(problem, offer) {
      notify({ tone: 'error', text: problem.message, problem, ...(offer === undefined ? {} : { offer }) });
    },
    connect(page) {
      port?.close();
      const { port1, port2 } = new MessageChannelMain();
      port1.on('close', () => {
        if (port === port1) port = undefined;
      });
      page.postMessage(PORT_MESSAGE, null, [port2]);
      port1.start();
      port = port1;
    },
  };
}

// The pushes of main to the window, over a MessagePort: how far the run is, many times a second, and what else changes.

import { MessageChannelMain, type MessagePortMain, type WebFrameMain } from 'electron';

import { PORT_MESSAGE, type Notice, type Push } from '../../shared/ipc.ts';
import type { Problem } from '../../shared/result.ts';

export interface Pushes {
  /** Whether a page is connected. Earlier pushes are dropped: a page that connects is sent the whole state. */
  readonly connected: boolean;
  push(push: Push): void;
  notify(notice: Notice): void;
  /** Shows a problem's sentence, with the button that fits it. */
  notifyOf(problem: Problem, offer?: Notice['offer']): void;
  /** Sends the page a new port; the one before is closed. */
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

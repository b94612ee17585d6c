// The question before the app is quit while a run is under way. It covers closing the window and quitting from the menu.

import { app, dialog, type BrowserWindow } from 'electron';

/** Sent by a terminal and by a system that shuts down: neither waits for an answer. */
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const QUIT = 0;
const GO_ON = 1;

/**
 * Asks before the window is closed while `underWay` returns the title of a run, until the person has agreed. A signal and
 * the end of the system's session quit without a question.
 */
export function askBeforeQuitting(window: BrowserWindow, underWay: () => string | undefined): void {
  let agreed = false;
  let asking = false;

  async function ask(title: string): Promise<void> {
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      title: 'SocketScope',
      message: `${title} is still running.`,
      detail: 'Quitting cancels it. What has come back until then is kept and shown at the next start.',
      buttons: ['Quit', 'Go on'],
      defaultId: GO_ON,
      cancelId: GO_ON,
      noLink: true,
    });
    if (response === QUIT) quit();
  }

  function quit(): void {
    agreed = true;
    app.quit();
  }

  window.on('close', (event) => {
    const title = underWay();
    if (agreed || title === undefined) return;
    event.preventDefault();
    // A second click on the close button must not open a second dialog.
    if (asking) return;
    asking = true;
    void ask(title).finally(() => {
      asking = false;
    });
  });
  window.on('session-end', () => {
    agreed = true;
  });
  for (const signal of ENDING_SIGNALS) process.on(signal, quit);
}

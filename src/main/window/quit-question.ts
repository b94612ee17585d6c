// Quitting while a run is under way asks once: closing the window and quitting from the menu both come through here.
// index.ts sets it up; what became of the run until then is kept by runs.close().

import { app, dialog, type BrowserWindow } from 'electron';

/** The signals by which a terminal and a system that shuts down end a program: whoever sends them waits for no answer. */
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const QUIT = 0;
const GO_ON = 1;

/**
 * Asks before the window is closed while `underWay` names a run, until the person has agreed. A signal and the end of
 * the system's session ask nothing.
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
    // A second click on the window's button is no second question.
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

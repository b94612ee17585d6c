// The questions before the app is quit while a run is under way, or with notes that are not saved. They cover closing the window and quitting from the menu.

import { app, dialog, type BrowserWindow } from 'electron';

/** Sent by a terminal and by a system that shuts down: neither waits for an answer. */
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const QUIT = 0;
const GO_ON = 1;

/** What would be lost, or cut off. */
interface AtStake {
  /** The title of the run under way. */
  readonly underWay: () => string | undefined;
  /** The title of a run with notes that are not saved. */
  readonly withUnsavedNotes: () => string | undefined;
  /** Asks about these; true where the window may be closed. */
  readonly mayLoseNotes: () => Promise<boolean>;
}

/**
 * Asks before the window is closed while something is at stake, until the person has agreed. The notes of a run under way
 * are kept with it. A signal and the end of the system's session quit without a question.
 */
export function askBeforeQuitting(window: BrowserWindow, atStake: AtStake): void {
  let agreed = false;
  let asking = false;

  async function ask(title: string | undefined): Promise<void> {
    if (title === undefined) {
      if (await atStake.mayLoseNotes()) quit();
      return;
    }
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
    const title = atStake.underWay();
    if (agreed || (title === undefined && atStake.withUnsavedNotes() === undefined)) return;
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

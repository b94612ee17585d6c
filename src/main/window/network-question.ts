// The question before servers are opened to the network. It is a dialog of the system, which a page cannot answer.

import { dialog, type BrowserWindow } from 'electron';

import type { Settings } from '../../shared/ipc.ts';
import { networkAddresses } from '../../engine/system/network-addresses.ts';
import type { SettingsStore } from '../settings/settings.ts';

const KEEP_CLOSED = 0;
const OPEN = 1;

/** What can be reached, where, by whom, and for how long. */
function whatItMeans(port: number): string {
  const addresses = networkAddresses();
  const places = addresses.map((address) => (port === 0 ? address : `${address}:${port}`));
  const where =
    places.length === 0
      ? 'This computer has no address in a network now. It can be reached as soon as it has one.'
      : `${port === 0 ? 'On a free port, at:' : 'At:'}\n${places.join('\n')}`;
  return [
    'From the next run on, the servers of Welcome, Reverse a string and Reverse a file listen on every address of this computer (0.0.0.0). While such a run goes on, whoever reaches this computer can connect, without a password.',
    where,
    'They can send lines and get them back, and what they send is recorded with the run. They reach no file of yours. It stays on, at the next start too, until you turn it off.',
  ].join('\n\n');
}

/**
 * Returns a function that asks the person, turns `openToNetwork` on if they agree, and resolves with the settings after
 * that. It does not ask where the setting is on already. A call while the dialog is open gets the same answer. Closing the
 * window dismisses the dialog, which is a no. This setting is turned on nowhere else.
 */
export function createNetworkQuestion(
  window: BrowserWindow,
  settings: SettingsStore,
): () => Promise<Settings> {
  let asking: Promise<Settings> | undefined;

  async function ask(): Promise<Settings> {
    const closed = new AbortController();
    const dismiss = (): void => {
      closed.abort();
    };
    window.once('closed', dismiss);
    try {
      const { response } = await dialog.showMessageBox(window, {
        type: 'warning',
        title: 'SocketScope',
        message: 'Open to the network?',
        detail: whatItMeans(settings.current.port),
        buttons: ['Keep it closed', 'Open to the network'],
        defaultId: KEEP_CLOSED,
        cancelId: KEEP_CLOSED,
        noLink: true,
        signal: closed.signal,
      });
      if (response !== OPEN || closed.signal.aborted) return settings.current;
    } finally {
      window.removeListener('closed', dismiss);
    }
    return await settings.change({ openToNetwork: true });
  }

  return async () => {
    if (window.isDestroyed() || settings.current.openToNetwork) return settings.current;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return await asking;
  };
}

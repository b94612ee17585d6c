// Whether other machines may connect: off by default. Each time it is turned on, main asks first, in a box of the system's.
// While it is on, the header says so.

import { useId } from 'react';
import type { Settings } from '../../../shared/ipc.ts';
import { askToOpenToNetwork, changeSettings } from '../../store/run.ts';

export function NetworkOption({ settings }: { readonly settings: Settings }) {
  const hint = useId();
  return (
    <div className="option">
      <div className="choices">
        <label className="choice hinted">
          <input
            type="checkbox"
            aria-label="Open to the network"
            aria-describedby={hint}
            checked={settings.openToNetwork}
            onChange={() => {
              if (settings.openToNetwork) void changeSettings({ openToNetwork: false });
              else void askToOpenToNetwork();
            }}
          />
          <span>
            Open to the network
            <span className="hint" id={hint}>
              {settings.openToNetwork
                ? 'Other machines can connect to the servers of Welcome, Reverse a string and Reverse a file.'
                : 'Only programs on this computer can connect. Turned on, other machines can connect to the servers of Welcome, Reverse a string and Reverse a file.'}
            </span>
          </span>
        </label>
      </div>
    </div>
  );
}

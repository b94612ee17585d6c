// Stays in sight for as long as other machines may connect, and leads to where that is turned off.

import { TriangleAlert } from 'lucide-react';
import { EVERY_ADDRESS } from '../../../shared/trace/fact.ts';
import type { RunState } from '../../store/run.ts';
import { showDialog, useRun } from '../../store/run.ts';

export function NetworkWarning() {
  const open = useRun((state) => state.settings?.openToNetwork === true || hasOpenServer(state));
  return (
    <span className="network-warning" role="status" aria-label="Network">
      {open ? (
        <button
          type="button"
          title="Other machines can connect to the server of a run. Turn it off in the settings."
          onClick={() => {
            showDialog('settings', 'network');
          }}
        >
          <TriangleAlert size={16} aria-hidden />
          Open to the network
        </button>
      ) : null}
    </span>
  );
}

/** A run that began while it was on stays open until its end, whatever is set meanwhile. */
function hasOpenServer({ phase, info, facts }: RunState): boolean {
  const [first] = facts;
  return (
    phase === 'running' &&
    info?.origin === 'live' &&
    first?.kind === 'run-started' &&
    first.requested.address === EVERY_ADDRESS
  );
}

// How often the experiments that repeat themselves do so, and how much earlier the race's server starts.

import type { Settings } from '../../../shared/ipc.ts';
import { changeSettings } from '../../store/run.ts';
import { NumberOption } from './number-options.tsx';

const MOST_ROUNDS = 500;
const MOST_PAUSE_MS = 5_000;
const MOST_RUNS = 200;

export function RoundsOption({ settings }: { readonly settings: Settings }) {
  return (
    <NumberOption
      name="Rounds"
      value={settings.rounds}
      least={1}
      most={MOST_ROUNDS}
      hint={() => 'How often server and client race.'}
      onChange={(rounds) => void changeSettings({ rounds })}
    />
  );
}

export function PauseOption({ settings }: { readonly settings: Settings }) {
  return (
    <NumberOption
      name="Pause (ms)"
      value={settings.pauseMs}
      least={0}
      most={MOST_PAUSE_MS}
      hint={(ms) =>
        ms === 0
          ? 'Both threads start at once.'
          : 'The client’s thread waits so long after the server’s, as time.sleep() did.'
      }
      onChange={(pauseMs) => void changeSettings({ pauseMs })}
    />
  );
}

export function RunsOption({ settings }: { readonly settings: Settings }) {
  return (
    <NumberOption
      name="Runs"
      value={settings.runs}
      least={1}
      most={MOST_RUNS}
      hint={() => 'Clients, one after the other.'}
      onChange={(runs) => void changeSettings({ runs })}
    />
  );
}

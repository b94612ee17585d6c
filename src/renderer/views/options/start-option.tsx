// When the client starts, against the moment the server listens: from a second before to five seconds after.

import { useId } from 'react';
import type { Settings } from '../../../shared/ipc.ts';
import { formatDuration } from '../../../shared/format.ts';
import { changeSettings } from '../../store/run.ts';

const EARLIEST_MS = -1_000;
const LATEST_MS = 5_000;
const STEP_MS = 100;

/** "1 s before the server listens", "5 s after the server listens". */
function momentName(ms: number): string {
  if (ms === 0) return 'as soon as the server listens';
  return `${formatDuration(Math.abs(ms) * 1_000)} ${ms < 0 ? 'before' : 'after'} the server listens`;
}

export function StartOption({ settings }: { readonly settings: Settings }) {
  const id = useId();
  const { startAfterMs } = settings;
  return (
    <div className="option">
      <label htmlFor={id}>The client starts</label>
      <input
        id={id}
        type="range"
        min={EARLIEST_MS}
        max={LATEST_MS}
        step={STEP_MS}
        value={startAfterMs}
        aria-valuetext={momentName(startAfterMs)}
        data-own-keys
        onChange={(event) => void changeSettings({ startAfterMs: Number(event.target.value) })}
      />
      <span className="hint">{momentName(startAfterMs)}</span>
    </div>
  );
}

// Who has the port that the second server asks for.

import { useId } from 'react';
import type { Settings } from '../../../shared/ipc.ts';
import type { TakenBy } from '../../../shared/trace.ts';
import { changeSettings } from '../../store/run.ts';

const CHOICES: readonly (readonly [TakenBy, string, string])[] = [
  ['listener', 'a server that listens', 'Two servers of ours ask for one port.'],
  [
    'time-wait',
    'a program that has ended',
    'Its connection stays in TIME_WAIT: 60 s on Linux. Needs python3, because Node always sets SO_REUSEADDR.',
  ],
];

export function TakenByOption({ settings }: { readonly settings: Settings }) {
  const group = useId();
  return (
    <div className="option">
      <span className="label" id={group}>
        Who has the port
      </span>
      <div className="choices" role="radiogroup" aria-labelledby={group}>
        {CHOICES.map(([takenBy, name, hint]) => (
          <label key={takenBy} className="choice hinted">
            <input
              type="radio"
              name={group}
              aria-label={name}
              aria-describedby={`${group}-${takenBy}`}
              checked={settings.takenBy === takenBy}
              onChange={() => void changeSettings({ takenBy })}
            />
            <span>
              {name}
              <span className="hint" id={`${group}-${takenBy}`}>
                {hint}
              </span>
            </span>
          </label>
        ))}
      </div>
    </div>
  );
}

// Light or dark, or as the system has it. The menu has the same choice.

import { useId } from 'react';
import type { Settings, Theme } from '../../../shared/ipc.ts';
import { changeSettings } from '../../store/run.ts';

const LOOKS: readonly (readonly [Theme, string])[] = [
  ['light', 'Light'],
  ['dark', 'Dark'],
  ['system', 'As the system'],
];

export function LookOption({ settings }: { readonly settings: Settings }) {
  const group = useId();
  return (
    <div className="option">
      <div className="choices" role="radiogroup" aria-label="Look">
        {LOOKS.map(([theme, name]) => (
          <label key={theme} className="choice">
            <input
              type="radio"
              name={group}
              checked={settings.theme === theme}
              onChange={() => void changeSettings({ theme })}
            />
            {name}
          </label>
        ))}
      </div>
    </div>
  );
}

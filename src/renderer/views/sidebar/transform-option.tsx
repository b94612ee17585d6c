// What the server does with each line.

import { useId } from 'react';
import type { Settings } from '../../../shared/ipc.ts';
import type { ExperimentName, Transform } from '../../../shared/trace.ts';
import { transformName, TRANSFORMS } from '../../scene/transform-words.ts';
import { changeSettings } from '../../store/run.ts';

const HINTS: Readonly<Record<Transform, string>> = {
  reverse: 'HELLO → OLLEH',
  'upper-case': 'Hello → HELLO',
  'swap-case': 'Hello → hELLO',
};

export function TransformOption({ settings }: { readonly settings: Settings }) {
  const group = useId();
  return (
    <div className="option">
      <span className="label" id={group}>
        What the server does
      </span>
      <div className="choices" role="radiogroup" aria-labelledby={group}>
        {TRANSFORMS.map((transform) => (
          <label key={transform} className="choice">
            <input
              type="radio"
              name={group}
              aria-label={transformName(transform)}
              checked={settings.transform === transform}
              onChange={() => void changeSettings({ transform })}
            />
            {transformName(transform)}
            <span className="hint">{HINTS[transform]}</span>
          </label>
        ))}
      </div>
    </div>
  );
}

/** Whether an experiment reverses something, so that it matters what counts as one character. */
export function reversesSomething(experiment: ExperimentName, { transform }: Settings): boolean {
  if (experiment === 'boundaries') return true;
  return (experiment === 'string' || experiment === 'file') && transform === 'reverse';
}

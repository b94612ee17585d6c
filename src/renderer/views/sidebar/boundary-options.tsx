// How the client of `boundaries` hands its bytes to the kernel, and when the servers read.

import { useId } from 'react';
import type { Settings } from '../../../shared/ipc.ts';
import type { HandOver, ReadWhen } from '../../../shared/trace.ts';
import { handOverName } from '../../scene/describe.ts';
import { changeSettings } from '../../store/run.ts';

const HAND_OVERS: readonly (readonly [HandOver, string])[] = [
  ['a-write-a-line', 'each line is one call'],
  ['all-at-once', 'one call for everything'],
  ['byte-by-byte', 'as many calls as bytes'],
  ['inside-a-character', 'two calls, é cut in half'],
];

export function HandOverOption({ settings }: { readonly settings: Settings }) {
  const group = useId();
  return (
    <div className="option">
      <span className="label" id={group}>
        The client writes
      </span>
      <div className="choices" role="radiogroup" aria-labelledby={group}>
        {HAND_OVERS.map(([handOver, hint]) => (
          <Choice
            key={handOver}
            group={group}
            name={handOverName(handOver)}
            hint={hint}
            checked={settings.handOver === handOver}
            onChoose={() => void changeSettings({ handOver })}
          />
        ))}
      </div>
    </div>
  );
}

const READ_WHENS: readonly (readonly [ReadWhen, string, string])[] = [
  ['late', 'when all waits in the kernel', 'each read returns all of it'],
  ['after-each-write', 'after each write', 'each write is one read'],
];

export function ReadWhenOption({ settings }: { readonly settings: Settings }) {
  const group = useId();
  // The cut would not be seen where both halves are read as one.
  const fixed = settings.handOver === 'inside-a-character';
  const readWhen = fixed ? 'after-each-write' : settings.readWhen;
  return (
    <div className="option">
      <span className="label" id={group}>
        The servers read
      </span>
      <div className="choices" role="radiogroup" aria-labelledby={group}>
        {READ_WHENS.map(([when, name, hint]) => (
          <Choice
            key={when}
            group={group}
            name={name}
            hint={hint}
            checked={readWhen === when}
            disabled={fixed && when === 'late'}
            onChoose={() => void changeSettings({ readWhen: when })}
          />
        ))}
      </div>
      {fixed ? (
        <span className="hint">
          A split character is always read after each write: read late, both halves would come as one.
        </span>
      ) : null}
    </div>
  );
}

interface ChoiceProps {
  readonly group: string;
  readonly name: string;
  readonly hint: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChoose: () => void;
}

function Choice({ group, name, hint, checked, disabled = false, onChoose }: ChoiceProps) {
  return (
    <label className="choice hinted">
      <input
        type="radio"
        name={group}
        aria-label={name}
        checked={checked}
        disabled={disabled}
        onChange={onChoose}
      />
      <span>
        {name}
        <span className="hint">{hint}</span>
      </span>
    </label>
  );
}

// A named group of radio buttons, each with a hint where its name alone is not enough.

import type { ReactNode } from 'react';
import { useId } from 'react';

interface Choice<Value extends string> {
  readonly value: Value;
  readonly name: string;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
}

interface RadioChoicesProps<Value extends string> {
  readonly name: string;
  /** The name is for screen readers alone, where a heading above shows it. */
  readonly nameHidden?: boolean;
  readonly choices: readonly Choice<Value>[];
  readonly chosen: Value;
  /** The hints stand below the names and not beside them. */
  readonly hintsBelow?: boolean;
  readonly onChoose: (value: Value) => void;
  /** Text below the choices. */
  readonly children?: ReactNode;
}

export function RadioChoices<Value extends string>({
  name,
  nameHidden = false,
  choices,
  chosen,
  hintsBelow = false,
  onChoose,
  children,
}: RadioChoicesProps<Value>) {
  const group = useId();
  return (
    <div className="option">
      {nameHidden ? null : <span className="label">{name}</span>}
      <div className="choices" role="radiogroup" aria-label={name}>
        {choices.map(({ value, name: choice, hint, disabled = false }) => {
          const hintId = `${group}-${value}`;
          const words = (
            <>
              {choice}
              {hint === undefined ? null : (
                <span className="hint" id={hintId}>
                  {hint}
                </span>
              )}
            </>
          );
          return (
            <label key={value} className={hintsBelow ? 'choice hinted' : 'choice'}>
              <input
                type="radio"
                name={group}
                aria-label={choice}
                aria-describedby={hint === undefined ? undefined : hintId}
                checked={value === chosen}
                disabled={disabled}
                onChange={() => {
                  onChoose(value);
                }}
              />
              {hintsBelow ? <span>{words}</span> : words}
            </label>
          );
        })}
      </div>
      {children}
    </div>
  );
}

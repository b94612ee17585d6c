// A text field with a hint below it. An invalid value is explained there and changes nothing; a valid one is accepted with
// every key. On blur the field shows the value that holds.

import type { ComponentProps } from 'react';
import { useId, useState } from 'react';

/** The result of validating a typed text: whether it is valid, and the words below the field. */
export interface Validation {
  readonly fits: boolean;
  readonly says: string;
}

interface TypedFieldProps extends Pick<ComponentProps<'input'>, 'inputMode' | 'min' | 'max'> {
  readonly name: string;
  readonly type: 'text' | 'number';
  readonly value: string;
  readonly validate: (typed: string) => Validation;
  readonly onAccept: (typed: string) => void;
  /** Enter, where what is typed fits. */
  readonly onEnter?: () => void;
}

export function TypedField({ name, value, validate, onAccept, onEnter, ...rest }: TypedFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? value;
  const { fits, says } = validate(shown);
  return (
    <div className="option">
      <label htmlFor={id}>{name}</label>
      <input
        {...rest}
        id={id}
        value={shown}
        aria-invalid={!fits}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          const next = event.target.value;
          setTyped(next);
          if (validate(next).fits) onAccept(next);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && fits && !event.nativeEvent.isComposing) onEnter?.();
        }}
        onBlur={() => {
          setTyped(undefined);
        }}
      />
      <span id={`${id}-hint`} className={fits ? 'hint' : 'wrong'}>
        {says}
      </span>
    </div>
  );
}

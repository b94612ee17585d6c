// Options that are typed texts. What does not fit is said below the field and changes nothing; Enter runs.

import { useId, useState } from 'react';
import type { Settings } from '../../../shared/ipc.ts';
import { countCharacters } from '../../scene/octets.ts';
import { formatBytes, formatCountOf } from '../../scene/units.ts';
import { runChosen } from '../../store/actions.ts';
import { changeSettings } from '../../store/run.ts';

interface TypedOptionProps {
  readonly name: string;
  readonly value: string;
  readonly mostBytes: number;
  readonly onChange: (value: string) => void;
}

const ENCODER = new TextEncoder();

function TypedOption({ name, value, mostBytes, onChange }: TypedOptionProps) {
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? value;
  const bytes = ENCODER.encode(shown).length;
  const fits = bytes > 0 && bytes <= mostBytes;
  return (
    <div className="option">
      <label htmlFor={id}>{name}</label>
      <input
        id={id}
        type="text"
        value={shown}
        aria-invalid={!fits}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          const next = event.target.value;
          setTyped(next);
          const size = ENCODER.encode(next).length;
          if (size > 0 && size <= mostBytes) onChange(next);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && fits && !event.nativeEvent.isComposing) void runChosen();
        }}
        onBlur={() => {
          setTyped(undefined);
        }}
      />
      <span id={`${id}-hint`} className={fits ? 'hint' : 'wrong'}>
        {fits
          ? `${formatCountOf(countCharacters(shown), 'character')}, ${formatBytes(bytes)}. Enter runs it.`
          : bytes === 0
            ? 'Type at least one character.'
            : `At most ${formatBytes(mostBytes)}.`}
      </span>
    </div>
  );
}

export function GreetingOption({ settings }: { readonly settings: Settings }) {
  return (
    <TypedOption
      name="Greeting"
      value={settings.greeting}
      mostBytes={1_000}
      onChange={(greeting) => void changeSettings({ greeting })}
    />
  );
}

export function TextOption({ settings }: { readonly settings: Settings }) {
  return (
    <TypedOption
      name="Text to send"
      value={settings.text}
      mostBytes={65_536}
      onChange={(text) => void changeSettings({ text })}
    />
  );
}

// Options that are typed texts. What does not fit is said below the field and changes nothing; Enter runs.

import type { Settings } from '../../../shared/ipc.ts';
import { countCharacters } from '../../scene/octets.ts';
import { formatBytes, formatCountOf } from '../../../shared/format.ts';
import { runChosen } from '../../store/actions.ts';
import { changeSettings } from '../../store/run.ts';
import { TypedField } from '../../ui/typed-field.tsx';

interface TypedOptionProps {
  readonly name: string;
  readonly value: string;
  readonly mostBytes: number;
  readonly onChange: (value: string) => void;
  readonly entersRun: boolean;
}

const ENCODER = new TextEncoder();

function TypedOption({ name, value, mostBytes, onChange, entersRun }: TypedOptionProps) {
  return (
    <TypedField
      name={name}
      type="text"
      value={value}
      judge={(typed) => {
        const bytes = ENCODER.encode(typed).length;
        if (bytes === 0) return { fits: false, says: 'Type at least one character.' };
        if (bytes > mostBytes) return { fits: false, says: `At most ${formatBytes(mostBytes)}.` };
        return {
          fits: true,
          says: `${formatCountOf(countCharacters(typed), 'character')}, ${formatBytes(bytes)}.${entersRun ? ' Enter runs it.' : ''}`,
        };
      }}
      onTake={onChange}
      {...(entersRun ? { onEnter: () => void runChosen() } : {})}
    />
  );
}

interface TextOptionProps {
  readonly settings: Settings;
  /** Enter runs the experiment, where it is the one whose text this is. */
  readonly entersRun?: boolean;
}

export function GreetingOption({ settings, entersRun = true }: TextOptionProps) {
  return (
    <TypedOption
      name="Greeting"
      value={settings.greeting}
      mostBytes={1_000}
      entersRun={entersRun}
      onChange={(greeting) => void changeSettings({ greeting })}
    />
  );
}

export function TextOption({ settings, entersRun = true }: TextOptionProps) {
  return (
    <TypedOption
      name="Text to send"
      value={settings.text}
      mostBytes={65_536}
      entersRun={entersRun}
      onChange={(text) => void changeSettings({ text })}
    />
  );
}

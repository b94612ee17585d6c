// How the client of `boundaries` hands its bytes to the kernel, and when the servers read.

import type { Settings } from '../../../shared/ipc.ts';
import type { HandOver } from '../../../shared/trace/fact.ts';
import { handOverName } from '../../scene/describe.ts';
import { changeSettings } from '../../store/run.ts';
import { RadioChoices } from '../../ui/radio-choices.tsx';

const HAND_OVERS: readonly (readonly [HandOver, string])[] = [
  ['a-write-a-line', 'each line is one call'],
  ['all-at-once', 'one call for everything'],
  ['byte-by-byte', 'as many calls as bytes'],
  ['inside-a-character', 'two calls, é cut in half'],
];

export function HandOverOption({ settings }: { readonly settings: Settings }) {
  return (
    <RadioChoices
      name="The client writes"
      choices={HAND_OVERS.map(([value, hint]) => ({ value, name: handOverName(value), hint }))}
      chosen={settings.handOver}
      hintsBelow
      onChoose={(handOver) => void changeSettings({ handOver })}
    />
  );
}

export function ReadWhenOption({ settings }: { readonly settings: Settings }) {
  // The cut would not be seen where both halves are read as one.
  const fixed = settings.handOver === 'inside-a-character';
  return (
    <RadioChoices
      name="The servers read"
      choices={[
        {
          value: 'late',
          name: 'when all waits in the kernel',
          hint: 'each read returns all of it',
          disabled: fixed,
        },
        { value: 'after-each-write', name: 'after each write', hint: 'each write is one read' },
      ]}
      chosen={fixed ? 'after-each-write' : settings.readWhen}
      hintsBelow
      onChoose={(readWhen) => void changeSettings({ readWhen })}
    >
      {fixed ? (
        <span className="hint">
          A split character is always read after each write: read late, both halves would come as one.
        </span>
      ) : null}
    </RadioChoices>
  );
}

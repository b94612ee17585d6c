// What counts as one character; difference.tsx shows what difference it makes.

import type { Settings } from '../../../shared/ipc.ts';
import type { ReversalUnit } from '../../../shared/trace/fact.ts';
import { UNITS, unitName } from '../../../shared/experiments/transform-words.ts';
import { changeSettings } from '../../store/run.ts';
import { RadioChoices } from '../../ui/radio-choices.tsx';

const HINTS: Readonly<Record<ReversalUnit, string>> = {
  grapheme: 'as a reader sees it',
  codepoint: 'as Python [::-1]',
  byte: 'breaks all but ASCII',
};

const CHOICES = UNITS.map((value) => ({ value, name: unitName(value), hint: HINTS[value] }));

export function ReverseByChoice({ settings }: { readonly settings: Settings }) {
  return (
    <RadioChoices
      name="Reverse by"
      choices={CHOICES}
      chosen={settings.by}
      onChoose={(by) => void changeSettings({ by })}
    />
  );
}

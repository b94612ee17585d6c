// Who has the port that the second server asks for.

import type { Settings } from '../../../shared/ipc.ts';
import { changeSettings } from '../../store/run.ts';
import { RadioChoices } from '../../ui/radio-choices.tsx';

const CHOICES = [
  { value: 'listener', name: 'a server that listens', hint: 'Two servers of ours ask for one port.' },
  {
    value: 'time-wait',
    name: 'a program that has ended',
    hint: 'Its connection stays in TIME_WAIT: 60 s on Linux. Needs python3, because Node always sets SO_REUSEADDR.',
  },
] as const;

export function TakenByOption({ settings }: { readonly settings: Settings }) {
  return (
    <RadioChoices
      name="Who has the port"
      choices={CHOICES}
      chosen={settings.takenBy}
      hintsBelow
      onChoose={(takenBy) => void changeSettings({ takenBy })}
    />
  );
}

// Light or dark, or as the system has it. The menu has the same choice.

import type { Settings } from '../../../shared/ipc.ts';
import { changeSettings } from '../../store/run.ts';
import { RadioChoices } from '../../ui/radio-choices.tsx';

const LOOKS = [
  { value: 'light', name: 'Light' },
  { value: 'dark', name: 'Dark' },
  { value: 'system', name: 'As the system' },
] as const;

export function LookOption({ settings }: { readonly settings: Settings }) {
  return (
    <RadioChoices
      name="Look"
      nameHidden
      choices={LOOKS}
      chosen={settings.theme}
      onChoose={(theme) => void changeSettings({ theme })}
    />
  );
}

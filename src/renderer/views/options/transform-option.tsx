// What the server does with each line.

import { ArrowRight } from 'lucide-react';
import type { Settings } from '../../../shared/ipc.ts';
import type { ExperimentName, Transform } from '../../../shared/trace/fact.ts';
import { transformName, TRANSFORMS } from '../../../shared/experiments/transform-words.ts';
import { changeSettings } from '../../store/run.ts';
import { RadioChoices } from '../../ui/radio-choices.tsx';

const EXAMPLES: Readonly<Record<Transform, readonly [string, string]>> = {
  reverse: ['HELLO', 'OLLEH'],
  'upper-case': ['Hello', 'HELLO'],
  'swap-case': ['Hello', 'hELLO'],
};

const CHOICES = TRANSFORMS.map((value) => ({
  value,
  name: transformName(value),
  hint: <Example of={EXAMPLES[value]} />,
}));

/** The arrow is drawn: the bundled fonts have none, and each system's own looks another way. */
function Example({ of: [line, reply] }: { readonly of: readonly [string, string] }) {
  return (
    <>
      {line} <ArrowRight size={12} role="img" aria-label="becomes" /> {reply}
    </>
  );
}

export function TransformOption({ settings }: { readonly settings: Settings }) {
  return (
    <RadioChoices
      name="What the server does"
      choices={CHOICES}
      chosen={settings.transform}
      onChoose={(transform) => void changeSettings({ transform })}
    />
  );
}

/** Whether an experiment reverses something, so that it matters what counts as one character. */
export function reversesSomething(experiment: ExperimentName, { transform }: Settings): boolean {
  if (experiment === 'boundaries') return true;
  return (experiment === 'string' || experiment === 'file') && transform === 'reverse';
}

// The field of an option, built from its definition. An invalid value is reported below it and changes nothing.

import { ArrowRight } from 'lucide-react';
import { useId } from 'react';
import { OPTIONS, type OptionName } from '../../../shared/experiments/definitions.ts';
import { fieldFault, valuesOf } from '../../../shared/experiments/options.ts';
import type {
  Choice,
  ChoiceOption,
  IntOption,
  Option,
  TextOption,
} from '../../../shared/experiments/options.ts';
import { formatBytes, formatCountOf } from '../../../shared/format.ts';
import type { Settings } from '../../../shared/ipc.ts';
import { utf8Bytes } from '../../../shared/text.ts';
import { countCharacters } from '../../scene/octets.ts';
import { runChosen } from '../../store/actions.ts';
import { changeOption } from '../../store/run.ts';
import { RadioChoices } from '../../ui/radio-choices.tsx';
import { TypedField } from '../../ui/typed-field.tsx';

interface OptionFieldProps {
  readonly name: OptionName;
  readonly settings: Settings;
  /** Enter in a text runs the experiment. */
  readonly entersRun?: boolean;
}

export function OptionField({ name, settings, entersRun = false }: OptionFieldProps) {
  const option: Option = OPTIONS[name];
  const value = settings[name];
  const onChange = (next: string | number): void => void changeOption(name, next);
  switch (option.kind) {
    case 'int':
      return option.step === undefined ? (
        <NumberField option={option} value={Number(value)} onChange={onChange} />
      ) : (
        <SliderField option={option} value={Number(value)} step={option.step} onChange={onChange} />
      );
    case 'choice':
      return <ChoiceField option={option} value={String(value)} settings={settings} onChange={onChange} />;
    case 'text':
      return <TextField option={option} value={String(value)} entersRun={entersRun} onChange={onChange} />;
  }
}

interface IntFieldProps {
  readonly option: IntOption;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** NaN for what is no whole number of at most nine digits. */
function parseDigits(typed: string): number {
  return /^\d{1,9}$/.test(typed) ? Number(typed) : NaN;
}

function NumberField({ option, value, onChange }: IntFieldProps) {
  return (
    <TypedField
      name={option.label}
      type="number"
      inputMode="numeric"
      min={option.min}
      max={option.max}
      value={String(value)}
      validate={(typed) => {
        const number = parseDigits(typed);
        const fault = fieldFault(option, number);
        return { fits: fault === undefined, says: fault ?? option.hint(number) };
      }}
      onAccept={(typed) => {
        onChange(parseDigits(typed));
      }}
    />
  );
}

function SliderField({ option, value, step, onChange }: IntFieldProps & { readonly step: number }) {
  const id = useId();
  const words = option.hint(value);
  return (
    <div className="option">
      <label htmlFor={id}>{option.label}</label>
      <input
        id={id}
        type="range"
        min={option.min}
        max={option.max}
        step={step}
        value={value}
        aria-valuetext={words}
        data-own-keys="ArrowLeft ArrowRight ArrowUp ArrowDown Home End"
        onChange={(event) => {
          onChange(Number(event.target.value));
        }}
      />
      <span className="hint">{words}</span>
    </div>
  );
}

interface ChoiceFieldProps {
  readonly option: ChoiceOption<string>;
  readonly value: string;
  readonly settings: Settings;
  readonly onChange: (value: string) => void;
}

function ChoiceField({ option, value, settings, onChange }: ChoiceFieldProps) {
  const fixed = option.fixed?.(settings);
  return (
    <RadioChoices
      name={option.label}
      choices={valuesOf(option).map((each) => ({
        value: each,
        name: option.choices[each]?.name ?? each,
        ...hintOf(option.choices[each]),
        disabled: fixed !== undefined && each !== fixed.value,
      }))}
      chosen={fixed?.value ?? value}
      hintsBelow={option.hintsBelow === true}
      onChoose={onChange}
    >
      {fixed === undefined ? null : <span className="hint">{fixed.why}</span>}
    </RadioChoices>
  );
}

function hintOf(choice: Choice | undefined) {
  if (choice?.example !== undefined) return { hint: <Example of={choice.example} /> };
  return choice?.hint === undefined ? {} : { hint: choice.hint };
}

/** The arrow is drawn: the bundled fonts have none, and each system's own differs. */
function Example({ of: [line, reply] }: { readonly of: readonly [string, string] }) {
  return (
    <>
      {line} <ArrowRight size={12} role="img" aria-label="becomes" /> {reply}
    </>
  );
}

interface TextFieldProps {
  readonly option: TextOption;
  readonly value: string;
  readonly entersRun: boolean;
  readonly onChange: (value: string) => void;
}

function TextField({ option, value, entersRun, onChange }: TextFieldProps) {
  return (
    <TypedField
      name={option.label}
      type="text"
      value={value}
      validate={(typed) => {
        const fault = fieldFault(option, typed);
        if (fault !== undefined) return { fits: false, says: fault };
        const size = `${formatCountOf(countCharacters(typed), 'character')}, ${formatBytes(utf8Bytes(typed))}.`;
        return { fits: true, says: entersRun ? `${size} Enter runs it.` : size };
      }}
      onAccept={onChange}
      {...(entersRun ? { onEnter: () => void runChosen() } : {})}
    />
  );
}

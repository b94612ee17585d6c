// The options of an experiment: the first of them in sight, the others behind a button.

import { ChevronDown, ChevronRight, RotateCcw } from 'lucide-react';
import { Fragment, useState, type ReactNode } from 'react';
import type { Settings } from '../../../shared/ipc.ts';
import {
  EXPERIMENTS,
  OPTIONS,
  portFor,
  reversesSomething,
  type ExperimentName,
  type OptionName,
} from '../../../shared/experiments/definitions.ts';
import { defaultsOf } from '../../../shared/experiments/options.ts';
import { runChosen } from '../../store/actions.ts';
import { useChangedOptions } from '../../store/choices.ts';
import { Button } from '../../ui/button.tsx';
import { Difference } from '../lazy.tsx';
import { InputNameOption, OutputNameOption } from '../options/name-options.tsx';
import { OptionField } from '../options/option-field.tsx';

const DEFAULTS = defaultsOf(OPTIONS);

/** So many options of an experiment are in sight; they are the first ones of its definition. */
const SHOWN_OPTIONS = 3;

export function Options({
  chosen,
  settings,
}: {
  readonly chosen: ExperimentName;
  readonly settings: Settings;
}) {
  const reverses = reversesSomething(chosen, settings);
  const names = EXPERIMENTS[chosen].options.filter((name) => name !== 'by' || reverses);
  const shown = names.slice(0, SHOWN_OPTIONS);
  const more = names.slice(SHOWN_OPTIONS);
  return (
    <>
      <OptionFields chosen={chosen} names={shown} settings={settings} />
      {more.length === 0 && chosen !== 'file' ? null : (
        <MoreOptions changed={more.filter((name) => settings[name] !== DEFAULTS[name]).length}>
          <OptionFields chosen={chosen} names={more} settings={settings} />
          {chosen === 'file' ? (
            <>
              <InputNameOption settings={settings} />
              <OutputNameOption settings={settings} />
            </>
          ) : null}
        </MoreOptions>
      )}
    </>
  );
}

interface OptionFieldsProps {
  readonly chosen: ExperimentName;
  readonly names: readonly OptionName[];
  readonly settings: Settings;
}

function OptionFields({ chosen, names, settings }: OptionFieldsProps) {
  return names.map((name) => (
    <Fragment key={name}>
      {name === 'port' && portFor(chosen, settings) !== settings.port ? (
        <FreePort port={settings.port} />
      ) : (
        <OptionField name={name} settings={settings} entersRun />
      )}
      {name === 'by' ? <Difference chosen={settings.by} /> : null}
    </Fragment>
  ));
}

interface MoreOptionsProps {
  /** How many of them are not as they were at the first start: a person must not forget them behind the button. */
  readonly changed: number;
  readonly children: ReactNode;
}

function MoreOptions({ changed, children }: MoreOptionsProps) {
  const [open, setOpen] = useState(false);
  return (
    <div className="more-options">
      <Button
        icon={open ? ChevronDown : ChevronRight}
        look="plain"
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        {changed === 0 || open ? 'More options' : `More options (${changed} changed)`}
      </Button>
      {open ? children : null}
    </div>
  );
}

/** In place of the port's field, where the experiment takes a free one (definitions.ts). */
function FreePort({ port }: { readonly port: number }) {
  return (
    <div className="option">
      <span>Port</span>
      <span className="hint">
        Any free one: the program that has ended keeps its port from every server for a minute, and the other
        experiments need port {port}.
      </span>
    </div>
  );
}

/** Where the run shown had other options than those that are set now. */
export function OptionsChanged() {
  const changed = useChangedOptions();
  if (changed.length === 0) return null;
  return (
    <div className="options-changed" role="status" aria-label="Options changed">
      <p>Not those of the run shown: {changed.map((name) => OPTIONS[name].label).join(', ')}.</p>
      <Button icon={RotateCcw} onClick={() => void runChosen()}>
        Run again with these
      </Button>
    </div>
  );
}

// The experiments, and the options of the one that is shown.

import { ChevronDown, ChevronRight, FileText, Settings as SettingsIcon } from 'lucide-react';
import { Fragment, useState } from 'react';
import type { Settings } from '../../../shared/ipc.ts';
import {
  EXPERIMENT_NAMES,
  EXPERIMENTS,
  portFor,
  readsFile,
  reversesSomething,
  sharingEntry,
  titleOf,
  type ExperimentName,
} from '../../../shared/experiments/definitions.ts';
import { runSample } from '../../store/actions.ts';
import { keyNameOf } from '../../store/keys.ts';
import { pause } from '../../store/player.ts';
import { chooseExperiment, showDialog, useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import { RadioChoices } from '../../ui/radio-choices.tsx';
import { useFirstPaint } from '../../ui/first-paint.ts';
import { Difference } from '../lazy.tsx';
import { Recent } from './recent.tsx';
import './sidebar.css';
import { OptionField } from '../options/option-field.tsx';
import { InputNameOption, OutputNameOption } from '../options/name-options.tsx';

/** One entry for those that share a name. */
const ENTRIES = EXPERIMENT_NAMES.filter((name) => sharingEntry(name)[0] === name);

export function Sidebar() {
  const chosen = useRun((state) => state.chosen);
  const settings = useRun((state) => state.settings);
  const painted = useFirstPaint();
  // Only where the window is too small for it to stand beside the wire (sidebar.css).
  const [unfolded, setUnfolded] = useState(false);
  return (
    <nav className={unfolded ? 'sidebar unfolded' : 'sidebar'} aria-label="Experiments">
      <div className="sidebar-fold">
        <Button
          icon={unfolded ? ChevronDown : ChevronRight}
          look="plain"
          aria-expanded={unfolded}
          onClick={() => {
            setUnfolded(!unfolded);
          }}
        >
          Experiments and options
        </Button>
      </div>
      <div className="experiments">
        <h2>Experiments</h2>
        {ENTRIES.map((name) => {
          const { entry, step } = EXPERIMENTS[name];
          const isChosen = sharingEntry(name).includes(chosen);
          return (
            <button
              key={name}
              type="button"
              className="experiment"
              aria-current={isChosen ? 'page' : undefined}
              onClick={() => {
                if (!isChosen) choose(name);
              }}
            >
              {entry}
              <span>{step}</span>
            </button>
          );
        })}
      </div>
      {settings === undefined || !painted ? null : (
        <fieldset className="options">
          <legend>Options</legend>
          <KindOption chosen={chosen} />
          <Options chosen={chosen} settings={settings} />
        </fieldset>
      )}
      {readsFile(chosen) ? <BackToSample /> : null}
      <div className="sidebar-foot">
        <Button
          icon={SettingsIcon}
          look="plain"
          title={`All settings on one screen (${keyNameOf('settings')})`}
          onClick={() => {
            showDialog('settings');
          }}
        >
          Settings
        </Button>
      </div>
      <Recent />
    </nav>
  );
}

function choose(name: ExperimentName): void {
  chooseExperiment(name);
  pause();
}

/** Which of the experiments that share an entry. */
function KindOption({ chosen }: { readonly chosen: ExperimentName }) {
  const sharing = sharingEntry(chosen);
  if (sharing.length < 2) return null;
  return (
    <RadioChoices
      name="What goes wrong"
      choices={sharing.map((name) => ({ value: name, name: titleOf(name) }))}
      chosen={chosen}
      onChoose={choose}
    />
  );
}

function Options({ chosen, settings }: { readonly chosen: ExperimentName; readonly settings: Settings }) {
  const reverses = reversesSomething(chosen, settings);
  return (
    <>
      {EXPERIMENTS[chosen].options
        .filter((name) => name !== 'by' || reverses)
        .map((name) => (
          <Fragment key={name}>
            {name === 'port' && portFor(chosen, settings) !== settings.port ? (
              <FreePort port={settings.port} />
            ) : (
              <OptionField name={name} settings={settings} entersRun />
            )}
            {name === 'by' ? <Difference chosen={settings.by} /> : null}
          </Fragment>
        ))}
      {chosen === 'file' ? (
        <>
          <InputNameOption settings={settings} />
          <OutputNameOption settings={settings} />
        </>
      ) : null}
    </>
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

function BackToSample() {
  const input = useRun((state) => state.input);
  if (input === undefined || input.sample) return null;
  return (
    <Button icon={FileText} onClick={() => void runSample()}>
      Run the built-in sample
    </Button>
  );
}

// The experiments, and the options of the one that is shown.

import { ChevronDown, ChevronRight, FileText, Settings as SettingsIcon } from 'lucide-react';
import { useState } from 'react';
import {
  EXPERIMENT_NAMES,
  EXPERIMENTS,
  readsFile,
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
import { Options, OptionsChanged } from './options.tsx';
import { Recent } from './recent.tsx';
import { Runs } from './runs.tsx';
import './sidebar.css';

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
      <Recent />
      {settings === undefined || !painted ? null : (
        <fieldset className="options">
          <legend>Options</legend>
          <KindOption chosen={chosen} />
          <Options chosen={chosen} settings={settings} />
        </fieldset>
      )}
      {readsFile(chosen) ? <BackToSample /> : null}
      <Runs />
      <div className="sidebar-foot">
        <OptionsChanged />
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

function BackToSample() {
  const input = useRun((state) => state.input);
  if (input === undefined || input.sample) return null;
  return (
    <Button icon={FileText} onClick={() => void runSample()}>
      Run the built-in sample
    </Button>
  );
}

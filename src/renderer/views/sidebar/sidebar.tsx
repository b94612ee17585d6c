// The experiments, and the options of the one that is shown.

import { ChevronDown, ChevronRight, FileText, Settings as SettingsIcon } from 'lucide-react';
import { useState } from 'react';
import type { ExperimentName } from '../../../shared/trace/fact.ts';
import type { Settings } from '../../../shared/ipc.ts';
import { EXPERIMENTS, sharingEntry, titleOf } from '../../../shared/experiments/definitions.ts';
import { runSample } from '../../store/actions.ts';
import { keyName } from '../../store/keys.ts';
import { pause } from '../../store/player.ts';
import { chooseExperiment, showDialog, useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import { RadioChoices } from '../../ui/radio-choices.tsx';
import { useFirstPaint } from '../../ui/first-paint.ts';
import { Difference } from '../lazy.tsx';
import { HandOverOption, ReadWhenOption } from '../options/boundary-options.tsx';
import { LongestLineOption, PortOption } from '../options/number-options.tsx';
import { ReverseByChoice } from '../options/reverse-by-option.tsx';
import { Recent } from './recent.tsx';
import { PauseOption, RoundsOption, RunsOption } from '../options/round-options.tsx';
import './sidebar.css';
import { InputNameOption, OutputNameOption } from '../options/name-options.tsx';
import { StartOption } from '../options/start-option.tsx';
import { TakenByOption } from '../options/taken-by-option.tsx';
import { GreetingOption, TextOption } from '../options/text-options.tsx';
import { reversesSomething, TransformOption } from '../options/transform-option.tsx';

/** One entry for those that share a name. */
const ENTRIES = EXPERIMENTS.filter(({ id }) => sharingEntry(id)[0]?.id === id);

export function Sidebar() {
  const chosen = useRun((state) => state.chosen);
  const settings = useRun((state) => state.settings);
  const painted = useFirstPaint();
  // Only where the window is too small for it to stand beside the wire; sidebar.css knows.
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
        {ENTRIES.map(({ id, name, step }) => {
          const isChosen = sharingEntry(id).some((experiment) => experiment.id === chosen);
          return (
            <button
              key={id}
              type="button"
              className="experiment"
              aria-current={isChosen ? 'page' : undefined}
              onClick={() => {
                if (!isChosen) choose(id);
              }}
            >
              {name}
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
      {chosen === 'file' || chosen === 'boundaries' ? <BackToSample /> : null}
      <div className="sidebar-foot">
        <Button
          icon={SettingsIcon}
          look="plain"
          title={`All settings on one screen (${keyName('Mod+,')})`}
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

function choose(id: ExperimentName): void {
  chooseExperiment(id);
  pause();
}

/** Which of the experiments that share an entry. */
function KindOption({ chosen }: { readonly chosen: ExperimentName }) {
  const sharing = sharingEntry(chosen);
  if (sharing.length < 2) return null;
  return (
    <RadioChoices
      name="What goes wrong"
      choices={sharing.map(({ id }) => ({ value: id, name: titleOf(id) }))}
      chosen={chosen}
      onChoose={choose}
    />
  );
}

function Options({ chosen, settings }: { readonly chosen: ExperimentName; readonly settings: Settings }) {
  return (
    <>
      {chosen === 'string' ? <TextOption settings={settings} /> : null}
      {chosen === 'welcome' || chosen === 'refused' || chosen === 'race' || chosen === 'ports' ? (
        <GreetingOption settings={settings} />
      ) : null}
      {chosen === 'refused' ? <StartOption settings={settings} /> : null}
      {chosen === 'in-use' ? <TakenByOption settings={settings} /> : null}
      {chosen === 'race' ? <RoundsOption settings={settings} /> : null}
      {chosen === 'race' ? <PauseOption settings={settings} /> : null}
      {chosen === 'ports' ? <RunsOption settings={settings} /> : null}
      {chosen === 'boundaries' ? (
        <>
          <HandOverOption settings={settings} />
          <ReadWhenOption settings={settings} />
        </>
      ) : null}
      <PortOption settings={settings} />
      {chosen === 'string' || chosen === 'file' ? <TransformOption settings={settings} /> : null}
      {reversesSomething(chosen, settings) ? (
        <>
          <ReverseByChoice settings={settings} />
          <Difference chosen={settings.by} />
        </>
      ) : null}
      {chosen === 'file' ? (
        <>
          <InputNameOption settings={settings} />
          <OutputNameOption settings={settings} />
          <LongestLineOption settings={settings} />
        </>
      ) : null}
    </>
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

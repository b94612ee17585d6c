// The experiments, and the options of the one that is shown.

import { FileText } from 'lucide-react';
import type { ExperimentName } from '../../../shared/trace.ts';
import type { Settings } from '../../../shared/ipc.ts';
import { EXPERIMENTS } from '../../scene/experiments.ts';
import { runSample } from '../../store/actions.ts';
import { pause } from '../../store/player.ts';
import { chooseExperiment, useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import { LongestLineOption, PortOption } from './number-options.tsx';
import { ReverseByOption } from './reverse-by-option.tsx';
import './sidebar.css';
import { StartOption } from './start-option.tsx';
import { GreetingOption, TextOption } from './text-options.tsx';

export function Sidebar() {
  const chosen = useRun((state) => state.chosen);
  const settings = useRun((state) => state.settings);
  return (
    <nav className="sidebar" aria-label="Experiments">
      <div>
        <h2>Experiments</h2>
        {EXPERIMENTS.map(({ id, name, step }) => (
          <button
            key={id}
            type="button"
            className="experiment"
            aria-current={id === chosen ? 'page' : undefined}
            onClick={() => {
              if (id === chosen) return;
              pause();
              chooseExperiment(id);
            }}
          >
            {name}
            <span>{step}</span>
          </button>
        ))}
      </div>
      {settings === undefined ? null : (
        <fieldset className="options">
          <legend>Options</legend>
          <Options chosen={chosen} settings={settings} />
        </fieldset>
      )}
      {chosen === 'file' ? <BackToSample /> : null}
    </nav>
  );
}

function Options({ chosen, settings }: { readonly chosen: ExperimentName; readonly settings: Settings }) {
  return (
    <>
      {chosen === 'string' ? <TextOption settings={settings} /> : null}
      {chosen === 'welcome' || chosen === 'refused' ? <GreetingOption settings={settings} /> : null}
      {chosen === 'refused' ? <StartOption settings={settings} /> : null}
      <PortOption settings={settings} />
      {chosen === 'string' || chosen === 'file' ? <ReverseByOption settings={settings} /> : null}
      {chosen === 'file' ? <LongestLineOption settings={settings} /> : null}
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

// The experiments, and the options of the one that is shown.

import './sidebar.css';
import { LongestLineOption, PortOption } from './number-options.tsx';
import { ReverseByOption } from './reverse-by-option.tsx';
import { runSample } from '../../store/actions.ts';
import { useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import { FileText } from 'lucide-react';

export function Sidebar() {
  const input = useRun((state) => state.input);
  const settings = useRun((state) => state.settings);
  return (
    <nav className="sidebar" aria-label="Experiments">
      <div>
        <h2>Experiments</h2>
        <button type="button" className="experiment" aria-current="page">
          Reverse a file
          <span>step 5</span>
        </button>
      </div>
      {settings === undefined ? null : (
        <fieldset className="options">
          <legend>Options</legend>
          <PortOption settings={settings} />
          <ReverseByOption settings={settings} />
          <LongestLineOption settings={settings} />
        </fieldset>
      )}
      {input === undefined || input.sample ? null : (
        <Button icon={FileText} onClick={() => void runSample()}>
          Run the built-in sample
        </Button>
      )}
    </nav>
  );
}

// How the window is divided: sizes of the panels and which are folded. Kept with the settings.

import { DEFAULT_PANELS, type PanelName, type Panels } from '../../shared/panels.ts';
import { changeSettings, useRun } from './run.ts';

export function usePanels(): Panels {
  return useRun((state) => state.settings?.panels) ?? DEFAULT_PANELS;
}

function panels(): Panels {
  return useRun.getState().settings?.panels ?? DEFAULT_PANELS;
}

export function changePanels(change: Partial<Panels>): void {
  void changeSettings({ panels: { ...panels(), ...change } });
}

/** Folds a panel away, or unfolds it. */
export function toggleFolded(name: PanelName): void {
  const { folded } = panels();
  changePanels({
    folded: folded.includes(name) ? folded.filter((other) => other !== name) : [...folded, name],
  });
}

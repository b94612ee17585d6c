// How the window is divided: sizes of the panels and which are folded. Kept with the settings.

import { DEFAULT_PANELS, PANEL_NAMES, type PanelName, type Panels } from '../../shared/panels.ts';
import { usePresentation } from './presentation.ts';
import { changeSettings, useRun } from './run.ts';

/** The panels as they are shown: while presenting all are folded. */
export function usePanels(): Panels {
  const kept = useRun((state) => state.settings?.panels) ?? DEFAULT_PANELS;
  const presenting = usePresentation((state) => state.on);
  return presenting ? { ...kept, folded: PANEL_NAMES } : kept;
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

// What the window's first picture does without: loaded right behind it, so that the window is there sooner
// (`npm run bench:start`), and long before anybody can have asked for it.

import { lazy } from 'react';

const parts = {
  picture: () => import('./wire/picture.tsx'),
  lines: () => import('./lines/lines-table.tsx'),
  transcript: () => import('./lines/transcript.tsx'),
  rounds: () => import('./rounds/rounds-table.tsx'),
  givenBack: () => import('./boundaries/given-back.tsx'),
  settings: () => import('./settings/settings-dialog.tsx'),
  difference: () => import('./sidebar/difference.tsx'),
} as const;

export const Picture = lazy(async () => ({ default: (await parts.picture()).Picture }));
export const LinesTable = lazy(async () => ({ default: (await parts.lines()).LinesTable }));
export const Transcript = lazy(async () => ({ default: (await parts.transcript()).Transcript }));
export const RoundsTable = lazy(async () => ({ default: (await parts.rounds()).RoundsTable }));
export const GivenBack = lazy(async () => ({ default: (await parts.givenBack()).GivenBack }));
export const SettingsDialog = lazy(async () => ({ default: (await parts.settings()).SettingsDialog }));
export const Difference = lazy(async () => ({ default: (await parts.difference()).Difference }));

/** Loads all of it, as soon as the first picture stands on the screen. */
export function loadTheRest(): void {
  const painted = new PerformanceObserver(() => {
    painted.disconnect();
    for (const load of Object.values(parts)) void load();
  });
  painted.observe({ type: 'paint', buffered: true });
}

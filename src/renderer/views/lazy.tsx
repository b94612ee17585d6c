// Components that the window's first paint does not need. They are loaded right after it, so that the window is there
// sooner (`npm run bench:start`) and they are there before anybody can ask for them. Not by React's lazy(): what that
// suspends waits for as long as something else moves on the screen, so a table would appear only after the run.

import type { ComponentType } from 'react';
import { create } from 'zustand';
import { afterFirstPaint } from '../ui/first-paint.ts';

const loaders: (() => Promise<void>)[] = [];

/** A component that is nothing until it is loaded, and then itself. */
function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const useLoaded = create<{ readonly Component?: ComponentType<Props> }>()(() => ({}));
  loaders.push(async () => {
    useLoaded.setState({ Component: await load() });
  });
  return function Later(props: Props) {
    const { Component } = useLoaded();
    return Component === undefined ? null : <Component {...props} />;
  };
}

export const Picture = later(async () => (await import('./wire/picture.tsx')).Picture);
export const FindBar = later(async () => (await import('./find/find-bar.tsx')).FindBar);
export const Comparison = later(async () => (await import('./comparison/comparison.tsx')).Comparison);
export const LinesTable = later(async () => (await import('./tables/lines-table.tsx')).LinesTable);
export const Numbers = later(async () => (await import('./numbers/numbers.tsx')).Numbers);
export const Transcript = later(async () => (await import('./tables/transcript.tsx')).Transcript);
export const RoundsTable = later(async () => (await import('./tables/rounds-table.tsx')).RoundsTable);
export const GivenBack = later(
  async () => (await import('../experiments/boundaries/given-back.tsx')).GivenBack,
);
export const PaletteDialog = later(async () => (await import('./dialogs/palette-dialog.tsx')).PaletteDialog);
export const SettingsDialog = later(
  async () => (await import('./settings/settings-dialog.tsx')).SettingsDialog,
);
export const ContextMenu = later(async () => (await import('./context-menu/context-menu.tsx')).ContextMenu);
export const Difference = later(async () => (await import('./sidebar/difference.tsx')).Difference);

/** Loads all of them after the first paint. */
export function loadTheRest(): void {
  afterFirstPaint(() => {
    for (const load of loaders) void load();
  });
}

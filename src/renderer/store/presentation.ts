// Presentation mode: the picture, its sentence and the time bar alone, on the whole screen.

import { create } from 'zustand';
import { bridge } from './bridge.ts';

interface PresentationState {
  readonly on: boolean;
  /** The screen is dark, as a presenter wants it while nobody should look at it. */
  readonly dark: boolean;
}

export const usePresentation = create<PresentationState>()(() => ({ on: false, dark: false }));

export function isPresenting(): boolean {
  return usePresentation.getState().on;
}

export function present(on: boolean): void {
  if (on === isPresenting()) return;
  usePresentation.setState({ on, dark: false });
  void bridge.call('window:present', { on });
}

export function togglePresentation(): void {
  present(!isPresenting());
}

/** The whole screen was left by the system's own means. */
export function presentationEnded(): void {
  usePresentation.setState({ on: false, dark: false });
}

export function toggleDark(): void {
  usePresentation.setState(({ dark }) => ({ dark: !dark }));
}

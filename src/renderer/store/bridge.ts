// The preload's bridge, typed. Nothing else in the window touches it by name.

import type { Bridge } from '../../shared/ipc.ts';

declare global {
  interface Window {
    readonly socketScope: Bridge<File>;
  }
}

export const bridge: Bridge<File> = window.socketScope;

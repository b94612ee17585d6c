// The name of a run. Pure.

import type { RunInfo } from '../../shared/ipc.ts';
import { titleOf } from '../../shared/experiments/definitions.ts';
import { printable } from '../../shared/trace/transcript.ts';

/** "Reverse a file · in-proj.txt", "Recorded run lecture-3.socketscope · in-proj.txt". */
export function runName({ experiment, inputName, traceName }: RunInfo): string {
  const name = traceName === undefined ? titleOf(experiment) : `Recorded run ${printable(traceName)}`;
  return experiment === 'file' ? `${name} · ${printable(inputName)}` : name;
}

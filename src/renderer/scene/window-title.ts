// The window's title: what it shows first, because a task bar cuts the end.

import { titleOf, type ExperimentName } from '../../shared/experiments/definitions.ts';
import type { RunInfo } from '../../shared/ipc.ts';
import { printable } from '../../shared/trace/transcript.ts';

/** The title for the run `info`, or for the experiment `chosen` where its run is not shown. */
export function windowTitle(chosen: ExperimentName, info: RunInfo | undefined): string {
  const shown = info?.experiment === chosen ? info : undefined;
  const file =
    shown?.traceName ??
    (shown?.experiment === 'file' && shown.inputName !== '' ? shown.inputName : undefined);
  return [...(file === undefined ? [] : [printable(file)]), titleOf(chosen), 'SocketScope'].join(' – ');
}

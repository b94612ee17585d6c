// Shows at start the run that was interrupted when the window was closed. Only for a start without a file: a given file is
// run, and the interrupted run is kept for the next start.

import type { Notice } from '../../shared/ipc.ts';
import { formatCountOf, formatSize } from '../../shared/format.ts';
import {
  newestInterruptedRun,
  setInterruptedRunAside,
  type InterruptedRunNote,
} from '../../engine/runs/interrupted-runs.ts';
import { log } from '../log/log.ts';
import type { Pushes } from '../bridge/pushes.ts';
import type { Runs } from './current-run.ts';

function whatHappened({ inputName, linesReceived, resultBytes }: InterruptedRunNote, run: number): Notice {
  const text = `The window was closed while ${inputName} was running: ${formatCountOf(linesReceived, 'line')} had come back.`;
  return resultBytes === 0
    ? { tone: 'error', run, text: `${text} This is the run until then.` }
    : {
        tone: 'error',
        run,
        text: `${text} This is the run until then; what came back, ${formatSize(resultBytes)}, can be saved.`,
        offer: 'save-what-came-back',
      };
}

function unreadable(folder: string): Notice {
  return {
    tone: 'error',
    text: `A run was cut off by closing the window, and what was kept of it cannot be read. Its files are in ${folder}.`,
  };
}

/** Shows the newest interrupted run, if there is one, with a notice of what happened to it. */
export async function showInterruptedRun(root: string, runs: Runs, pushes: Pushes): Promise<void> {
  const found = await newestInterruptedRun(root);
  if (found === undefined) return;
  if (found.kind === 'unreadable') {
    log.error(`The run kept in ${found.folder} cannot be read`, found.cause);
    pushes.notify(unreadable(found.folder));
    return;
  }
  const shown = await runs.showInterrupted(found.run);
  if (shown.ok) {
    pushes.notify(whatHappened(found.run.note, shown.value.run));
  } else if (shown.problem.code === 'busy') {
    log.info(`The run kept in ${found.run.folder} waits for the next start: ${shown.problem.message}`);
  } else {
    log.error(`The run kept in ${found.run.folder} cannot be shown: ${shown.problem.message}`);
    pushes.notify(unreadable(await setInterruptedRunAside(root, found.run)));
  }
}

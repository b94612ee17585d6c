// What is shown: the run, and as a tooltip when and where it was recorded.

import { printable } from '../../../shared/trace/transcript.ts';
import { recordedOf, recordedWords } from '../../scene/recorded.ts';
import { runName } from '../../scene/run-name.ts';
import { formatBytes } from '../../../shared/format.ts';
import { hasShownRun, useRun } from '../../store/run.ts';

export function RunChip() {
  const info = useRun((state) => (hasShownRun(state) ? state.info : undefined));
  const landmarks = useRun((state) => state.landmarks);
  if (info === undefined) return null;
  const recorded = recordedOf(landmarks);
  const { traceName } = info;
  const title = [
    ...(traceName === undefined ? [] : [printable(traceName)]),
    ...(recorded === undefined ? [] : [`Recorded ${recordedWords(recorded)}`]),
  ].join('\n');
  return (
    <span className="chip-text" title={title === '' ? undefined : title}>
      {runName(info)}
      {info.inputBytes === 0 ? '' : ` · ${formatBytes(info.inputBytes)}`}
    </span>
  );
}

// A run that waits for its port: which one, and how much longer, where the kernel reports that.

import type { PortHolder } from '../../../shared/trace/fact.ts';
import { waitingFor } from '../../scene/port-doctor.ts';
import { useRun } from '../../store/run.ts';

export function Waiting() {
  const words = useRun((state) => {
    const waiting = waitingFor(state.facts);
    return waiting === undefined ? '' : `waits for port ${waiting.port}${untilWhen(waiting.holder)}`;
  });
  return (
    <span className="progress waiting" role="group" aria-label="Progress" title={words}>
      {words}
    </span>
  );
}

function untilWhen(holder: PortHolder | undefined): string {
  if (holder?.what === 'time-wait' && holder.secondsLeft !== undefined) return `: ${holder.secondsLeft} s`;
  return '';
}

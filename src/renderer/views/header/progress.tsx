// The progress of a run under way: how far, how fast, how much longer.

import { formatBytes, formatCount, formatDuration } from '../../../shared/format.ts';
import { useRun } from '../../store/run.ts';

export function Progress() {
  const counts = useRun((state) => state.counts);
  const inputBytes = useRun((state) => state.info?.inputBytes ?? 0);
  const done = inputBytes === 0 ? 0 : Math.min(1, counts.bytesReceived / inputBytes);
  const leftUs = done > 0.01 ? (counts.atUs * (1 - done)) / done : undefined;
  const rate = counts.atUs > 0 ? Math.round(counts.linesReceived / (counts.atUs / 1_000_000)) : 0;
  const words = `${formatBytes(counts.bytesReceived)} of ${formatBytes(inputBytes)} · ${formatCount(rate)} lines/s${
    leftUs === undefined ? '' : ` · ${formatDuration(leftUs)} left`
  }`;
  return (
    <span className="progress" role="group" aria-label="Progress">
      <progress value={done} max={1} aria-label="Part of the file that came back" />
      <span title={words}>{words}</span>
    </span>
  );
}

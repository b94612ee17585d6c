// Things that lie across the wire: facts that were counted and not drawn, and what went wrong.

import { printable } from '../../../shared/trace/transcript.ts';
import type { Failure, Gap } from '../../scene/ladder.ts';
import { formatCountOf } from '../../../shared/format.ts';
import type { Places } from './places.ts';

export function GapBand({
  gap,
  from,
  to,
}: {
  readonly gap: Gap;
  readonly from: number;
  readonly to: number;
}) {
  return (
    <foreignObject x={from} y={gap.top} width={Math.max(0, to - from)} height={gap.bottom - gap.top}>
      <p className="gap-band">{formatCountOf(gap.toSeq - gap.fromSeq + 1, 'fact')} counted, not drawn</p>
    </foreignObject>
  );
}

interface FailureCardProps {
  readonly failure: Failure;
  readonly places: Places;
  readonly width: number;
}

/** What went wrong, on the lifeline where it went wrong. */
export function FailureCard({ failure, places, width }: FailureCardProps) {
  const { problem } = failure.event;
  const cardWidth = Math.min(440, width - 48);
  const centre = failure.side === undefined ? (places.client + places.server) / 2 : places[failure.side];
  const left = Math.min(Math.max(24, centre - cardWidth / 2), width - cardWidth - 24);
  const { errorCode, errno, syscall } = problem.detail;
  return (
    <foreignObject x={left} y={failure.y - 100} width={cardWidth} height={94}>
      <div className="failure-card">
        {errorCode === undefined ? null : (
          <b>
            {printable(errorCode)}
            {errno === undefined ? '' : ` (errno ${errno})`}
            {syscall === undefined ? '' : ` from ${printable(syscall)}()`}
          </b>
        )}
        <div>{printable(problem.message)}</div>
      </div>
    </foreignObject>
  );
}

// What lies across the wire: facts that were counted and not drawn.

import type { Gap } from '../../scene/ladder.ts';
import { formatCountOf } from '../../../shared/format.ts';

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

import { memo } from 'react';
import type { Row } from '../../scene/ladder.ts';
import { formatTime } from '../../scene/units.ts';

interface RowMarkProps {
  readonly row: Row;
  readonly x: number;
  readonly now: boolean;
  readonly selected: boolean;
  readonly onSelect: (seq: number) => void;
}

/** A fact beside its lifeline: a point on the line and the call or event in words. */
export const RowMark = memo(function RowMark({ row, x, now, selected, onSelect }: RowMarkProps) {
  const outwards = row.side === 'client' ? -1 : 1;
  const names = ['row', `of-${row.tone}`, now ? 'now' : '', selected ? 'selected' : ''].filter(
    (name) => name !== '',
  );
  return (
    <g
      className={names.join(' ')}
      data-fact={row.seq}
      onClick={() => {
        onSelect(row.seq);
      }}
    >
      <title>{`Fact ${row.seq} at ${formatTime(row.event.atUs)}`}</title>
      <circle cx={x} cy={row.y} r={now ? 5.5 : 4} />
      <text x={x + outwards * 16} y={row.y + 4.5} textAnchor={outwards < 0 ? 'end' : 'start'}>
        {row.label}
      </text>
    </g>
  );
});

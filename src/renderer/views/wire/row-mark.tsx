import { memo } from 'react';
import { labelOf } from '../../scene/describe.ts';
import type { Row } from '../../scene/ladder.ts';
import { formatTime } from '../../../shared/format.ts';
import { useLanguage } from '../../store/choices.ts';
import { useDimmed } from '../../store/find.ts';

/** Of the labels' type; one that would be cut at the edge is drawn narrower. */
const CHARACTER_PX = 7.8;

interface RowMarkProps {
  readonly row: Row;
  readonly x: number;
  /** On which side of the lifeline the label stands: not where the arrows of this connection are. */
  readonly labelAt: 'left' | 'right';
  /** From the lifeline to where the label must end, in pixels. */
  readonly room: number;
  readonly now: boolean;
  readonly selected: boolean;
  /** Its words have room. */
  readonly hasLabel: boolean;
  readonly onSelect: (seq: number) => void;
}

/** A fact beside its lifeline: a point on the line and the call or event in words. */
export const RowMark = memo(function RowMark({
  row,
  x,
  labelAt,
  room,
  now,
  selected,
  hasLabel,
  onSelect,
}: RowMarkProps) {
  const dimmed = useDimmed(row.seq);
  const outwards = labelAt === 'left' ? -1 : 1;
  const about = row.otherClient === undefined ? '' : `, with ${row.otherClient}`;
  const label = labelOf(row.event, row.transform, useLanguage());
  const textPx = label.length * CHARACTER_PX;
  const max = room - 24;
  const inside = labelAt === 'left' && row.side === 'server';
  const names = [
    'row',
    `of-${row.tone}`,
    now ? 'now' : '',
    selected ? 'selected' : '',
    dimmed ? 'dimmed' : '',
    inside ? 'inside' : '',
  ].filter((name) => name !== '');
  return (
    <g
      className={names.join(' ')}
      data-fact={row.seq}
      onClick={() => {
        onSelect(row.seq);
      }}
    >
      <title>{`Fact ${row.seq} at ${formatTime(row.event.atUs)}${about}`}</title>
      <circle cx={x} cy={row.y} r={now ? 5.5 : 4} />
      {hasLabel ? (
        <text
          x={x + outwards * 16}
          y={row.y + 4.5}
          textAnchor={outwards < 0 ? 'end' : 'start'}
          {...(textPx > max ? { textLength: max, lengthAdjust: 'spacingAndGlyphs' } : {})}
        >
          {label}
        </text>
      ) : null}
    </g>
  );
});

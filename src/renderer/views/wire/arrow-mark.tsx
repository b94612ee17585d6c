// One arrow between the lifelines: solid where the bytes were seen at both ends, dashed where it is inferred.

import { memo } from 'react';
import type { Arrow } from '../../scene/ladder.ts';
import { countCharacters, preview } from '../../scene/octets.ts';
import type { LifelineX } from './places.ts';
import { otherSide } from './places.ts';

/** Characters of a line that its chip shows; the whole is in the evidence panel and the lines table. */
const CHIP_CHARACTERS = 24;
const CHARACTER_PX = 9.1;

interface ArrowMarkProps {
  readonly arrow: Arrow;
  readonly cursor: number;
  readonly x: LifelineX;
  readonly onSelect: (seq: number) => void;
}

export function ArrowMark({ arrow, cursor, x, onSelect }: ArrowMarkProps) {
  // Written, and no read was seen: the arrow ends half-way.
  const progress =
    arrow.arrivesAt === undefined
      ? Math.min(0.5, cursor - arrow.leavesAt)
      : Math.min(1, (cursor - arrow.leavesAt) / (arrow.arrivesAt - arrow.leavesAt));
  return (
    <ArrowAt
      arrow={arrow}
      progress={progress}
      fromX={x[arrow.from]}
      toX={x[otherSide(arrow.from)]}
      onSelect={onSelect}
    />
  );
}

interface ArrowAtProps {
  readonly arrow: Arrow;
  readonly progress: number;
  readonly fromX: number;
  readonly toX: number;
  readonly onSelect: (seq: number) => void;
}

const ArrowAt = memo(function ArrowAt({ arrow, progress, fromX, toX, onSelect }: ArrowAtProps) {
  const direction = Math.sign(toX - fromX);
  const startX = fromX + direction * 7;
  const endX = toX - direction * 7;
  const tipX = startX + (endX - startX) * progress;
  const tipY = arrow.y1 + (arrow.y2 - arrow.y1) * progress;
  const angle = (Math.atan2(arrow.y2 - arrow.y1, endX - startX) * 180) / Math.PI;
  // The parts of one write fan out from one point: their names are told apart where they arrive. A FIN runs beside
  // the last bytes, whose chip is where they arrive.
  const labelAt = arrow.inferred ? (arrow.label === 'FIN' ? 0.3 : 0.5) : 0.74;
  const names = [
    'arrow',
    `of-${arrow.from}`,
    arrow.inferred ? 'inferred' : '',
    progress < 1 ? 'travelling' : '',
  ];
  return (
    <g
      className={names.filter((name) => name !== '').join(' ')}
      onClick={() => {
        onSelect(arrow.seq);
      }}
    >
      <title>{`${arrow.label}: ${arrow.why}`}</title>
      <line x1={startX} y1={arrow.y1} x2={tipX} y2={tipY} />
      <path d="M0 0 -11 -5.5 -11 5.5z" transform={`translate(${tipX} ${tipY}) rotate(${angle})`} />
      {arrow.data === undefined ? (
        <text
          className="arrow-label"
          x={startX + (endX - startX) * labelAt}
          y={arrow.y1 + (arrow.y2 - arrow.y1) * labelAt - 7}
          opacity={Math.min(1, progress * 2)}
        >
          {arrow.label}
        </text>
      ) : (
        <Chip arrow={arrow} startX={startX} endX={endX} progress={progress} />
      )}
    </g>
  );
});

interface ChipProps {
  readonly arrow: Arrow;
  readonly startX: number;
  readonly endX: number;
  readonly progress: number;
}

/** The line's own bytes, riding on the arrow from one lifeline to the other. */
function Chip({ arrow, startX, endX, progress }: ChipProps) {
  if (arrow.data === undefined) return null;
  const { text, cut } = preview(arrow.data, CHIP_CHARACTERS);
  const words = cut ? `${text}…` : text;
  const width = Math.max(34, countCharacters(words) * CHARACTER_PX + 24);
  const margin = (width / 2 + 22) * Math.sign(endX - startX);
  const centreX = startX + margin + (endX - startX - 2 * margin) * progress;
  const centreY = arrow.y1 + ((arrow.y2 - arrow.y1) * (centreX - startX)) / (endX - startX);
  return (
    <g className="chip" transform={`translate(${centreX} ${centreY})`}>
      <rect x={-width / 2} y={-14} width={width} height={28} rx={8} />
      <text y={5.5} xmlSpace="preserve">
        {words}
      </text>
    </g>
  );
}

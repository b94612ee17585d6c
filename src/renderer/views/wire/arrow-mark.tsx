// One arrow between two lifelines: solid where the bytes were seen at both ends, dashed where it is inferred.

import { memo } from 'react';
import type { Arrow } from '../../scene/ladder.ts';
import { countCharacters, preview } from '../../scene/octets.ts';
import { useDimmed } from '../../store/find.ts';
import type { Places } from './places.ts';
import { xOf } from './places.ts';

/** Characters of a line that its chip shows, where it has room; the whole is in the evidence panel and the lines table. */
const CHIP_CHARACTERS = 24;
const CHARACTER_PX = 9.1;
const CHIP_PADDING_PX = 24;
/** Of the arrow, beside the chip. */
const SHOWN_ARROW_PX = 44;

interface ArrowMarkProps {
  readonly arrow: Arrow;
  readonly cursor: number;
  /** The height at which the cursor stands: nothing is drawn below it. */
  readonly cursorY: number;
  readonly places: Places;
  /** Whether its bytes or its name are drawn on it: not where they would cover others. */
  readonly hasWords: boolean;
  readonly onSelect: (seq: number) => void;
}

export function ArrowMark({ arrow, cursor, cursorY, places, hasWords, onSelect }: ArrowMarkProps) {
  const fromX = xOf(places, arrow.from);
  const toX = xOf(places, arrow.to);
  // An arrow of the second of several clients crosses the lane of the first.
  const crossed = arrow.otherClient === undefined ? 1 : Math.round(Math.abs(toX - fromX) / places.apart);
  // Written, and no read was seen: the arrow ends half-way, behind the lanes that it crosses.
  const progress =
    arrow.arrivesAt === undefined
      ? Math.min(1 - 0.5 / crossed, cursor - arrow.leavesAt)
      : arrow.y2 > arrow.y1
        ? Math.min(1, Math.max(0, (cursorY - arrow.y1) / (arrow.y2 - arrow.y1)))
        : Math.min(1, (cursor - arrow.leavesAt) / (arrow.arrivesAt - arrow.leavesAt));
  return (
    <ArrowAt
      arrow={arrow}
      progress={progress}
      fromX={fromX}
      toX={toX}
      crossed={crossed}
      hasWords={hasWords}
      onSelect={onSelect}
    />
  );
}

interface ArrowAtProps {
  readonly arrow: Arrow;
  readonly progress: number;
  readonly fromX: number;
  readonly toX: number;
  /** How many lanes the arrow reaches over, its end's own included. */
  readonly crossed: number;
  readonly hasWords: boolean;
  readonly onSelect: (seq: number) => void;
}

const ArrowAt = memo(function ArrowAt({
  arrow,
  progress,
  fromX,
  toX,
  crossed,
  hasWords,
  onSelect,
}: ArrowAtProps) {
  const dimmed = useDimmed(arrow.seq, arrow.arrivesAt === undefined ? undefined : Math.ceil(arrow.arrivesAt));
  const direction = Math.sign(toX - fromX);
  const startX = fromX + direction * 7;
  const endX = toX - direction * 7;
  const tipX = startX + (endX - startX) * progress;
  const tipY = arrow.y1 + (arrow.y2 - arrow.y1) * progress;
  const angle = (Math.atan2(arrow.y2 - arrow.y1, endX - startX) * 180) / Math.PI;
  // The parts of one write fan out from one point: their names are told apart where they arrive. A FIN runs beside
  // the last bytes, whose chip is where they arrive.
  const ownLabelAt = arrow.inferred ? (arrow.label === 'FIN' ? 0.3 : 0.5) : 0.74;
  // Beside the client's own lane, clear of those between it and the server's; but the last part of a handshake beside
  // the server's, because the part before it ends at the same place.
  const besideLane =
    arrow.from === 'server' ? 1 - 0.6 / crossed : arrow.label === 'ACK' ? 1 - 0.5 / crossed : 0.6 / crossed;
  const labelAt = crossed === 1 ? ownLabelAt : besideLane;
  const names = [
    'arrow',
    arrow.from === 'client' || arrow.from === 'server' ? `of-${arrow.from}` : 'of-other',
    arrow.inferred ? 'inferred' : '',
    progress < 1 ? 'travelling' : '',
    dimmed ? 'dimmed' : '',
  ];
  return (
    <g
      className={names.filter((name) => name !== '').join(' ')}
      data-fact={arrow.seq}
      onClick={() => {
        onSelect(arrow.seq);
      }}
    >
      <title>{`${arrow.label}${withWhom(arrow)}: ${arrow.why}`}</title>
      <line x1={startX} y1={arrow.y1} x2={tipX} y2={tipY} />
      <path d="M0 0 -11 -5.5 -11 5.5z" transform={`translate(${tipX} ${tipY}) rotate(${angle})`} />
      {!hasWords ? null : arrow.data === undefined ? (
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

function withWhom({ from, otherClient }: Arrow): string {
  if (otherClient === undefined) return '';
  return from === 'server' ? ` to ${otherClient}` : ` from ${otherClient}`;
}

interface ChipProps {
  readonly arrow: Arrow;
  readonly startX: number;
  readonly endX: number;
  readonly progress: number;
}

/** The line's own bytes, riding on the arrow from one lifeline to the other. */
function Chip({ arrow, startX, endX, progress }: ChipProps) {
  if (arrow.data === undefined) return null;
  const room = Math.abs(endX - startX) - SHOWN_ARROW_PX - CHIP_PADDING_PX;
  const fitting = Math.max(1, Math.floor(room / CHARACTER_PX) - 1);
  const { text, cut } = preview(arrow.data, Math.min(CHIP_CHARACTERS, fitting));
  const words = cut ? `${text}…` : text;
  const width = Math.max(34, countCharacters(words) * CHARACTER_PX + CHIP_PADDING_PX);
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

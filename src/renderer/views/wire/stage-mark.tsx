// The stage on the server's lifeline where a line is transformed: each letter travels to its mirrored place, or changes
// its case where it stands.

import type { ReactNode } from 'react';
import type { Stage } from '../../scene/ladder.ts';
import { lettersAt } from '../../scene/letter-motion.ts';
import { countCharacters } from '../../scene/octets.ts';
import { transformedName, unitName } from '../../../shared/experiments/transform-words.ts';
import { formatCount } from '../../../shared/format.ts';
import { useDimmed } from '../../store/find.ts';
import type { Places } from './places.ts';

const LARGEST_CELL_PX = 26;
const ARC_PX = 20;
/** Lower than this there is no room for letters. */
const MIN_STAGE_PX = 40;
const SLIM_PX = 48;

export function StageMark({
  stage,
  cursor,
  places,
}: {
  readonly stage: Stage;
  readonly cursor: number;
  readonly places: Places;
}) {
  const progress = Math.min(1, (cursor - stage.startsAt) / (stage.endsAt - stage.startsAt));
  const middleY = (stage.top + stage.bottom) / 2 + 8;
  const room = places.server - places.client - 64;
  const how = howOf(stage);
  if (stage.bottom - stage.top < MIN_STAGE_PX) {
    return (
      <g className="stage">
        <title>{how}</title>
        <rect
          x={places.server - 12 - Math.min(room, SLIM_PX)}
          y={stage.top}
          width={Math.min(room, SLIM_PX)}
          height={Math.max(2, stage.bottom - stage.top)}
          rx={3}
        />
      </g>
    );
  }
  if (stage.data.leftOutBytes !== undefined) {
    return (
      <StageBox stage={stage} right={places.server - 12} width={Math.min(room, 420)} name={how}>
        <text className="letter fixed" x={places.server - 12 - Math.min(room, 420) / 2} y={middleY + 6}>
          too long to draw letter by letter
        </text>
      </StageBox>
    );
  }
  const { letters, leftOut } = lettersAt(stage, progress);
  const cells = Math.max(1, ...letters.map((letter) => letter.key + 1), letters.length);
  const widest = Math.max(1, ...letters.map((letter) => countCharacters(letter.text)));
  const cell = Math.min(widest > 1 ? LARGEST_CELL_PX * 1.15 : LARGEST_CELL_PX, room / (cells + 1));
  const name = leftOut > 0 ? `${how}, ${formatCount(leftOut)} letters not drawn` : how;
  const width = Math.min(
    Math.max(cells * cell + 28, name.length * 6.4 + 24),
    places.server - places.client - 24,
  );
  const left = places.server - 12 - width;
  const indent = (width - cells * cell) / 2;
  return (
    <StageBox stage={stage} right={places.server - 12} width={width} name={name}>
      {letters.length === 0 ? (
        <text className="letter fixed" x={left + width / 2} y={middleY + 6}>
          empty line
        </text>
      ) : null}
      {letters.map((letter) => (
        <text
          key={letter.key}
          className={`letter${letter.fixed ? ' fixed' : ''}${isSign(letter.text) ? ' sign' : ''}${letter.changed ? ' turned' : ''}`}
          x={left + indent + (letter.place + 0.5) * cell}
          y={middleY + 6 + letter.lift * Math.min(ARC_PX, (stage.bottom - stage.top) / 4)}
        >
          {letter.text === ' ' ? '␣' : letter.text}
        </text>
      ))}
    </StageBox>
  );
}

/** "line 1 reversed by character" */
function howOf({ line, transform, by, validUtf8 }: Stage): string {
  const unit = validUtf8 ? by : 'byte';
  const how = transformedName(transform);
  const which = `line ${formatCount(line)}`;
  if (transform === 'reverse') return `${which} ${how} by ${unitName(unit)}`;
  return unit === 'byte' ? `${which} ${how}: ASCII letters alone` : `${which} ${how}`;
}

/** A byte in hex or a name in brackets: several characters in one cell. */
function isSign(text: string): boolean {
  return countCharacters(text) > 1;
}

interface StageBoxProps {
  readonly stage: Stage;
  readonly right: number;
  readonly width: number;
  readonly name: string;
  readonly children: ReactNode;
}

function StageBox({ stage, right, width, name, children }: StageBoxProps) {
  const dimmed = useDimmed(stage.seq, Math.floor(stage.startsAt));
  return (
    <g className={dimmed ? 'stage dimmed' : 'stage'}>
      <rect x={right - width} y={stage.top} width={width} height={stage.bottom - stage.top} rx={8} />
      <text className="stage-name" x={right - width + 12} y={stage.top + 16}>
        {name}
      </text>
      {children}
    </g>
  );
}

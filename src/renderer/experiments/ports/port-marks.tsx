// One mark a run at its client's port: a filled circle for an even port, an open diamond for an odd one.

import type { PortMark, PortScale } from './port-plot.ts';
import type { PlotPlaces } from './port-axes.tsx';
import { portY } from './port-axes.tsx';
import { useDimmedStretch } from '../../store/find.ts';

interface PortMarksProps {
  readonly marks: readonly PortMark[];
  readonly places: PlotPlaces;
  readonly scale: PortScale;
  readonly active: PortMark | undefined;
  readonly idOf: (mark: PortMark) => string;
  readonly nameOf: (mark: PortMark) => string;
  readonly onGo: (mark: PortMark) => void;
  /** The pointer is over it. */
  readonly onLook: (mark: PortMark) => void;
}

/** Narrower columns have no room for a port's five digits, or for one upright. */
const DIGITS_PX = 46;
const UPRIGHT_PX = 14;
const DIGITS_LENGTH_PX = 46;

export function PortMarks({ marks, ...rest }: PortMarksProps) {
  return marks.map((mark) => <OneMark key={mark.key} mark={mark} {...rest} />);
}

type OneMarkProps = Omit<PortMarksProps, 'marks'> & { readonly mark: PortMark };

function OneMark({ mark, places, scale, active, idOf, nameOf, onGo, onLook }: OneMarkProps) {
  const size = Math.min(16, Math.max(5, places.column * 0.7));
  const isPast = mark.seq === undefined;
  const isNoHit = useDimmedStretch(mark.firstSeq ?? 1, mark.seq ?? 0);
  const x = places.left + mark.column * places.column;
  const y = portY(mark.port, scale, places);
  const chosen = mark === active;
  const names = ['port-mark', isPast ? 'past' : '', chosen ? 'chosen' : '', isNoHit ? 'dimmed' : ''];
  return (
    <g
      id={idOf(mark)}
      className={names.filter((name) => name !== '').join(' ')}
      role="option"
      aria-selected={chosen}
      aria-label={nameOf(mark)}
      transform={`translate(${x} ${y})`}
      onClick={() => {
        onGo(mark);
      }}
      onPointerEnter={() => {
        onLook(mark);
      }}
    >
      <title>{nameOf(mark)}</title>
      <rect
        className="port-hit"
        x={-places.column / 2}
        y={places.top - y}
        width={places.column}
        height={places.bottom - places.top}
      />
      {chosen ? <circle className="ring" r={size / 2 + 5} /> : null}
      <ParityShape even={mark.even} size={size} />
      {!isPast && places.column >= UPRIGHT_PX ? (
        <Digits port={mark.port} size={size} upright={places.column < DIGITS_PX} roomAbove={y - places.top} />
      ) : null}
    </g>
  );
}

interface DigitsProps {
  readonly port: number;
  readonly size: number;
  readonly upright: boolean;
  readonly roomAbove: number;
}

/** The port in figures, above its mark or, where there is no room, below. */
function Digits({ port, size, upright, roomAbove }: DigitsProps) {
  const isBelow = roomAbove < (upright ? DIGITS_LENGTH_PX : 30);
  const away = (size / 2 + 8) * (isBelow ? 1 : -1);
  if (!upright) {
    return (
      <text className="port-digits" y={isBelow ? away + 11 : away}>
        {port}
      </text>
    );
  }
  return (
    <text
      className={isBelow ? 'port-digits below' : 'port-digits above'}
      transform={`translate(4.5 ${away}) rotate(-90)`}
    >
      {port}
    </text>
  );
}

function ParityShape({ even, size }: { readonly even: boolean; readonly size: number }) {
  const half = size / 2;
  if (even) return <circle className="parity even" r={half} />;
  return <path className="parity odd" d={`M0 ${-half - 1} ${half + 1} 0 0 ${half + 1} ${-half - 1} 0z`} />;
}

/** The sign in a line of text. */
export function ParitySign({ even }: { readonly even: boolean }) {
  return (
    <svg className="sign" viewBox="-8 -8 16 16" width={16} height={16} aria-hidden>
      <ParityShape even={even} size={12} />
    </svg>
  );
}

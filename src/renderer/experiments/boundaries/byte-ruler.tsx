// The ruler on top: where each byte lies, with the characters above their bytes while they fit, else with the lines.

import type { Ref } from 'react';
import { useMemo } from 'react';
import type { Input } from './boundaries.ts';
import type { Cell } from './byte-cells.ts';
import { cellsOf } from './byte-cells.ts';
import { formatCount, formatCountOf } from '../../../shared/format.ts';
import { Cells } from './cells.tsx';
import type { Scale } from './scale.ts';

/** A number needs so much room on the ruler. */
const TICK_PX = 44;

interface ByteRulerProps {
  readonly ref: Ref<HTMLDivElement>;
  readonly input: Input;
  readonly scale: Scale;
}

export function ByteRuler({ ref, input, scale }: ByteRulerProps) {
  const { octets } = input;
  const cells = useMemo(() => cellsOf(octets), [octets]);
  return (
    <div className="boundaries-ruler">
      <div className="ruler-name">
        <strong>{formatCountOf(input.bytes, 'byte')}</strong>
        <span className="dim">{formatCountOf(input.lines.length, 'line')}</span>
      </div>
      <div
        ref={ref}
        className="ruler-track"
        role="img"
        aria-label={`The bytes that the client sends: ${cells.map(({ text }) => text).join('')}`}
      >
        <div className="ruler-characters">
          {scale.characterPx === undefined ? (
            <LineNames input={input} cells={cells} scale={scale} />
          ) : (
            <Cells cells={cells} scale={scale} boxed />
          )}
        </div>
        {ticks(scale).map((offset) => (
          <span key={offset} className="ruler-tick" style={{ left: `${(offset / scale.bytes) * 100}%` }}>
            {formatCount(offset)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Offsets at a round distance: 1, 2 or 5 times a power of ten. */
function ticks({ bytes, pxPerByte }: Scale): readonly number[] {
  if (pxPerByte === 0) return [];
  let step = 1;
  // As large as needed: a run file can claim any number of bytes.
  for (let index = 0; step * pxPerByte < TICK_PX; index += 1) step *= index % 3 === 1 ? 2.5 : 2;
  return Array.from({ length: Math.ceil(bytes / step) }, (_, index) => index * step).filter(
    (offset) => (bytes - offset) * pxPerByte >= String(offset).length * 8,
  );
}

/** Too many bytes to show each: each line as far as it fits. */
function LineNames({
  input,
  cells,
  scale,
}: Pick<ByteRulerProps, 'input' | 'scale'> & { readonly cells: readonly Cell[] }) {
  return input.lines
    .filter(({ from, to }) => (to - from) * scale.pxPerByte >= 3)
    .map(({ from, to }) => (
      <span
        key={from}
        className="ruler-line"
        style={{
          left: `${(from / scale.bytes) * 100}%`,
          width: `calc(${((to - from) / scale.bytes) * 100}% - 1px)`,
        }}
      >
        {(to - from) * scale.pxPerByte < 24
          ? ''
          : cells
              .filter((cell) => cell.from >= from && cell.to <= to)
              .map(({ text }) => text)
              .join('')}
      </span>
    ));
}

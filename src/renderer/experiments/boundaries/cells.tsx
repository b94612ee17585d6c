import type { Cell } from './byte-cells.ts';
import type { Scale } from './scale.ts';

interface CellsProps {
  readonly cells: readonly Cell[];
  readonly scale: Scale;
  /** With a box around the bytes of each character. */
  readonly boxed?: boolean;
}

/** Characters over the bytes that they are made of; a byte of no character is marked by its shape and tone. */
export function Cells({ cells, scale, boxed = false }: CellsProps) {
  return cells.map(({ from, to, text, broken }) => {
    const names = ['cell', boxed ? 'boxed' : '', broken ? 'broken' : '', text === '⏎' ? 'newline' : ''];
    return (
      <span
        key={from}
        className={names.filter((name) => name !== '').join(' ')}
        aria-hidden
        style={{
          left: `${(from / scale.bytes) * 100}%`,
          width: `${((to - from) / scale.bytes) * 100}%`,
          fontSize: scale.characterPx,
        }}
      >
        {broken && !scale.hex ? '?' : text}
      </span>
    );
  });
}

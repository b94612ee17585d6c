// One row of blocks over the ruler's bytes. Each block is a button that shows its fact; the arrow keys go from one to the
// next, so that a row is one stop for Tab.

import type { KeyboardEvent, ReactNode } from 'react';
import { memo, useMemo } from 'react';
import type { Block, RowName } from './boundaries.ts';
import { firstBlocks } from './boundaries.ts';
import type { DrawnBlock } from './gathered-blocks.ts';
import { gathered } from './gathered-blocks.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useDimmed } from '../../store/find.ts';
import { select } from '../../store/player.ts';
import type { Scale } from './scale.ts';
import { fitting } from './scale.ts';

const NAMES: Readonly<Record<RowName, string>> = {
  writes: 'writes',
  waiting: 'in kernel',
  reads: 'reads',
  lines: 'lines',
  back: 'gave back',
};

/** Of a narrower block nothing of its text would be seen. */
const MIN_TEXT_PX = 28;

interface BlockRowProps {
  readonly row: RowName;
  readonly blocks: readonly Block[];
  /** So many of them have come. */
  readonly count: number;
  readonly scale: Scale;
  /** Shown where the row has no blocks. */
  readonly note: string | undefined;
  readonly children?: ReactNode;
}

/** Memoized: a fact changes only one of the rows of all servers. */
export const BlockRow = memo(function BlockRow({ row, blocks, count, scale, note, children }: BlockRowProps) {
  const selected = usePlayer((state) => state.selectedSeq);
  const drawn = useMemo(() => gathered(firstBlocks(blocks, count), scale.pxPerByte), [blocks, count, scale]);
  const stop = Math.max(
    0,
    drawn.findIndex(({ seq }) => seq === selected),
  );
  return (
    <div className={`block-row of-${row}`} role="group" aria-label={NAMES[row]}>
      <span className="row-name" aria-hidden>
        {NAMES[row]}
      </span>
      <div className="row-track" onKeyDown={walk}>
        {drawn.map((block, index) => (
          <BlockMark
            key={`${block.seq}-${block.from}`}
            block={block}
            scale={scale}
            selected={block.seq === selected}
            stop={index === stop}
            words={row !== 'back' ? 'fitting' : scale.characterPx === undefined ? 'cut' : 'none'}
          />
        ))}
        {children}
        {note === undefined ? null : <span className="row-note">{note}</span>}
      </div>
    </div>
  );
});

/** Moves the focus along the row. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (step === 0) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[at + step]?.focus();
  event.preventDefault();
}

interface BlockMarkProps {
  readonly block: DrawnBlock;
  readonly scale: Scale;
  readonly selected: boolean;
  readonly stop: boolean;
  /** A text may be cut, with all of it in the block's name; where its characters are drawn over the block it has none. */
  readonly words: 'fitting' | 'cut' | 'none';
}

function BlockMark({ block, scale, selected, stop, words }: BlockMarkProps) {
  const { from, to, mark, name, count, labels, seq } = block;
  const px = (to - from) * scale.pxPerByte;
  const dimmed = useDimmed(seq);
  const names = [
    'block',
    mark,
    px < 12 ? 'narrow' : '',
    count > 1 ? 'several' : '',
    selected ? 'selected' : '',
    dimmed ? 'dimmed' : '',
  ];
  const inside =
    words === 'fitting'
      ? fitting(labels, px, scale.wordsPx)
      : words === 'cut' && px >= MIN_TEXT_PX
        ? labels[0]
        : undefined;
  // The accessible name begins with the visible text; signs are spelt out in words.
  const written = inside?.replace(/^[✓✗] ?/, '') ?? '';
  return (
    <button
      type="button"
      className={names.filter((each) => each !== '').join(' ')}
      style={{
        left: `${(from / scale.bytes) * 100}%`,
        width: `calc(${((to - from) / scale.bytes) * 100}% - ${px > 3 ? 2 : 0}px)`,
      }}
      aria-label={name.includes(written) ? name : `${written}: ${name}`}
      aria-pressed={selected}
      data-fact={seq}
      title={name}
      tabIndex={stop ? 0 : -1}
      data-own-keys="ArrowLeft ArrowRight"
      onClick={() => {
        select(seq);
      }}
    >
      {inside}
    </button>
  );
}

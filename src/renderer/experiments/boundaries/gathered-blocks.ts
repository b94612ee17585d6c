// Blocks that are too narrow to draw, gathered to ones that are not: a row of thousands of writes of one byte is drawn as
// some dozens of striped blocks, each labelled with how many it stands for.

import type { Block } from './boundaries.ts';
import { formatCount, formatCountOf } from '../../../shared/format.ts';

/** What is drawn: one block, or so many that are too narrow for it. */
export interface DrawnBlock extends Block {
  readonly count: number;
}

/** Narrower than this a block cannot be told apart from its neighbour. */
const MIN_PX = 4;

/** So wide is what is drawn for several. */
const GATHERED_PX = 12;

/**
 * The blocks of a row as they are drawn at so many pixels a byte. Those that are gathered touch each other and are of one
 * mark; where one begins depends on its place alone, so that nothing shifts while blocks are added.
 */
export function gathered(blocks: readonly Block[], pxPerByte: number): readonly DrawnBlock[] {
  const stretch = Math.max(1, Math.ceil(GATHERED_PX / pxPerByte));
  const isNarrow = ({ from, to }: Block): boolean => (to - from) * pxPerByte < MIN_PX;
  const drawn: DrawnBlock[] = [];
  let start = 0;
  while (start < blocks.length) {
    const first = blocks[start];
    if (first === undefined) break;
    let last = first;
    let end = start + 1;
    if (isNarrow(first)) {
      for (let next = blocks[end]; next !== undefined && isNarrow(next); next = blocks[end]) {
        const together = next.from === last.to && next.mark === first.mark;
        if (!together || Math.floor(next.from / stretch) !== Math.floor(first.from / stretch)) break;
        last = next;
        end += 1;
      }
    }
    drawn.push(drawnBlock(first, last, end - start));
    start = end;
  }
  return drawn;
}

function drawnBlock(first: Block, last: Block, count: number): DrawnBlock {
  const { seq, from, mark, labels, name } = first;
  if (count === 1) return { seq, from, to: last.to, mark, labels, name, count };
  const range = `bytes ${formatCount(from)}–${formatCount(last.to - 1)}`;
  const all = `${formatCountOf(count, 'block')} in ${range}, the first: ${name}`;
  return { seq, from, to: last.to, mark, labels: [], name: all, count };
}

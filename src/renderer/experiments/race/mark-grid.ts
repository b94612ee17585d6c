// Where the marks of many rounds stand: as large as they can be in the room there is, row by row. Pure geometry.

export interface MarkGrid {
  readonly columns: number;
  readonly rows: number;
  /** Size of one mark's cell, in pixels. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Whether there is room for a letter below each mark. */
  readonly hasLetters: boolean;
}

const WIDEST_PX = 26;
const NARROWEST_PX = 6;
/** Below this width a letter of a size that can be read does not fit under a mark. */
const NARROWEST_WITH_LETTERS_PX = 14;
const LETTER_PX = 15;

/** Places `count` marks in `width` times `height` pixels: the largest cells that fit, with letters where they do. */
export function markGrid(count: number, width: number, height: number): MarkGrid {
  for (let cellWidth = WIDEST_PX; ; cellWidth -= 1) {
    const hasLetters = cellWidth >= NARROWEST_WITH_LETTERS_PX;
    const cellHeight = Math.min(cellWidth, 20) + (hasLetters ? LETTER_PX : 0);
    const columns = Math.max(1, Math.floor(width / cellWidth));
    const rows = Math.ceil(count / columns);
    if (rows * cellHeight <= height || cellWidth <= NARROWEST_PX) {
      return { columns, rows, cellWidth, cellHeight, hasLetters };
    }
  }
}

/** The middle of the mark's own part of its cell, in pixels; `index` counts from 0. */
export function markPlace(grid: MarkGrid, index: number): { readonly x: number; readonly y: number } {
  return {
    x: ((index % grid.columns) + 0.5) * grid.cellWidth,
    y: Math.floor(index / grid.columns) * grid.cellHeight + Math.min(grid.cellWidth, 20) / 2,
  };
}

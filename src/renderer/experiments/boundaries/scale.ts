// Sizes of the boundaries picture for the room that there is: how wide a byte, how high a row.

/** All rows of the picture: five for each of three servers. */
const ROWS = 15;

/** Ruler, and what is between the servers, above and below them; boundaries.css has the same. */
const AROUND_PX = 40 + 26;

/** In a low window they are closer together. */
const LOW_PX = 300;
const LOW_AROUND_PX = 34 + 12;

/** Words of 12 px still fit into such a row. */
const MIN_ROW_PX = 12.5;
const MAX_ROW_PX = 34;

/** A character of the fixed-width font at 12 px, the smallest that is drawn. */
const MIN_CHARACTER_PX = 7.4;

export interface Scale {
  /** How many bytes stand side by side; at least 1. */
  readonly bytes: number;
  readonly pxPerByte: number;
  readonly rowPx: number;
  /** The size of words in a row. */
  readonly wordsPx: number;
  /** The size of a character over one byte; undefined where there is no room for it. */
  readonly characterPx: number | undefined;
  /** Whether two hex digits fit over a byte. */
  readonly hex: boolean;
  /** All is closer together than usual. */
  readonly low: boolean;
}

/** `width` and `height` in CSS pixels: of the room for the bytes, and of the whole picture. */
export function scaleFor(inputBytes: number, width: number, height: number): Scale {
  const bytes = Math.max(1, inputBytes);
  const pxPerByte = width / bytes;
  const low = height < LOW_PX;
  const room = (height - (low ? LOW_AROUND_PX : AROUND_PX)) / ROWS;
  const rowPx = Math.max(MIN_ROW_PX, Math.min(MAX_ROW_PX, room));
  return {
    bytes,
    pxPerByte,
    rowPx,
    wordsPx: Math.max(12, Math.min(18, rowPx * 0.68)),
    characterPx:
      pxPerByte < MIN_CHARACTER_PX ? undefined : Math.max(12, Math.min(20, pxPerByte * 1.4, rowPx * 0.8)),
    hex: pxPerByte >= 17,
    low,
  };
}

/** The first of the words that fit into so many pixels, none where none does. */
export function fitting(labels: readonly string[], px: number, wordsPx: number): string | undefined {
  // Inter is a little more than half as wide as high in the middle of a text.
  return labels.find((label) => label.length * wordsPx * 0.54 + 5 <= px);
}

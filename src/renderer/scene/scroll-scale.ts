// How a list that is higher than a browser can scroll is scrolled all the same: the scroll bar stands for more than its
// pixels, and a turn of the wheel still moves the rows by its own.

/** An element is laid out exactly up to here; Chromium clips one beyond some 33 million pixels. */
const MAX_SIZER_PX = 15_000_000;

/** The list's place: `top` is the pixel of the whole list at the view's upper edge, `at` where the scroll bar stands. */
export interface ScrollPlace {
  readonly top: number;
  readonly at: number;
  /** The height of the view. */
  readonly height: number;
}

export interface ScrollScale {
  /** The height of the element that is scrolled. */
  readonly sizerPx: number;
  /** Pixels of the list for a pixel of the scroll bar; 1 for a list that fits. */
  readonly factor: number;
  /** The greatest `top`. */
  readonly maxTop: number;
}

/** The scale of `rows` rows in a view of `viewPx`. */
export function scrollScale(rows: number, rowPx: number, viewPx: number): ScrollScale {
  const listPx = rows * rowPx;
  const maxTop = Math.max(0, listPx - viewPx);
  if (listPx <= MAX_SIZER_PX) return { sizerPx: listPx, factor: 1, maxTop };
  return { sizerPx: MAX_SIZER_PX, factor: maxTop / (MAX_SIZER_PX - viewPx), maxTop };
}

/** The place with this `top`, as near as there is one. */
export function placeAt(top: number, height: number, { factor, maxTop }: ScrollScale): ScrollPlace {
  const inside = Math.min(maxTop, Math.max(0, top));
  return { top: inside, at: inside / factor, height };
}

/** The place after the scroll bar has moved to `at`; the same where that is only where it was put, in whole pixels. */
export function scrolledTo(place: ScrollPlace, at: number, scale: ScrollScale): ScrollPlace {
  if (scale.factor === 1) return { ...place, top: at, at };
  // Where the bar was put, but for what a pixel of the screen is.
  if (Math.abs(at - place.at) < 1) return { ...place, at };
  return { ...place, top: Math.min(scale.maxTop, at * scale.factor), at };
}

/** The least scroll that brings the row into view: the `top` then. */
export function topFor(row: number, rowPx: number, { top, height }: ScrollPlace): number {
  const rowTop = row * rowPx;
  if (rowTop < top) return rowTop;
  return Math.max(top, rowTop + rowPx - height);
}

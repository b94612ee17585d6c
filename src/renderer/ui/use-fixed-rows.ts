// Which rows of a long list of equally high ones are in view. Computed from the place of the scroll alone: a run of a
// million lines costs what one of ten does, and nothing waits for the page to be laid out.

import type { RefObject } from 'react';
import { useEffect, useLayoutEffect, useState } from 'react';

/** Rows that are rendered before and after those in view. */
const MORE_ROWS = 8;

interface Place {
  readonly top: number;
  readonly height: number;
}

/** The least scroll that brings the row into view. */
function topFor(row: number, rowPx: number, { top, height }: Place): number {
  const rowTop = row * rowPx;
  if (rowTop < top) return rowTop;
  return Math.max(top, rowTop + rowPx - height);
}

/**
 * The rows to render, as `first` to `end` - 1, of `count` rows in `scroller`. The list scrolls to `followed` whenever that
 * changes; nothing is followed where it is negative.
 */
export function useFixedRows(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  rowPx: number,
  followed: number,
): { readonly first: number; readonly end: number } {
  const [place, setPlace] = useState<Place>({ top: 0, height: 0 });
  const [before, setBefore] = useState(-1);
  const [wantedTop, setWantedTop] = useState(0);
  if (followed !== before && place.height > 0) {
    setBefore(followed);
    if (followed >= 0) {
      const top = topFor(followed, rowPx, place);
      // The rows are rendered for the new place before the element has scrolled.
      setPlace({ ...place, top });
      setWantedTop(top);
    }
  }
  useEffect(() => {
    // Scrolling needs the layout, which a frame computes anyhow.
    const frame = requestAnimationFrame(() => {
      if (scroller.current !== null) scroller.current.scrollTop = wantedTop;
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [scroller, wantedTop]);
  useLayoutEffect(() => {
    const target = scroller.current;
    if (target === null) return undefined;
    const measure = (): void => {
      const { scrollTop, clientHeight } = target;
      setPlace((now) =>
        now.top === scrollTop && now.height === clientHeight ? now : { top: scrollTop, height: clientHeight },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    target.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      target.removeEventListener('scroll', measure);
    };
  }, [scroller]);
  const first = Math.max(0, Math.min(count, Math.floor(place.top / rowPx) - MORE_ROWS));
  const end = Math.max(first, Math.min(count, Math.ceil((place.top + place.height) / rowPx) + MORE_ROWS));
  return { first, end };
}

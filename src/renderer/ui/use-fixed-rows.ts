// Which rows of a long list of equally high ones are in view. Computed from the place of the scroll alone: a run of ten
// million lines costs what one of ten does, and nothing waits for the page to be laid out.

import type { RefObject } from 'react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { placeAt, scrolledTo, scrollScale, topFor, type ScrollPlace } from '../scene/scroll-scale.ts';

/** Rows that are rendered before and after those in view. */
const MORE_ROWS = 8;

/** The rows to render are `first` to `end` - 1. */
export interface FixedRows {
  readonly first: number;
  readonly end: number;
  /** The height of the element that holds them. */
  readonly sizerPx: number;
  /** Where a row is in it. */
  topOf(row: number): number;
}

/**
 * The rows to render, of `count` rows in `scroller`. The list scrolls to `followed` whenever that changes; nothing is
 * followed where it is negative.
 */
export function useFixedRows(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  rowPx: number,
  followed: number,
): FixedRows {
  const [place, setPlace] = useState<ScrollPlace>({ top: 0, at: 0, height: 0 });
  const [before, setBefore] = useState(-1);
  const [wantedAt, setWantedAt] = useState({ at: 0 });
  const scale = scrollScale(count, rowPx, place.height);
  const newest = useRef(scale);
  useLayoutEffect(() => {
    newest.current = scale;
  });
  if (followed !== before && place.height > 0) {
    setBefore(followed);
    if (followed >= 0) {
      const next = placeAt(topFor(followed, rowPx, place), place.height, scale);
      // The rows are rendered for the new place before the element has scrolled.
      setPlace(next);
      setWantedAt({ at: next.at });
    }
  }
  useEffect(() => {
    // Scrolling needs the layout, which a frame computes anyhow.
    const frame = requestAnimationFrame(() => {
      if (scroller.current !== null) scroller.current.scrollTop = wantedAt.at;
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [scroller, wantedAt]);
  useLayoutEffect(() => {
    const target = scroller.current;
    if (target === null) return undefined;
    const measure = (): void => {
      const { scrollTop, clientHeight } = target;
      setPlace((now) =>
        now.at === scrollTop && now.height === clientHeight
          ? now
          : scrolledTo({ ...now, height: clientHeight }, scrollTop, newest.current),
      );
    };
    /** Of a list that is higher than it can be scrolled, moves by pixels of the list. */
    const moveBy = (event: Event, px: number): void => {
      if (newest.current.factor === 1) return;
      event.preventDefault();
      setPlace((now) => {
        const next = placeAt(now.top + px, now.height, newest.current);
        setWantedAt({ at: next.at });
        return next;
      });
    };
    const onWheel = (event: WheelEvent): void => {
      const { deltaY, deltaMode } = event;
      if (!event.ctrlKey) moveBy(event, deltaMode === WheelEvent.DOM_DELTA_LINE ? deltaY * rowPx : deltaY);
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      const step = event.key === 'PageDown' ? 1 : event.key === 'PageUp' ? -1 : 0;
      if (step !== 0) moveBy(event, step * (target.clientHeight - rowPx));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    target.addEventListener('scroll', measure, { passive: true });
    target.addEventListener('wheel', onWheel, { passive: false });
    target.addEventListener('keydown', onKeyDown);
    return () => {
      observer.disconnect();
      target.removeEventListener('scroll', measure);
      target.removeEventListener('wheel', onWheel);
      target.removeEventListener('keydown', onKeyDown);
    };
  }, [scroller, rowPx]);
  const first = Math.max(0, Math.min(count, Math.floor(place.top / rowPx) - MORE_ROWS));
  const end = Math.max(first, Math.min(count, Math.ceil((place.top + place.height) / rowPx) + MORE_ROWS));
  return { first, end, sizerPx: scale.sizerPx, topOf: (row) => row * rowPx - place.top + place.at };
}

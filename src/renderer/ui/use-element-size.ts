import type { RefObject } from 'react';
import { useLayoutEffect, useState } from 'react';

/** The size of an element in CSS pixels, kept up to date. Nothing by nothing in the first rendering, before it is there. */
export function useElementSize(element: RefObject<HTMLElement | null>): {
  readonly width: number;
  readonly height: number;
} {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const measure = (): void => {
      setSize({ width: target.clientWidth, height: target.clientHeight });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return size;
}

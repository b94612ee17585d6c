// The arrow keys over the marks of a plot or the rows of a table: from one to the next, Home and End to the first and the
// last.

import type { KeyboardEvent } from 'react';

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowUp: -1,
  ArrowRight: 1,
  ArrowDown: 1,
  Home: -Infinity,
  End: Infinity,
};

/**
 * Moves from the mark `current` (from 0; -1 for none) of `count` marks to another one. Other keys bubble up to the
 * window.
 */
export function plotKeys(
  count: number,
  current: number,
  go: (index: number) => void,
): (event: KeyboardEvent) => void {
  return (event) => {
    const step = STEPS[event.key];
    if (step === undefined || count === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(Math.min(Math.max(current + step, 0), count - 1));
  };
}

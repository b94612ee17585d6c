// The arrow keys over the marks of a plot or the rows of a table: from one to the next, Home and End to the first and the
// last. Over rows → and ← stay what they are everywhere: a step of the cursor.

import type { KeyboardEvent } from 'react';

const ROW_STEPS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  Home: -Infinity,
  End: Infinity,
};

const PLOT_STEPS: Readonly<Record<string, number>> = { ...ROW_STEPS, ArrowLeft: -1, ArrowRight: 1 };

/** For `data-own-keys` (store/keys.ts) of what handles `rowKeys` or `plotKeys`, or scrolls by these keys. */
export const ROW_KEYS = Object.keys(ROW_STEPS).join(' ');
export const PLOT_KEYS = Object.keys(PLOT_STEPS).join(' ');

type Handler = (event: KeyboardEvent) => void;

function keysOf(
  steps: Readonly<Record<string, number>>,
  count: number,
  current: number,
  go: (index: number) => void,
): Handler {
  return (event) => {
    const step = steps[event.key];
    if (step === undefined || count === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(Math.min(Math.max(current + step, 0), count - 1));
  };
}

/**
 * Moves from the mark `current` (from 0; -1 for none) of `count` marks to another one. Other keys bubble up to the
 * window.
 */
export function plotKeys(count: number, current: number, go: (index: number) => void): Handler {
  return keysOf(PLOT_STEPS, count, current, go);
}

/** The same over rows, by the keys up and down. */
export function rowKeys(count: number, current: number, go: (index: number) => void): Handler {
  return keysOf(ROW_STEPS, count, current, go);
}

// The place of the window that a context menu is about, and where on the screen it opens.

import { usePlayer } from '../../store/cursor.ts';
import type { Place } from '../../store/offers.ts';
import { hasShownRun, useRun } from '../../store/run.ts';

const TEXT_FIELD =
  'input:not([type="radio"], [type="checkbox"], [type="range"]), textarea, [contenteditable]';

interface FoundPlace {
  readonly place: Place;
  /** What the place is on the screen. */
  readonly element: Element;
}

function numberIn(element: Element, name: string): number {
  return Number(element.getAttribute(name));
}

/** Undefined where there is nothing to be offered, and in a text field, which has the system's own menu. */
export function placeAt(target: Element): FoundPlace | undefined {
  if (target.closest(TEXT_FIELD) !== null) return undefined;
  const bytes = target.closest('[data-bytes-of]');
  if (bytes !== null)
    return { place: { of: 'bytes', seq: numberIn(bytes, 'data-bytes-of') }, element: bytes };
  const fact = target.closest('[data-fact]');
  if (fact !== null) return { place: { of: 'fact', seq: numberIn(fact, 'data-fact') }, element: fact };
  const lines = target.closest('[data-text="lines"]');
  if (lines !== null) {
    const row = target.closest('[data-line]') ?? lines.querySelector('[data-line][aria-current]');
    if (row !== null) return { place: { of: 'line', line: numberIn(row, 'data-line') }, element: row };
  }
  const transcript = target.closest('[data-text="transcript"]');
  if (transcript !== null) {
    const row = target.closest('.transcript-line');
    const line = row?.textContent;
    return {
      place: { of: 'transcript', ...(line === undefined ? {} : { line }) },
      element: row ?? transcript,
    };
  }
  return target.closest('[data-text="facts"]') !== null || target === document.body
    ? factOfCursor()
    : { place: { of: 'text' }, element: target };
}

/** The fact that was chosen, or the one at the cursor. */
function factOfCursor(): FoundPlace | undefined {
  const { selectedSeq, cursor } = usePlayer.getState();
  const seq = selectedSeq ?? Math.floor(cursor);
  const element =
    document.querySelector(`[data-fact="${seq}"]`) ?? document.querySelector('[data-text="facts"]');
  if (seq === 0 || element === null || !hasShownRun(useRun.getState())) return undefined;
  return { place: { of: 'fact', seq }, element };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

function isByMouse({ button, ctrlKey }: MouseEvent): boolean {
  return button === 2 || ctrlKey;
}

/** What the menu was asked for: by a key what has the focus, and the page itself where nothing has it. */
export function targetOf(event: MouseEvent): Element | null {
  if (!isByMouse(event)) return document.activeElement;
  return event.target instanceof Element ? event.target : null;
}

/** Where the mouse was pressed; by a key, below the place. */
export function pointOf(event: MouseEvent, element: Element): Point {
  if (isByMouse(event)) return { x: event.clientX, y: event.clientY };
  const { left, right, bottom } = element.getBoundingClientRect();
  return { x: Math.max(0, Math.min(left + 24, right)), y: Math.min(bottom, innerHeight) };
}
